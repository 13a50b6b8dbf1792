"""The history of a flow: keeping versions, and going back without losing anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.desk.history import History
from app.desk.shelf import Shelf
from app.store.database import Database
from app.store.runs import Runs
from flows.diff_words import Words
from flows.edits import Add, Configure, Describe
from flows.model import Retry, Step
from flows.text import write_flow
from nodes.catalog import built_in

COMPOSE = Step(kind="data.compose", title="Hello", settings={"text": "x"})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "weft.db")
    await made.open()
    yield made
    await made.close()


async def test_a_version_says_how_much_has_changed_since_the_one_before(database: Database) -> None:
    shelf, history = Shelf(database, built_in()), History(database, built_in())
    opened = await shelf.open((await shelf.new("Mine")).id)
    await history.keep(opened.flow, "Empty")
    await opened.edit(Add(id="hello", step=COMPOSE, at=(0, 0)))
    await opened.edit(Configure(path="hello", retry=Retry(times=3)))
    await history.keep(opened.flow, "Greets", "It says hello.")
    await history.keep(opened.flow)
    entries = await history.entries(opened.flow.id)
    assert [(entry.name, entry.kept and entry.kept.changes) for entry in entries] == [
        ("", 0),
        ("Greets", 1),
        ("Empty", None),
    ]
    found = await history.compare(await history.flow(entries[-1].hash), opened.flow)
    assert Words(found).sentences() == ["New step “Hello”"]


async def test_going_back_is_an_edit_that_can_be_undone_and_loses_nothing(database: Database) -> None:
    shelf, history = Shelf(database, built_in()), History(database, built_in())
    opened = await shelf.open((await shelf.new("Mine")).id)
    first = opened.flow
    await history.keep(first, "Empty")
    await opened.edit(Add(id="hello", step=COMPOSE, at=(0, 0)))
    draft = opened.flow
    [entry] = await history.entries(first.id)
    assert await history.go_back(opened, entry, name="“Empty”")
    assert opened.flow == first
    assert opened.undoes == "go back to another version"
    assert not await history.go_back(opened, entry, name="“Empty”")
    kept, _ = await history.entries(first.id)
    assert kept.name == "Before going back to “Empty”"
    assert await history.flow(kept.hash) == draft
    await opened.undo()
    assert opened.flow == draft
    # What the history has already is not kept a second time.
    await history.go_back(opened, entry, name="“Empty”")
    assert len(await history.entries(first.id)) == 2


async def test_versions_that_runs_used_are_in_the_history(database: Database) -> None:
    shelf, history = Shelf(database, built_in()), History(database, built_in())
    opened = await shelf.open((await shelf.new("Mine")).id)
    runs, about = Runs(database, "here"), {"flow_id": opened.flow.id, "flow_name": "Mine", "inputs": "{}"}
    await runs.create(**about, document=opened.flow.model_dump_json(), trigger="window")
    await opened.edit(Describe(name="Other"))
    await history.keep(opened.flow, "Other")
    run, _ = await runs.create(**about, document=opened.flow.model_dump_json(), trigger="window")
    newest, oldest = await history.entries(opened.flow.id)
    assert (newest.name, newest.used and newest.used.last_run) == ("Other", run.id)
    assert (oldest.kept, oldest.used and oldest.used.runs) == (None, 1)
    assert (await history.flow(oldest.hash)).name == "Mine"


async def test_an_earlier_version_of_a_flow_from_elsewhere_is_reviewed_again(database: Database) -> None:
    shelf, history = Shelf(database, built_in()), History(database, built_in())
    made = await shelf.new("Theirs")
    await (await shelf.open(made.id)).edit(
        Add(id="get", step=Step(kind="web.request", settings={"url": "https://a.example"}), at=(0, 0))
    )
    file = write_flow((await shelf.open(made.id)).flow.model_copy(update={"id": "theirs"})).encode()
    opened = await shelf.open((await shelf.bring_in(file, "theirs.flow.yaml")).id)
    await history.keep(opened.flow, "As it came")
    await shelf.accept(opened.flow)
    assert await shelf.to_review(opened.flow.id) is None
    [entry] = await history.entries(opened.flow.id)
    await opened.edit(Configure(path="get", title="Look"))
    assert await shelf.to_review(opened.flow.id) is None
    assert await history.go_back(opened, entry, name="“As it came”")
    assert await shelf.to_review(opened.flow.id) is not None
    await opened.undo()
    assert await shelf.to_review(opened.flow.id) is None
