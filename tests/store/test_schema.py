import asyncio
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.store import migrations
from app.store.backup import backups
from app.store.database import Database
from app.store.schema import prepare
from app.store.tables import Table
from app.store.trouble import StoreTrouble
from app.store.version import HEAD

NEXT = f"{int(HEAD) + 1:04}"

SECOND = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"


def upgrade() -> None:
    with op.batch_alter_table("run", recreate="always") as run:
        run.add_column(sa.Column("note", sa.Text(), nullable=False, server_default="none"))
    op.execute("UPDATE setting SET value = 'new'")
"""

PREPARE = """
import sys
from pathlib import Path
from app.store.schema import prepare
prepare(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
"""

FILL = """
    INSERT INTO setting VALUES ('a', 'old');
    INSERT INTO version VALUES ('v', '{}', NULL);
    INSERT INTO run VALUES ('r', 'f', 'F', 'v', '{}', 'hand', 'done', '', 1, NULL, NULL, 'b', NULL, '{}', NULL);
    INSERT INTO event VALUES ('r', 0, 1.0, 'started', 's', '{}', NULL);
"""


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


def look(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of this version with something in it."""
    path = tmp_path / "weft.db"
    prepare(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FILL)
    return path


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations with one more."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / f"v{NEXT}_a_note.py").write_text(SECOND)
    return scripts


def test_the_migrated_tables_are_the_declared_tables(tmp_path: Path) -> None:
    prepare(tmp_path / "migrated.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    Table.metadata.create_all(engine)
    engine.dispose()
    assert tables(tmp_path / "migrated.db") == tables(tmp_path / "declared.db")


def test_this_weft_knows_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(migrations.config())
    assert scripts.get_heads() == [HEAD]
    assert all(len(each.revision) == 4 and each.revision.isdecimal() for each in scripts.walk_revisions())


def test_an_older_database_is_backed_up_and_brought_up_to_date_with_its_rows(old: Path, newer: Path) -> None:
    prepare(old, NEXT, newer)
    assert look(old, "SELECT id, note FROM run") == [("r", "none")]
    assert look(old, "SELECT run_id, seq FROM event") == [("r", 0)]
    assert look(old, "PRAGMA foreign_key_check") == []
    [backup] = backups(old)
    assert (backup.version, look(backup.path, "SELECT value FROM setting")) == (HEAD, [("old",)])
    assert look(backup.path, "PRAGMA integrity_check") == [("ok",)]
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    prepare(backup.path)


@pytest.mark.parametrize("place", ["backup.half", "migration.step", "migration.commit"])
def test_killed_while_migrating_the_database_is_the_old_one_and_the_next_start_brings_it_up_to_date(
    old: Path, newer: Path, place: str
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PREPARE, str(old), NEXT, str(newer)], env={"WEFT_FAILPOINT": place}, check=False
    )
    assert ran.returncode == -9
    assert look(old, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert look(old, "SELECT value FROM setting") == [("old",)]
    assert "note" not in tables(old)["run"]
    prepare(old, NEXT, newer)
    assert look(old, "SELECT id, note FROM run") == [("r", "none")]
    assert not list(old.parent.glob("backups/*.half*"))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from app.store.schema import prepare
from app.store.trouble import StoreTrouble
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    prepare(Path(sys.argv[1]), sys.argv[3], Path(sys.argv[2]))
except StoreTrouble as trouble:
    print(trouble.kind)
"""


def test_without_room_for_the_backup_nothing_is_migrated(old: Path, newer: Path) -> None:
    before = old.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-B", "-c", FULL_DISK, str(old), str(newer), NEXT], capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("full\n", "")
    assert old.read_bytes() == before
    assert list((old.parent / "backups").iterdir()) == []


@pytest.mark.parametrize("place", ["migration.step", "migration.commit"])
def test_killed_on_the_very_first_start_the_next_one_is_the_first(tmp_path: Path, place: str) -> None:
    path = tmp_path / "weft.db"
    ran = subprocess.run(
        [sys.executable, "-c", PREPARE, str(path), HEAD, str(migrations.HERE)],
        env={"WEFT_FAILPOINT": place},
        check=False,
    )
    assert ran.returncode == -9
    prepare(path)
    assert look(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_a_migration_that_fails_changes_nothing(old: Path, newer: Path) -> None:
    script = newer / "versions" / f"v{NEXT}_a_note.py"
    script.write_text(SECOND + "    op.execute('SELECT nonsense(1)')\n")
    with pytest.raises(Exception, match="no such function: nonsense"):
        prepare(old, NEXT, newer)
    assert look(old, "SELECT value FROM setting") == [("old",)]
    assert "note" not in tables(old)["run"]
    prepare(old)


def test_a_newer_database_is_refused_with_every_byte_as_it_was(old: Path) -> None:
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "c.execute(\"UPDATE alembic_version SET version_num = '0099'\"); c.commit(); os._exit(0)"
    )
    # Its last writer was killed: what it wrote is still in the log beside the file.
    subprocess.run([sys.executable, "-c", code, str(old)], check=True)
    files = [old, old.with_name("weft.db-wal")]
    before = [path.read_bytes() for path in files]
    assert before[1] != b""
    with pytest.raises(
        StoreTrouble, match=r"weft\.db was written by a newer Weft .*version 0099.*not touched"
    ) as trouble:
        asyncio.run(Database(old).open())
    assert trouble.value.kind == "newer"
    assert [path.read_bytes() for path in files] == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "weft.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name)")
    before = path.read_bytes()
    with pytest.raises(StoreTrouble, match="not one of Weft's"):
        asyncio.run(Database(path).open())
    assert path.read_bytes() == before


def test_a_folder_with_spaces_and_percent_signs_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "50 % of #1? ü" / "weft.db"
    path.parent.mkdir()
    prepare(path)
    prepare(path)
    assert tables(path)
