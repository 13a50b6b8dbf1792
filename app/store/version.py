"""Which version a database has, and whether it is whole. Looking changes nothing."""

import sqlite3

from app.store.trouble import damage

HEAD = "0006"
"""The version of the tables this Weft works with: its newest migration."""


def version_of(connection: sqlite3.Connection) -> str | None:
    """The version of the tables; None if there are none, "" if they are not Weft's."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" not in tables:
        return "" if tables else None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether every page can be read and makes sense."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if damage(error):
            return False
        raise
