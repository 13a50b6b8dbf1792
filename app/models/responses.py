"""OpenAI Responses: what OpenAI's own models speak best."""

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from app.models.schemas import asked_for, is_strict
from app.models.stream import Broke, Text, at, count, events, word
from app.models.values import OnText, Reply, Request

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class Failed(Exception):
    """The provider says in the stream that the answer failed."""

    def __init__(self, error: object) -> None:
        super().__init__("the response failed")
        self.body = error


async def say(client: "AsyncOpenAI", request: Request, on_text: OnText | None) -> Reply:
    """One request, heard to its end. Nothing of it is kept at the provider."""
    from openai import AsyncStream

    stream = await client.post(
        "/responses", body=_body(request), cast_to=object, stream=True, stream_cls=AsyncStream[object]
    )
    text, refusal, tool, last = Text(on_text), Text(None), "", None
    async with aclosing(events(stream)) as heard:
        async for event in heard:
            match at(event, "type"):
                case "response.output_text.delta":
                    text.add(at(event, "delta"))
                case "response.refusal.delta":
                    refusal.add(at(event, "delta"))
                case "response.output_item.done" if at(event, "item", "type") == "function_call":
                    tool = word(at(event, "item", "name"))
                case "response.completed" | "response.incomplete":
                    last = at(event, "response")
                case "response.failed":
                    raise Failed(at(event, "response", "error") or {})
                case "error":
                    raise Failed(event)
    if last is None:
        raise Broke
    reason = at(last, "incomplete_details", "reason")
    return Reply(
        text=str(text),
        ended="refused" if str(refusal) or reason == "content_filter" else "limit" if reason else "whole",
        refusal=str(refusal),
        tool=tool,
        model=word(at(last, "model")),
        tokens_in=count(at(last, "usage", "input_tokens")),
        tokens_out=count(at(last, "usage", "output_tokens")),
    )


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "input": [{"role": turn.role, "content": turn.text} for turn in request.turns],
        "store": False,
        "stream": True,
    }
    asked = asked_for(request.schema) if request.form == "asked" else ""
    if system := "\n\n".join(part for part in (request.system, asked) if part):
        body["instructions"] = system
    if request.schema is not None and request.form == "native":
        form = {"name": "answer", "schema": request.schema, "strict": is_strict(request.schema)}
        body["text"] = {"format": {"type": "json_schema", **form}}
    if request.max_tokens is not None:
        body["max_output_tokens"] = request.max_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    return body
