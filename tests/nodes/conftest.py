"""One studio for the stories of this folder."""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.browser.browsers import Browsers
from app.practice import PracticeSite
from app.store.database import Database
from tests.nodes.studio import Studio


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shared() -> AsyncIterator[tuple[Browsers, PracticeSite]]:
    browsers, shop = Browsers("test"), PracticeSite()
    yield browsers, shop
    await browsers.close()
    await shop.stop()


@pytest_asyncio.fixture(loop_scope="package")
async def studio(shared: tuple[Browsers, PracticeSite], tmp_path: Path) -> AsyncIterator[Studio]:
    database = Database(tmp_path / "weft.sqlite3")
    await database.open()
    made = Studio(tmp_path, database, *shared)
    await made.secrets.use_session()
    yield made
    await database.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story here shares the loop that the browser lives in."""
    for item in items:
        in_here = item.path.parent == Path(__file__).parent
        if in_here and isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.function):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)
