"""Which models a connection offers, and whether it works at all."""

import json

from app.models.asking import ask
from app.models.clients import anthropic_client, openai_client
from app.models.keys import usable_key
from app.models.stream import NoStream, at, word
from app.models.troubles import explain
from app.models.values import Connection, ModelTrouble

PATIENCE = 20.0


async def check(connection: Connection, key: str | None) -> str:
    """A sentence that says it works; ModelTrouble says why it does not."""
    try:
        names = await models(connection, key)
    except ModelTrouble as trouble:
        # Some servers answer questions and list nothing.
        if trouble.kind != "address" or connection.provider != "compatible" or not connection.default_model.strip():
            raise
        answer = await ask(connection, key, prompt="Say OK.", max_tokens=64, timeout=60)
        return f"It works: {answer.model} answered."
    if not names:
        return "It answers, but it has no models yet."
    some = ", ".join(names[:3])
    works = f"It works: {len(names)} models, for example {some}." if len(names) > 3 else f"It works: {some}."
    default = connection.default_model.strip()
    return works if not default or default in names else f"{works} The model {default} is not among them."


async def models(connection: Connection, key: str | None) -> list[str]:
    """The names of the connection's models, in order."""
    key = usable_key(connection, key)
    try:
        return sorted(_names(await _listing(connection, key)))
    except ModelTrouble:
        raise
    except Exception as error:
        trouble = explain(error, connection, key, "", PATIENCE)
        if trouble is None:
            raise
        raise trouble from None


async def _listing(connection: Connection, key: str) -> str:
    if connection.provider == "anthropic":
        async with anthropic_client(connection, key, PATIENCE) as client:
            import httpx2

            answer = await client.get("/v1/models?limit=1000", cast_to=httpx2.Response)
    else:
        async with openai_client(connection, key, PATIENCE) as client:
            import httpx2

            answer = await client.get("/models", cast_to=httpx2.Response)
    return answer.text


def _names(text: str) -> set[str]:
    try:
        listing = json.loads(text)
    except ValueError:
        raise NoStream("text/html", text) from None
    rows = at(listing, "data")
    if not isinstance(rows, list):
        raise NoStream("application/json", text)
    return {name for row in rows if (name := word(at(row, "id")))}
