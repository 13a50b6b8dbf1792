import asyncio
import sqlite3
from collections.abc import Callable
from itertools import count

import pytest

from app.store.connections import Connection, Connections
from app.store.database import Database
from app.store.flows import FlowCard, Flows, LastRun, StoredFlow
from app.store.grants import Grants, StoredGrant
from app.store.refusal import FlowConflict, FlowExists, FlowMissing, NameTaken, RunMissing
from app.store.runs import Run, RunCard, Runs
from app.store.settings import Settings


@pytest.fixture
def now() -> Callable[[], float]:
    """A clock that moves one second a look."""
    ticks = count(100)
    return lambda: float(next(ticks))


@pytest.fixture
def flows(database: Database, now: Callable[[], float]) -> Flows:
    return Flows(database, now)


@pytest.fixture
def runs(database: Database, now: Callable[[], float]) -> Runs:
    return Runs(database, "this start", now)


async def made(flows: Flows, id: str, name: str, description: str = "") -> StoredFlow:
    return await flows.create(id=id, name=name, description=description, document=f'{{"id":"{id}"}}', origin="made")


async def started(runs: Runs, flow_id: str = "f", click_id: str | None = None, inputs: str = "{}") -> Run:
    run, _ = await runs.create(
        flow_id=flow_id, flow_name=flow_id.upper(), document="{}", inputs=inputs, trigger="hand", click_id=click_id
    )
    return run


async def test_a_flow_is_read_as_it_was_stored(flows: Flows) -> None:
    flow = await made(flows, "a", "Prices", "Mugs")
    assert flow == StoredFlow("a", "Prices", "Mugs", '{"id":"a"}', 1, "made", 100.0, 100.0)
    assert await flows.get("a") == flow


async def test_cards_show_how_each_flow_last_ran(flows: Flows, runs: Runs) -> None:
    await made(flows, "a", "Prices")
    await made(flows, "b", "Mail")
    first = await started(runs, "a")
    await runs.end(first.id, "failed", "No such page")
    second = await started(runs, "a")
    await runs.end(second.id, "done")
    cards = await flows.cards()
    assert cards == [
        FlowCard("b", "Mail", "", 1, "made", 101.0, None),
        FlowCard("a", "Prices", "", 1, "made", 100.0, LastRun(second.id, "done", "", 104.0, 105.0, "hand")),
    ]
    assert cards[1].last_run is not None
    assert cards[1].last_run.seconds == 1.0


async def test_search_looks_for_every_word_in_name_and_description(flows: Flows) -> None:
    await made(flows, "a", "Äpfel zählen", "every morning")
    await made(flows, "b", "Count pears", "every evening; 100 %")
    found = [
        [card.id for card in await flows.cards(text)] for text in ("äPFEL", "every MORNING", "every", "%", "_", "no")
    ]
    assert found == [["a"], ["a"], ["b", "a"], ["b"], [], []]


async def test_r18_saving_counts_and_a_stale_save_is_a_conflict_that_changes_nothing(flows: Flows) -> None:
    await made(flows, "a", "Prices")
    assert await flows.save("a", expected=1, name="Prices 2", description="new", document="{2}") == 2
    with pytest.raises(FlowConflict, match=r"“Mine” was changed in another window since .* Reload"):
        await flows.save("a", expected=1, name="Mine", description="", document="{mine}")
    assert await flows.get("a") == StoredFlow("a", "Prices 2", "new", "{2}", 2, "made", 100.0, 101.0)


async def test_r18_of_two_saves_at_once_one_wins(flows: Flows) -> None:
    await made(flows, "a", "Prices")
    saves = (flows.save("a", expected=1, name=n, description="", document="{}") for n in "xyz")
    ended = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(str(each) if each == 2 else type(each).__name__ for each in ended) == [
        "2",
        "FlowConflict",
        "FlowConflict",
    ]


async def test_a_deleted_flow_is_hidden_until_it_is_brought_back(flows: Flows) -> None:
    flow = await made(flows, "a", "Prices")
    await flows.delete("a")
    assert await flows.cards() == []
    for use in (
        flows.get("a"),
        flows.find("Prices"),
        flows.save("a", expected=1, name="", description="", document=""),
    ):
        with pytest.raises(FlowMissing, match="There is no flow “"):
            await use
    await flows.undelete("a")
    assert await flows.get("a") == flow
    with pytest.raises(FlowMissing):
        await flows.delete("nothing")


async def test_an_id_is_used_once_but_a_deleted_flow_makes_room(flows: Flows) -> None:
    await made(flows, "a", "Prices")
    with pytest.raises(FlowExists, match="already here as “Prices”"):
        await made(flows, "a", "Other")
    await flows.delete("a")
    await made(flows, "a", "Other")
    assert (await flows.get("a")).name == "Other"


async def test_a_flow_is_found_by_id_or_by_a_name_only_it_has(flows: Flows) -> None:
    for id, name in (("a", "Prices"), ("b", "Mail"), ("c", "mail"), ("Mail2", "x")):
        await made(flows, id, name)
    assert [(await flows.find(text)).id for text in ("b", "PRICES", "Mail2")] == ["b", "a", "Mail2"]
    with pytest.raises(FlowMissing, match=r"2 flows are called “Mail”\. Use an id: b, c"):
        await flows.find("Mail")


async def test_a_run_is_made_running_and_ends(runs: Runs) -> None:
    run, new = await runs.create(
        flow_id="f", flow_name="F", document='{"v":1}', inputs='{"x":1}', trigger="hand", click_id="c1"
    )
    assert new
    card = RunCard(run.id, "f", "F", "hand", "running", "", 100.0, None)
    assert await runs.newest() == [card]
    await runs.end(run.id, "done", "All good", '{"y":2}')
    ended = await runs.get(run.id)
    assert (ended.status, ended.message, ended.result, ended.ended_at) == ("done", "All good", '{"y":2}', 101.0)
    assert (ended.inputs, ended.boot_id) == ('{"x":1}', "this start")
    assert await runs.document(ended) == '{"v":1}'
    assert await runs.last_inputs("f") == '{"x":1}'
    assert await runs.last_inputs("g") is None


async def test_one_click_is_one_run_however_often_it_arrives(runs: Runs) -> None:
    first = await asyncio.gather(*(started(runs, click_id="click") for _ in range(20)))
    assert len({run.id for run in first}) == 1
    assert len(await runs.newest()) == 1
    await asyncio.gather(*(started(runs) for _ in range(3)))
    assert len(await runs.newest()) == 4


async def test_equal_documents_are_kept_once(runs: Runs, database: Database) -> None:
    await started(runs)
    await started(runs)
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM version").fetchone()) == (1,)


async def test_runs_are_paged_newest_first_and_filtered(runs: Runs) -> None:
    ids = [(await started(runs, "fg"[n % 2])).id for n in range(7)]
    await runs.end(ids[0], "failed", "no")
    newest = ids[::-1]
    page = await runs.newest(limit=3)
    rest = await runs.newest(limit=9, before=page[-1])
    assert [run.id for run in (*page, *rest)] == newest
    assert [run.id for run in await runs.newest(flow_id="g")] == newest[1::2]
    assert [run.id for run in await runs.newest(flow_id="f", status="failed")] == [ids[0]]


async def test_no_run_falls_between_pages_when_all_began_at_one_moment(database: Database) -> None:
    runs = Runs(database, "boot", lambda: 5.0)
    ids = {(await started(runs)).id for _ in range(5)}
    page = await runs.newest(limit=2)
    rest = await runs.newest(before=page[-1])
    assert {run.id for run in (*page, *rest)} == ids
    assert len(page) + len(rest) == 5


async def test_a_run_of_an_earlier_start_is_interrupted_until_this_one_goes_on_with_it(
    runs: Runs, database: Database
) -> None:
    earlier = Runs(database, "earlier start", lambda: 1.0)
    left = await started(earlier)
    await earlier.end((await started(earlier)).id, "done")
    await started(runs)
    assert await runs.interrupted() == [left]
    await runs.set_status(left.id, "waiting", "for an answer")
    assert await runs.interrupted() == []
    await runs.go_on(left.id)
    again = await runs.get(left.id)
    assert (again.status, again.message, again.boot_id, again.ended_at) == ("waiting", "", "this start", None)
    await runs.set_status(left.id, "interrupted")
    await runs.go_on(left.id)
    assert (await runs.get(left.id)).status == "running"
    assert await runs.interrupted() == []


async def test_a_run_that_is_not_there_is_said(runs: Runs) -> None:
    for use in (runs.get("x"), runs.end("x", "done"), runs.go_on("x"), runs.set_status("x", "waiting")):
        with pytest.raises(RunMissing, match="There is no run “x”"):
            await use


async def test_lists_use_their_indexes(database: Database) -> None:
    def plans(connection: sqlite3.Connection) -> list[str]:
        return [
            " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM run {sql} LIMIT 50"))
            for sql in (
                "ORDER BY created_at DESC, id DESC",
                "WHERE flow_id = 'f' ORDER BY created_at DESC, id DESC",
                "WHERE status = 'failed' AND (created_at, id) < (1, 'x') ORDER BY created_at DESC, id DESC",
            )
        ]

    plan = await database.read(plans)
    assert [text.split(" USING INDEX ")[1].split()[0] for text in plan] == [
        "run_newest",
        "run_newest_of_flow",
        "run_newest_of_status",
    ]
    assert not any("TEMP B-TREE" in text for text in plan)


async def test_settings_are_json_with_an_answer_for_what_was_never_set(database: Database) -> None:
    settings = Settings(database)
    assert await settings.get("theme", "light") == "light"
    await settings.put("theme", {"name": "dark", "Größe": [1, None]})
    await settings.put("theme", {"name": "dark", "Größe": [2, None]})
    assert await settings.get("theme") == {"name": "dark", "Größe": [2, None]}
    await settings.forget("theme")
    assert await settings.get("theme") is None


async def test_a_grant_belongs_to_its_flow_and_goes_with_it(
    flows: Flows, database: Database, now: Callable[[], float]
) -> None:
    grants = Grants(database, now)
    await made(flows, "a", "Prices")
    assert await grants.get("a") is None
    await grants.accept("a", "hash 1", "{}")
    second = await grants.accept("a", "hash 2", '{"hosts":[]}')
    assert await grants.get("a") == second == StoredGrant("a", "hash 2", '{"hosts":[]}', 102.0)
    await flows.delete("a")
    await flows.undelete("a")
    assert await grants.get("a") == second
    await flows.delete("a")
    await made(flows, "a", "Another with the same id")
    assert await grants.get("a") is None


async def test_connections_have_names_of_their_own(database: Database, now: Callable[[], float]) -> None:
    connections = Connections(database, now)
    local = await connections.add(name="local", provider="compatible", base_url="http://localhost:11434/v1")
    assert local == Connection(local.id, "local", "compatible", "http://localhost:11434/v1", "", 100.0)
    other = await connections.add(name="openai", provider="openai")
    assert await connections.all() == [local, other]
    with pytest.raises(NameTaken, match="already a connection called “local”"):
        await connections.add(name="local", provider="openai")
    renamed = Connection(other.id, "work", "openai", "", "gpt", 101.0)
    await connections.put(renamed)
    assert (await connections.named("work"), await connections.named("openai")) == (renamed, None)
    await connections.remove(local.id)
    assert (await connections.all(), await connections.get(local.id)) == ([renamed], None)
