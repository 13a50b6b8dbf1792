"""Keys by name, for steps that sign in or call a web address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import tr
from app.runs.world.model import MODEL_KEY
from app.secrets import Kept, variable
from app.studio import Studio
from app.ui.dialogs import asks, confirm, dialog
from app.ui.keys.uses import Uses, links, names
from app.ui.keys.where import ready_to_keep
from app.ui.words import ago

LONGEST_NAME = 80


class NamedKeys:
    """Drawn anew when a key was added, replaced or deleted. No value is ever shown.

    `changed` is called when one was kept, and with it perhaps where keys are kept.
    """

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        self._uses = Uses()
        self._used: dict[str, ui.element] = {}
        self._kept: list[Kept] = []
        with ui.element("section").classes("weft-section").props("data-place=named-keys"):
            with ui.element("div").classes("weft-row"):
                with ui.element("div").classes("weft-grow"):
                    ui.label(tr("Other keys")).classes("weft-section-title").props("role=heading aria-level=2")
                    ui.label(tr("Passwords and tokens that steps use by name.")).classes("weft-muted")
                asks(ui.button(tr("Add a key"), icon="sym_r_add"), self._new).classes("weft-button")
            self._list = ui.element("div")

    async def refresh(self) -> None:
        """Show the keys there are, and the ones that flows ask for in vain."""
        self._kept = [kept for kept in await self._studio.secrets.names() if not kept.name.startswith(MODEL_KEY)]
        self._draw()

    def show_uses(self, uses: Uses) -> None:
        """Say which flows use each."""
        self._uses = uses
        self._draw()

    def _draw(self) -> None:
        known = {kept.name for kept in self._kept}
        wanted = sorted(name for name in self._uses.keys if name not in known)
        self._list.clear()
        with self._list:
            if not self._kept and not wanted:
                none = tr("None yet. Add one for a step that fills in a password or calls a web address.")
                ui.label(none).classes("weft-muted")
                return
            with ui.element("div").classes("weft-list"):
                for kept in self._kept:
                    self._line(kept)
                for name in wanted:
                    self._wanted(name)

    def _line(self, kept: Kept) -> None:
        with ui.element("div").classes("weft-list-item weft-key-line"):
            with ui.element("span").classes("weft-tile").style("--tile: var(--weft-slate)"):
                ui.icon("sym_r_key")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(kept.name).classes("weft-strong weft-anywhere")
                ui.label(_since(kept)).classes("weft-faint weft-small")
                links(self._uses.keys.get(kept.name, []))
            if kept.changed_at is not None:
                with ui.element("div").classes("weft-row weft-key-buttons"):
                    again = asks(ui.button(tr("Replace")), lambda: self._replace(kept.name)).classes("weft-button")
                    again.props["aria-label"] = tr("Replace {name}", name=kept.name)
                    gone = asks(ui.button(icon="sym_r_delete"), lambda: self._delete(kept.name))
                    gone.classes("weft-icon-button").props("flat").tooltip(tr("Delete"))
                    gone.props["aria-label"] = tr("Delete {name}", name=kept.name)

    def _wanted(self, name: str) -> None:
        with ui.element("div").classes("weft-list-item weft-key-line"):
            with ui.element("span").classes("weft-tile").style("--tile: var(--weft-asked)"):
                ui.icon("sym_r_key_off")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(name).classes("weft-strong weft-anywhere")
                ui.label(tr("Not here yet")).classes("weft-small").style("color: var(--weft-asked)")
                links(self._uses.keys[name])
            with ui.element("div").classes("weft-row weft-key-buttons"):
                add = asks(ui.button(tr("Add it")), lambda: self._replace(name)).classes("weft-button")
                add.props["aria-label"] = tr("Add {name}", name=name)

    async def _new(self) -> None:
        await self._ask(tr("Add a key"), "", {kept.name for kept in self._kept})

    async def _replace(self, name: str) -> None:
        known = any(kept.name == name for kept in self._kept)
        title = tr("Replace “{name}”", name=name) if known else tr("Add “{name}”", name=name)
        await self._ask(title, name, set())

    async def _ask(self, title: str, name: str, taken: set[str]) -> None:
        if not await ready_to_keep(self._studio):
            return
        given = await _ask_key(title, name, taken)
        if given is not None:
            await self._studio.secrets.put(*given)
            await self._changed()
            kept = tr("“{name}” is kept. Its value is never shown again.", name=given[0])
            ui.notify(kept, type="positive")

    async def _delete(self, name: str) -> None:
        users = self._uses.keys.get(name, [])
        text = tr("Its value is forgotten and cannot be brought back.")
        if users:
            without = tr("{flows} will fail without it.", flows=names(users))
            text = f"{without} {text}"
        if await confirm(tr("Delete the key “{name}”?", name=name), text, tr("Delete")):
            await self._studio.secrets.delete(name)
            await self.refresh()
            ui.notify(tr("The key “{name}” is deleted.", name=name))


async def _ask_key(title: str, name: str, taken: set[str]) -> tuple[str, str] | None:
    def take() -> None:
        called = name or (field.value or "").strip()
        wrong = _wrong(called, taken)
        name_error.set_text(wrong)
        name_error.set_visibility(bool(wrong))
        value_error.set_visibility(not value.value)
        if not wrong and value.value:
            asked.submit((called, value.value))

    with dialog() as asked:
        ui.label(title).classes("weft-dialog-title")
        with ui.element("form").classes("weft-form").on("submit.prevent", take):
            with ui.element("div").classes("weft-field") as named:
                ui.label(tr("Name")).classes("weft-label")
                field = ui.input(placeholder="shop_password").props(
                    f"dense outlined maxlength={LONGEST_NAME} autocomplete=off spellcheck=false"
                )
                field.props["aria-label"] = tr("Name")
                name_error = ui.label("").classes("weft-error").props("role=alert")
                name_error.set_visibility(False)
                ui.label(tr("Steps ask for it by this name.")).classes("weft-hint")
            named.set_visibility(not name)
            with ui.element("div").classes("weft-field"):
                ui.label(tr("Value")).classes("weft-label")
                # Several lines: some keys have them, and a field of one line would drop the breaks.
                value = ui.textarea().classes("weft-dots weft-mono")
                value.props("dense outlined rows=2 autocomplete=off spellcheck=false").props["aria-label"] = tr("Value")
                value_error = ui.label(tr("The value is missing.")).classes("weft-error").props("role=alert")
                value_error.set_visibility(False)
                show = ui.checkbox(tr("Show what I type"))
                show.on_value_change(lambda e: value.classes(remove="weft-dots", add="" if e.value else "weft-dots"))
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button(tr("Cancel"), on_click=lambda: asked.submit(None)).classes("weft-button").props("type=button")
                ui.button(tr("Keep it")).classes("weft-button weft-primary").props("type=submit")
        (value if name else field).props("autofocus")
    given: tuple[str, str] | None = await asked
    return given


def _wrong(name: str, taken: set[str]) -> str:
    if not name:
        return tr("Give it a name.")
    if name.startswith(MODEL_KEY):
        return tr("A name cannot begin with “{start}”.", start=MODEL_KEY)
    if name in taken:
        return tr("There is already a key called “{name}”. Replace it in the list.", name=name)
    return ""


def _since(kept: Kept) -> str:
    if kept.changed_at is None:
        return tr("From the environment variable {name}", name=variable(kept.name))
    return tr("Kept {ago}", ago=ago(kept.changed_at))
