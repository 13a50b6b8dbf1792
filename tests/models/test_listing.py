"""Checking a connection says in one sentence whether it works."""

import pytest

from app.models import Connection, ModelTrouble, check, models
from app.models.values import Provider
from tests.model_server import ModelServer
from tests.models.conftest import PROVIDERS, Connect


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_models_are_listed_in_order(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.models[:] = ["b", "a", "c"]
    assert await models(connect(provider), "k") == ["a", "b", "c"]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_connection_that_works_says_so(server: ModelServer, connect: Connect, provider: Provider) -> None:
    assert await check(connect(provider), "k") == "It works: practice-1, practice-2."
    server.models[:] = [f"practice-{number}" for number in range(1, 6)]
    assert await check(connect(provider), "k") == "It works: 5 models, for example practice-1, practice-2, practice-3."
    assert not server.asked


async def test_a_default_model_that_is_not_there_is_mentioned(server: ModelServer) -> None:
    connection = Connection("1", "Work", "compatible", server.openai, "gone")
    assert await check(connection, None) == "It works: practice-1, practice-2. The model gone is not among them."


async def test_a_server_without_models_says_so(server: ModelServer, connect: Connect) -> None:
    server.models.clear()
    assert await check(connect("compatible"), None) == "It answers, but it has no models yet."


async def test_a_server_that_lists_nothing_is_asked_one_thing(server: ModelServer, connect: Connect) -> None:
    server.lists_models = False
    assert await check(connect("compatible"), None) == "It works: practice-1 answered."


async def test_an_address_without_a_model_service_is_said(server: ModelServer) -> None:
    with pytest.raises(ModelTrouble) as caught:
        await check(Connection("1", "Work", "compatible", f"{server.url}/nowhere"), None)
    assert caught.value.message == f"There is no model service at {server.url}/nowhere."
