"""The scripted model server speaks what the real SDKs understand, streaming and not."""

import anthropic
import openai
import pytest

from tests.model_server import ModelServer


@pytest.fixture(autouse=True)
def two_good_days(server: ModelServer) -> None:
    server.keys = {"k"}
    server.script("Good day.", "Good day.")


async def test_openai_chat_completions(server: ModelServer) -> None:
    async with openai.AsyncOpenAI(api_key="k", base_url=server.openai, max_retries=0) as client:
        whole = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
        stream = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        pieces = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    assert whole.usage is not None
    assert (whole.choices[0].message.content, whole.usage.total_tokens) == ("Good day.", 18)
    assert pieces == ["", "Good ", "day.", ""]
    assert [heard.key for heard in server.heard] == ["k", "k"]


async def test_openai_responses(server: ModelServer) -> None:
    async with openai.AsyncOpenAI(api_key="k", base_url=server.openai, max_retries=0) as client:
        whole = await client.responses.create(model="m", input="Hi")
        async with client.responses.stream(model="m", input="Hi") as stream:
            streamed = await stream.get_final_response()
    for answer in (whole, streamed):
        assert answer.usage is not None
        assert (answer.status, answer.output_text, answer.usage.total_tokens) == ("completed", "Good day.", 18)


async def test_anthropic_messages(server: ModelServer) -> None:
    async with anthropic.AsyncAnthropic(api_key="k", base_url=server.anthropic, max_retries=0) as client:
        whole = await client.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "Hi"}])
        async with client.messages.stream(
            model="m", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
        ) as stream:
            streamed = await stream.get_final_message()
    for message in (whole, streamed):
        assert [block.to_dict() for block in message.content] == [{"type": "text", "text": "Good day."}]
        assert (message.stop_reason, message.usage.output_tokens) == ("end_turn", 7)


async def test_the_model_listings_and_a_wrong_key(server: ModelServer) -> None:
    async with openai.AsyncOpenAI(api_key="k", base_url=server.openai, max_retries=0) as one:
        assert [model.id async for model in one.models.list()] == ["practice-1", "practice-2"]
    async with anthropic.AsyncAnthropic(api_key="k", base_url=server.anthropic, max_retries=0) as two:
        assert [model.id async for model in two.models.list()] == ["practice-1", "practice-2"]
    async with openai.AsyncOpenAI(api_key="wrong", base_url=server.openai, max_retries=0) as three:
        with pytest.raises(openai.AuthenticationError):
            await three.models.list()
