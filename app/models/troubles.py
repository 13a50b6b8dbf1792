"""What went wrong with a provider, said in plain sentences with the next move."""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from app.models.clients import address, is_this_computer
from app.models.keys import without_key
from app.models.stream import Broke, NoStream, at, word
from app.models.values import Connection, ModelTrouble

# What an error inside a stream says instead of a status.
_STATUS_OF = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "api_error": 500,
    "server_error": 500,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "invalid_prompt": 400,
    "request_too_large": 413,
    "timeout_error": 504,
    "billing_error": 402,
    "insufficient_quota": 402,
}
_NO_CREDIT = ("insufficient_quota", "billing", "spend_limit", "credit balance", "exceeded your current quota")
_TOO_LONG = ("context_length_exceeded", "prompt is too long", "maximum context length", "context window")
_KEYS_PAGE = "on the Keys page"


@dataclass(frozen=True)
class Said:
    """What the provider itself says about an error."""

    status: int
    words: str = ""
    marks: str = ""
    retry_after: float | None = None


def explain(error: Exception, connection: Connection, key: str, model: str, silence: float) -> ModelTrouble | None:
    """The trouble behind an error of the SDK or the network; nothing where the error is not theirs."""
    import httpx2

    name, causes = connection.name, tuple(_causes(error))

    def caused_by(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if isinstance(error, NoStream):
        return _no_stream(error, connection, key, model)
    if caused_by(httpx2.TimeoutException) and not caused_by(httpx2.ConnectTimeout):
        return ModelTrouble(
            f"{name} said nothing for {silence:g} s.",
            "Try again; give the step more time if the model is slow to begin.",
            kind="silent",
            retryable=True,
        )
    said = next((found for cause in causes if (found := _said(cause)) is not None), None)
    if said is not None:
        return by_status(_blotted(said, key), connection, model)
    if caused_by(ssl.SSLError):
        return ModelTrouble(
            f"The certificate of {name} cannot be trusted.",
            "Check the address, and the date of this computer; a proxy that opens connections also causes this.",
            kind="unreachable",
        )
    if caused_by(httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError):
        return _unreachable(connection)
    if isinstance(error, Broke) and caused_by(ValueError):
        return ModelTrouble(
            f"{name} sent something that cannot be read.",
            "Nothing of it was used. Try again.",
            kind="garbled",
            retryable=True,
        )
    if isinstance(error, Broke) or caused_by(httpx2.TransportError):
        return ModelTrouble(
            f"The answer of {name} broke off before its end.",
            "What had arrived was not used. Try again.",
            kind="cut",
            retryable=True,
        )
    return None


def by_status(said: Said, connection: Connection, model: str) -> ModelTrouble:
    """The trouble that a status and the provider's words mean."""
    name, status, marks = connection.name, said.status, said.marks.lower()
    says = f" It says: {said.words}" if said.words else ""
    if status == 402 or any(mark in marks for mark in _NO_CREDIT):
        return ModelTrouble(
            f"The account behind {name} has no credit left.",
            "Add credit or raise the limit at the provider, then run this step again.",
            kind="credit",
        )
    if any(mark in marks for mark in _TOO_LONG) or status == 413:
        return ModelTrouble(
            f"The prompt is too long for `{model}`.",
            "Give it less text, or choose a model with a larger window.",
            kind="too_long",
        )
    match status:
        case 401:
            return ModelTrouble(
                f"{name} does not accept the key.",
                f"It may be mistyped, expired or withdrawn. Replace it {_KEYS_PAGE}.",
                kind="key",
            )
        case 403:
            return ModelTrouble(f"{name} does not allow this.", f"The key may lack a right.{says}", kind="forbidden")
        case 404 if model and ("model" in marks or "not_found_error" in marks):
            return ModelTrouble(
                f"{name} has no model `{model}`.", f"Choose another model in the step or {_KEYS_PAGE}.", kind="model"
            )
        case 404 | 405 | 410:
            return _wrong_address(connection)
        case 429:
            return ModelTrouble(
                f"{name} asks to slow down.",
                f"Try again in {said.retry_after:g} s." if said.retry_after is not None else "Try again in a moment.",
                kind="busy",
                retryable=True,
                retry_after=said.retry_after,
            )
        case 503 | 529:
            return ModelTrouble(
                f"{name} is overloaded.",
                "Try again in a moment.",
                kind="overloaded",
                retryable=True,
                retry_after=said.retry_after,
            )
        case 408 | 409 | 425:
            return ModelTrouble(f"{name} did not get to it.{says}", "Try again.", kind="failing", retryable=True)
        case _ if 300 <= status < 400:
            return _wrong_address(connection)
        case _ if status >= 500:
            return ModelTrouble(
                f"{name} has a fault of its own (status {status}).",
                f"Try again in a moment.{says}",
                kind="failing",
                retryable=True,
                retry_after=said.retry_after,
            )
        case _:
            advice = " Leave the temperature empty for this model." if "temperature" in marks else ""
            return ModelTrouble(
                f"{name} refuses the request.{advice}", said.words or f"Status {status}.", kind="request"
            )


def _unreachable(connection: Connection) -> ModelTrouble:
    place = address(connection)
    where = urlsplit(place).netloc
    if is_this_computer(place):
        return ModelTrouble(
            f"Nothing answers at {where}, where {connection.name} should be.",
            "Start the model server on this computer (for Ollama: `ollama serve`), or correct the address.",
            kind="unreachable",
            retryable=True,
        )
    return ModelTrouble(
        f"{connection.name} cannot be reached at {where}.",
        "Check the internet connection and the address.",
        kind="unreachable",
        retryable=True,
    )


def _wrong_address(connection: Connection) -> ModelTrouble:
    return ModelTrouble(
        f"There is no model service at {address(connection)}.",
        f"Correct the address of {connection.name} {_KEYS_PAGE}; it often ends in /v1.",
        kind="address",
    )


def _no_stream(error: NoStream, connection: Connection, key: str, model: str) -> ModelTrouble:
    body = _json(error.body)
    if at(body, "error"):
        return by_status(_blotted(_said_in(500, body, {}), key), connection, model)
    if error.content_type == "application/json" and body is None:
        return ModelTrouble(
            f"{connection.name} sent something that cannot be read.",
            "Nothing of it was used. Try again.",
            kind="garbled",
            retryable=True,
        )
    return _wrong_address(connection)


def _said(error: BaseException) -> Said | None:
    """What an SDK's error carries from the provider; nothing for errors that never reached it."""
    if not hasattr(error, "body") or (error.body is None and not hasattr(error, "status_code")):
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    return _said_in(getattr(error, "status_code", 200), error.body, headers)


def _said_in(status: int, body: object, headers: Mapping[str, str]) -> Said:
    inner = at(body, "error") if isinstance(at(body, "error"), dict) else body
    words = word(at(inner, "message")) or word(at(body, "error")) or word(at(body, "detail"))
    marks = [str(mark) for mark in (at(inner, "code"), at(inner, "type"), at(inner, "details", "error_code")) if mark]
    if status < 300 or status == 500:
        numbers = [int(mark) for mark in marks if re.fullmatch("[45][0-9][0-9]", mark)]
        status = next(iter((*(_STATUS_OF[mark] for mark in marks if mark in _STATUS_OF), *numbers)), 500)
    return Said(status, words, " ".join([*marks, words]), _retry_after(headers))


def _blotted(said: Said, key: str) -> Said:
    # Before it is shortened: half a key would not be found any more.
    return replace(said, words=_short(without_key(said.words, key)))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / scale
        except ValueError:
            try:
                seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
            except (ValueError, TypeError):
                continue
        if seconds == seconds and seconds != float("inf"):
            return max(0.0, round(seconds, 3))
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(20):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _json(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except ValueError:
        return None
    return parsed


def _short(text: str, most: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most] + "…"
