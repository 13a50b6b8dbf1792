"""The table of commands: nothing in it is without a key, a name or a place, and keys can be changed for good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import pytest_asyncio

from app.store.database import Database
from app.store.settings import Settings
from app.ui.commands.keymap import SETTING, Keymap
from app.ui.commands.saying import keys_of, listed, written
from app.ui.commands.settings import SETTINGS
from app.ui.commands.table import BY_ID, COMMANDS, GESTURES, ON_CANVAS, PAGES, Command, groups
from tests.docs import DOCS, ROOT

CANVAS = (ROOT / "assets" / "canvas" / "src" / "keys.js").read_text("utf-8")
UI = "\n".join(
    path.read_text("utf-8") for path in sorted((ROOT / "app" / "ui").rglob("*.py")) if path.name != "table.py"
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_a_key_a_name_and_a_place(command: Command) -> None:
    assert command.keys
    assert command.title[0].isupper()
    assert not command.title.endswith(".")
    assert command.where in PAGES
    assert command.fixed or not command.palette or (command.words and command.icon)


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.fixed], ids=lambda command: command.id)
def test_every_command_is_done_somewhere(command: Command) -> None:
    if command.where in ON_CANVAS:
        mine = re.search(rf'^\s+"?{re.escape(command.id)}"?: {{', CANVAS, re.MULTILINE)
        assert mine or f'"{command.id}"' in UI
    else:
        assert f'"{command.id}"' in UI


def test_no_two_commands_of_a_page_have_one_key() -> None:
    assert len(BY_ID) == len(COMMANDS)
    keymap = Keymap()
    clashes = [
        (each.id, key, other.id) for each in COMMANDS for key in each.keys for other in keymap.clashes(each.id, key)
    ]
    assert clashes == []


def test_the_page_of_the_docs_is_the_table() -> None:
    page = (DOCS / "keys.md").read_text("utf-8")
    told = re.findall(r"^\| (?!Keys|---)(.+) \| (.+) \|$", page, re.MULTILINE)
    gestures = [(keys, what) for keys, what, _ in GESTURES]
    assert sorted(told) == sorted([*((keys_of(each), each.title) for each in COMMANDS), *gestures])
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(groups())


@pytest.mark.parametrize(
    ("chord", "read"),
    [("ctrl+shift+enter", "Ctrl+Shift+Enter"), ("?", "?"), ("+", "+"), ("ctrl++", "Ctrl++"), ("alt+arrowup", "Alt+↑")],
)
def test_keys_are_written_as_people_read_them(chord: str, read: str) -> None:
    assert written(chord) == read


def test_several_keys_are_one_list() -> None:
    assert (listed(("n", "tab", "/")), listed(("delete", "backspace")), listed(())) == (
        "N, Tab or /",
        "Delete or Backspace",
        "",
    )


def test_a_setting_is_either_a_place_or_a_choice_made_at_once() -> None:
    assert [each.title for each in SETTINGS if bool(each.place) == bool(each.put)] == []


@pytest_asyncio.fixture
async def database(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = Database(tmp_path / "weft.db")
    await opened.open()
    yield opened
    await opened.close()


async def of(database: Database) -> Keymap:
    """The keymap as it is after a restart."""
    keymap = Keymap(Settings(database))
    await keymap.load()
    return keymap


@pytest.mark.asyncio
async def test_a_changed_key_is_still_changed_after_a_restart_until_it_is_reset(database: Database) -> None:
    keymap = await of(database)
    heard: list[str] = []
    keymap.when_changed(lambda: heard.append(keymap.first("tidy")))
    await keymap.bind("tidy", "alt+t")
    assert (heard, keymap.is_changed("tidy")) == (["Alt+T"], True)
    again = await of(database)
    assert again.keys("tidy") == ("alt+t",)
    assert again.on_canvas()["edit"]["alt+t"] == "tidy"
    await again.reset("tidy")
    assert ((await of(database)).keys("tidy"), again.any_changed) == (BY_ID["tidy"].keys, False)


@pytest.mark.asyncio
async def test_a_key_that_is_taken_from_another_command_is_its_no_more(database: Database) -> None:
    keymap = await of(database)
    assert [each.id for each in keymap.clashes("tidy", "n")] == ["search"]
    await keymap.bind("tidy", "n")
    assert (keymap.keys("tidy"), keymap.keys("search")) == (("n",), ("tab", "/"))
    assert keymap.clashes("tidy", "n") == []
    await keymap.reset("search")
    assert (keymap.keys("tidy"), keymap.keys("search")) == ((), ("n", "tab", "/"))
    await keymap.reset_all()
    assert [each.id for each in COMMANDS if (await of(database)).is_changed(each.id)] == []


@pytest.mark.asyncio
async def test_pages_that_are_never_there_together_may_share_a_key(database: Database) -> None:
    keymap = await of(database)
    assert keymap.clashes("inbox.first", "p") == []
    assert "pin" in [each.id for each in keymap.clashes("go.inbox", "p")]


def test_keys_that_cannot_be_had_are_refused_in_words() -> None:
    keymap = Keymap()
    assert keymap.why_not("tidy", "ctrl+t") == "The browser keeps Ctrl+T for itself. Press another key."
    assert keymap.why_not("tidy", "escape") == (
        "Esc always means “Back to the canvas; there: select nothing”. Press another key."
    )
    assert keymap.why_not("tidy", "n") == ""


@pytest.mark.asyncio
async def test_what_is_kept_of_commands_that_are_no_more_is_passed_over(database: Database) -> None:
    await Settings(database).put(SETTING, {"gone": ["g"], "walk": ["w"], "tidy": ["alt+t", 3], "undo": "ctrl+u"})
    keymap = await of(database)
    assert (keymap.keys("tidy"), keymap.is_changed("walk"), keymap.keys("undo")) == (("alt+t",), False, ("ctrl+z",))
