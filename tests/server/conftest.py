from collections.abc import Iterator

import pytest

from tests.server.started import Studio, started


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One started studio for all tests of a module."""
    with started(tmp_path_factory.mktemp("studio")) as running:
        yield running
