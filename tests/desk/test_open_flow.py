"""A flow that is open in windows: every edit is on the disk first, and can be taken back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.desk.open_flow import Edited, OpenFlow
from app.desk.shelf import Shelf
from app.store.database import Database
from app.store.flows import Flows
from app.store.refusal import FlowMissing
from flows.apply import EditRefused
from flows.edits import Add, Configure, Describe, Edit, Many, Move, Pin, Remove, Rename, Set
from flows.model import Flow, Limits, Retry, Step
from nodes.catalog import built_in

COMPOSE = Step(kind="data.compose", settings={"text": "x"})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "weft.db")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def shelf(database: Database) -> Shelf:
    return Shelf(database, built_in())


async def on_disk(database: Database, flow_id: str) -> Flow:
    return Flow.model_validate_json((await Flows(database).get(flow_id)).document)


async def opened(shelf: Shelf) -> OpenFlow:
    return await shelf.open((await shelf.new("Mine")).id)


def said(flow: OpenFlow) -> list[str]:
    return [problem.message for problem in flow.problems]


def add(name: str) -> Add:
    return Add(id=name, step=COMPOSE, at=(0, 0))


async def test_a_window_hears_of_an_edit_once_it_is_on_the_disk(shelf: Shelf, database: Database) -> None:
    flow = await opened(shelf)
    heard: list[Edited] = []
    seen: list[asyncio.Task[Flow]] = []

    def hear(edited: Edited) -> None:
        heard.append(edited)
        seen.append(asyncio.create_task(on_disk(database, flow.flow.id)))

    stop = flow.listen(hear)
    before = flow.flow
    await flow.edit(add("a"), by="window 1")
    assert heard == [Edited(before, flow.flow, "window 1", done="add Compose text")]
    assert await seen[0] == flow.flow
    stop()
    await flow.edit(add("b"))
    assert len(heard) == 1


async def test_an_edit_that_changes_nothing_is_none(shelf: Shelf) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    await flow.edit(Set(path="a", settings={"text": "x"}))
    assert flow.undoes == "add Compose text"


async def test_undo_and_redo_say_what_they_do_and_are_saved(shelf: Shelf, database: Database) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    await flow.edit(Rename(path="a", id="b"))
    assert await flow.undo() == "rename a to b"
    assert (list(flow.flow.steps), flow.undoes, flow.redoes) == (["a"], "add Compose text", "rename a to b")
    assert await on_disk(database, flow.flow.id) == flow.flow
    assert await flow.redo() == "rename a to b"
    assert (await flow.redo(), list((await on_disk(database, flow.flow.id)).steps)) == ("", ["b"])
    await flow.undo()
    await flow.edit(add("c"))
    assert flow.redoes == ""


async def test_edits_of_two_windows_come_one_after_the_other(shelf: Shelf, database: Database) -> None:
    flow = await opened(shelf)
    await asyncio.gather(*(flow.edit(add(f"s{number}"), by=str(number)) for number in range(20)))
    assert sorted((await on_disk(database, flow.flow.id)).steps) == sorted(f"s{number}" for number in range(20))
    for _ in range(20):
        assert await flow.undo()
    assert (flow.flow.steps, await flow.undo()) == ({}, "")


@pytest.mark.parametrize("text", ["half \ud83d", None])
async def test_what_cannot_be_saved_is_refused_in_words_and_nothing_has_changed(
    shelf: Shelf, database: Database, text: Any
) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    before = flow.flow
    value: Any = text
    if value is None:
        value = "bottom"
        for _ in range(300):
            value = [value]
    with pytest.raises(EditRefused, match="This change cannot be saved"):
        await flow.edit(Set.model_construct(path="a", settings={"text": value}, unset=()))
    assert (flow.flow, await on_disk(database, flow.flow.id)) == (before, before)


async def test_a_refused_edit_leaves_no_trace(shelf: Shelf) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    with pytest.raises(EditRefused):
        await flow.edit(Many(edits=(add("b"), Rename(path="a", id="b"))))
    assert (list(flow.flow.steps), flow.undoes) == (["a"], "add Compose text")


async def test_problems_follow_the_edits(shelf: Shelf) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    assert said(flow) == []
    await flow.edit(Set(path="a", settings={"text": "{{ gone.value }}"}))
    assert said(flow) == ["`{{ gone.value }}` refers to `gone`, which is not known here."]
    await flow.edit(Remove(steps=("a",)))
    assert said(flow) == ["This flow has no steps yet."]


async def test_a_deleted_flow_that_is_restored_is_still_the_one_in_the_windows(shelf: Shelf) -> None:
    flow = await opened(shelf)
    await shelf.delete(flow.flow.id)
    with pytest.raises(FlowMissing):
        await shelf.open(flow.flow.id)
    with pytest.raises(FlowMissing):
        await flow.edit(add("a"))
    await shelf.restore(flow.flow.id)
    assert await shelf.open(flow.flow.id) is flow
    await flow.edit(add("a"))
    assert list(flow.flow.steps) == ["a"]


async def test_two_who_open_a_flow_at_once_get_the_same_one(shelf: Shelf) -> None:
    made = await shelf.new()
    one, other = await asyncio.gather(shelf.open(made.id), shelf.open(made.id))
    assert one is other


ARRIVED = b"""
format: 1
id: arrived
name: Arrived
steps:
  get:
    kind: web.get
    settings:
      url: https://example.org/a
"""


async def test_a_flow_that_arrived_is_reviewed_and_an_edit_here_grows_what_it_may(shelf: Shelf) -> None:
    flow = await shelf.bring_in(ARRIVED, "a.flow.yaml")
    review = await shelf.to_review(flow.id)
    assert review is not None
    assert (review.all.hosts, review.again) == (("example.org",), False)
    await shelf.accept(flow)
    assert await shelf.to_review(flow.id) is None
    arrived = await shelf.open(flow.id)
    await arrived.edit(Move(to={"get": (5, 5)}))
    await arrived.edit(Set(path="get", settings={"url": "https://example.com/b"}))
    assert await shelf.to_review(flow.id) is None
    assert "example.com" in (await shelf.grant(arrived.flow)).touches.hosts
    await arrived.undo()
    assert await shelf.to_review(flow.id) is None


async def test_an_edit_of_what_was_never_accepted_accepts_nothing(shelf: Shelf) -> None:
    flow = await shelf.bring_in(ARRIVED, "a.flow.yaml")
    await (await shelf.open(flow.id)).edit(Describe(name="Other"))
    assert await shelf.to_review(flow.id) is not None


async def test_an_edit_of_a_thousand_steps_costs_what_it_changes(shelf: Shelf, database: Database) -> None:
    texts = ["x", *(f"{number} {{{{ s{number - 1}.value }}}}" for number in range(1, 1000))]
    steps = {f"s{number}": Step(kind="data.compose", settings={"text": text}) for number, text in enumerate(texts)}
    big = Flow(id="big", name="Big", steps=steps)
    await Flows(database).create(
        id=big.id, name=big.name, description="", document=big.model_dump_json(), origin="made"
    )
    began = time.process_time()
    flow = await shelf.open(big.id)
    first = time.process_time() - began
    assert said(flow) == []
    costs = []
    for number in range(5):
        began = time.process_time()
        await flow.edit(Set(path="s500", settings={"text": f"{number}"}))
        costs.append(time.process_time() - began)
    # The first look understands every step, an edit only the one that changed.
    assert min(costs) < first / 4


async def test_a_word_typed_in_pieces_is_one_thing_to_undo(shelf: Shelf, database: Database) -> None:
    now = [0.0]
    flow = OpenFlow(
        await Flows(database).get((await shelf.new("Mine")).id), Flows(database), built_in(), _noted, lambda: now[0]
    )
    await flow.edit(add("a"))

    async def typed(text: str, after: float, by: str = "one") -> None:
        now[0] += after
        await flow.edit(Set(path="a", settings={"text": text}), by=by)

    await typed("Br", 5)
    await typed("Bread", 1.9)
    await flow.undo()
    assert flow.flow.steps["a"].settings == {"text": "x"}
    await typed("Milk", 0.1)
    await typed("Honey", 0.1, by="another window")
    await typed("Honey and milk", 2.1, by="another window")
    undone = [await flow.undo() and dict(flow.flow.steps["a"].settings) for _ in range(3)]
    assert undone == [{"text": "Honey"}, {"text": "Milk"}, {"text": "x"}]


async def _noted(before: Flow, after: Flow) -> None:
    return


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Configure(path="a", timeout=30), "Time limit none → 30 on “Compose text”"),
        (
            Configure(path="a", on_error="continue", instead={"value": "-"}),
            "change what happens when Compose text fails",
        ),
        (Configure(path="a", retry=Retry(times=2, only=("busy",))), "change what happens when Compose text fails"),
        (Configure(path="a", disabled=True), "switch Compose text off"),
        (Pin(path="a", outputs={"value": "x"}), "pin Compose text"),
        (Describe(limits=Limits(money=2)), "Limit of US dollars none → 2"),
        (Describe(on_failure="other"), "change what runs after a failure"),
        (Describe(resumes_itself=True), "Goes on by itself after a crash no → yes"),
    ],
    ids=["timeout", "instead", "retry", "off", "pin", "limits", "on failure", "resumes itself"],
)
async def test_undo_names_what_was_changed_and_takes_it_back(
    shelf: Shelf, database: Database, edit: Edit, words: str
) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    before = flow.flow
    after = await flow.edit(edit)
    assert after != before
    assert flow.undoes == words
    assert await on_disk(database, after.id) == after
    await flow.undo()
    assert flow.flow == before


async def test_an_instead_and_a_time_limit_are_taken_away_again(shelf: Shelf) -> None:
    flow = await opened(shelf)
    before = await flow.edit(add("a"))
    await flow.edit(Configure(path="a", instead={"value": "-"}, timeout=5))
    assert await flow.edit(Configure(path="a", instead={}, timeout=0)) == before


async def test_pinned_data_is_changed_and_unpinned(shelf: Shelf) -> None:
    flow = await opened(shelf)
    await flow.edit(add("a"))
    await flow.edit(Pin(path="a", outputs={"value": "x"}))
    await flow.edit(Pin(path="a", outputs={"value": "y"}))
    assert flow.undoes == "change the pinned data of Compose text"
    await flow.edit(Pin(path="a", outputs=None))
    assert flow.undoes == "unpin Compose text"
    assert flow.flow.steps["a"].pinned is None
