"""A key is taken out of whatever was pasted, held against its provider, and never said aloud."""

import pytest

from app.models import Connection, ModelTrouble, ask, check, clean_key
from app.models.values import Provider
from tests.model_server import ModelServer
from tests.models.conftest import PROVIDERS, Connect


@pytest.mark.parametrize(
    "pasted",
    [
        "sk-proj-Ab_1-x",
        "  sk-proj-Ab_1-x\n",
        "\tsk-proj-Ab_1-x\r\n",
        '"sk-proj-Ab_1-x"',
        "'sk-proj-Ab_1-x',",
        "\u201csk-proj-Ab_1-x\u201d",
        "`sk-proj-Ab_1-x`",
        "Bearer sk-proj-Ab_1-x",
        "bearer  sk-proj-Ab_1-x",
        "Authorization: Bearer sk-proj-Ab_1-x",
        "x-api-key: sk-proj-Ab_1-x",
        "OPENAI_API_KEY=sk-proj-Ab_1-x",
        'export OPENAI_API_KEY="sk-proj-Ab_1-x"',
        "sk-proj-\nAb_1-x",
        "sk-proj- Ab_1-x",
        "\ufeffsk-proj-Ab_1-x\u200b",
        "\u00a0sk-proj-Ab_1-x\u00a0",
    ],
)
def test_a_key_is_found_in_what_was_pasted(pasted: str) -> None:
    assert clean_key(pasted) == "sk-proj-Ab_1-x"


@pytest.mark.parametrize("key", ["", "  ", "Bearer ", '""'])
def test_nothing_pasted_is_no_key(key: str) -> None:
    assert clean_key(key) == ""


@pytest.mark.parametrize("key", ["bearer-of-news", "MY_TOKENS", "abc=", "a:b"])
def test_what_only_looks_like_wrapping_stays(key: str) -> None:
    assert clean_key(key) == key


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_key_that_is_sent_is_clean(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.keys = {"sk-clean"}
    await ask(connect(provider), " Bearer 'sk-clean'\n", prompt="Hi")
    assert [heard.key for heard in server.heard] == ["sk-clean"]


@pytest.mark.parametrize(
    ("provider", "key", "message", "hint"),
    [
        ("openai", None, "There is no key for Work.", "Add a key from OpenAI on the Keys page."),
        ("anthropic", " ", "There is no key for Work.", "Add a key from Anthropic on the Keys page."),
        (
            "openai",
            "sk-ant-api03-x",
            "The key for Work looks like a key of Anthropic, but the connection is to OpenAI.",
            "Paste a key from OpenAI, or choose “Anthropic” as the provider.",
        ),
        (
            "anthropic",
            "sk-proj-x",
            "The key for Work looks like a key of OpenAI, but the connection is to Anthropic.",
            "Paste a key from Anthropic, or choose “OpenAI” as the provider.",
        ),
        (
            "openai",
            "sk-or-v1-x",
            "The key for Work looks like a key of OpenRouter, but the connection is to OpenAI.",
            "Paste a key from OpenAI, or choose “compatible server” with the address of OpenRouter as the provider.",
        ),
        (
            "openai",
            "sk-schlüssel",
            "The key for Work has characters that no key has.",
            "Copy it again from the provider, and replace it on the Keys page.",
        ),
    ],
)
@pytest.mark.parametrize("address", ["", "own"])
async def test_a_key_that_cannot_be_right_is_never_sent(
    provider: Provider, key: str | None, message: str, hint: str, address: str
) -> None:
    own = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
    connection = Connection("1", "Work", provider, own[provider] if address else "", "m")
    for asked in (ask(connection, key, prompt="Hi"), check(connection, key)):
        with pytest.raises(ModelTrouble) as caught:
            await asked
        assert (caught.value.message, caught.value.hint) == (message, hint)
        assert caught.value.kind == ("key" if (key or "").strip() else "no_key")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_key_that_is_not_accepted_is_tried_once_and_not_repeated(
    server: ModelServer, connect: Connect, provider: Provider
) -> None:
    server.keys = {"another"}
    with pytest.raises(ModelTrouble) as caught:
        await check(connect(provider), "sk-expired-0123456789")
    assert caught.value.message == "Work does not accept the key."
    assert len(server.heard) == 1
    assert "sk-expired" not in f"{caught.value!r} {caught.value.hint} {caught.value.__cause__}"
