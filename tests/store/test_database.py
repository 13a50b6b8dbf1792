import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.store.database import Database
from app.store.trouble import StoreTrouble

PUT = "INSERT OR REPLACE INTO setting VALUES (?, ?)"
ALL = "SELECT key, value FROM setting ORDER BY key"

OPEN_WITH_DISK_QUOTA = """
import asyncio, resource, signal, sys
from pathlib import Path
from app.store.database import Database
from app.store.trouble import StoreTrouble

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    await database.write(lambda c: c.execute("INSERT INTO setting VALUES ('old', 'kept')"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
    try:
        await database.write(lambda c: c.execute("INSERT INTO setting VALUES ('new', ?)", ("x" * 500_000,)))
    except StoreTrouble as trouble:
        print(trouble.kind, trouble.message)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await database.write(lambda c: c.execute("INSERT INTO setting VALUES ('after', 'kept')"))
    print(await database.read(lambda c: c.execute("SELECT key FROM setting ORDER BY key").fetchall()))
    await database.close()

asyncio.run(main())
"""


async def put(database: Database, key: str, value: str) -> None:
    await database.write(lambda connection: connection.execute(PUT, (key, value)))


async def stored(database: Database) -> list[Any]:
    return await database.read(lambda connection: connection.execute(ALL).fetchall())


async def test_what_was_written_is_read_and_is_there_after_closing(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    await put(database, "a", "1")
    assert await stored(database) == [("a", "1")]
    assert stat.S_IMODE((tmp_path / "weft.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "weft.db-wal").stat().st_mode) == 0o600
    await database.close()
    assert os.listdir(tmp_path) == ["weft.db"]
    await database.open()
    assert await stored(database) == [("a", "1")]
    await database.close()


async def test_a_write_that_fails_leaves_nothing_and_the_others_with_it_go_through(database: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute(PUT, ("half", "1"))
        raise ValueError("no")

    writes = [put(database, "a", "1"), database.write(half), put(database, "b", "2")]
    ended = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each) for each in ended] == [type(None), ValueError, type(None)]
    assert await stored(database) == [("a", "1"), ("b", "2")]


async def test_writes_that_wait_together_share_one_commit(database: Database) -> None:
    hold, seen = threading.Event(), list[str]()
    blocked = asyncio.create_task(database.write(lambda _: hold.wait(5)))
    await asyncio.sleep(0.02)

    def transactions(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(lambda statement: seen.append(statement.split()[0]))

    rest = asyncio.gather(
        database.write(transactions), *(put(database, f"{n:02}", "x") for n in range(20)), return_exceptions=True
    )
    await asyncio.sleep(0.02)
    hold.set()
    await asyncio.gather(blocked, rest)
    assert seen == ["INSERT"] * 20 + ["COMMIT"]


async def test_a_cancelled_wait_does_not_disturb_the_next_write(database: Database) -> None:
    hold = threading.Event()
    blocked = asyncio.create_task(database.write(lambda _: hold.wait(5)))
    await asyncio.sleep(0.02)
    blocked.cancel()
    hold.set()
    await put(database, "a", "1")
    assert await stored(database) == [("a", "1")]


async def test_reading_sees_one_moment_and_cannot_write(database: Database) -> None:
    await put(database, "a", "1")
    between, written = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> list[Any]:
        first = connection.execute(ALL).fetchall()
        between.set()
        written.wait(5)
        return [first, connection.execute(ALL).fetchall()]

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(between.wait, 5)
    await put(database, "b", "2")
    written.set()
    assert await reading == [[("a", "1")], [("a", "1")]]
    with pytest.raises(StoreTrouble) as trouble:
        await database.read(lambda connection: connection.execute(PUT, ("c", "3")))
    assert trouble.value.kind == "read-only"


async def test_a_full_disk_is_said_and_after_freeing_space_it_goes_on(database: Database) -> None:
    def limit(pages: int) -> None:
        database._open_writer()._connection.execute(f"PRAGMA max_page_count={pages}")

    await put(database, "old", "kept")
    limit(30)
    with pytest.raises(StoreTrouble, match=r"^The disk that holds .*weft\.db is full\. Free some space") as trouble:
        await put(database, "new", "x" * 500_000)
    assert trouble.value.kind == "full"
    limit(1_000_000)
    await put(database, "after", "kept")
    assert await stored(database) == [("after", "kept"), ("old", "kept")]


async def test_a_full_disk_among_writes_that_wait_together_costs_only_the_large_one(database: Database) -> None:
    database._open_writer()._connection.execute("PRAGMA max_page_count=30")
    ended = await asyncio.gather(
        put(database, "a", "1"), put(database, "big", "x" * 500_000), put(database, "b", "2"), return_exceptions=True
    )
    assert [type(each) for each in ended] == [type(None), StoreTrouble, type(None)]
    assert await stored(database) == [("a", "1"), ("b", "2")]


def test_a_quota_that_refuses_the_write_is_a_full_disk_too(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", OPEN_WITH_DISK_QUOTA, str(tmp_path / "weft.db")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said, rows = ran.stdout.splitlines()
    assert said.startswith("full The disk that holds ")
    assert rows == "[('after',), ('old',)]"


async def test_a_lock_of_another_program_is_waited_for_and_then_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(put(database, "a", "1"))
        await asyncio.sleep(0.3)
        other.execute("ROLLBACK")
        await waiting
        database._open_writer()._connection.execute("PRAGMA busy_timeout=200")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble, match=r"Another program holds .*weft\.db locked") as trouble:
            await put(database, "b", "2")
        assert trouble.value.kind == "locked"
        assert await stored(database) == [("a", "1")]
        other.execute("ROLLBACK")
    await put(database, "c", "3")
    assert await stored(database) == [("a", "1"), ("c", "3")]


async def test_a_deleted_value_is_gone_from_every_byte_after_a_checkpoint(database: Database) -> None:
    value = "sk-canary-" + "7" * 5000
    await put(database, "secret", value)
    assert await stored(database) == [("secret", value)]
    await database.write(lambda connection: connection.execute("DELETE FROM setting"))
    assert await database.checkpoint()
    left = b"".join(path.read_bytes() for path in database.path.parent.glob("weft.db*"))
    assert b"sk-canary" not in left
    assert b"7777777777" not in left


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    for use in (stored(database), put(database, "a", "1"), database.checkpoint()):
        with pytest.raises(StoreTrouble, match="is closed"):
            await use


async def test_search_ignores_case_beyond_ascii(database: Database) -> None:
    assert await database.read(lambda connection: connection.execute("SELECT casefold('ÄPFEL')").fetchone()) == (
        "äpfel",
    )


def test_a_killed_writer_loses_nothing_it_had_been_told_is_written(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from pathlib import Path
from app.store.database import Database

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    for n in range(100_000):
        await database.write(lambda c: c.execute("INSERT INTO setting VALUES (?, '')", (f"{n:06}",)))
        print(n, flush=True)

asyncio.run(main())
"""
    path = tmp_path / "weft.db"
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        for line in writing.stdout:
            if line == "200\n":
                os.kill(writing.pid, signal.SIGKILL)
                break
        told = 200 + len(writing.stdout.readlines())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (count,) = connection.execute("SELECT count(*) FROM setting").fetchone()
    assert count >= told + 1


async def test_opening_a_database_of_this_version_needs_no_heavy_library(tmp_path: Path, database: Database) -> None:
    await database.close()
    program = (
        "import asyncio, sys; from pathlib import Path; from app.store.database import Database;"
        "database = Database(Path(sys.argv[1])); asyncio.run(database.open());"
        "print(sorted({'alembic', 'sqlalchemy', 'sqlmodel', 'platformdirs'} & set(sys.modules)))"
    )
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program, str(database.path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
