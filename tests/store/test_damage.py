import asyncio
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.store.backup import back_up, backups
from app.store.database import Database
from app.store.flows import Flows
from app.store.journal import read_rows
from app.store.refusal import Refusal
from app.store.repair import restore_newest_backup, start_afresh
from app.store.runs import Runs
from app.store.settings import Settings
from app.store.trouble import StoreTrouble
from app.store.version import HEAD

GARBAGE = b"garbage!" * 1000
WORDS = "INSERT INTO setting VALUES (?, ?)"


async def fill(database: Database) -> None:
    flows, runs = Flows(database), Runs(database, "boot")
    for n in range(20):
        await flows.create(id=f"f{n}", name=f"Flow {n}", description="ä" * 200, document='{"x":1}' * 90, origin="made")
        run, _ = await runs.create(flow_id=f"f{n}", flow_name="F", document="{}", inputs="{}", trigger="hand")
        rows = [(run.id, seq, 1.0, "started", "step", '{"a":"b"}' * 9, None) for seq in range(60)]
        await database.write(partial(_put, rows))


def _put(rows: list[tuple[Any, ...]], connection: sqlite3.Connection) -> None:
    connection.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?)", rows)


async def use(path: Path) -> None:
    """What a start of Weft does: read everything there is, write something, close."""
    database = Database(path)
    await database.open()
    try:
        flows, runs = Flows(database), Runs(database, "boot")
        for card in await flows.cards("flow"):
            await flows.get(card.id)
        for run in [*await runs.newest(limit=1000), *await runs.interrupted()]:
            await runs.document(await runs.get(run.id))
            await read_rows(database, run.id)
        await Settings(database).put("theme", "dark")
    finally:
        await database.close()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A database with a backup, and one thing that is not in the backup."""

    async def make() -> Path:
        database = Database(tmp_path / "weft.db")
        await database.open()
        await fill(database)
        await database.back_up()
        await Settings(database).put("later", "than the backup")
        await database.close()
        return database.path

    return asyncio.run(make())


def setting(path: Path, key: str) -> Any:
    async def read() -> Any:
        database = Database(path)
        await database.open()
        try:
            return await Settings(database).get(key)
        finally:
            await database.close()

    return asyncio.run(read())


def test_r17_a_damaged_database_is_kept_and_the_backup_takes_its_place(filled: Path) -> None:
    filled.write_bytes(GARBAGE)
    with pytest.raises(StoreTrouble) as trouble:
        asyncio.run(use(filled))
    assert trouble.value.kind == "damaged"
    assert "weft.db is damaged. A copy was kept beside it as weft.db.damaged-" in trouble.value.message
    assert trouble.value.hint.startswith("Restore the backup of ")
    assert filled.read_bytes() == GARBAGE
    [copy] = filled.parent.glob("weft.db.damaged-*")
    assert copy.read_bytes() == GARBAGE
    with pytest.raises(StoreTrouble):
        asyncio.run(use(filled))
    assert list(filled.parent.glob("weft.db.damaged-*")) == [copy]

    restore_newest_backup(filled)
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600
    assert setting(filled, "later") is None
    asyncio.run(use(filled))
    assert setting(filled, "theme") == "dark"


def test_r17_killed_while_restoring_it_is_offered_again(filled: Path) -> None:
    filled.write_bytes(GARBAGE)
    code = "import sys, pathlib, app.store.repair as r; r.restore_newest_backup(pathlib.Path(sys.argv[1]))"
    ran = subprocess.run([sys.executable, "-c", code, str(filled)], env={"WEFT_FAILPOINT": "restore.half"}, check=False)
    assert ran.returncode == -9
    with pytest.raises(StoreTrouble, match="Restore the backup of"):
        asyncio.run(use(filled))
    restore_newest_backup(filled)
    asyncio.run(use(filled))


def test_r17_without_a_backup_the_way_on_is_to_start_afresh(tmp_path: Path) -> None:
    path = tmp_path / "weft.db"
    path.write_bytes(GARBAGE)
    with pytest.raises(StoreTrouble, match="There is no backup, so the way on is to start afresh"):
        asyncio.run(use(path))
    with pytest.raises(StoreTrouble, match="no good backup"):
        restore_newest_backup(path)
    aside = start_afresh(path)
    assert aside is not None
    assert aside.read_bytes() == GARBAGE
    asyncio.run(use(path))


def test_the_log_of_the_damaged_database_does_not_leak_into_the_restored_one(filled: Path) -> None:
    wal = filled.with_name("weft.db-wal")
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute(WORDS, ("from the log", "1"))
        connection.commit()
        log = wal.read_bytes()
    filled.write_bytes(GARBAGE)
    wal.write_bytes(log)
    restore_newest_backup(filled)
    assert not wal.exists()
    assert setting(filled, "from the log") is None


def test_a_backup_that_is_damaged_itself_is_passed_over(filled: Path) -> None:
    [good] = backups(filled)
    later = good.path.with_name("weft-0001-20990101-000000.db")
    later.write_bytes(good.path.read_bytes()[:8192] + b"\xff" * 4096)
    from_the_future = good.path.with_name("weft-0099-20990102-000000.db")
    from_the_future.write_bytes(good.path.read_bytes())
    assert [each.path for each in backups(filled)] == [from_the_future, later, good.path]
    assert restore_newest_backup(filled) == good


def test_r17_one_flipped_byte_anywhere_is_never_a_traceback(filled: Path) -> None:
    whole = filled.read_bytes()
    chance = random.Random(4)
    # The header and the declarations of the tables are hit as often as all the rest.
    places = [chance.randrange(100) for _ in range(40)] + [chance.randrange(100, 8192) for _ in range(60)]
    places += [chance.randrange(len(whole)) for _ in range(100)]
    said: set[str] = set()
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        for path in filled.parent.glob("weft.db*"):
            path.unlink()
        filled.write_bytes(flipped)
        try:
            asyncio.run(use(filled))
        except StoreTrouble as trouble:
            said.add(trouble.kind)
        except Refusal as refusal:
            said.add(type(refusal).__name__)
    assert "damaged" in said


@pytest.mark.parametrize("left", [0, 1, 99, 100, 4096, 10_000, 100_000])
def test_r17_a_cut_off_database_is_offered_its_backup(filled: Path, left: int) -> None:
    filled.write_bytes(filled.read_bytes()[:left])
    with pytest.raises(StoreTrouble, match=r"is damaged.*Restore the backup of"):
        asyncio.run(use(filled))


def test_an_empty_file_without_backups_is_a_first_start(tmp_path: Path) -> None:
    (tmp_path / "weft.db").write_bytes(b"")
    asyncio.run(use(tmp_path / "weft.db"))
    assert setting(tmp_path / "weft.db", "theme") == "dark"


def test_r17_a_lost_log_is_never_a_traceback(filled: Path) -> None:
    copy = filled.parent / "elsewhere" / "weft.db"
    copy.parent.mkdir()
    with closing(sqlite3.connect(filled)) as connection:
        connection.executemany(WORDS, [(str(n), "x" * 500) for n in range(1000)])
        connection.commit()
        copy.write_bytes(filled.read_bytes())
    asyncio.run(use(copy))


def test_the_last_five_backups_are_kept_and_one_of_every_version(filled: Path) -> None:
    [first] = backups(filled)
    first.path.rename(first.path.with_name("weft-0000-20200101-000000.db"))
    first.path.with_name("weft-0000-20190101-000000.db").write_bytes(b"")
    start = time.mktime(time.strptime("20300101-000000", "%Y%m%d-%H%M%S"))
    for hour in range(7):
        back_up(filled, start + 3600 * hour)
    assert [each.path.name for each in backups(filled)] == [
        *(f"weft-{HEAD}-20300101-0{hour}0000.db" for hour in (6, 5, 4, 3, 2)),
        "weft-0000-20200101-000000.db",
    ]


async def test_a_backup_is_made_while_the_database_is_in_use_and_not_oftener_than_asked(database: Database) -> None:
    asked = [await database.back_up(at_most_every=86_400) for _ in range(2)]
    await asyncio.gather(database.back_up(), Settings(database).put("a", 1))
    assert [path is None for path in asked] == [False, True]
    assert {name[-3:] for name in os.listdir(database.path.parent / "backups")} == {".db"}
