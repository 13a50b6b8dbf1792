"""One scripted model server for the stories of a file, and a connection of each kind to it."""

from collections.abc import Callable, Iterator

import pytest

from app.models import Connection
from app.models.values import Provider
from tests.model_server import ModelServer

PROVIDERS: tuple[Provider, ...] = ("openai", "anthropic", "compatible")
Connect = Callable[[Provider], Connection]


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    """The server as it was at first."""
    running.reset()
    return running


@pytest.fixture
def connect(server: ModelServer) -> Connect:
    """A connection named Work to the server."""

    def connected(provider: Provider) -> Connection:
        base_url = server.anthropic if provider == "anthropic" else server.openai
        return Connection("1", "Work", provider, base_url, "practice-1")

    return connected
