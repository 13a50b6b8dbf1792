"""How much room each run takes, which kept files it refers to, and runs whose journal is being cleared away."""

import re
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A run that is removed is gone at once and its journal follows in small portions, so the journal may outlive it:
    # no foreign key any more. SQLite drops one only with its table.
    op.execute("ALTER TABLE event RENAME TO event_before")
    op.create_table(
        "event",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.REAL(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("artifact", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO event SELECT run_id, seq, at, kind, step, body, artifact FROM event_before")
    op.execute("DROP TABLE event_before")
    op.create_index("run_of_version", "run", ["version_hash"])
    op.create_table(
        "run_size",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.REAL(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_file",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sha256"),
        sqlite_with_rowid=False,
    )
    op.create_index("run_file_of_sha", "run_file", ["sha256"])
    op.create_table(
        "removal",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
        sqlite_with_rowid=False,
    )
    op.execute(_SIZES)
    _note_files()


def _note_files() -> None:
    connection = op.get_bind()
    folder = Path(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2]).parent / "artifacts"
    for run_id, shas in _found(connection, folder):
        rows = [(run_id, sha, _bytes_of(folder / sha[:2] / sha)) for sha in sorted(shas)]
        if rows:
            connection.exec_driver_sql("INSERT OR IGNORE INTO run_file VALUES (?, ?, ?)", rows)


def _found(connection: sa.Connection, folder: Path) -> Iterator[tuple[str, set[str]]]:
    for run_id, body, sha in connection.exec_driver_sql(_BODIES).fetchall():
        shas = set(_SHA.findall(body))
        if sha:
            shas.add(sha)
            kept = folder / sha[:2] / sha
            if kept.is_file():
                shas.update(_SHA.findall(kept.read_text("utf-8", "replace")))
        yield run_id, shas
    for run_id, document, inputs in connection.exec_driver_sql(_DOCUMENTS).fetchall():
        yield run_id, {*_SHA.findall(document), *_SHA.findall(inputs)}


def _bytes_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


_SIZES = """
    INSERT INTO run_size
    SELECT r.id, count(e.seq),
           80 * count(e.seq) + sum(ifnull(length(CAST(e.body AS BLOB)), 0))
           + length(CAST(r.inputs AS BLOB)) + ifnull(length(CAST(r.result AS BLOB)), 0),
           max(r.created_at, ifnull(r.ended_at, 0), ifnull(max(e.at), 0))
    FROM run r LEFT JOIN event e ON e.run_id = r.id GROUP BY r.id
"""
_BODIES = "SELECT run_id, body, artifact FROM event WHERE artifact IS NOT NULL OR instr(body, 'sha256')"
_DOCUMENTS = """
    SELECT r.id, v.document, r.inputs FROM run r JOIN version v ON v.hash = r.version_hash
    WHERE instr(v.document, 'sha256') OR instr(r.inputs, 'sha256')
"""
_SHA = re.compile(r"""sha256[\\"']{0,9}\s{0,2}:\s{0,2}[\\"']{0,9}([0-9a-f]{64})""")
