"""The palette: every kind of step by category, found by name or by what it is for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from nicegui import ui

from app.language import spoken, tr
from app.ui.canvas import colour_of
from app.ui.editor import called
from nodes.catalog import Catalog
from nodes.node import CATEGORIES, Spec

AddStep = Callable[[str], Awaitable[None]]

ENTRIES = "[...event.currentTarget.closest('aside').querySelectorAll('.weft-palette-item')].filter(e => e.offsetParent)"
INTO = f"event => {{ event.preventDefault(); {ENTRIES}[0]?.focus(); }}"
WALK = f"""event => {{
  const by = {{ ArrowDown: 1, ArrowUp: -1 }}[event.key];
  if (!by) return;
  const entries = {ENTRIES};
  const next = entries[entries.indexOf(document.activeElement) + by];
  event.preventDefault();
  (next ?? (by < 0 ? event.currentTarget.closest('aside').querySelector('input') : null))?.focus();
}}"""
LEAVE = "event => document.querySelector('.weft-flow')?.focus({ preventScroll: true })"


def matches(spec: Spec, text: str) -> bool:
    """True where every word is in the step's name, category, description or synonyms."""
    where = called.about(spec).casefold()
    names = [name.casefold().replace(" ", "") for name in (*called.titles(spec), *called.other_words(spec))]
    return all(word in where or any(word in name for name in names) for word in text.casefold().split())


def best_first(specs: Iterable[Spec], text: str) -> list[Spec]:
    """The kinds of step that match, the likeliest first: called so, known as that, then whatever only mentions it."""
    said = text.casefold().strip()

    def rank(spec: Spec) -> tuple[int, int, str]:
        words = [word.casefold() for word in called.other_words(spec)]
        return min(by_name(title.casefold(), words) for title in called.titles(spec))

    def by_name(title: str, words: list[str]) -> tuple[int, int, str]:
        if title.startswith(said):
            return 0, len(title), title
        if any(word.startswith(said) for word in title.split()):
            return 1, 0, title
        if said in words:
            return 2, words.index(said), title
        return (3 if any(word.startswith(said) for word in words) else 4), 0, title

    found = [spec for spec in specs if matches(spec, text)]
    return sorted(found, key=rank) if said else found


def headings(catalog: Catalog) -> list[tuple[str, list[Spec]]]:
    """The headings in their order, each with its kinds of step by name."""
    order = [heading for heading, _ in CATEGORIES.values()]
    grouped: dict[str, list[Spec]] = {}
    for node in catalog.kinds.values():
        grouped.setdefault(node.spec.category, []).append(node.spec)
    known = sorted(grouped, key=lambda heading: order.index(heading) if heading in order else len(order))
    return [(heading, sorted(grouped[heading], key=lambda spec: tr(spec.title).casefold())) for heading in known]


class Palette:
    """The panel on the left. An entry is dragged onto the canvas, or clicked, or chosen with Enter."""

    def __init__(self, catalog: Catalog, room: ui.element, *, add: AddStep) -> None:
        self._room = room
        self._add = add
        self._groups: list[tuple[ui.element, list[tuple[ui.element, Spec]]]] = []
        opens = ui.button(icon="sym_r_add", on_click=lambda: self._fold(False)).classes("weft-palette-open")
        opens.props(f'flat aria-label="{tr("Show the steps")}"').tooltip(tr("Show the steps"))
        with ui.element("aside").classes("weft-panel weft-panel-left").props(f'aria-label="{tr("Steps")}"') as panel:
            panel.on("keydown.esc", js_handler=LEAVE)
            with ui.element("div").classes("weft-panel-head"):
                self._field = ui.input(placeholder=tr("Search steps"), on_change=self._search)
                self._field.classes("weft-search weft-grow").props(
                    f'dense borderless clearable aria-label="{tr("Search steps")}"'
                )
                self._field.on("keydown.enter", self._add_first).on("keydown.down", js_handler=INTO)
                folds = ui.button(icon="sym_r_left_panel_close", on_click=lambda: self._fold(True))
                folds.classes("weft-icon-button").props(f'flat dense aria-label="{tr("Hide the steps")}"')
                folds.tooltip(tr("Hide the steps"))
            with ui.element("div").classes("weft-panel-body").on("keydown", js_handler=WALK):
                self._entries(catalog)

    def _entries(self, catalog: Catalog) -> None:
        for heading, specs in headings(catalog):
            with ui.element("section").classes("weft-palette-group") as group:
                ui.label(tr(heading)).classes("weft-palette-title")
                self._groups.append((group, [(_entry(spec, self._add), spec) for spec in specs]))
        self._nothing = ui.label(tr("No step is called that. Try another word.")).classes("weft-muted weft-small")
        self._nothing.set_visibility(False)
        for broken in catalog.broken:
            ui.label(spoken(broken.message)).classes("weft-notice is-failed weft-small").tooltip(broken.where)

    def _search(self) -> None:
        found = 0
        for group, entries in self._groups:
            shown = 0
            for entry, spec in entries:
                fits = matches(spec, self._field.value or "")
                entry.set_visibility(fits)
                shown += fits
            group.set_visibility(bool(shown))
            found += shown
        self._nothing.set_visibility(not found)

    async def _add_first(self) -> None:
        shown = (spec for _, entries in self._groups for entry, spec in entries if entry.visible)
        if self._field.value and (first := next(shown, None)) is not None:
            await self._add(first.kind)

    def _fold(self, away: bool) -> None:
        self._room.classes(**{"add" if away else "remove": "has-no-palette"})


def _entry(spec: Spec, add: AddStep) -> ui.element:
    drag = f"event => event.dataTransfer.setData('application/x-weft-node', '{spec.kind}')"
    entry = ui.element("div").classes("weft-palette-item").props('draggable=true tabindex=0 role="button"')
    entry.props["aria-label"] = tr("Add {step}", step=tr(spec.title))
    entry.on("dragstart", js_handler=drag)
    entry.on("click", lambda: add(spec.kind)).on("keydown.enter", lambda: add(spec.kind))
    with entry:
        with (
            ui.element("span").classes("weft-tile weft-tile-small").style(f"--tile: var(--weft-{colour_of(spec.kind)})")
        ):
            ui.icon(f"sym_r_{spec.icon}")
        ui.label(tr(spec.title)).classes("weft-truncate")
        ui.tooltip(tr(spec.summary)).props("delay=500 anchor='center right' self='center left'")
    return entry
