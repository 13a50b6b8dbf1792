"""Trying a connection out: whether it works, in a sentence, and which models it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.models import Connection, ModelTrouble, check, models
from app.models.values import Provider
from app.runs.world.model import key_name
from app.secrets import SecretRefusal
from app.store.connections import Connection as Stored
from app.studio import Studio


@dataclass(frozen=True)
class Tried:
    """How it went. `models` is empty where it does not say which it has."""

    works: bool
    sentence: str
    models: tuple[str, ...] = ()


async def tried(stored: Stored, key: str | None) -> Tried:
    """Ask the provider; ends by itself however silent the other side is."""
    connection = Connection(
        stored.id, stored.name, cast(Provider, stored.provider), stored.base_url, stored.default_model
    )
    try:
        sentence = await check(connection, key)
    except ModelTrouble as trouble:
        return Tried(False, f"{trouble.message} {trouble.hint}".strip())
    try:
        return Tried(True, sentence, tuple(await models(connection, key)))
    except ModelTrouble:
        return Tried(True, sentence)


async def key_of(studio: Studio, stored: Stored) -> str | None:
    """The key of a connection; None where it has none. SecretRefusal where it has one that cannot be opened."""
    name = key_name(stored.id)
    try:
        return await studio.secrets.get(name)
    except SecretRefusal:
        if any(kept.name == name for kept in await studio.secrets.names()):
            raise
        return None
