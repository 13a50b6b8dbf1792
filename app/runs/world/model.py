"""A step's language model: connection and key behind it, its text streamed into the step, its use in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from pydantic import JsonValue as Json

from app.engine.context import StepContext
from app.models import Connection, ModelTrouble, ask
from app.store.connections import Connection as Stored
from flows.model import Trouble
from nodes.context import Reply
from nodes.values import NodeError

KEYS_PAGE = "Add a key on the Keys page, then press Continue."


def key_name(connection_id: str) -> str:
    """The name under which a connection's key is kept among the secrets; no step can ask for one of these."""
    return f"{MODEL_KEY}{connection_id}"


MODEL_KEY = "model:"
SORTS: dict[str, Trouble] = {"unreachable": "unreachable", "busy": "busy", "overloaded": "busy", "silent": "timeout"}


class StepModel:
    """The model of one connection, as one step uses it."""

    def __init__(self, ctx: StepContext, stored: Stored, key: str | None, model: str) -> None:
        provider = cast("Literal['openai', 'anthropic', 'compatible']", stored.provider)
        self._ctx = ctx
        self._connection = Connection(stored.id, stored.name, provider, stored.base_url, stored.default_model)
        self._key = key
        self._model = model

    async def ask(
        self,
        prompt: str,
        *,
        system: str = "",
        schema: Mapping[str, Json] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> Reply:
        """The reply; its text streams into the step while it comes. NodeError where it fails."""
        try:
            async with self._ctx.affords(max_tokens):
                answer = await ask(
                    self._connection,
                    self._key,
                    prompt=prompt,
                    system=system,
                    model=self._model,
                    schema=schema,
                    temperature=temperature,
                    max_tokens=max_tokens,
                    on_text=self._ctx.stream,
                )
        except ModelTrouble as trouble:
            if trouble.tokens_in is not None or trouble.tokens_out is not None:
                self._spent(self._model, trouble.tokens_in, trouble.tokens_out)
            hint = KEYS_PAGE if trouble.kind == "no_key" else trouble.hint
            raise NodeError(
                trouble.message,
                hint=hint,
                retryable=trouble.retryable,
                trouble=SORTS.get(trouble.kind, "other"),
                retry_after=trouble.retry_after,
            ) from None
        self._spent(answer.model, answer.tokens_in, answer.tokens_out)
        return Reply(answer.text, answer.data, answer.model, answer.tokens_in, answer.tokens_out)

    def _spent(self, model: str, tokens_in: int | None, tokens_out: int | None) -> None:
        what = f"{self._connection.name}: {model}" if model else self._connection.name
        self._ctx.spend(what, tokens_in=tokens_in, tokens_out=tokens_out)
