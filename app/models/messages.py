"""Anthropic Messages."""

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from app.models.defaults import ANTHROPIC_MAX_TOKENS
from app.models.schemas import asked_for, can_be_closed
from app.models.stream import Broke, Event, Text, at, count, events, word
from app.models.values import OnText, Reply, Request

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic


async def say(client: "AsyncAnthropic", request: Request, on_text: OnText | None) -> Reply:
    """One request, heard to its end."""
    from anthropic import AsyncStream

    stream = await client.post(
        "/v1/messages", body=_body(request), cast_to=object, stream=True, stream_cls=AsyncStream[object]
    )
    text, tool, ended, why, whole = Text(on_text), "", "", "", False
    first: Event = {}
    last: Event = {}
    async with aclosing(events(stream)) as heard:
        async for event in heard:
            match at(event, "type"):
                case "message_start":
                    first = at(event, "message") or {}
                case "content_block_start" if at(event, "content_block", "type") == "tool_use":
                    tool = word(at(event, "content_block", "name"))
                case "content_block_start":
                    text.add(at(event, "content_block", "text"))
                case "content_block_delta":
                    text.add(at(event, "delta", "text"))
                case "message_delta":
                    last = event
                    ended = word(at(event, "delta", "stop_reason")) or ended
                    why = word(at(event, "delta", "stop_details", "explanation")) or why
                case "message_stop":
                    whole = True
    if not (whole and ended):
        raise Broke
    return Reply(
        text=str(text),
        ended="refused"
        if ended == "refusal"
        else "limit"
        if ended in ("max_tokens", "model_context_window_exceeded")
        else "whole",
        refusal=(why or str(text)) if ended == "refusal" else "",
        tool=tool,
        model=word(at(first, "model")),
        tokens_in=_tokens_in(first, last),
        tokens_out=count(at(last, "usage", "output_tokens")),
    )


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": turn.role, "content": turn.text} for turn in request.turns],
        "max_tokens": request.max_tokens or ANTHROPIC_MAX_TOKENS,
        "stream": True,
    }
    schema, asked = request.schema, ""
    if schema is not None:
        form = _form(schema) if request.form == "native" else None
        if form is not None:
            body["output_config"] = {"format": {"type": "json_schema", "schema": form}}
        else:
            asked = asked_for(schema)
    if system := "\n\n".join(part for part in (request.system, asked) if part):
        body["system"] = system
    if request.temperature is not None:
        body["temperature"] = request.temperature
    return body


def _form(schema: dict[str, Any]) -> dict[str, Any] | None:
    """The schema in the words that Anthropic takes, where that can be said."""
    from anthropic import transform_schema

    # It closes every object: one that is open would come back empty.
    if not can_be_closed(schema):
        return None
    try:
        return transform_schema(schema)
    except (ValueError, TypeError, KeyError, AssertionError, AttributeError):
        return None


def _tokens_in(first: Event, last: Event) -> int | None:
    usage = (at(first, "usage") or {}) | {k: v for k, v in (at(last, "usage") or {}).items() if v is not None}
    parts = [
        count(usage.get(name)) for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    ]
    return sum(part or 0 for part in parts) if parts[0] is not None else None
