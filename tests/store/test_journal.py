import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing

import pytest

from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import LARGE, Journal, Row, StoredRow, next_seq, read_rows
from app.store.trouble import StoreTrouble

RUN = "INSERT INTO run VALUES (?, 'f', 'F', 'v', '{}', 'hand', 'running', '', 1, NULL, NULL, 'boot', NULL, '{}', NULL)"


@pytest.fixture
def artifacts(database: Database) -> Artifacts:
    return Artifacts(database.path.parent / "artifacts")


@pytest.fixture
async def runs(database: Database) -> None:
    def two(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO version VALUES ('v', '{}', NULL)")
        connection.executemany(RUN, [("a",), ("b",)])

    await database.write(two)


def row(n: int) -> Row:
    return (1763673600.123456 + n, "logged", f"each/{n}/click", b'{"n":%d,"text":"\xc3\xa4 \\u2022"}' % n)


def as_stored(rows: Sequence[Row], first: int = 0) -> list[StoredRow]:
    return [StoredRow(seq, *each) for seq, each in enumerate(rows, first)]


@pytest.mark.usefixtures("runs")
async def test_rows_come_back_as_they_were_appended(database: Database, artifacts: Artifacts) -> None:
    journal = Journal(database, "a", artifacts=artifacts)
    rows = [row(n) for n in range(1, 1377)]
    for each in rows:
        journal.append(each)
    await journal.flush()
    assert await read_rows(database, "a") == as_stored(rows)
    assert await read_rows(database, "a", after=1370) == as_stored(rows)[1371:]
    assert await read_rows(database, "b") == []


@pytest.mark.usefixtures("runs")
async def test_rows_reach_the_disk_without_being_asked_for(database: Database, artifacts: Artifacts) -> None:
    told = asyncio.Event()
    journal = Journal(database, "a", artifacts=artifacts, committed=lambda first, rows: told.set())
    journal.append(row(1))
    assert await read_rows(database, "a") == []
    await asyncio.wait_for(told.wait(), 5)
    assert await read_rows(database, "a") == as_stored([row(1)])


@pytest.mark.usefixtures("runs")
async def test_what_is_told_is_already_on_the_disk_and_told_before_flush_returns(
    database: Database, artifacts: Artifacts
) -> None:
    story: list[tuple[int, list[Row], int]] = []

    def committed(first: int, rows: Sequence[Row]) -> None:
        with closing(sqlite3.connect(database.path)) as other:
            (on_disk,) = other.execute("SELECT count(*) FROM event").fetchone()
        story.append((first, list(rows), on_disk))

    journal = Journal(database, "a", artifacts=artifacts, committed=committed)
    journal.append(row(1))
    journal.append(row(2))
    await journal.flush()
    journal.append(row(3))
    await journal.flush()
    assert story == [(0, [row(1), row(2)], 2), (2, [row(3)], 3)]


@pytest.mark.usefixtures("runs")
async def test_a_run_goes_on_numbering_where_it_stopped(database: Database, artifacts: Artifacts) -> None:
    assert await next_seq(database, "a") == 0
    first = Journal(database, "a", artifacts=artifacts)
    first.append(row(1))
    first.append(row(2))
    await first.close()
    assert await next_seq(database, "a") == 2
    second = Journal(database, "a", artifacts=artifacts, next_seq=2)
    second.append(row(3))
    await second.close()
    assert await read_rows(database, "a") == as_stored([row(1), row(2), row(3)])


@pytest.mark.usefixtures("runs")
async def test_a_large_body_is_a_file_and_reads_back_like_any_other(database: Database, artifacts: Artifacts) -> None:
    large: Row = (1.0, "finished", "shot", b'"' + b"x" * (LARGE + 1) + b'"')
    journal = Journal(database, "a", artifacts=artifacts)
    for each in (row(1), large, row(2)):
        journal.append(each)
    await journal.close()
    assert await read_rows(database, "a") == as_stored([row(1), large, row(2)])
    kept = await database.read(lambda connection: connection.execute("SELECT body, artifact FROM event").fetchall())
    assert [len(body) < 100 for body, _ in kept] == [True] * 3
    assert artifacts.read(kept[1][1]) == large[3]


@pytest.mark.usefixtures("runs")
async def test_runs_that_flush_together_share_a_commit(database: Database, artifacts: Artifacts) -> None:
    seen: list[str] = []
    await database.write(lambda connection: connection.set_trace_callback(lambda sql: seen.append(sql.split()[0])))
    seen.clear()
    journals = [Journal(database, run, artifacts=artifacts) for run in ("a", "b")]
    await asyncio.gather(*(grow(journal) for journal in journals))
    assert seen == ["BEGIN", "INSERT", "INSERT", "COMMIT"]


async def grow(journal: Journal) -> None:
    for n in range(20):
        journal.append(row(n))
    await journal.flush()


@pytest.mark.usefixtures("runs")
async def test_a_full_disk_loses_no_row_and_after_freeing_space_all_are_written_in_order(
    database: Database, artifacts: Artifacts
) -> None:
    told: list[int] = []
    journal = Journal(database, "a", artifacts=artifacts, committed=lambda first, rows: told.append(first))
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count=40").fetchall())
    rows = [(1.0, "logged", "step", b'"%s"' % (b"x" * 10_000)) for _ in range(40)]
    for each in rows:
        journal.append(each)
    flushing = asyncio.create_task(journal.flush())
    await asyncio.sleep(0)
    journal.append(row(1))
    with pytest.raises(StoreTrouble, match="is full"):
        await flushing
    with pytest.raises(StoreTrouble, match="is full"):
        await journal.flush()
    assert (await read_rows(database, "a"), told) == ([], [])
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count=100000").fetchall())
    await journal.flush()
    assert await read_rows(database, "a") == as_stored([*rows, row(1)])
    assert told == [0]


@pytest.mark.usefixtures("runs")
async def test_freed_space_is_noticed_without_being_asked(database: Database, artifacts: Artifacts) -> None:
    told = asyncio.Event()
    journal = Journal(database, "a", artifacts=artifacts, committed=lambda first, rows: told.set())
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count=40").fetchall())
    for _ in range(10):
        journal.append((1.0, "logged", "step", b'"%s"' % (b"x" * 30_000)))
    with pytest.raises(StoreTrouble, match="is full"):
        await journal.flush()
    await database.write(lambda connection: connection.execute("PRAGMA max_page_count=100000").fetchall())
    await asyncio.wait_for(told.wait(), 5)


@pytest.mark.usefixtures("runs")
async def test_too_many_waiting_rows_ask_for_patience(database: Database, artifacts: Artifacts) -> None:
    journal = Journal(database, "a", artifacts=artifacts)
    crowded = [journal.crowded]
    for n in range(10_000):
        journal.append(row(n))
    crowded.append(journal.crowded)
    await journal.room()
    crowded.append(journal.crowded)
    assert crowded == [False, True, False]
    assert await next_seq(database, "a") == 10_000
    await journal.close()


@pytest.mark.usefixtures("runs")
async def test_a_closed_journal_takes_nothing(database: Database, artifacts: Artifacts) -> None:
    journal = Journal(database, "a", artifacts=artifacts)
    await journal.close()
    with pytest.raises(RuntimeError, match="journal of run a is closed"):
        journal.append(row(1))


async def test_the_journal_of_no_run_is_our_mistake_and_shows_as_one(database: Database, artifacts: Artifacts) -> None:
    journal = Journal(database, "nobody", artifacts=artifacts)
    journal.append(row(1))
    with pytest.raises(LookupError, match="there is no run nobody"):
        await journal.flush()


@pytest.mark.usefixtures("runs")
async def test_an_abandoned_flush_does_not_disturb_the_next(database: Database, artifacts: Artifacts) -> None:
    journal = Journal(database, "a", artifacts=artifacts)
    journal.append(row(1))
    flushing = asyncio.create_task(journal.flush())
    await asyncio.sleep(0)
    flushing.cancel()
    journal.append(row(2))
    await journal.flush()
    assert await read_rows(database, "a") == as_stored([row(1), row(2)])


KILLED = """
import asyncio, sqlite3, sys
from pathlib import Path
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal

async def main():
    database = Database(Path(sys.argv[1]) / "weft.db")
    await database.open()
    journal = Journal(database, "a", artifacts=Artifacts(Path(sys.argv[1]) / "artifacts"))
    for n in range(1_000_000):
        journal.append((float(n), "logged", "step", b'{"n":%d}' % n))
        if n % 7 == 0:
            await journal.flush()
            print(n, flush=True)

asyncio.run(main())
"""


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("told_before", [70, 700, 1400])
async def test_a_killed_studio_keeps_every_flushed_row_and_no_gap(database: Database, told_before: int) -> None:
    folder = database.path.parent
    await database.close()

    def killed() -> int:
        command = [sys.executable, "-c", KILLED, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
            assert writing.stdout is not None
            last = -1
            for line in writing.stdout:
                last = int(line)
                if last == told_before:
                    os.kill(writing.pid, signal.SIGKILL)
            return last

    flushed = await asyncio.to_thread(killed)
    await database.open()
    rows = await read_rows(database, "a")
    assert len(rows) > flushed
    assert rows == as_stored([(float(n), "logged", "step", b'{"n":%d}' % n) for n in range(len(rows))])
