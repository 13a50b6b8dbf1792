"""What going on with a run means, told before it begins; and breakpoints that go along with a step's name."""

from __future__ import annotations

from pathlib import Path

from app.desk.breakpoints import Breakpoints
from app.engine.events import Finished
from app.engine.reuse import Reuse
from app.store.database import Database
from app.store.settings import Settings
from app.ui.history.going_on import Told, told
from flows.apply import apply
from flows.edits import Many, Rename
from flows.model import Body, Flow, Step
from nodes.catalog import built_in

WRITE = Step(kind="files.write", title="Send", settings={"path": "a.txt", "text": "x"})
TEXT = Step(kind="data.compose", settings={"text": "x"})
FLOW = Flow(
    id="f",
    name="F",
    steps={
        "one": TEXT,
        "send": WRITE,
        "two": TEXT,
        "each": Step(kind="control.for_each", body=Body(steps={"line": TEXT})),
        "off": TEXT.model_copy(update={"disabled": True}),
    },
)


def ended(*paths: str) -> dict[str, Finished]:
    return {path: Finished(0, path, {}) for path in paths}


def test_what_is_taken_over_and_what_will_run_is_one_sentence() -> None:
    said = told(FLOW, Reuse("r", ended("one", "send", "each/0/line")), built_in())
    assert said == Told("2 steps are taken over, 2 will run.", "“Send” ran already and will not run again.", ())


def test_a_write_that_happens_again_is_a_warning() -> None:
    said = told(FLOW, Reuse("r", ended("one"), repeated=("send",)), built_in())
    assert said == Told("1 step is taken over, 3 will run.", "", ("“Send” ran already and will run again.",))


def test_data_by_hand_and_doubt_are_said() -> None:
    reuse = Reuse("r", by_hand={"one": {"value": "x"}}, doubt={"send": (1.0, "")})
    said = told(FLOW, reuse, built_in())
    assert said.steps == "“Compose text” gives what you wrote, 3 will run."
    assert said.warnings == ("It is not known whether “Send” happened. You are asked before it is done again.",)


def test_where_nothing_is_taken_over_all_steps_run() -> None:
    assert told(FLOW, Reuse(""), built_in()).steps == "4 steps will run."


async def test_breakpoints_stay_with_their_step_and_outlive_a_start(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    points = await Breakpoints.kept(Settings(database), "f")
    assert await points.turn(["one", "each/line"])
    rename = Many(edits=(Rename(path="one", id="first"), Rename(path="each", id="every")))
    await points.follow(FLOW, apply(FLOW, rename))
    again = await Breakpoints.kept(Settings(database), "f")
    assert again.paths == {"first", "every/line"}
    assert again.in_flow(apply(FLOW, rename)) == {"first", "every/line"}
    assert again.in_flow(FLOW) == frozenset()
    assert not await again.turn(["first"])
    assert again.paths == {"every/line"}
    await database.close()
