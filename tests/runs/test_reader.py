"""Reading a run in the small parts that a window shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.events import Event, Finished, Logged, Started, row
from app.runs.reader import RunReader
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


async def test_rounds_are_in_their_order_and_each_has_outputs_of_its_own(told: Told) -> None:
    for number in (10, 2, 0):
        await told.tell((Finished, f"each/{number}/line", {"outputs": {"value": f"Line {number}"}}))
    assert await told.reader.rounds("each/line") == ["each/0/line", "each/2/line", "each/10/line"]
    assert await told.reader.latest_round("", "each") == "0"
    assert await told.reader.outputs("each/10") == {"line": {"value": "Line 10"}}
    assert await told.reader.outputs() == {}


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
    assert (await told.reader.rounds("each/line"), await told.reader.outputs(), await told.reader.inputs()) == (
        [],
        {},
        {},
    )
