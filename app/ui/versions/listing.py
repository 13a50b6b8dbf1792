"""The versions of a flow as a list, the newest first, under the draft."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from html import escape

from nicegui import ui

from app.desk.history import Entry
from app.language import tr, trn
from app.ui.dialogs import does
from app.ui.versions.saving import changes
from app.ui.words import ago, quoted, sentence

NOW = "now"
"""The draft among the versions."""


def key_of(entry: Entry) -> str:
    """What a version is called in an address: two kept ones may have the same content."""
    return entry.hash if entry.kept is None else f"kept-{entry.kept.id}"


def name_of(entry: Entry) -> str:
    """A version in a sentence."""
    if entry.name:
        return quoted(entry.name)
    return tr("the version of {ago}", ago=ago(entry.at))


def label_of(entry: Entry) -> str:
    """A version in a list of choices."""
    if entry.kept is None:
        return tr("Used by a run, {ago}", ago=ago(entry.at))
    return f"{entry.name or tr('Without a name')}, {ago(entry.at)}"


class Listing:
    """`show` versions; `chosen` hears the key of the one that is pressed, `publish` of the one to be published."""

    def __init__(self, chosen: Callable[[str], object], publish: Callable[[str], Awaitable[None]]) -> None:
        self._chosen = chosen
        self._publish = publish
        self._rows: dict[str, ui.element] = {}
        self._list = ui.element("div").classes("weft-version-list").props("role=list")

    def show(self, entries: Mapping[str, Entry], since: str) -> None:
        """Draw these versions in place of those that were there; `since` says how the draft stands to them."""
        self._list.clear()
        self._rows = {}
        with self._list:
            self._row(NOW, tr("The draft"), [tr("As it is now; every change is saved in it."), since], None)
            self._since = self._about[-1]
            for key, entry in entries.items():
                unnamed = tr("Without a name") if entry.kept else tr("Used by a run")
                self._row(key, entry.name or unnamed, _about(entry), entry)

    def say_since(self, since: str) -> None:
        """How the draft stands to the published version now."""
        self._since.set_text(since)
        self._since.set_visibility(bool(since))

    def mark(self, keys: Sequence[str]) -> None:
        """Show which two are compared."""
        for key, row in self._rows.items():
            row.classes(add="is-current" if key in keys else "", remove="" if key in keys else "is-current")
            row.props(f"aria-pressed={'true' if key in keys else 'false'}")

    def _row(self, key: str, name: str, about: Sequence[str], entry: Entry | None) -> None:
        with ui.element("div").classes("weft-version").props("role=listitem"):
            with ui.element("button").classes("weft-version-pick").props("type=button") as row:
                ui.icon(f"sym_r_{'edit_note' if entry is None else 'bookmark' if entry.kept else 'play_circle'}")
                with ui.element("span").classes("weft-stack weft-tight weft-grow"):
                    ui.label(name).classes("weft-strong weft-anywhere")
                    self._about = [ui.label(line).classes("weft-muted weft-small weft-anywhere") for line in about]
                    self._about[-1].set_visibility(bool(about[-1]))
                    if entry is not None and entry.published:
                        with ui.element("span").classes("weft-chip is-done"):
                            ui.icon("sym_r_publish")
                            ui.label(tr("Published"))
            row.on("click", lambda: self._chosen(key), args=[])
            self._rows[key] = row
            if entry is not None:
                text = tr("Publish no longer") if entry.published else tr("Publish")
                turn = does(ui.button(text), partial(self._publish, key), turns=False)
                turn.classes("weft-quiet weft-small weft-version-publish").props(
                    f'flat dense no-caps aria-label="{escape(f"{text}: {name}", quote=True)}"'
                )
            if entry is not None and entry.used is not None:
                count = entry.used.runs
                text = trn("Open its run", "Open the last of its {n} runs", count)
                ui.link(text, f"/run/{entry.used.last_run}").classes("weft-link weft-small")


def _about(entry: Entry) -> list[str]:
    lines = [sentence(ago(entry.at))]
    if entry.kept is not None and entry.kept.changes is not None:
        lines[0] += f" · {changes(entry.kept.changes)}"
    if entry.kept is not None and entry.kept.note:
        lines.append(entry.kept.note)
    return lines
