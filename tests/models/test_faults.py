"""Every way a provider can fail has its own sentence and its next move, and never gives an answer."""

from dataclasses import dataclass

import pytest

from app.models import Connection, ModelTrouble, ask
from app.models.values import Kind, Provider
from tests.model_server import Breaks, Cuts, Fails, Garbles, ModelServer, Raw, Reply, Says, Silent
from tests.models.conftest import PROVIDERS, Connect

KEY = "sk-ant-secret-0123456789"


@dataclass(frozen=True)
class Case:
    name: str
    fault: Reply
    kind: Kind
    message: str
    hint: str
    retryable: bool = False
    retry_after: float | None = None


AGAIN = "What had arrived was not used. Try again."
CREDIT = "Add credit or raise the limit at the provider, then run this step again."
CASES = (
    Case(
        "401",
        Fails(401, f"Incorrect API key provided: {KEY}.", "authentication_error", "invalid_api_key"),
        "key",
        "Work does not accept the key.",
        "It may be mistyped, expired or withdrawn. Replace it on the Keys page.",
    ),
    Case("402", Fails(402), "credit", "The account behind Work has no credit left.", CREDIT),
    Case(
        "429 without quota",
        Fails(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
        "credit",
        "The account behind Work has no credit left.",
        CREDIT,
    ),
    Case(
        "400 without credit",
        Fails(400, "Your credit balance is too low.", "invalid_request_error"),
        "credit",
        "The account behind Work has no credit left.",
        CREDIT,
    ),
    Case(
        "403",
        Fails(403, f"Not in your country, {KEY}.", "permission_error"),
        "forbidden",
        "Work does not allow this.",
        "The key may lack a right. It says: Not in your country, ….",
    ),
    Case(
        "404 of a model",
        Fails(404, "The model `practice-1` does not exist", "not_found_error", "model_not_found"),
        "model",
        "Work has no model `practice-1`.",
        "Choose another model in the step or on the Keys page.",
    ),
    Case(
        "429 with Retry-After",
        Fails(429, retry_after=7),
        "busy",
        "Work asks to slow down.",
        "Try again in 7 s.",
        True,
        7.0,
    ),
    Case("429 alone", Fails(429), "busy", "Work asks to slow down.", "Try again in a moment.", True),
    Case(
        "429 with a wrong Retry-After",
        Fails(429, retry_after="soon"),
        "busy",
        "Work asks to slow down.",
        "Try again in a moment.",
        True,
    ),
    Case(
        "429 with a date that has passed",
        Fails(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
        "busy",
        "Work asks to slow down.",
        "Try again in 0 s.",
        True,
        0.0,
    ),
    Case(
        "500",
        Fails(500, "Oops"),
        "failing",
        "Work has a fault of its own (status 500).",
        "Try again in a moment. It says: Oops",
        True,
    ),
    Case(
        "502 as a web page",
        Fails(502, body="<html>Bad gateway</html>"),
        "failing",
        "Work has a fault of its own (status 502).",
        "Try again in a moment.",
        True,
    ),
    Case("529", Fails(529), "overloaded", "Work is overloaded.", "Try again in a moment.", True),
    Case("overloaded in the middle", Breaks(), "overloaded", "Work is overloaded.", "Try again in a moment.", True),
    Case("a stream that stops", Cuts(), "cut", "The answer of Work broke off before its end.", AGAIN, True),
    Case("a line that drops", Cuts(dropped=True), "cut", "The answer of Work broke off before its end.", AGAIN, True),
    Case(
        "invalid JSON",
        Garbles(),
        "garbled",
        "Work sent something that cannot be read.",
        "Nothing of it was used. Try again.",
        True,
    ),
    Case(
        "events that are no objects",
        Garbles("[1, 2]"),
        "garbled",
        "Work sent something that cannot be read.",
        "Nothing of it was used. Try again.",
        True,
    ),
    Case(
        "an empty answer",
        Says(""),
        "empty",
        "Work gave an empty answer.",
        "Try again, or put the question in another way.",
        True,
    ),
    Case(
        "only blanks",
        Says(" \n "),
        "empty",
        "Work gave an empty answer.",
        "Try again, or put the question in another way.",
        True,
    ),
    Case(
        "a refusal",
        Says("", refusal="I cannot help with that."),
        "refused",
        "Work refused to answer.",
        "It says: I cannot help with that.",
    ),
    Case(
        "a filter",
        Says("", ended="filtered"),
        "refused",
        "Work refused to answer.",
        "Put the question in another way.",
    ),
    Case(
        "an answer cut at the limit",
        Says("It is", ended="limit"),
        "limit",
        "The answer of Work was cut off at the limit of 20 tokens.",
        "Raise the limit in the step, or ask for a shorter answer.",
    ),
    Case(
        "a tool that was not offered",
        Says("", tool="search"),
        "tool",
        "Work wants to use a tool, `search`, and was given none.",
        "Ask for an answer in words.",
    ),
    Case(
        "a prompt that is too long",
        Fails(400, "prompt is too long: 9 > 8", "invalid_request_error", "context_length_exceeded"),
        "too_long",
        "The prompt is too long for `practice-1`.",
        "Give it less text, or choose a model with a larger window.",
    ),
    Case(
        "a refused setting",
        Fails(400, "temperature is not supported", "invalid_request_error"),
        "request",
        "Work refuses the request. Leave the temperature empty for this model.",
        "temperature is not supported",
    ),
    Case(
        "silence",
        Silent(5),
        "silent",
        "Work said nothing for 0.4 s.",
        "Try again; give the step more time if the model is slow to begin.",
        True,
    ),
    Case(
        "silence in the middle",
        Silent(5, "Well, "),
        "silent",
        "Work said nothing for 0.4 s.",
        "Try again; give the step more time if the model is slow to begin.",
        True,
    ),
    Case(
        "an error that calls itself a success",
        Raw('{"error": {"message": "Slow down", "code": 429}}', content_type="application/json"),
        "busy",
        "Work asks to slow down.",
        "Try again in a moment.",
        True,
    ),
)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_each_fault_has_its_sentence(
    server: ModelServer, connect: Connect, provider: Provider, case: Case
) -> None:
    server.script(case.fault, case.fault)
    heard: list[str] = []
    with pytest.raises(ModelTrouble) as caught:
        await ask(
            connect(provider),
            KEY,
            prompt="Hi",
            max_tokens=20,
            on_text=heard.append,
            timeout=0.4 if case.kind == "silent" else 5,
        )
    trouble = caught.value
    assert (trouble.kind, trouble.message, trouble.hint) == (case.kind, case.message, case.hint)
    assert (trouble.retryable, trouble.retry_after) == (case.retryable, case.retry_after)
    assert KEY not in f"{trouble} {trouble!r} {trouble.message} {trouble.hint} {trouble.__cause__!r}"
    tries = 2 if provider == "compatible" and case.kind == "request" else 1
    assert len(server.asked) == tries


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_page_that_is_no_model_service_is_a_wrong_address(
    server: ModelServer, connect: Connect, provider: Provider
) -> None:
    server.script(Raw("<html>Welcome</html>"), Fails(404, body="Not Found"), Raw("", 405))
    where = connect(provider)
    address = where.base_url
    for _ in range(3):
        with pytest.raises(ModelTrouble) as caught:
            await ask(where, KEY, prompt="Hi")
        assert (caught.value.kind, caught.value.message) == ("address", f"There is no model service at {address}.")
        assert caught.value.hint == "Correct the address of Work on the Keys page; it often ends in /v1."


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_server_that_is_not_running_is_said_with_how_to_start_it(provider: Provider) -> None:
    with ModelServer() as gone:
        where = Connection("1", "Work", provider, gone.url, "m")
    with pytest.raises(ModelTrouble) as caught:
        await ask(where, "", prompt="Hi")
    host = gone.url.removeprefix("http://")
    assert caught.value.message == f"Nothing answers at {host}, where Work should be."
    assert "`ollama serve`" in caught.value.hint
    assert (caught.value.kind, caught.value.retryable) == ("unreachable", True)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_a_failure_cost_is_told_once(server: ModelServer, connect: Connect, provider: Provider) -> None:
    server.script(Says("It is", ended="limit", tokens_in=40, tokens_out=20))
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect(provider), KEY, prompt="Hi", max_tokens=20)
    assert (caught.value.tokens_in, caught.value.tokens_out) == (40, 20)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_key_and_a_prompt_follow_no_redirect(server: ModelServer, connect: Connect, provider: Provider) -> None:
    with ModelServer() as another:
        server.script(lambda heard: Raw("", 307, location=f"{another.url}{heard.path}"))
        with pytest.raises(ModelTrouble) as caught:
            await ask(connect(provider), KEY, prompt="Hi")
        assert caught.value.kind == "address"
        assert another.heard == []


async def test_a_key_in_a_long_error_is_blotted_out_before_the_error_is_shortened(
    server: ModelServer, connect: Connect
) -> None:
    server.script(*[Fails(400, "x" * 290 + KEY, "invalid_request_error")] * 2)
    with pytest.raises(ModelTrouble) as caught:
        await ask(connect("compatible"), KEY, prompt="Hi")
    assert "sk-ant" not in caught.value.hint


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_address_that_does_not_exist_is_said(provider: Provider) -> None:
    with pytest.raises(ModelTrouble) as caught:
        await ask(Connection("1", "Work", provider, "https://nowhere.invalid/v1", "m"), KEY, prompt="Hi")
    assert caught.value.message == "Work cannot be reached at nowhere.invalid."
    assert caught.value.hint == "Check the internet connection and the address."


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_proxy_setting_that_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "garbage://secret@proxy")
    with pytest.raises(ModelTrouble) as caught:
        await ask(Connection("1", "Work", provider, "https://nowhere.invalid/v1", "m"), KEY, prompt="Hi")
    assert caught.value.message == "The proxy that is set on this computer cannot be used."
    assert "secret" not in caught.value.hint
