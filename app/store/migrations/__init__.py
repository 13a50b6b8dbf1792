"""Bring a database from any earlier version to this one. Imported only when there is something to do."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.failpoint import failpoint
from app.store.connect import migrator

HERE = Path(__file__).parent


def upgrade(path: Path, scripts: Path = HERE) -> None:
    """Bring the database to the newest version in one transaction: it is the old or the new one, never between."""
    engine = create_engine("sqlite://", creator=lambda: migrator(path), poolclass=NullPool)
    # The driver would leave changes of tables outside the transaction, so it is begun in words.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            command.upgrade(config(connection, scripts), "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration left rows that refer to nothing: {broken[:5]}")
            failpoint("migration.commit")
    except DBAPIError as error:
        # SQLite's own error says whether the disk is full or the file is damaged; that has a sentence.
        raise error.orig or error from error


def config(connection: Connection | None = None, scripts: Path = HERE) -> Config:
    """Alembic's configuration; there is no ini file. With a connection, `env.py` works on that one."""
    made = Config(attributes={"connection": connection})
    # A "%" in the path would be taken for a placeholder.
    made.set_main_option("script_location", str(scripts).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made
