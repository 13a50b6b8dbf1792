"""What an older database knows of its runs after it was brought up to date, and what counts as a kept file."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine

from app.store import connect, migrations
from app.store.artifacts import Artifacts
from app.store.schema import prepare
from app.store.sizes import shas_in

ONE, TWO = "1" * 64, "2" * 64


def first_version(path: Path) -> None:
    """A database as the first Weft made it: its free pages cannot be given back in portions."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrations.config(connection), "0001")
    engine.dispose()


def look(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_database_of_the_first_version_learns_what_its_runs_take_and_can_be_made_smaller(tmp_path: Path) -> None:
    path = tmp_path / "weft.db"
    first_version(path)
    files = Artifacts(tmp_path / "artifacts")
    small = files.save(b"small")
    large = files.save(b'{"outputs":{"it":{"sha256":"%s"}}}' % small.encode())
    row = "INSERT INTO event VALUES (?, ?, 7.0, 'finished', 's', ?, ?)"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO version VALUES ('v', ?)", (f'{{"pin":{{"sha256":"{ONE}"}}}}',))
        run = "INSERT INTO run VALUES (?, 'f', 'F', 'v', '{}', 'hand', 'done', '', 1, 9, 'null', 'b', NULL)"
        connection.executemany(run, [("a",), ("b",)])
        connection.execute(row, ("a", 0, f'{{"sha256":"{TWO}"}}', None))
        connection.execute(row, ("a", 1, "null", large))
    prepare(path)
    # 80 bytes a row, the bodies, and the inputs and results.
    assert look(path, "SELECT * FROM run_size") == [("a", 2, 160 + 77 + 4 + 6, 9.0), ("b", 0, 6, 9.0)]
    assert look(path, "SELECT * FROM run_file ORDER BY run_id, bytes, sha256") == [
        ("a", ONE, 0),
        ("a", TWO, 0),
        ("a", small, 5),
        ("a", large, len(files.read(large))),
        ("b", ONE, 0),
    ]
    assert look(path, "SELECT run_id, seq, body FROM event ORDER BY seq")[1] == ("a", 1, "null")
    with closing(connect.writer(path)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"sha256":"%s","size":1}', [ONE]),
        ('{"sha256": "%s"}', [ONE]),
        (r'{"text":"{\"sha256\":\"%s\"}"}', [ONE]),
        (r'{"text":"{\\\"sha256\\\": \\\"%s\\\"}"}', [ONE]),
        ("{'sha256': '%s'}", [ONE]),
        ('{"sha256":"%s0"}', []),
        ('{"other":"%s"}', []),
        ('sha256 sha256 {"sha256":"%s"}', [ONE]),
    ],
    ids=["compact", "spaced", "text in a text", "twice a text", "as Python", "too long", "another name", "among words"],
)
def test_a_kept_file_is_found_wherever_a_text_speaks_of_it(text: str, found: list[str]) -> None:
    assert list(shas_in((text % ONE).encode())) == found
