"""What the web steps share: sending a request, and reading what comes back."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import TypedDict

from nodes import Context, Field, File, Json, NodeError, SecretName, Text

if TYPE_CHECKING:
    import httpx

Query = Annotated[
    dict[str, Json],
    Field(
        default_factory=dict,
        description="What to add to the address after the question mark: a name and a value each.",
    ),
]
Headers = Annotated[
    dict[str, Text], Field(default_factory=dict, description="Headers to send: a name and a value each.")
]
Secret = Annotated[
    SecretName, Field(description="A key on the Keys page to send along, for a site that wants one. May be left empty.")
]
SecretHeader = Annotated[
    Text,
    Field(
        max_length=100,
        description="The header that carries the key. In Authorization, “Bearer” is put before it.",
    ),
]
ReadAs = Annotated[
    Literal["auto", "json", "text", "file"],
    Field(description="What to make of the answer: data, text, or a file. Left to auto, its type decides."),
]
TimeLimit = Annotated[float, Field(gt=0, le=600, description="Seconds the whole answer may take.")]
Repeatable = Annotated[
    bool,
    Field(
        description="The site takes a request that arrives twice for one, as those do that know the header "
        "Idempotency-Key. Then it may be sent again where it is not known whether it arrived."
    ),
]
AllowErrors = Annotated[bool, Field(description="Go on even if the site answers with an error (status 400 and above).")]


KEY = "Idempotency-Key"
"""The header by which a site knows a request that it has had already."""

REPEATABLE = "weft.repeatable"
"""Goes with a request that may be sent again by its method or because the step says so."""

SAFE = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
BUSY, SLOW = (429, 503), (408, 504)
NOT_REPEATED = " It is not sent again by itself, because it may have been taken all the same."


class Answer(TypedDict):
    """What the site answered: `body` is data where it is JSON, text where it is text, a file otherwise."""

    status: int
    headers: dict[str, str]
    body: Json | File


async def send(
    ctx: Context,
    method: str,
    url: str,
    *,
    query: Mapping[str, Json],
    headers: Mapping[str, str],
    content: bytes | None = None,
    secret: str = "",
    secret_header: str = "Authorization",
    time_limit: float,
    repeatable: bool = False,
) -> httpx.Response:
    """The answer to a request. NodeError where there is none.

    What changes something carries the same key at every try, so that a site which keeps keys takes it once.
    """
    import httpx

    repeatable = repeatable or method in SAFE
    sent = dict(headers)
    if method != "GET" and not any(name.lower() == KEY.lower() for name in sent):
        sent[KEY] = ctx.attempt_key
    if secret:
        value = await ctx.secret(secret)
        sent[secret_header] = f"Bearer {value}" if secret_header.lower() == "authorization" else value
    for name, value in sent.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or not re.fullmatch(r"[\x20-\x7e\t]*", value):
            raise NodeError(
                f"The header `{name[:80]}` has a line break or a letter that headers cannot have.", retryable=False
            )
    try:
        return await ctx.http.request(
            method,
            httpx.URL(url).copy_merge_params({name: written(value) for name, value in query.items()}),
            headers=sent,
            content=content,
            timeout=time_limit,
            extensions={REPEATABLE: repeatable},
        )
    except httpx.InvalidURL as error:
        raise NodeError(f"`{url[:80]}` is not a web address: {error}.", retryable=False) from None
    except httpx.TimeoutException as error:
        raise NodeError(
            f"{url[:200]} took longer than {time_limit:g} s.",
            hint="Raise the time limit.",
            retryable=repeatable,
            trouble="timeout",
        ) from error
    except httpx.HTTPError as error:
        raise NodeError(
            f"{url[:200]} could not be reached: {error}.", hint="Check the address.", retryable=repeatable
        ) from error


def written(value: Json) -> list[str] | str:
    """A value as it stands in an address; a list stands there once for each entry."""
    match value:
        case list():
            return [str(written(each)) for each in value]
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


async def read(ctx: Context, response: httpx.Response, read_as: str, allow_errors: bool) -> Answer:
    """What a response means. NodeError where it is an error, or not what was asked for."""
    if response.status_code >= 400 and not allow_errors:
        raise _refusal(response)
    return {
        "status": response.status_code,
        "headers": dict(response.headers),
        "body": await body_of(ctx, response, read_as),
    }


def _refusal(response: httpx.Response) -> NodeError:
    """An answer that is an error, as a failure; it says whether it is certain that nothing happened."""
    status = response.status_code
    # 429 says that the request was not taken. After any other error it may have been.
    again = status == 429 or bool(response.request.extensions.get(REPEATABLE))
    hint = "Check the address, the key and what is sent; or allow errors in this step."
    return NodeError(
        f"{address(response)} answered with status {status} {response.reason_phrase}".rstrip() + f". {shown(response)}",
        hint=hint if again or status < 500 else hint + NOT_REPEATED,
        retryable=again,
        trouble="busy" if status in BUSY else "timeout" if status in SLOW else "other",
        retry_after=asked_to_wait(response.headers.get("retry-after", "")),
    )


def asked_to_wait(text: str) -> float | None:
    """The seconds that a `Retry-After` header asks for, as a number or as a date; None where it says neither."""
    if text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


async def body_of(ctx: Context, response: httpx.Response, read_as: str) -> Json | File:
    """The body as data, text or a file."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if read_as == "file":
        return await ctx.save(response.content, file_name(response, kind), kind or "application/octet-stream")
    if read_as == "json":
        return data_of(response, kind)
    if read_as == "text":
        return response.text
    if not response.content:
        return None
    if kind.endswith(("/json", "+json", "/x-ndjson", "/jsonl")):
        return data_of(response, kind)
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml", "/javascript", "/x-www-form-urlencoded")):
        return response.text
    if not kind and b"\0" not in response.content[:100_000]:
        return response.text
    return await ctx.save(response.content, file_name(response, kind), kind or "application/octet-stream")


def data_of(response: httpx.Response, kind: str) -> Json:
    """The body as data. NodeError with its beginning where it is not JSON."""
    try:
        if kind.endswith(("/x-ndjson", "/jsonl")):
            return [json.loads(line) for line in response.text.splitlines() if line.strip()]
        try:
            found: Json = json.loads(response.content)
        except UnicodeDecodeError:
            found = json.loads(response.text)
        return found
    except RecursionError:
        raise NodeError(f"{address(response)} sent JSON that is nested too deeply.", retryable=False) from None
    except ValueError:
        raise NodeError(
            f"{address(response)} answered with status {response.status_code}, but not with JSON. {shown(response)}",
            hint="Check the address, or read the answer as text to look at it.",
        ) from None


def address(response: httpx.Response) -> str:
    """Where the answer came from, without what was asked there."""
    return str(response.url.copy_with(query=None, fragment=None))[:200]


def shown(response: httpx.Response) -> str:
    """The beginning of an answer, for a sentence."""
    if not response.content:
        return "The answer was empty."
    kind = response.headers.get("content-type", "a type it does not name")
    text = " ".join(response.text[:2000].split())
    return f"It sent {kind}: {text[:200]}{'…' if len(text) > 200 else ''}"


def file_name(response: httpx.Response, kind: str) -> str:
    """What to call an answer that is kept as a file."""
    named = re.search(r'filename="?([^";]+)', response.headers.get("content-disposition", ""))
    name = PurePosixPath(named[1] if named else response.url.path).name
    name = re.sub(r"[^\w .()-]+", " ", name).strip(" .")[:120] or "download"
    return name if PurePosixPath(name).suffix else name + (mimetypes.guess_extension(kind) or "")
