"""How one scripted reply looks in each provider's protocol: events of a stream, or one JSON body."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Protocol = Literal["chat", "responses", "messages"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Says:
    """A reply of a model, whole or ended for the given reason."""

    text: str = "Hello."
    ended: Literal["whole", "limit", "filtered"] = "whole"
    refusal: str = ""
    tool: str = ""
    tokens_in: int = 11
    tokens_out: int = 7
    pieces: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The text as it arrives: the given pieces, else word by word."""
        return self.pieces or tuple(self.text.replace(" ", " \0").split("\0") if self.text else ())


def error_body(protocol: Protocol | None, message: str, kind: str, code: str | None) -> Json:
    """An error as the provider words it."""
    if protocol == "messages":
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def whole(protocol: Protocol, says: Says, model: str) -> Json:
    """The reply as one JSON body."""
    match protocol:
        case "chat":
            return _chat(says, model, {"message": _chat_message(says)}, "chat.completion") | {
                "usage": _chat_usage(says)
            }
        case "responses":
            return _response(says, model, _response_status(says))
        case "messages":
            return _message(says, model) | {"content": _blocks(says), "stop_reason": _stop_reason(says)}


def events(protocol: Protocol, says: Says, model: str) -> Iterator[bytes]:
    """The reply as the events of a stream, the last of them the one that says it is whole."""
    match protocol:
        case "chat":
            yield from _chat_events(says, model)
        case "responses":
            yield from _response_events(says, model)
        case "messages":
            yield from _message_events(says, model)


def sse(data: Json | str, event: str = "") -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {event}\n" if event else "").encode() + f"data: {text}\n\n".encode()


def _chat(says: Says, model: str, choice: Json, kind: str) -> Json:
    finish = {"whole": "tool_calls" if says.tool else "stop", "limit": "length", "filtered": "content_filter"}
    choice = {"index": 0, "finish_reason": finish[says.ended], "logprobs": None} | choice
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": model, "choices": [choice]}


def _chat_message(says: Says) -> Json:
    message: Json = {"role": "assistant", "content": says.text or None, "refusal": says.refusal or None}
    return message | ({"tool_calls": [_chat_tool(says)]} if says.tool else {})


def _chat_tool(says: Says) -> Json:
    return {"index": 0, "id": "call_1", "type": "function", "function": {"name": says.tool, "arguments": "{}"}}


def _chat_usage(says: Says) -> Json:
    return {
        "prompt_tokens": says.tokens_in,
        "completion_tokens": says.tokens_out,
        "total_tokens": says.tokens_in + says.tokens_out,
    }


def _chat_events(says: Says, model: str) -> Iterator[bytes]:
    deltas: list[Json] = [{"role": "assistant", "content": ""}, *({"content": part} for part in says.parts)]
    deltas += [{"refusal": says.refusal}] if says.refusal else []
    deltas += [{"tool_calls": [_chat_tool(says)]}] if says.tool else []
    for delta in deltas:
        yield sse(_chat(says, model, {"delta": delta, "finish_reason": None}, "chat.completion.chunk"))
    yield sse(_chat(says, model, {"delta": {}}, "chat.completion.chunk"))
    yield sse(_chat(says, model, {}, "chat.completion.chunk") | {"choices": [], "usage": _chat_usage(says)})
    yield sse("[DONE]")


def _response_status(says: Says) -> str:
    return "completed" if says.ended == "whole" else "incomplete"


def _response(says: Says, model: str, status: str) -> Json:
    reason = {"whole": None, "limit": {"reason": "max_output_tokens"}, "filtered": {"reason": "content_filter"}}
    ended = status in ("completed", "incomplete")
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": status,
        "error": None,
        "incomplete_details": reason[says.ended] if status == "incomplete" else None,
        "model": model,
        "output": [_response_item(says)] if ended else [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": says.tokens_in,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": says.tokens_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": says.tokens_in + says.tokens_out,
        }
        if ended
        else None,
    }


def _response_item(says: Says) -> Json:
    if says.tool:
        return {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": says.tool, "arguments": "{}"}
    content = [{"type": "output_text", "text": says.text, "annotations": []}] if says.text else []
    content += [{"type": "refusal", "refusal": says.refusal}] if says.refusal else []
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": content}


def _response_events(says: Says, model: str) -> Iterator[bytes]:
    number = 0

    def event(kind: str, **fields: Any) -> bytes:
        nonlocal number
        number += 1
        return sse({"type": kind, "sequence_number": number, **fields}, kind)

    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    yield event("response.created", response=_response(says, model, "in_progress"))
    yield event("response.output_item.added", output_index=0, item=_response_item(says) | {"content": []})
    if says.text:
        part = {"type": "output_text", "text": "", "annotations": []}
        yield event("response.content_part.added", **place, part=part)
    for text in says.parts:
        yield event("response.output_text.delta", **place, delta=text, logprobs=[])
    if says.refusal:
        yield event("response.refusal.delta", **place, delta=says.refusal)
    yield event("response.output_item.done", output_index=0, item=_response_item(says))
    status = _response_status(says)
    yield event(f"response.{status}", response=_response(says, model, status))


def _message(says: Says, model: str) -> Json:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": says.tokens_in, "output_tokens": says.tokens_out},
    }


def _stop_reason(says: Says) -> str:
    if says.refusal or says.ended == "filtered":
        return "refusal"
    return "max_tokens" if says.ended == "limit" else "tool_use" if says.tool else "end_turn"


def _blocks(says: Says) -> list[Json]:
    text = says.text or says.refusal
    blocks: list[Json] = [{"type": "text", "text": text}] if text else []
    return blocks + ([{"type": "tool_use", "id": "toolu_1", "name": says.tool, "input": {}}] if says.tool else [])


def _message_events(says: Says, model: str) -> Iterator[bytes]:
    def event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, **fields}, kind)

    yield event(
        "message_start", message=_message(says, model) | {"usage": {"input_tokens": says.tokens_in, "output_tokens": 1}}
    )
    yield event("ping")
    for index, block in enumerate(_blocks(says)):
        start = block | ({"text": ""} if block["type"] == "text" else {})
        yield event("content_block_start", index=index, content_block=start)
        if block["type"] == "text":
            for part in says.parts or (block["text"],):
                yield event("content_block_delta", index=index, delta={"type": "text_delta", "text": part})
        yield event("content_block_stop", index=index)
    delta = {"stop_reason": _stop_reason(says), "stop_sequence": None}
    yield event("message_delta", delta=delta, usage={"output_tokens": says.tokens_out})
    yield event("message_stop")
