"""The real engine and the real outside world for the stories of this folder, and the ledger of their effects."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.browser.browsers import Browsers
from app.practice import PracticeSite
from app.store.database import Database
from tests.faults.ledger import Ledger
from tests.faults.life import Life
from tests.nodes.studio import Studio

needs_kill = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed in a way only POSIX has")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path) as opened:
        yield opened


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Callable[..., Life]]:
    """Begins a life of a studio on the folder `home`, by the orders that lie beside it."""
    (tmp_path / "home").mkdir()
    with ExitStack() as stack:

        def begin(**environment: str) -> Life:
            life = Life(tmp_path / "home", tmp_path / "orders", tmp_path, **environment)
            stack.callback(life.close)
            return life

        yield begin


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
