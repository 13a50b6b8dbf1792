"""A question to a model: what is sent, what streams, and what counts as an answer."""

import json
from typing import Any

import pytest
from pydantic import JsonValue as Json

from app.models import Answer, Connection, ModelTrouble, ask
from app.models.values import Provider, Schema
from tests.model_server import Fails, Heard, ModelServer, Says
from tests.models.conftest import PROVIDERS, Connect

MUG: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "price": {"type": "number"},
        "sort": {"type": "string", "enum": ["mug", "cup"]},
    },
    "required": ["name", "price", "sort"],
    "additionalProperties": False,
}
MOON = '{"name": "Moon mug", "price": 24.5, "sort": "mug"}'
MOON_VALUE: Json = {"name": "Moon mug", "price": 24.5, "sort": "mug"}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_streams_and_comes_whole(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.script("Clay, fired twice.")
    heard: list[str] = []
    answer = await ask(connect(provider), "k", prompt="What is a mug?", on_text=heard.append)
    assert answer == Answer("Clay, fired twice.", None, "practice-1", 11, 7)
    assert heard == ["Clay, ", "fired ", "twice."]


async def test_openai_is_asked_by_responses_and_keeps_nothing(server: ModelServer, connect: Connect) -> None:
    await ask(connect("openai"), "k", prompt="Hi", system="Be brief.", max_tokens=50, temperature=0.5)
    assert [(heard.path, heard.key) for heard in server.heard] == [("/v1/responses", "k")]
    assert server.asked == [
        {
            "model": "practice-1",
            "input": [{"role": "user", "content": "Hi"}],
            "instructions": "Be brief.",
            "max_output_tokens": 50,
            "temperature": 0.5,
            "store": False,
            "stream": True,
        }
    ]


async def test_a_compatible_server_is_asked_by_chat_completions(server: ModelServer, connect: Connect) -> None:
    await ask(connect("compatible"), None, prompt="Hi", system="Be brief.", max_tokens=50, model="other")
    assert [(heard.path, heard.key) for heard in server.heard] == [("/v1/chat/completions", None)]
    assert server.asked == [
        {
            "model": "other",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
            "max_tokens": 50,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]


async def test_anthropic_is_asked_by_messages(server: ModelServer, connect: Connect) -> None:
    await ask(connect("anthropic"), "k", prompt="Hi", system="Be brief.", temperature=0.5)
    assert [(heard.path, heard.key) for heard in server.heard] == [("/v1/messages", "k")]
    assert server.asked == [
        {
            "model": "practice-1",
            "messages": [{"role": "user", "content": "Hi"}],
            "system": "Be brief.",
            "max_tokens": 16_384,
            "temperature": 0.5,
            "stream": True,
        }
    ]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_json_that_fits_is_given_as_data(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.script(MOON)
    answer = await ask(connect(provider), "k", prompt="Which mug?", schema=MUG)
    assert answer == Answer(MOON, MOON_VALUE, "practice-1", 11, 7)
    assert _form_sent(server.asked[0])["required"] == ["name", "price", "sort"]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Sure! It is the moon mug.", "There is no JSON in it."),
        (f"{MOON}\n{MOON}", "There are 2 JSON values in it; exactly one is wanted."),
        ('{"name": "Moon mug", "price": 24.5, "sort": "bowl"}', "At sort: 'bowl' is not one of ['mug', 'cup']"),
        ('{"name": "Moon mug", "price": "24.5", "sort": "mug"}', "At price: '24.5' is not of type 'number'"),
        ('{"name": "Moon mug", "sort": "mug"}', "'price' is a required property"),
        ('{"name": "Moon mug", "price": NaN, "sort": "mug"}', "There is no JSON in it."),
        ('{"name": "Moon mug", "price": 1e999, "sort": "mug"}', "There is no JSON in it."),
        ('{"name": "\\ud800", "price": 1, "sort": "mug"}', "There are broken characters in it."),
        ("[" * 100_000, "There is no JSON in it."),
        ('{"name": "Moon mug", "price"', "There is no JSON in it."),
    ],
)
async def test_json_that_does_not_fit_is_asked_for_again_with_the_reason(
    server: ModelServer, connect: Connect, provider: Provider, said: str, why: str
) -> None:
    server.script(said, MOON)
    heard: list[str] = []
    answer = await ask(connect(provider), "k", prompt="Which mug?", schema=MUG, on_text=heard.append)
    assert answer == Answer(MOON, MOON_VALUE, "practice-1", 22, 14)
    assert "".join(heard) == said
    turns = server.asked[1].get("messages") or server.asked[1]["input"]
    assert turns[-1]["content"].startswith(f"That does not fit. {why}\n")


@pytest.mark.parametrize(
    "said",
    [
        f"```json\n{MOON}\n```",
        f"Here it is:\n\n```\n{MOON}\n```\nAnything else?",
        f"The mug is {MOON} as you see.",
        f"<think>Is it {{this}}?</think>\n{MOON}",
        f"\n{MOON}  ",
    ],
)
async def test_json_is_found_in_fences_and_between_words(server: ModelServer, connect: Connect, said: str) -> None:
    server.script(said)
    assert (await ask(connect("compatible"), "k", prompt="Which?", schema=MUG)).data == MOON_VALUE


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_after_two_repairs_the_raw_text_is_shown(
    server: ModelServer, connect: Connect, provider: Provider
) -> None:
    server.script("No.", "No!", "Never.", MOON)
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect(provider), "k", prompt="Which mug?", schema=MUG)
    trouble = caught.value
    assert (
        trouble.message
        == "The answer of Work does not fit the form asked for, after 3 attempts. There is no JSON in it."
    )
    assert (trouble.hint, trouble.kind, trouble.retryable) == ("It said: Never.", "schema", False)
    assert (trouble.tokens_in, trouble.tokens_out) == (33, 21)
    assert len(server.asked) == 3


async def test_a_long_answer_is_fine_and_a_long_misfit_is_shortened(server: ModelServer, connect: Connect) -> None:
    long = json.dumps({"name": "x" * 200_000, "price": 1, "sort": "mug"})
    server.script(Says(long, pieces=tuple(long[n : n + 5000] for n in range(0, len(long), 5000))))
    answer = await ask(connect("openai"), "k", prompt="Which?", schema=MUG)
    assert isinstance(answer.data, dict)
    assert answer.data["name"] == "x" * 200_000
    server.script(*["y" * 200_000] * 3)
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect("openai"), "k", prompt="Which?", schema=MUG)
    assert caught.value.hint == "It said: " + "y" * 500 + "…"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_call_to_a_tool_that_was_not_offered_is_repaired(
    server: ModelServer, connect: Connect, provider: Provider
) -> None:
    server.script(Says("", tool="search"), MOON)
    assert (await ask(connect(provider), "k", prompt="Which?", schema=MUG)).data == MOON_VALUE
    turns = server.asked[1].get("messages") or server.asked[1]["input"]
    assert "It calls a tool, `search`, and it was given none." in turns[-1]["content"]


@pytest.mark.parametrize(
    ("provider", "unknown"),
    [
        ("openai", "text.format"),
        ("anthropic", "output_config.format"),
        ("compatible", "response_format"),
        ("compatible", "stream_options"),
    ],
)
async def test_a_server_that_knows_no_schemas_is_asked_in_words(
    server: ModelServer, connect: Connect, provider: Provider, unknown: str
) -> None:
    server.refuses = {unknown}
    server.script(f"```json\n{MOON}\n```")
    assert (await ask(connect(provider), "k", prompt="Which?", schema=MUG, system="Be brief.")).data == MOON_VALUE
    assert _form_sent(server.asked[-1]) is None
    assert json.dumps(MUG) in json.dumps(server.asked[-1]).replace('\\"', '"')


async def test_a_server_that_counts_no_tokens_still_answers(server: ModelServer, connect: Connect) -> None:
    server.refuses = {"stream_options"}
    answer = await ask(connect("compatible"), "k", prompt="Hi")
    assert answer.text == "Hello."


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_list_can_be_asked_for(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.script("[1, 2]")
    schema: Schema = {"type": "array", "items": {"type": "integer"}}
    assert (await ask(connect(provider), "k", prompt="Count.", schema=schema)).data == [1, 2]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "number"}},
        {"type": "object", "properties": {"prices": {"type": "object", "patternProperties": {".": {}}}}},
        {"type": "object", "properties": {"price": {"type": ["number", "null"]}}},
    ],
)
async def test_an_open_form_is_not_closed_for_anthropic(
    server: ModelServer, connect: Connect, schema: dict[str, Any]
) -> None:
    server.script('{"Moon mug": 24.5}')
    assert (await ask(connect("anthropic"), "k", prompt="Prices?", schema=schema)).data == {"Moon mug": 24.5}
    assert _form_sent(server.asked[0]) is None


async def test_a_wrong_schema_is_said(server: ModelServer, connect: Connect) -> None:
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect("compatible"), "k", prompt="Hi", schema={"type": "mug"})
    assert (caught.value.message, caught.value.hint, caught.value.kind) == (
        "The form asked for is not a JSON schema: 'mug' is not valid under any of the given schemas",
        "Look at type.",
        "schema",
    )
    assert server.heard == []


async def test_what_a_schema_refers_to_is_never_fetched(server: ModelServer, connect: Connect) -> None:
    server.script("{}")
    elsewhere = f"{server.url}/x.json"
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect("compatible"), "k", prompt="Hi", schema={"$ref": elsewhere})
    assert caught.value.message == (
        f"The form asked for refers to something that is not in it: Unresolvable: {elsewhere}"
    )
    assert [heard.path for heard in server.heard] == ["/v1/chat/completions"]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_halves_of_characters_are_joined_and_lone_ones_replaced(
    server: ModelServer, connect: Connect, provider: Provider
) -> None:
    server.script(Says("any", pieces=("Tea \ud83c", "\udf75 and \ud800 ", "more\ud83c")))
    heard: list[str] = []
    answer = await ask(connect(provider), "k", prompt="A lone half: \ud800", on_text=heard.append)
    assert answer.text == "Tea 🍵 and \ufffd more\ufffd"
    assert "".join(heard).encode().decode() == "Tea 🍵 and \ufffd more"


async def test_thinking_that_a_server_leaves_in_the_text_is_taken_out(server: ModelServer, connect: Connect) -> None:
    server.script("<think>Hm.\nClay?</think>\n\nClay.")
    assert (await ask(connect("compatible"), "k", prompt="What?")).text == "Clay."


async def test_without_a_model_none_is_guessed_for_a_compatible_server(server: ModelServer) -> None:
    with pytest.raises(ModelTrouble) as caught:
        await ask(Connection("1", "Work", "compatible", server.openai), None, prompt="Hi")
    assert caught.value.message == "No model is chosen for Work."
    await ask(Connection("1", "Work", "openai", server.openai), None, prompt="Hi")
    assert server.asked[0]["model"].startswith("gpt-")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_address_may_be_typed_with_more_or_less(server: ModelServer, provider: Provider) -> None:
    path = {"openai": "/responses", "anthropic": "/messages", "compatible": "/chat/completions"}[provider]
    for typed in (server.url, f"{server.url}/", f"{server.url}/v1", f" {server.url}/v1/ ", f"{server.url}/v1{path}"):
        await ask(Connection("1", "Work", provider, typed, "m"), None, prompt="Hi")
    assert {heard.path for heard in server.heard} == {f"/v1{path}"}


@pytest.mark.parametrize("typed", ["", "localhost:11434", "ftp://x/v1", "http://", "http://[", "http://x:99999"])
async def test_an_address_that_is_none_is_said(typed: str) -> None:
    with pytest.raises(ModelTrouble) as caught:
        await ask(Connection("1", "Work", "compatible", typed, "m"), None, prompt="Hi")
    assert caught.value.message.startswith("Work has no address that can be used")
    assert caught.value.kind == "address"


async def test_a_failure_between_repairs_is_that_failure(server: ModelServer, connect: Connect) -> None:
    server.script("No.", Fails(429, retry_after=1))
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect("openai"), "k", prompt="Which?", schema=MUG)
    assert (caught.value.kind, caught.value.retry_after) == ("busy", 1.0)


async def test_what_the_listener_does_wrong_is_not_blamed_on_the_model(server: ModelServer, connect: Connect) -> None:
    def broken(text: str) -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        await ask(connect("openai"), "k", prompt="Hi", on_text=broken)


async def test_a_scripted_function_sees_the_request(server: ModelServer, connect: Connect) -> None:
    def echo(heard: Heard) -> str:
        return str(heard.body["messages"][-1]["content"])

    server.script(echo)
    assert (await ask(connect("compatible"), "k", prompt="One line about Moon mug")).text == "One line about Moon mug"


def _form_sent(body: dict[str, Any]) -> Any:
    places = (
        ("text", "format", "schema"),
        ("output_config", "format", "schema"),
        ("response_format", "json_schema", "schema"),
    )
    for place in places:
        found: Any = body
        for part in place:
            found = found.get(part) if isinstance(found, dict) else None
        if found:
            return found
    return None
