"""What was done to a flow can be undone after a restart too, each step back by its name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.desk.open_flow import Edited, OpenFlow
from app.desk.shelf import Shelf
from app.store.database import Database
from app.store.flows import Flows
from app.store.pasts import Pasts
from flows.edits import Add, Configure, Connect, Describe, Pin, Remove, Rename, Set
from flows.model import Flow, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
COMPOSE = Step(kind="data.compose", settings={"text": "x"})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "weft.db")
    await made.open()
    yield made
    await made.close()


def add(name: str, text: str = "x") -> Add:
    return Add(id=name, step=Step(kind="data.compose", title=name.capitalize(), settings={"text": text}), at=(0, 0))


async def restarted(database: Database, flow: OpenFlow) -> OpenFlow:
    """The same flow, opened by a studio that was started anew."""
    return await Shelf(database, CATALOG).open(flow.flow.id)


async def test_after_a_restart_everything_can_be_undone_and_done_again_by_its_name(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    wire = Wire(source="read", source_port="value", target="send", target_port="")
    states = [flow.flow]
    for edit in (
        add("read"),
        add("send", "{{ read.value }}"),
        Connect(wire=wire),
        Set(path="read", settings={"text": "y"}),
        Rename(path="read", id="got"),
    ):
        states.append(await flow.edit(edit))
    names = ["add Read", "add Send", "connect Read → Send", "Text “x” → “y” on “Read”", "rename read to got"]
    for back in range(5):
        flow = await restarted(database, flow)
        assert (flow.undoes, flow.redoes) == (names[4 - back], names[5 - back] if back else "")
        assert await flow.undo() == names[4 - back]
        assert flow.flow == states[4 - back]
    assert await flow.undo() == ""
    for forth in range(5):
        flow = await restarted(database, flow)
        assert await flow.redo() == names[forth]
        assert flow.flow == states[forth + 1]
    assert (await flow.redo(), flow.flow) == ("", (await restarted(database, flow)).flow)


async def test_what_is_done_after_an_undo_takes_the_place_of_what_was_taken_back(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    for name in ("a", "b", "c"):
        await flow.edit(add(name))
    await flow.undo()
    await (again := await restarted(database, flow)).undo()
    await again.edit(add("d"))
    flow = await restarted(database, again)
    assert (flow.undoes, flow.redoes, list(flow.flow.steps)) == ("add D", "", ["a", "d"])
    assert [await flow.undo() for _ in range(3)] == ["add D", "add A", ""]


async def test_the_pasts_of_two_flows_are_never_mixed(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    one, other = [await shelf.open((await shelf.new(name)).id) for name in ("One", "Other")]
    for flow, names in ((one, "ab"), (other, "cd"), (one, "e")):
        for name in names:
            await flow.edit(add(name))
    one, other = await restarted(database, one), await restarted(database, other)
    assert [await one.undo() for _ in range(4)] == ["add E", "add B", "add A", ""]
    assert [await other.undo() for _ in range(3)] == ["add D", "add C", ""]
    assert one.flow.steps == other.flow.steps == {}


async def test_a_word_typed_in_pieces_is_one_thing_to_undo_after_a_restart_too(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(add("a"))
    for text in ("Br", "Brea", "Bread"):
        await flow.edit(Set(path="a", settings={"text": text}), by="one")
    flow = await restarted(database, flow)
    assert await flow.undo() == "Text “x” → “Bread” on “A”"
    assert flow.flow.steps["a"].settings == {"text": "x"}
    assert await flow.redo() == "Text “x” → “Bread” on “A”"


async def test_what_is_kept_of_the_past_has_a_bound_and_the_oldest_goes_first(database: Database) -> None:
    flows = Flows(database)
    flows.pasts = Pasts(database, most=20_000)
    made = await Shelf(database, CATALOG).new("Mine")

    async def noted(before: Flow, after: Flow) -> None:
        return

    flow = OpenFlow(await flows.get(made.id), flows, CATALOG, noted)
    for number in range(320):
        await flow.edit(add(f"s{number}"))
    kept = await flows.pasts.all(made.id)
    assert 50 < len(kept) < 250
    assert [each.seq for each in kept] == list(range(321 - len(kept), 321))
    again = await restarted(database, flow)
    for _ in kept:
        assert await again.undo()
    assert await again.undo() == ""
    assert len(again.flow.steps) == 320 - len(kept)
    assert await again.redo() == f"add S{320 - len(kept)}"


async def test_in_the_session_there_is_no_limit_but_what_the_disk_keeps(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    for number in range(450):
        await flow.edit(add(f"s{number}"))
    for _ in range(450):
        assert await flow.undo()
    assert flow.flow.steps == {}
    for _ in range(450):
        assert await flow.redo()
    assert len(flow.flow.steps) == 450


async def test_a_flow_saved_from_elsewhere_is_caught_up_with_and_the_edit_is_made_to_it(database: Database) -> None:
    shelf, flows = Shelf(database, CATALOG), Flows(database)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(add("a"))
    heard: list[Edited] = []
    flow.listen(heard.append)
    theirs = await Shelf(database, CATALOG).open(flow.flow.id)
    await theirs.edit(add("b"))
    await flow.edit(Configure(path="a", title="Mine"))
    assert list(flow.flow.steps) == ["a", "b"]
    assert [each.how for each in heard] == ["elsewhere", "edit"]
    assert Flow.model_validate_json((await flows.get(flow.flow.id)).document) == flow.flow
    assert [await flow.undo() for _ in range(4)] == ["call A “Mine”", "add B", "add A", ""]


async def test_a_flow_replaced_by_a_file_is_seen_when_it_is_opened_and_has_no_past(database: Database) -> None:
    shelf, flows = Shelf(database, CATALOG), Flows(database)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(add("a"))
    held = await flows.get(flow.flow.id)
    newer = flow.flow.model_copy(update={"name": "Theirs"})
    await flows.save(held.id, expected=held.revision, name="Theirs", description="", document=newer.model_dump_json())
    assert (await shelf.open(held.id)) is flow
    assert (flow.flow.name, flow.undoes, await flow.undo()) == ("Theirs", "", "")


async def test_an_edit_that_is_sent_twice_is_made_once(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(add("a"), ticket="one")
    await flow.edit(Remove(steps=("a",)), ticket="two")
    await flow.edit(add("a"), ticket="one", again=True)
    assert flow.flow.steps == {}
    again = await restarted(database, flow)
    await again.edit(add("a"), ticket="one", again=True)
    await again.edit(add("b"), ticket="three", again=True)
    assert list(again.flow.steps) == ["b"]


async def test_a_file_that_was_pinned_stays_as_long_as_that_can_be_undone(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(add("a"))
    await flow.edit(Pin(path="a", outputs={"value": {"sha256": "ab" * 32}}))
    await flow.edit(Pin(path="a", outputs=None))
    rows = await database.read(lambda connection: connection.execute("SELECT files FROM past ORDER BY seq").fetchall())
    assert rows == [("",), ("sha256:" + "ab" * 32,), ("sha256:" + "ab" * 32,)]


async def test_a_breakpoint_goes_along_with_its_step_also_when_a_renaming_is_undone(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    heard: list[frozenset[str]] = []
    flow.breakpoints.listen(lambda: heard.append(flow.breakpoints.paths))
    await flow.edit(add("a"))
    await flow.breakpoints.turn(["a"])
    await flow.edit(Rename(path="a", id="b"))
    await flow.undo()
    await flow.redo()
    assert heard == [frozenset({each}) for each in "abab"]
    await flow.edit(Remove(steps=("b",)))
    assert flow.breakpoints.in_flow(flow.flow) == frozenset()
    await flow.undo()
    assert flow.breakpoints.in_flow(flow.flow) == {"b"}
    assert (await restarted(database, flow)).breakpoints.paths == {"b"}


async def test_a_name_typed_and_undone_is_the_old_name(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    await flow.edit(Describe(name="Yours"))
    assert await (await restarted(database, flow)).undo() == "rename the flow to Yours"
    assert [card.name for card in await shelf.cards()] == ["Mine"]


async def test_a_flow_that_is_opened_in_the_middle_of_an_edit_was_not_saved_elsewhere(database: Database) -> None:
    shelf = Shelf(database, CATALOG)
    flow = await shelf.open((await shelf.new("Mine")).id)
    heard: list[Edited] = []
    flow.listen(heard.append)
    for number in range(20):
        await asyncio.gather(flow.edit(add(f"s{number}")), *(shelf.open(flow.flow.id) for _ in range(3)))
    assert {each.how for each in heard} == {"edit"}
