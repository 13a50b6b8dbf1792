"""The real engine and the real outside world for the stories of this folder, and the ledger of their effects."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.browser.browsers import Browsers
from app.practice import PracticeSite
from app.store.database import Database
from tests.faults.ledger import Ledger
from tests.nodes.studio import Studio

needs_kill = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed in a way only POSIX has")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path) as opened:
        yield opened


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[Studio]:
    """Plays flows of real steps."""
    home = tmp_path / "weft"
    home.mkdir()
    database = Database(home / "weft.sqlite3")
    await database.open()
    browsers, shop = Browsers("test"), PracticeSite()
    made = Studio(home, database, browsers, shop)
    await made.secrets.use_session()
    yield made
    await browsers.close()
    await shop.stop()
    await database.close()
