"""Which flows use which key and which language model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from nicegui import ui

from app.engine.gate import review
from app.language import tr
from app.studio import Studio
from app.ui.words import capped, quoted

SHOWN = 3


@dataclass(frozen=True)
class User:
    """A flow that uses something."""

    id: str
    name: str


@dataclass(frozen=True)
class Uses:
    """The flows by the name of the key or of the connection they name; an empty connection is the first one."""

    keys: dict[str, list[User]] = field(default_factory=dict)
    models: dict[str, list[User]] = field(default_factory=dict)


async def uses_of(studio: Studio) -> Uses:
    """Look through every flow, a little at a time so that the windows stay alive."""
    found = Uses()
    for card in await studio.shelf.cards():
        user = User(card.id, card.name)
        touches = review((await studio.shelf.open(card.id)).flow, studio.catalog)
        for key in touches.keys:
            found.keys.setdefault(key, []).append(user)
        for model in touches.models:
            found.models.setdefault(model, []).append(user)
        await asyncio.sleep(0)
    return found


def names(users: Iterable[User]) -> str:
    """The flows in a sentence: `“A”, “B” and 2 more`."""
    return capped([quoted(user.name) for user in users], SHOWN)


def links(users: list[User]) -> None:
    """The flows, each a link."""
    with ui.element("div").classes("weft-row weft-wrap weft-small"):
        ui.label(tr("Used by") if users else tr("No flow uses it.")).classes("weft-faint")
        for user in users[:SHOWN]:
            ui.link(user.name, f"/flow/{user.id}").classes("weft-link weft-chip weft-truncate")
        if len(users) > SHOWN:
            ui.label(tr("and {count} more", count=len(users) - SHOWN)).classes("weft-faint")
