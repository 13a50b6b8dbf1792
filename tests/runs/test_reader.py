"""Reading a run in the small parts that a window shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.events import Ended, Event, Failed, Finished, Logged, Started, row
from app.runs.reading.journal import picture_at
from app.runs.reading.reader import RunReader
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal
from app.store.runs import Runs
from flows.model import Body, Flow, Step, Wire

FLOW = Flow(
    id="f",
    name="Names",
    steps={
        "names": Step(kind="data.filter"),
        "each": Step(kind="control.for_each", body=Body(steps={"line": Step(kind="data.compose")})),
    },
    wires=(Wire.parse("names.kept -> each.items"),),
)


class Told:
    """A run whose journal the test writes."""

    def __init__(self, database: Database, artifacts: Artifacts, runs: Runs) -> None:
        self.runs = runs
        self.reader = RunReader(database, artifacts, runs)
        self._database = database
        self._artifacts = artifacts

    async def begin(self) -> None:
        document = FLOW.model_dump_json()
        made, _ = await self.runs.create(
            flow_id="f", flow_name="Names", document=document, inputs='{"who": "Ada"}', trigger="window"
        )
        self.reader.follow(made.id)
        self.journal = Journal(self._database, made.id, artifacts=self._artifacts)

    async def tell(self, *events: tuple[type[Event], str, dict[str, object]]) -> None:
        for kind, step, body in events:
            self.journal.append(row(kind, step, **body))
        await self.journal.flush()

    async def watch(self) -> None:
        """Give the reader what the whole run looks like, as whoever watches it does."""
        self.reader.picture, _ = await picture_at(self._database, self._artifacts, self.reader.run_id)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    database = Database(tmp_path / "weft.db")
    await database.open()
    made = Told(database, Artifacts(tmp_path / "artifacts"), Runs(database, "boot"))
    await made.begin()
    yield made
    await made.journal.close()
    await database.close()


async def test_a_step_is_read_on_from_where_the_last_look_ended(told: Told) -> None:
    await told.tell((Started, "names", {"given": {"field": "x"}}), (Logged, "names", {"text": "One"}))
    first = await told.reader.details("names")
    assert (first.status, first.given, [line.text for line in first.log]) == ("running", {"field": "x"}, ["One"])
    await told.tell((Logged, "names", {"text": "Two"}), (Finished, "names", {"outputs": {"kept": ["Ann"]}}))
    then = await told.reader.details("names")
    assert (then.status, then.outputs, [line.text for line in then.log]) == ("done", {"kept": ["Ann"]}, ["One", "Two"])


async def test_a_step_is_read_as_it_was_at_a_moment_that_is_over(told: Told) -> None:
    await told.tell((Started, "names", {"given": {"field": "x"}}), (Logged, "names", {"text": "One"}))
    await told.tell((Finished, "names", {"outputs": {"kept": ["Ann"]}}), (Ended, "", {"status": "done"}))
    await told.watch()
    now = told.reader.picture
    await told.reader.turn_to(now, 1)
    then = await told.reader.details("names")
    assert (then.status, then.outputs, len(then.log)) == ("running", None, 1)
    assert await told.reader.outputs() == {}
    await told.reader.turn_to(now, None)
    assert (await told.reader.details("names")).status == "done"


async def test_each_round_has_outputs_of_its_own_and_the_newest_is_looked_at(told: Told) -> None:
    for number in (2, 0, 10):
        await told.tell((Finished, f"each/{number}/line", {"outputs": {"value": f"Line {number}"}}))
    await told.watch()
    assert told.reader.full("each/line") == "each/10/line"
    assert await told.reader.latest_round("", "each") == "10"
    assert await told.reader.outputs("each/10") == {"line": {"value": "Line 10"}}
    assert await told.reader.outputs() == {}


async def test_a_chosen_round_is_looked_at_and_read_on(told: Told) -> None:
    for number in (0, 1):
        await told.tell((Finished, f"each/{number}/line", {"outputs": {"value": f"Line {number}"}}))
    await told.tell((Started, "each/0/more", {}))
    await told.watch()
    told.reader.choose("each", "0")
    assert told.reader.full("each/line") == "each/0/line"
    assert await told.reader.latest_round("", "each") == "0"
    await told.reader.look("each/0")
    assert {path: light.status for path, light in told.reader.seen("each/0").lights.items()} == {
        "each/line": "done",
        "each/more": "running",
    }
    await told.tell((Failed, "each/0/more", {"message": "No"}))
    await told.reader.look("each/0")
    assert told.reader.seen("each/0").lights["each/more"].message == "No"
    told.reader.choose("each", None)
    assert (told.reader.full("each/line"), told.reader.chosen_scope("each/line")) == ("each/1/line", "")


async def test_an_inner_round_is_chosen_in_the_outer_one_that_is_looked_at(told: Told) -> None:
    for step in ("outer/0/inner/5/a", "outer/1/inner/0/a", "outer/1/inner/3/a"):
        await told.tell((Started, step[:13], {}), (Finished, step, {"outputs": {}}))
    await told.watch()
    assert told.reader.full("outer/inner/a") == "outer/1/inner/3/a"
    told.reader.choose("outer/inner", "0")
    assert told.reader.chosen == {"outer": "1", "outer/inner": "0"}
    assert told.reader.full("outer/inner/a") == "outer/1/inner/0/a"
    told.reader.choose("outer", "0")
    assert told.reader.chosen == {"outer": "0"}
    await told.reader.look("outer/0")
    assert told.reader.full("outer/inner/a") == "outer/0/inner/5/a"
    assert told.reader.full("outer/b") == "outer/0/b"


async def test_in_a_run_that_is_over_a_round_without_an_end_was_stopped_too(told: Told) -> None:
    await told.tell((Started, "each/0/line", {}), (Ended, "", {"status": "stopped"}))
    await told.watch()
    told.reader.choose("each", "0")
    await told.reader.look("each/0")
    assert told.reader.seen("each/0").lights["each/line"].status == "stopped"


async def test_what_came_along_the_wires_is_known_also_of_a_step_too_quick_to_note_its_start(told: Told) -> None:
    await told.tell((Finished, "names", {"outputs": {"kept": ["Ann"]}}), (Finished, "each", {"outputs": {}}))
    assert (await told.reader.details("each")).given == {"items": ["Ann"]}
    assert await told.reader.inputs() == {"who": "Ada"}


async def test_a_step_without_an_end_was_cut_off_with_its_run(told: Told) -> None:
    await told.tell((Started, "names", {}))
    assert (await told.reader.details("names")).status == "running"
    await told.runs.end(told.reader.run_id, "interrupted", "The power went.", None)
    assert (await told.reader.details("names")).status == "interrupted"


async def test_nothing_is_known_while_no_run_is_followed(told: Told) -> None:
    await told.tell((Finished, "names", {"outputs": {"kept": []}}))
    told.reader.follow("")
    assert (await told.reader.details("names")).status == "waiting"
    assert (told.reader.full("each/line"), await told.reader.outputs(), await told.reader.inputs()) == (
        "each/0/line",
        {},
        {},
    )
