"""Ask a model one thing and get an answer that is whole, or a trouble that says why there is none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from pydantic import JsonValue as Json

from app.models import chat, messages, responses
from app.models.clients import anthropic_client, openai_client
from app.models.defaults import DEFAULT_MODELS, REPAIRS
from app.models.keys import usable_key
from app.models.schemas import Unfit, asked_for, checked, fitted
from app.models.stream import whole_characters
from app.models.troubles import explain
from app.models.values import Answer, Connection, ModelTrouble, OnText, Reply, Request, Turn

Say = Callable[[Request, OnText | None], Awaitable[Reply]]


async def ask(
    connection: Connection,
    key: str | None,
    *,
    prompt: str,
    system: str = "",
    model: str = "",
    schema: Mapping[str, Json] | None = None,
    max_tokens: int | None = None,
    temperature: float | None = None,
    on_text: OnText | None = None,
    timeout: float = 120,  # noqa: ASYNC109  # a limit on silence, which asyncio.timeout is not
) -> Answer:
    """The model's answer; its text goes to `on_text` while it comes. `timeout` is the longest silence to bear."""
    form = dict(schema) if schema is not None else None
    if form is not None:
        await asyncio.to_thread(checked, form)
    request = Request(
        model=_chosen(connection, model),
        turns=(Turn("user", whole_characters(prompt)),),
        system=whole_characters(system),
        schema=form,
        max_tokens=max_tokens,
        temperature=temperature,
    )
    async with _line(connection, usable_key(connection, key), timeout) as say:
        return await _answered(say, request, connection, on_text)


def _chosen(connection: Connection, model: str) -> str:
    chosen = model.strip() or connection.default_model.strip() or DEFAULT_MODELS[connection.provider]
    if not chosen:
        raise ModelTrouble(
            f"No model is chosen for {connection.name}.", "Name one in the step or on the Keys page.", kind="model"
        )
    return chosen


async def _answered(say: Say, request: Request, connection: Connection, on_text: OnText | None) -> Answer:
    request, reply = await _first(say, request, connection, on_text)
    spent = [reply]
    for repairs_left in range(REPAIRS, -1, -1):
        _whole(reply, request, connection, spent)
        if request.schema is None:
            return _answer(reply, None, spent, request)
        try:
            if reply.tool:
                raise Unfit(f"It calls a tool, `{reply.tool}`, and it was given none.")
            data = await asyncio.to_thread(fitted, reply.text, request.schema)
        except Unfit as unfit:
            if not repairs_left:
                raise _misfit(str(unfit), reply, connection, spent) from None
            # Only the first attempt is streamed: a second one would run on behind it as if it were the same text.
            reply = await say(_again(request, reply, str(unfit)), None)
            spent.append(reply)
        else:
            return _answer(reply, data, spent, request)
    raise AssertionError("the last round returns or raises")


async def _first(say: Say, request: Request, connection: Connection, on_text: OnText | None) -> tuple[Request, Reply]:
    """The first reply, and the way of asking that the server took."""
    ways = list(_ways(request, connection))
    for way in ways[:-1]:
        try:
            return way, await say(way, on_text)
        except ModelTrouble as trouble:
            if trouble.kind != "request":
                raise
    return ways[-1], await say(ways[-1], on_text)


def _ways(request: Request, connection: Connection) -> Iterator[Request]:
    """The request, and then with less and less that a server might not know."""
    own = connection.provider == "compatible"
    if request.schema is not None:
        # Only objects are taken as a form by the two providers themselves.
        if own or request.schema.get("type") == "object":
            yield request
        request = replace(request, form="asked")
    yield request
    if own:
        yield replace(request, plain=True)


def _again(request: Request, reply: Reply, why: str) -> Request:
    wrong = Turn("assistant", reply.text.strip()[:20_000] or "(nothing)")
    wish = Turn("user", f"That does not fit. {why}\n{asked_for(request.schema)}")
    return replace(request, turns=(*request.turns, wrong, wish))


def _whole(reply: Reply, request: Request, connection: Connection, spent: list[Reply]) -> None:
    """ModelTrouble where the reply is no answer."""
    name, (tokens_in, tokens_out) = connection.name, _tokens(spent)
    if reply.ended == "refused":
        raise ModelTrouble(
            f"{name} refused to answer.",
            f"It says: {_short(reply.refusal)}" if reply.refusal.strip() else "Put the question in another way.",
            kind="refused",
            tokens_in=tokens_in,
            tokens_out=tokens_out,
        )
    if reply.ended == "limit":
        limit = f"at the limit of {request.max_tokens} tokens" if request.max_tokens else "at the model's limit"
        raise ModelTrouble(
            f"The answer of {name} was cut off {limit}.",
            "Raise the limit in the step, or ask for a shorter answer.",
            kind="limit",
            tokens_in=tokens_in,
            tokens_out=tokens_out,
        )
    if reply.text.strip() or (reply.tool and request.schema is not None):
        return
    if reply.tool:
        raise ModelTrouble(
            f"{name} wants to use a tool, `{reply.tool}`, and was given none.",
            "Ask for an answer in words.",
            kind="tool",
            tokens_in=tokens_in,
            tokens_out=tokens_out,
        )
    raise ModelTrouble(
        f"{name} gave an empty answer.",
        "Try again, or put the question in another way.",
        kind="empty",
        retryable=True,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


def _misfit(why: str, reply: Reply, connection: Connection, spent: list[Reply]) -> ModelTrouble:
    tokens_in, tokens_out = _tokens(spent)
    return ModelTrouble(
        f"The answer of {connection.name} does not fit the form asked for, after {len(spent)} attempts. {why}",
        f"It said: {_short(reply.text) or '(nothing)'}",
        kind="schema",
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


def _answer(reply: Reply, data: Json, spent: list[Reply], request: Request) -> Answer:
    tokens_in, tokens_out = _tokens(spent)
    return Answer(reply.text, data, reply.model or request.model, tokens_in, tokens_out)


def _tokens(spent: list[Reply]) -> tuple[int | None, int | None]:
    def total(counts: list[int | None]) -> int | None:
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    return total([reply.tokens_in for reply in spent]), total([reply.tokens_out for reply in spent])


@asynccontextmanager
async def _line(connection: Connection, key: str, silence: float) -> AsyncIterator[Say]:
    """A way to put requests to the connection, with every error in words."""

    def in_words(say: Say) -> Say:
        async def told(request: Request, on_text: OnText | None) -> Reply:
            try:
                return await say(request, on_text)
            except Exception as error:
                trouble = explain(error, connection, key, request.model, silence)
                if trouble is None:
                    raise
                # Without its cause: an SDK's error may repeat what was sent.
                raise trouble from None

        return told

    if connection.provider == "anthropic":
        async with anthropic_client(connection, key, silence) as claude:
            yield in_words(lambda request, on_text: messages.say(claude, request, on_text))
    else:
        speak = responses.say if connection.provider == "openai" else chat.say
        async with openai_client(connection, key, silence) as gpt:
            yield in_words(lambda request, on_text: speak(gpt, request, on_text))


def _short(text: str, most: int = 500) -> str:
    text = text.strip()
    return text if len(text) <= most else text[:most] + "…"
