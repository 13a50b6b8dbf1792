"""OpenAI Chat Completions: what every compatible server speaks."""

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from app.models.schemas import asked_for, is_strict
from app.models.stream import Broke, Text, at, count, events, word
from app.models.values import OnText, Reply, Request

if TYPE_CHECKING:
    from openai import AsyncOpenAI

# Some servers leave a model's thinking in the text.
_THINKING = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)


async def say(client: "AsyncOpenAI", request: Request, on_text: OnText | None) -> Reply:
    """One request, heard to its end."""
    from openai import AsyncStream

    stream = await client.post(
        "/chat/completions", body=_body(request), cast_to=object, stream=True, stream_cls=AsyncStream[object]
    )
    text, refusal, ended, tool, model, usage = Text(on_text), Text(None), "", "", "", None
    async with aclosing(events(stream)) as heard:
        async for event in heard:
            delta = at(event, "choices", 0, "delta")
            text.add(at(delta, "content"))
            refusal.add(at(delta, "refusal"))
            tool = tool or word(at(delta, "tool_calls", 0, "function", "name"))
            ended = word(at(event, "choices", 0, "finish_reason")) or ended
            model = word(at(event, "model")) or model
            usage = at(event, "usage") or usage
    if not ended:
        raise Broke
    return Reply(
        text=_THINKING.sub("", str(text)),
        ended="refused" if str(refusal) or ended == "content_filter" else "limit" if ended == "length" else "whole",
        refusal=str(refusal),
        tool=tool,
        model=model,
        tokens_in=count(at(usage, "prompt_tokens")),
        tokens_out=count(at(usage, "completion_tokens")),
    )


def _messages(request: Request) -> list[dict[str, str]]:
    # A server may take the format and not tell the model about it, so the model is always told too.
    system = "\n\n".join(part for part in (request.system, asked_for(request.schema)) if part)
    first = [{"role": "system", "content": system}] if system else []
    return first + [{"role": turn.role, "content": turn.text} for turn in request.turns]


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {"model": request.model, "messages": _messages(request), "stream": True}
    if not request.plain:
        body["stream_options"] = {"include_usage": True}
    if request.schema is not None and request.form == "native":
        form = {"name": "answer", "schema": request.schema, "strict": is_strict(request.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    return body
