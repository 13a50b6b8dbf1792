from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "weft.db")
    await opened.open()
    yield opened
    await opened.close()
