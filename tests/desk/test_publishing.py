"""One version of a flow may be the published one: it is what runs where nobody sits before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.desk.history import History
from app.desk.shelf import Shelf
from app.engine.plan import Unrunnable
from app.store.database import Database
from app.store.refusal import NotPublished
from app.store.runs import Runs
from flows.edits import Add, Configure, Replace
from flows.model import Step
from flows.text import write_flow
from nodes.catalog import built_in

CATALOG = built_in()
COMPOSE = Step(kind="data.compose", title="Hello", settings={"text": "x"})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "weft.db")
    await made.open()
    yield made
    await made.close()


async def test_the_published_version_stays_what_it_is_while_the_draft_goes_on(database: Database) -> None:
    shelf, history = Shelf(database, CATALOG), History(database, CATALOG)
    opened = await shelf.open((await shelf.new("Mine")).id)
    id = opened.flow.id
    with pytest.raises(NotPublished, match="“Mine” has no published version"):
        await shelf.published(id)
    assert await history.since_published(opened.flow) is None
    first = await opened.edit(Add(id="hello", step=COMPOSE, at=(0, 0)))
    await history.keep(first, "First")
    await history.publish(id, (await history.entries(id))[0])
    await opened.edit(Configure(path="hello", title="Hi"))
    await opened.edit(Add(id="more", step=COMPOSE, at=(0, 0)))
    assert await Shelf(database, CATALOG).published(id) == first
    changes = await history.since_published(opened.flow)
    assert changes is not None
    assert len(changes.changes) == 2
    await history.keep(opened.flow, "Second")
    assert [(entry.name, entry.published) for entry in await history.entries(id)] == [
        ("Second", False),
        ("First", True),
    ]
    await history.publish(id, (await history.entries(id))[0])
    assert [(entry.name, entry.published) for entry in await history.entries(id)] == [
        ("Second", True),
        ("First", False),
    ]
    await history.unpublish(id)
    assert await history.published(id) is None


async def test_a_version_that_only_runs_have_used_is_kept_when_it_is_published(database: Database) -> None:
    shelf, history, runs = Shelf(database, CATALOG), History(database, CATALOG), Runs(database, "here")
    flow = await shelf.new("Mine")
    about = {"flow_id": flow.id, "flow_name": "Mine", "inputs": "{}"}
    await runs.create(**about, document=flow.model_dump_json(), trigger="window")
    [used] = await history.entries(flow.id)
    await history.publish(flow.id, used)
    [entry] = await history.entries(flow.id)
    assert (entry.name, entry.published, entry.used is not None) == ("Published", True, True)


async def test_a_published_version_that_wants_more_than_was_accepted_does_not_run(database: Database) -> None:
    shelf, history = Shelf(database, CATALOG), History(database, CATALOG)
    made = await shelf.open((await shelf.new("Theirs")).id)
    await made.edit(Add(id="get", step=Step(kind="web.request", settings={"url": "https://a.example"}), at=(0, 0)))
    file = write_flow(made.flow.model_copy(update={"id": "theirs"})).encode()
    opened = await shelf.open((await shelf.bring_in(file, "theirs.flow.yaml")).id)
    await history.keep(opened.flow, "As it came")
    await history.publish("theirs", (await history.entries("theirs"))[0])
    with pytest.raises(Unrunnable, match="was not reviewed"):
        await shelf.published("theirs")
    empty = opened.flow.model_copy(update={"steps": {}, "layout": {}})
    await opened.edit(Replace(flow=empty))
    await shelf.accept(opened.flow)
    with pytest.raises(Unrunnable, match="was not reviewed"):
        await shelf.published("theirs")
    await opened.undo()
    await shelf.accept(opened.flow)
    assert (await shelf.published("theirs")).steps == opened.flow.steps
