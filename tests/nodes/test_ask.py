"""The Ask a model node, against a server on this computer that speaks the providers' protocols."""

from collections.abc import Iterator

import pytest

from nodes import Touches
from nodes.ai.ask import AskModel
from tests.model_server import Fails, ModelServer, Says
from tests.nodes.studio import StepFailed, Studio


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


async def connected(studio: Studio, server: ModelServer) -> None:
    await studio.connections.add(
        name="Local", provider="compatible", base_url=server.openai, default_model="practice-1"
    )


async def test_the_answer_streams_and_comes_whole(studio: Studio, server: ModelServer) -> None:
    await connected(studio, server)
    server.script("A white mug with a moon.")
    played = await studio.alone(
        "ai.ask", {"prompt": "Describe {{ 'Moon mug' }}.", "system": "Be brief.", "temperature": 0.5, "max_tokens": 99}
    )
    given = played.outputs["it"]
    assert (given["text"], "data" in given, played.streamed) == (
        "A white mug with a moon.",
        False,
        "A white mug with a moon.",
    )
    assert isinstance(given["tokens"], int)
    asked = server.heard[0].body
    assert [turn["content"] for turn in asked["messages"]] == ["Be brief.", "Describe Moon mug."]
    assert (asked["temperature"], asked["model"]) == (0.5, "practice-1")


async def test_with_a_schema_the_answer_is_data(studio: Studio, server: ModelServer) -> None:
    await connected(studio, server)
    server.script('{"colour": "white"}')
    schema = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    given = await studio.step("ai.ask", {"prompt": "Colour?", "answer_schema": schema})
    assert given["data"] == {"colour": "white"}


async def test_without_a_connection_it_says_where_to_add_one(studio: Studio) -> None:
    with pytest.raises(StepFailed) as failed:
        await studio.step("ai.ask", {"prompt": "Hello?"})
    assert failed.value.message == "This step asks a language model, but no model is connected yet."
    assert "Keys page" in failed.value.hint


async def test_what_the_provider_says_becomes_a_sentence(studio: Studio, server: ModelServer) -> None:
    await connected(studio, server)
    for reply in (Fails(401, "bad key"), Says("cut", ended="limit")):
        server.script(reply)
        with pytest.raises(StepFailed) as failed:
            await studio.step("ai.ask", {"prompt": "Hello?"})
        assert not failed.value.defect
        assert "Local" in failed.value.message


def test_it_touches_the_connection_it_names() -> None:
    assert AskModel(prompt="a", connection="Work").touches() == Touches(models=("Work",))
    assert AskModel(prompt="a").touches() == Touches(models=("",))
