"""How long runs are kept, and that nothing goes that anybody still needs."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.runs.keeping import Keeping
from app.store.artifacts import Artifacts
from app.store.backup import back_up
from app.store.cleaning import Cleaning, Freed
from app.store.database import Database
from app.store.flows import Flows
from app.store.journal import LARGE, Journal, Row, read_rows
from app.store.limits import DAY, Going, Limits, Policy
from app.store.refusal import RunElsewhere, RunMissing
from app.store.runs import Runs
from app.store.settings import Settings
from app.store.sizes import refer
from app.store.trouble import StoreTrouble

TODAY = float(int(time.time()))
HOUR = 3600.0


class Past:
    """A data folder in which runs are made at chosen times."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.at = TODAY
        self.database = database
        self.artifacts = Artifacts(folder / "artifacts")
        self.flows = Flows(database, lambda: self.at)
        self.runs = Runs(database, "this start", lambda: self.at)
        self.cleaning = Cleaning(database, self.artifacts, grace=HOUR)
        self.keeping = Keeping(database, self.artifacts, Settings(database), folder, lambda: TODAY)

    async def run(self, days_ago: float, status: str = "done", flow: str = "f", *, body: bytes = b'{"a":1}') -> str:
        """A run with one event that came to this status so many days ago."""
        self.at = TODAY - days_ago * DAY
        made, _ = await self.runs.create(
            flow_id=flow, flow_name=flow.upper(), document=f'{{"flow":"{flow}"}}', inputs="{}", trigger="hand"
        )
        journal = Journal(self.database, made.id, artifacts=self.artifacts)
        journal.append((self.at, "finished", "step", body))
        await journal.close()
        if status in ("waiting", "interrupted"):
            await self.runs.set_status(made.id, status)
            heard = "UPDATE run_size SET last_at = ? WHERE run_id = ?"
            await self.database.write(lambda connection: connection.execute(heard, (self.at, made.id)))
        elif status != "running":
            await self.runs.end(made.id, status)
        self.at = TODAY
        return made.id

    async def shelve(self, flow: str, document: str = "{}") -> None:
        await self.flows.create(id=flow, name=flow, description="", document=document, origin="made")

    async def kept(self) -> list[str]:
        """The runs there are, the newest first."""
        return [run.id for run in await self.runs.newest(limit=1000)]

    def save(self, content: bytes, hours_ago: float = 2) -> str:
        """The hash of a file that was kept so many hours ago."""
        sha = self.artifacts.save(content)
        then = time.time() - hours_ago * HOUR
        os.utime(self.artifacts.path(sha), (then, then))
        return sha

    def files(self) -> list[str]:
        return sorted(path.name for path in self.artifacts.root.rglob("*") if path.is_file())

    async def rows(self, sql: str) -> list[Any]:
        return await self.database.read(lambda connection: connection.execute(sql).fetchall())


@pytest.fixture
def past(database: Database, tmp_path: Path) -> Past:
    return Past(database, tmp_path)


def speaks_of(*shas: str) -> bytes:
    files = ",".join(f'{{"name":"a.txt","sha256":"{sha}","size":1,"media_type":"text/plain"}}' for sha in shas)
    return b'{"outputs":{"files":[%s]}}' % files.encode()


async def test_r27_old_runs_go_and_those_that_wait_go_on_or_can_be_continued_never_do(past: Past) -> None:
    waiting = await past.run(500, "waiting")
    running = await past.run(400, "running")
    for status in ("done", "failed", "stopped"):
        await past.run(91, status)
    await past.run(100, "interrupted")
    late = await past.run(6, "interrupted")
    recent = await past.run(89)
    newest = await past.run(1)
    going = await past.keeping.over()
    assert (len(going.ids), (await past.keeping.clean()).runs) == (4, 4)
    assert await past.kept() == [newest, late, recent, running, waiting]
    await past.keeping.put_general(Limits(0, 0, 0))
    await past.keeping.clean()
    assert await past.kept() == [late, running, waiting]
    assert await past.keeping.over() == Going()
    assert sorted(await past.rows("SELECT run_id FROM event")) == sorted([(late,), (running,), (waiting,)])
    assert await past.rows("SELECT * FROM removal") == []


async def test_of_every_flow_so_many_runs_stay_and_of_some_more_or_fewer(past: Past) -> None:
    a = [await past.run(days, flow="a") for days in (1, 2, 3, 4)]
    b = [await past.run(days, flow="b") for days in (1, 2, 3, 4)]
    c = [await past.run(days, flow="c") for days in (1, 2, 3, 4)]
    await past.keeping.put_general(Limits(runs=2))
    await past.keeping.put_own("b", Limits(runs=3))
    await past.keeping.put_own("c", Limits())
    await past.keeping.clean()
    assert sorted(await past.kept()) == sorted(a[:2] + b[:3] + c)
    await past.keeping.put_own("c", None)
    assert await past.keeping.policy() == Policy(Limits(runs=2), {"b": Limits(runs=3)})
    await past.keeping.clean()
    assert sorted(await past.kept()) == sorted(a[:2] + b[:3] + c[:2])


async def test_the_oldest_go_until_what_is_left_fits(past: Past) -> None:
    large = b'"' + b"x" * 60_000 + b'"'
    runs = [await past.run(days, flow=flow, body=large) for days, flow in enumerate("ababababab" * 2)]
    await past.keeping.put_general(Limits(megabytes=1))
    await past.keeping.put_own("a", Limits(runs=5))
    going = await past.keeping.over()
    # Five of a and ten of b are 900 kB, so that nothing goes because of the megabytes.
    assert len(going.ids) == 5
    await past.keeping.put_own("a", Limits(megabytes=0))
    await past.keeping.put_general(Limits(megabytes=1))
    await past.keeping.clean()
    assert await past.kept() == runs[1::2]
    await past.keeping.put_own("b", Limits())
    await past.keeping.put_general(Limits(megabytes=0))
    await past.keeping.clean()
    assert await past.kept() == []


async def test_the_last_run_of_a_flow_on_the_shelf_stays(past: Past) -> None:
    await past.shelve("here")
    [last, *_] = [await past.run(days, flow="here") for days in (200, 300)]
    await past.run(200, flow="gone")
    await past.keeping.clean()
    assert await past.kept() == [last]


async def test_a_file_stays_as_long_as_any_run_or_any_flow_refers_to_it(past: Past) -> None:
    shared, own, pinned, fresh = (past.save(text) for text in (b"shared", b"own", b"pinned", b"fresh"))
    os.utime(past.artifacts.path(fresh))
    old = await past.run(100, body=speaks_of(shared, own, pinned, fresh))
    new = await past.run(1, body=speaks_of(shared))
    await past.shelve("pins", f'{{"pin":{speaks_of(pinned).decode()}}}')
    assert (await past.keeping.of_ids([old])).bytes > len(b"own" + b"pinned" + b"fresh")
    freed = await past.keeping.clean()
    assert (freed.runs, freed.files) == (1, 1)
    assert past.files() == sorted([shared, pinned, fresh])
    await past.keeping.remove([new])
    assert past.files() == sorted([pinned, fresh])


async def test_a_large_body_is_a_file_and_so_are_the_files_that_it_speaks_of(past: Past) -> None:
    picture = past.save(b"picture")
    body = b'{"pad":"%s","outputs":%s}' % (b"x" * LARGE, speaks_of(picture))
    id = await past.run(1, body=body)
    assert len(await past.rows("SELECT * FROM run_file")) == 2
    [(events, size)] = await past.rows("SELECT events, bytes FROM run_size")
    assert (events, size < 200) == (1, True)
    # A file that was just written, as that of the body, has its hour; the picture is older than that.
    assert (await past.keeping.remove([id])).files == 1
    assert picture not in past.files()


async def test_a_file_that_a_step_has_just_saved_belongs_to_its_run_before_any_event_tells_of_it(past: Past) -> None:
    id = await past.run(0, "running")
    sha = past.save(b"still in the step's hands", hours_ago=30)
    await past.database.write(lambda connection: refer(connection, past.artifacts, id, [sha]))
    await past.keeping.clean()
    assert past.files() == [sha]


async def test_what_nobody_refers_to_is_found_once_a_day(past: Past) -> None:
    past.save(b"of a step that was killed")
    young = past.save(b"of a step that goes on", hours_ago=0.5)
    assert (await past.keeping.clean()).files == 1
    assert past.files() == [young]


def test_a_file_saved_again_while_it_is_cleared_away_is_there_afterwards(tmp_path: Path) -> None:
    files = Artifacts(tmp_path)
    sha = files.save(b"content")
    files.set_aside(sha)
    assert files.read(sha) == b"content"
    assert files.save(b"content") == sha
    assert files.drop(sha, time.time() + 60) == 7
    assert files.read(sha) == b"content"
    files.set_aside(sha)
    assert files.drop(sha, time.time() - 60) == 0
    assert files.read(sha) == b"content"
    files.set_aside(sha)
    Artifacts(tmp_path).sweep()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha]


async def test_a_run_that_went_on_meanwhile_stays_and_one_that_is_gone_cannot_go_on(past: Past) -> None:
    resumed, removed = await past.run(100, "failed"), await past.run(100, "failed")
    going = await past.keeping.over()
    await past.runs.go_on(resumed)
    assert await past.cleaning.remove(going.ids, 0) == [removed]
    assert await past.kept() == [resumed]
    with pytest.raises((RunMissing, RunElsewhere)):
        await past.runs.go_on(removed)


async def test_by_hand_an_interrupted_run_may_go_and_one_that_waits_may_not(past: Past) -> None:
    interrupted, waiting = await past.run(1, "interrupted"), await past.run(1, "waiting")
    told: list[list[str]] = []
    forget = past.keeping.when_removed(lambda ids: told.append(list(ids)))
    assert (await past.keeping.of_ids([interrupted, waiting])).ids == (interrupted,)
    assert (await past.keeping.remove([interrupted, waiting], interrupted_too=True)).runs == 1
    forget()
    assert (await past.kept(), told) == ([waiting], [[interrupted]])


async def test_a_flow_says_exactly_what_would_go(past: Past) -> None:
    runs = [await past.run(days) for days in (1, 10, 20, 30)]
    await past.run(25, "waiting")
    await past.run(1, flow="other")
    found = [
        await past.keeping.of_flow("f"),
        await past.keeping.of_flow("f", older_than=15),
        await past.keeping.of_flow("f", but_newest=2),
    ]
    assert [each.ids for each in found] == [tuple(runs[::-1]), (runs[3], runs[2]), (runs[3], runs[2])]
    assert [each.stay for each in found] == [1, 1, 1]
    freed = await past.keeping.remove(found[1].ids)
    assert (freed.runs, freed.bytes < found[1].bytes) == (2, True)


async def test_a_version_of_a_flow_goes_with_the_last_run_that_used_it(past: Past) -> None:
    for flow in ("a", "b"):
        await past.run(100, flow=flow)
    await past.run(1, flow="b")
    await past.keeping.clean()
    assert await past.rows("SELECT document FROM version") == [('{"flow":"b"}',)]


async def test_others_write_while_a_long_run_is_cleared_away_and_the_file_gets_smaller(past: Past) -> None:
    id = await past.run(1)
    row: Row = (1.0, "finished", "each/1/click", b'{"outputs":{"value":"%s"}}' % (b"x" * 100))
    journal = Journal(past.database, id, artifacts=past.artifacts, next_seq=1)
    for _ in range(20_000):
        journal.append(row)
    await journal.close()
    await past.database.checkpoint()
    [(events, size)] = await past.rows("SELECT events, bytes FROM run_size")
    assert (events, size > 20_000 * len(row[3])) == (20_001, True)
    before = past.database.path.stat().st_size
    between = 0
    clearing = asyncio.create_task(past.keeping.remove([id]))
    while not clearing.done():
        await Settings(past.database).put("between", between)
        between += 1
    assert (await clearing).bytes > 20_000 * len(row[3])
    assert between > 20
    assert past.database.path.stat().st_size < before / 10
    assert await past.rows("SELECT count(*) FROM event") == [(0,)]


REMOVE = """
import asyncio, sys
from pathlib import Path
from app.runs.keeping import Keeping
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.settings import Settings

async def main():
    folder = Path(sys.argv[1])
    database = Database(folder / "weft.db")
    await database.open()
    keeping = Keeping(database, Artifacts(folder / "artifacts"), Settings(database), folder)
    await keeping.remove(sys.argv[2:])

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "place",
    ["removal.noted", "removal.portion", "removal.portion:3", "removal.files", "artifact.aside", "artifact.dropped"],
)
async def test_killed_while_removing_nothing_is_missed_and_the_next_start_finishes(tmp_path: Path, place: str) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    past = Past(database, tmp_path)
    own, shared = past.save(b"own"), past.save(b"shared")
    gone = [await past.run(1, body=speaks_of(own, shared)) for _ in range(3)]
    journal = Journal(database, gone[0], artifacts=past.artifacts, next_seq=1)
    for n in range(3000):
        journal.append((1.0, "logged", "step", b'{"text":"%d"}' % n))
    await journal.close()
    stays = await past.run(1, body=speaks_of(shared))
    await database.close()
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", REMOVE, str(tmp_path), *gone],
        env={"WEFT_FAILPOINT": place},
        check=False,
    )
    assert ran.returncode == -9
    database = Database(tmp_path / "weft.db")
    await database.open()
    past = Past(database, tmp_path)
    for (sha,) in await past.rows("SELECT sha256 FROM run_file"):
        assert past.artifacts.read(sha) in (b"own", b"shared")
    assert await past.kept() == [stays]
    past.artifacts.sweep()
    await past.keeping.clean()
    assert past.files() == [shared]
    assert len(await read_rows(database, stays)) == 1
    assert await past.rows("SELECT DISTINCT run_id FROM event UNION SELECT run_id FROM run_file") == [(stays,)]
    assert await past.rows("SELECT * FROM removal") == []
    await database.close()


async def test_cleaning_up_is_remembered_and_a_damaged_disk_is_a_sentence(past: Past) -> None:
    assert await past.keeping.last() is None
    await past.run(100)
    await past.run(1)
    freed = await past.keeping.clean()
    last = await past.keeping.last()
    assert last is not None
    assert (last.at, last.runs, last.bytes) == (TODAY, 1, freed.bytes)
    await past.database.close()
    with pytest.raises(StoreTrouble, match="is closed"):
        await past.keeping.clean()
    await past.database.open()


async def test_the_page_knows_what_each_flow_takes(past: Past) -> None:
    shared, own = past.save(b"s" * 1000), past.save(b"o" * 500)
    await past.shelve("f")
    await past.run(3, body=speaks_of(shared, own))
    await past.run(2, body=speaks_of(shared))
    await past.run(1, flow="gone", body=speaks_of(shared))
    space = await past.keeping.in_database()
    assert [(each.name, each.is_there, each.runs, each.files, each.oldest) for each in space.flows] == [
        ("f", True, 2, 1500, TODAY - 3 * DAY),
        ("GONE", False, 1, 1000, TODAY - DAY),
    ]
    assert (space.runs, space.file > 50_000) == (3, True)
    disk = await past.keeping.on_disk()
    assert (disk.kept, disk.kept_files, disk.backups, disk.written) == (1500, 2, 0, 0)


async def test_older_backups_can_be_removed_and_the_newest_stays(past: Past) -> None:
    *_, newest = [await asyncio.to_thread(back_up, past.database.path, TODAY - days * DAY) for days in (3, 2, 1)]
    disk = await past.keeping.on_disk()
    assert len(disk.older_backups) == 2
    assert await past.keeping.remove_files(disk.older_backups) == Freed(0, 2, disk.older_backups_bytes)
    assert list(newest.path.parent.iterdir()) == [newest.path]
