from collections.abc import AsyncIterator, Iterator

import pytest

from app.browser.browsers import Browsers
from tests.browser.site import Site, site


@pytest.fixture
def shop() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """Another site: nobody should come here who was not allowed to."""
    with site() as opened:
        yield opened


@pytest.fixture
async def browsers() -> AsyncIterator[Browsers]:
    opened = Browsers("test")
    yield opened
    await opened.close()
