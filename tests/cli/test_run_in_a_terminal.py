"""`weft run` and `weft resume` in a real terminal: questions are asked there, and Ctrl+C stops."""

import time
from pathlib import Path

import pytest

pytest.importorskip("fcntl")

from app.setup import ROOT
from tests.cli.flows import HELLO, WRITING, put, slow
from tests.cli.terminal import CTRL_C, CTRL_D, Person
from tests.cli.weft import timeless, weft


def screen(person: Person) -> list[str]:
    return [timeless(line) for line in person.screen]


def test_a_person_is_asked_before_a_flow_from_outside_runs(tmp_path: Path) -> None:
    file = put(tmp_path, "hello", HELLO)
    with Person(tmp_path, "run", file, "-i", "who=Ada") as careful:
        careful.reads("Run it? [y/N] ")
        careful.types("")
        assert careful.leaves() == 2
    assert screen(careful)[-2:] == ["Run it? [y/N] ", "Nothing was run."]

    with Person(tmp_path, "run", file, "-i", "who=Ada") as person:
        person.reads("Run it? [y/N] ")
        person.types("y")
        assert person.leaves() == 0
    assert screen(person)[-4:] == ["Run it? [y/N] y", "✓ Compose text  …", "✓ Done in ….", "Hello, Ada!"]


def test_what_a_run_asks_is_asked_in_the_terminal(tmp_path: Path) -> None:
    with Person(tmp_path, "run", put(tmp_path, "writing", WRITING)) as person:
        person.reads("Run it? [y/N] ")
        person.types("yes")
        person.reads("Your answer: ")
        person.types("perhaps")
        person.reads("Your answer: ")
        person.types("al")
        assert person.leaves() == 0
    assert screen(person)[-9:] == [
        "? May “Save it” write out.txt?",
        *[line for line in screen(person) if line.startswith("  This flow came from elsewhere")],
        "  1 Allow   2 Refuse",
        "  Your answer: perhaps",
        "  1 Allow   2 Refuse",
        "  Your answer: al",
        "✓ Save it  …",
        "✓ Done in ….",
        str(tmp_path / "files" / "out.txt"),
    ]
    assert (tmp_path / "files" / "out.txt").read_text() == "kept"


def test_without_a_person_a_run_waits_and_one_answers_later(tmp_path: Path) -> None:
    left = weft(tmp_path, "run", put(tmp_path, "writing", WRITING), "--accept")
    assert (left.status, left.out) == (3, "")
    asked, go_on = left.lines[-2:]
    assert asked == "? May “Save it” write out.txt? (Allow / Refuse)"
    run_id = go_on.partition("weft resume ")[2].partition("`")[0]

    with Person(tmp_path, "resume", run_id) as undecided:
        undecided.reads("Your answer: ")
        undecided.types(CTRL_D)
        assert undecided.leaves() == 3
    with Person(tmp_path, "resume", run_id) as person:
        person.reads("Your answer: ")
        person.types("1")
        assert person.leaves() == 0
    assert person.screen[-1] == str(tmp_path / "files" / "out.txt")
    again = weft(tmp_path, "resume", run_id)
    assert (again.status, again.lines[0]) == (0, "“Writing” is done already; nothing is left to run.")


def test_ctrl_c_stops_within_five_seconds_and_the_run_goes_on_later(tmp_path: Path) -> None:
    with Person(tmp_path, "run", slow(tmp_path, 30)) as person:
        person.reads("Run it? [y/N] ")
        person.types("y")
        person.reads("A moment")
        asked = time.monotonic()
        person.types(CTRL_C)
        assert person.leaves() == 130
        assert time.monotonic() - asked < 5
    assert "Stopping … To go on later: weft resume " in "\n".join(person.screen)
    assert screen(person)[-1] == "■ Stopped after …."

    run_id = person.raw.partition("weft resume ")[2][:16]
    with Person(tmp_path, "resume", run_id) as later:
        # The moment was cut off, and it is code, which may have done anything.
        later.reads("? Did “A moment” happen?")
        later.reads("Your answer: ")
        later.types("It happened")
        assert later.leaves() == 0
    assert (tmp_path / "notes").read_text() == "noted\n"


def test_what_goes_on_is_shown_in_place(tmp_path: Path) -> None:
    """An example that works in a browser for a while, through a terminal that is 80 wide."""
    with Person(tmp_path, "run", str(ROOT / "flows/examples/for-each.flow.yaml")) as person:
        assert person.leaves() == 0
    changed = [line for line in person.raw.splitlines() if line.startswith(("▸", "\x1b["))]
    assert len(changed) > 2
    assert not [line for line in person.screen if line.startswith("▸")]
    assert "✓ For each teapot  …, 2 rounds" in screen(person)
