"""Choices that last, by name."""

import json
from typing import Any

from app.store.database import Database


class Settings:
    """JSON values; one that was never put is what the reader says it is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str, otherwise: Any = None) -> Any:
        row = await self._database.read(
            lambda connection: connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        )
        return otherwise if row is None else json.loads(row[0])

    async def put(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, text),
            )
        )

    async def forget(self, key: str) -> None:
        await self._database.write(lambda connection: connection.execute("DELETE FROM setting WHERE key = ?", (key,)))
