"""What the palette offers: the commands of the window, every flow, recent runs, and the settings of the studio."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.language import msg, tr
from app.studio import Studio
from app.ui.commands.here import Here
from app.ui.commands.saying import written
from app.ui.commands.settings import SETTINGS
from app.ui.commands.table import COMMANDS, RUNNING, Command
from app.ui.words import STATUS, ago

FLOWS, RUNS_GROUP, SETTINGS_GROUP = msg("Flows"), msg("Runs"), msg("Settings")
RUNS = 30
AT_FIRST = 5
"""Flows and runs that are shown before anything is typed."""

LATELY = "palette"
MOST_LATELY = 5

ELSEWHERE = {
    "editor": msg("Open a flow first."),
    "canvas": msg("Open a flow first."),
    "view": msg("Open a flow or a run first."),
    "running": msg("Open a flow or a run first."),
    "keeping": msg("Open a flow first."),
    "run": msg("Open a run first."),
    "versions": msg("Open the history of a flow first."),
    "home": msg("Go to all flows first."),
    "inbox": msg("Go to the Inbox first."),
}
NOT_HERE = msg("Not on this page.")


class Choice(TypedDict):
    """A line of the palette, in the window's language; its `words` are those of English too.

    One with a `why` cannot be chosen now; `first` ones are shown before anything is typed, those that were chosen
    `lately` above them: 1 is the last one, 0 none of them.
    """

    id: str
    kind: str
    group: str
    title: str
    about: str
    words: str
    icon: str
    keys: list[str]
    why: str
    first: bool
    lately: int


async def choices(studio: Studio, window: Here) -> list[Choice]:
    """All of them, what can be done with a run first, and then where one can go."""
    commands = [_command(each, window) for each in COMMANDS if each.palette and not each.fixed]
    running = [each for each in commands if each["group"] == tr(RUNNING)]
    others = [each for each in commands if each["group"] != tr(RUNNING)]
    found = [*running, *await _flows(studio), *await _runs(studio), *others, *_settings()]
    lately = {id: place for place, id in enumerate(await chosen_lately(studio), 1)}
    for each in found:
        each["lately"] = lately.get(each["id"], 0)
    return found


async def chosen_lately(studio: Studio) -> list[str]:
    """What was chosen last, the newest first."""
    kept = await studio.settings.get(LATELY, [])
    return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


async def remember(studio: Studio, id: str) -> None:
    """Keep that this was chosen."""
    lately = [id, *(each for each in await chosen_lately(studio) if each != id)]
    await studio.settings.put(LATELY, lately[:MOST_LATELY])


def _command(command: Command, window: Here) -> Choice:
    here = command.id in window.offers
    why = window.why_not(command.id) if here else tr(ELSEWHERE.get(command.where, NOT_HERE))
    return Choice(
        id=f"command:{command.id}",
        kind="command",
        group=tr(command.group),
        title=tr(command.title),
        about="",
        words=_words(command.words, command.title, command.group),
        icon=command.icon,
        keys=[written(key) for key in window.keymap.keys(command.id)[:2]],
        why=why,
        first=here and not why,
        lately=0,
    )


async def _flows(studio: Studio) -> list[Choice]:
    open_it = _words(msg("open flow workflow"))
    return [
        _other(f"flow:{card.id}", FLOWS, card.name, card.description, open_it, "account_tree", place)
        for place, card in enumerate(await studio.shelf.cards())
    ]


async def _runs(studio: Studio) -> list[Choice]:
    found = []
    for place, run in enumerate(await studio.runs.stored.newest(limit=RUNS)):
        word, icon = STATUS.get(run.status, (run.status.capitalize(), "circle"))
        about = f"{tr(word)}, {ago(run.created_at)}"
        found.append(_other(f"run:{run.id}", RUNS_GROUP, run.flow_name, about, _words(msg("run"), word), icon, place))
    return found


def _settings() -> list[Choice]:
    return [
        _other(
            f"setting:{place}",
            SETTINGS_GROUP,
            tr(each.title),
            tr(each.about),
            _words(msg("setting"), each.words, each.title),
            each.icon,
            AT_FIRST,
        )
        for place, each in enumerate(SETTINGS)
    ]


def _other(id: str, group: str, title: str, about: str, words: str, icon: str, place: int) -> Choice:
    return Choice(
        id=id,
        kind=group.lower(),
        group=tr(group),
        title=title,
        about=about.partition("\n")[0][:140],
        words=words,
        icon=icon,
        keys=[],
        why="",
        first=place < AT_FIRST or group == SETTINGS_GROUP,
        lately=0,
    )


def _words(*texts: str) -> str:
    """What it is also found by: these words, and those of the window's language."""
    return " ".join(dict.fromkeys(each for text in texts for each in (tr(text), text)))
