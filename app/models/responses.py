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
    stream: Any = await client.responses.create(
        model=request.model,
        input=_input(request),
        stream=True,
        store=False,
        **_options(request),
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


def _input(request: Request) -> Any:
    return [{"role": turn.role, "content": turn.text} for turn in request.turns]


def _options(request: Request) -> dict[str, Any]:
    options: dict[str, Any] = {}
    asked = asked_for(request.schema) if request.form == "asked" else ""
    if system := "\n\n".join(part for part in (request.system, asked) if part):
        options["instructions"] = system
    if request.schema is not None and request.form == "native":
        form = {"name": "answer", "schema": request.schema, "strict": is_strict(request.schema)}
        options["text"] = {"format": {"type": "json_schema", **form}}
    if request.max_tokens is not None:
        options["max_output_tokens"] = request.max_tokens
    if request.temperature is not None:
        options["temperature"] = request.temperature
    return options
