"""The language models a person has set up, each with its test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import msg, tr
from app.models import DEFAULT_MODELS
from app.runs.world.model import key_name
from app.store.connections import Connection
from app.studio import Studio
from app.ui.dialogs import asks, confirm, does
from app.ui.keys.connection_form import connection_form
from app.ui.keys.presets import PRESETS, preset_of
from app.ui.keys.testing import key_of, tried
from app.ui.keys.uses import User, Uses, links, names
from app.ui.keys.verdict import Verdict
from app.ui.words import ago

FIRST = msg("Steps that name no model ask this one.")


class ConnectionList:
    """Drawn anew when a connection was added, changed or deleted; a test changes only its own line.

    `changed` is called when one was added or changed, and with it perhaps where keys are kept.
    """

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        self._uses = Uses()
        self._used: dict[str, ui.element] = {}
        self._shown: list[Connection] = []
        with ui.element("section").classes("weft-section").props("data-place=models"):
            with ui.element("div").classes("weft-row"):
                title = ui.label(tr("Language models")).classes("weft-section-title weft-grow")
                title.props("role=heading aria-level=2")
                asks(ui.button(tr("Add a model"), icon="sym_r_add"), self._new).classes("weft-button weft-primary")
            self._list = ui.element("div")

    async def refresh(self) -> None:
        """Show what is there."""
        self._shown = await self._studio.connections.all()
        changed = {kept.name: kept.changed_at for kept in await self._studio.secrets.names()}
        self._list.clear()
        self._used.clear()
        with self._list:
            if not self._shown:
                _none()
            else:
                with ui.element("div").classes("weft-list"):
                    for number, connection in enumerate(self._shown):
                        name = key_name(connection.id)
                        self._line(connection, changed.get(name, 0) if name in changed else None, first=number == 0)
        self._draw_uses()

    def show_uses(self, uses: Uses) -> None:
        """Say which flows use each."""
        self._uses = uses
        self._draw_uses()

    def _line(self, connection: Connection, key: float | None, *, first: bool) -> None:
        preset = preset_of(connection.provider, connection.base_url)
        with ui.element("div").classes("weft-list-item weft-key-line"):
            with ui.element("span").classes("weft-tile"):
                ui.icon("sym_r_auto_awesome")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                with ui.element("div").classes("weft-row"):
                    ui.label(connection.name).classes("weft-strong weft-truncate")
                    if first and len(self._shown) > 1:
                        with ui.element("span").classes("weft-chip").props(f'title="{tr(FIRST)}"'):
                            ui.label(tr("First"))
                about = preset.name if preset is not PRESETS[-1] else tr("OpenAI-compatible")
                about = "" if about == connection.name else about
                where = (about, connection.base_url, connection.default_model or DEFAULT_MODELS[preset.provider])
                ui.label(" · ".join(filter(None, where))).classes("weft-muted weft-small weft-anywhere")
                ui.label(_key_words(connection, key)).classes("weft-faint weft-small")
                self._used[connection.id] = ui.element("div")
                verdict = Verdict()
            with ui.element("div").classes("weft-row weft-key-buttons"):
                test = does(ui.button(tr("Test")), lambda: self._test(connection, verdict)).classes("weft-button")
                test.props["aria-label"] = tr("Test {name}", name=connection.name)
                kept = key is not None or connection.provider == "compatible"
                text = tr("Change") if kept else tr("Add the key")
                change = asks(ui.button(text), lambda: self._change(connection, key is not None))
                change.classes("weft-button").props["aria-label"] = tr("Change {name}", name=connection.name)
                gone = asks(ui.button(icon="sym_r_delete"), lambda: self._delete(connection))
                gone.classes("weft-icon-button").props("flat").tooltip(tr("Delete"))
                gone.props["aria-label"] = tr("Delete {name}", name=connection.name)

    def _draw_uses(self) -> None:
        for connection in self._shown:
            box = self._used.get(connection.id)
            if box is not None:
                box.clear()
                with box:
                    if users := self._users(connection):
                        links(users)

    def _users(self, connection: Connection) -> list[User]:
        first = self._shown and connection.id == self._shown[0].id
        both = [*self._uses.models.get(connection.name, []), *(self._uses.models.get("", []) if first else [])]
        return list(dict.fromkeys(both))

    async def _new(self) -> None:
        if await connection_form(self._studio):
            await self._changed()

    async def _change(self, connection: Connection, has_key: bool) -> None:
        if await connection_form(self._studio, connection, has_key=has_key):
            await self._changed()

    async def _test(self, connection: Connection, verdict: Verdict) -> None:
        verdict.hide()
        key = await key_of(self._studio, connection)
        verdict.testing(connection.name)
        verdict.show(await tried(connection, key))

    async def _delete(self, connection: Connection) -> None:
        users = self._users(connection)
        text = tr("Its key is forgotten, and has to be entered again if you add it anew.")
        if users:
            without = tr("{flows} will have no such model then.", flows=names(users))
            text = f"{without} {text}"
        if await confirm(tr("Delete “{name}”?", name=connection.name), text, tr("Delete")):
            await self._studio.secrets.delete(key_name(connection.id))
            await self._studio.connections.remove(connection.id)
            await self.refresh()
            ui.notify(tr("“{name}” and its key are deleted.", name=connection.name))


def _key_words(connection: Connection, key: float | None) -> str:
    if key is None:
        is_free = connection.provider == "compatible"
        return tr("No key") if is_free else tr("No key yet: it cannot answer without one")
    return tr("Key kept {ago}", ago=ago(key)) if key else tr("Key kept")


def _none() -> None:
    with ui.element("div").classes("weft-empty weft-empty-small"):
        ui.icon("sym_r_auto_awesome").classes("weft-empty-icon")
        ui.label(tr("No language model yet")).classes("weft-empty-title")
        about = tr(
            "Add OpenAI, Anthropic, or a model on your own computer, and steps such as “Ask a model” can use it."
        )
        ui.label(about).classes("weft-empty-text")
