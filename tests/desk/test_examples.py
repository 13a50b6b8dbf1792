"""Example flows put into a flow: they bring what they need, in one edit, and run where they land."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.desk.examples import example, put_in
from app.studio import Studio, open_studio
from flows.apply import apply
from flows.model import Flow, Input

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    opened = await open_studio(tmp_path_factory.mktemp("weft"))
    yield opened
    await opened.close()


def named(name: str) -> Flow:
    found = example(name)
    assert found is not None
    return found


async def test_an_empty_flow_that_begins_with_an_example_gives_what_the_example_gives(studio: Studio) -> None:
    opened = await studio.shelf.open((await studio.shelf.new()).id)
    edit, names = put_in(named("request"), opened.flow, "begin with an order")
    await opened.edit(edit)
    assert names == ("send",)
    assert opened.flow.inputs == named("request").inputs
    ended = await studio.runs.wait(await studio.runs.start(opened.flow, {"pieces": 5}))
    assert ended.status == "done"
    assert ended.result == '{"mug":"moon-mug","pieces":5}'
    await opened.undo()
    assert (opened.flow.steps, opened.flow.inputs, opened.flow.result) == ({}, {}, "")


async def test_an_example_lands_under_what_is_there_and_keeps_its_own_references() -> None:
    flow = named("filter")
    edit, names = put_in(named("filter"), flow, "once more")
    twice = apply(flow, edit)
    assert names == ("open_2", "shelf_2", "gone_2")
    assert [str(wire) for wire in twice.wires[2:]] == ["open_2 -> shelf_2", "shelf_2.rows -> gone_2.items"]
    assert min(twice.layout[name][1] for name in names) > max(flow.layout[name][1] for name in flow.steps)
    assert twice.result == flow.result


async def test_an_input_that_the_flow_has_already_stays_as_it_is() -> None:
    mine = Input(type="number", label="My page", default=3)
    flow = Flow(id="f", name="Mine", inputs={"page": mine})
    edit, _ = put_in(named("read-table"), flow, "begin")
    assert apply(flow, edit).inputs == {"page": mine}


async def test_an_example_that_was_deleted_is_opened_all_the_same(studio: Studio) -> None:
    flow = named("wait")
    await studio.shelf.delete(flow.id)
    assert await studio.shelf.example(flow) == flow.id
    assert (await studio.shelf.open(flow.id)).flow.name == flow.name


async def test_an_example_that_never_was_on_this_shelf_is_put_there(tmp_path: Path) -> None:
    opened = await open_studio(tmp_path)
    strange = named("wait").model_copy(update={"id": "never-seen"})
    assert (await opened.shelf.open(await opened.shelf.example(strange))).flow.name == strange.name
    await opened.close()
