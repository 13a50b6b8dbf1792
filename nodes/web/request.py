"""The Send a web request node."""

import json
from typing import Literal
from urllib.parse import urlencode

from nodes import Context, Effect, Field, Json, Need, Node, NodeError, Touches, Url, host_of
from nodes.web._send import (
    AllowErrors,
    Answer,
    Headers,
    Query,
    ReadAs,
    Repeatable,
    Secret,
    SecretHeader,
    TimeLimit,
    read,
    send,
    written,
)

TYPES = {"json": "application/json", "text": "text/plain; charset=utf-8", "form": "application/x-www-form-urlencoded"}


class SendWebRequest(
    Node,
    kind="web.request",
    label="Send a web request",
    icon="cloud_upload",
    words=("http", "post", "put", "delete", "api", "webhook", "rest", "submit"),
    needs={Need.NETWORK},
    effect=Effect.WRITE,
    sentence="{method} {url}",
    more=("query", "headers", "secret_header", "read_as", "allow_errors", "repeatable", "time_limit"),
):
    """Send something to a web address, such as an order to an API. To only fetch, use Get from the web."""

    method: Literal["POST", "PUT", "PATCH", "DELETE"] = Field("POST", description="What the site is to do with it.")
    url: Url = Field(description="The address.")
    body: Json = Field(None, description="What to send: a record, a list, or text. May be left empty.")
    send_as: Literal["json", "text", "form"] = Field(
        "json", description="Send it as JSON, as plain text, or like a form on a page, which takes a record."
    )
    query: Query
    headers: Headers
    secret: Secret = ""
    secret_header: SecretHeader = "Authorization"
    read_as: ReadAs = "auto"
    allow_errors: AllowErrors = False
    repeatable: Repeatable = False
    time_limit: TimeLimit = 60

    def touches(self) -> Touches:
        return Touches(hosts=(host_of(self.url),), keys=(self.secret,) if self.secret else ())

    async def run(self, ctx: Context) -> Answer:
        content = self._content()
        named = any(name.lower() == "content-type" for name in self.headers)
        response = await send(
            ctx,
            self.method,
            self.url,
            query=self.query,
            headers=self.headers if content is None or named else {**self.headers, "Content-Type": TYPES[self.send_as]},
            content=content,
            secret=self.secret,
            secret_header=self.secret_header,
            time_limit=self.time_limit,
            repeatable=self.repeatable,
        )
        return await read(ctx, response, self.read_as, self.allow_errors)

    def _content(self) -> bytes | None:
        """What is sent, as bytes; None for nothing."""
        if self.body is None or self.body == "":
            return None
        match self.send_as:
            case "form" if isinstance(self.body, dict):
                return urlencode({name: written(value) for name, value in self.body.items()}, doseq=True).encode()
            case "form":
                raise NodeError("A form takes a record: a name and a value each.", retryable=False)
            case "text":
                return str(self.body if isinstance(self.body, str) else written(self.body)).encode()
            case "json" if isinstance(self.body, str):
                try:
                    json.loads(self.body)
                except (ValueError, RecursionError) as error:
                    raise NodeError(
                        f"What is to be sent is not JSON: {error}.",
                        hint="Check its quotation marks and commas, give a record, or send it as text.",
                        retryable=False,
                    ) from None
                return self.body.encode()
            case "json":
                return json.dumps(self.body, ensure_ascii=False).encode()
