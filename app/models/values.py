"""The values that go into a model client and come out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue as Json

Provider = Literal["openai", "anthropic", "compatible"]
Schema = dict[str, Any]
OnText = Callable[[str], None]

Kind = Literal[
    "no_key",
    "key",
    "credit",
    "forbidden",
    "model",
    "address",
    "unreachable",
    "busy",
    "overloaded",
    "failing",
    "silent",
    "cut",
    "garbled",
    "empty",
    "refused",
    "limit",
    "too_long",
    "request",
    "schema",
    "tool",
]


@dataclass(frozen=True)
class Connection:
    """Where a model is reached, without the key. An empty address is the provider's own."""

    id: str
    name: str
    provider: Provider
    base_url: str = ""
    default_model: str = ""


@dataclass(frozen=True)
class Answer:
    """What a model said; `data` where a schema was given. Tokens are those of all attempts."""

    text: str
    data: Json
    model: str
    tokens_in: int | None
    tokens_out: int | None


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Request:
    """One question to a model. `form`: how a schema is put to it; `plain`: only fields that every server knows."""

    model: str
    turns: tuple[Turn, ...]
    system: str = ""
    schema: Schema | None = None
    form: Literal["native", "asked"] = "native"
    plain: bool = False
    max_tokens: int | None = None
    temperature: float | None = None


@dataclass(frozen=True)
class Reply:
    """A stream that came to its end, and how."""

    text: str
    ended: Literal["whole", "limit", "refused"]
    refusal: str = ""
    tool: str = ""
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


class ModelTrouble(Exception):
    """Why there is no answer, in plain sentences. Never contains the key."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        kind: Kind,
        retryable: bool = False,
        retry_after: float | None = None,
        tokens_in: int | None = None,
        tokens_out: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.kind = kind
        self.retryable = retryable
        self.retry_after = retry_after
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out
