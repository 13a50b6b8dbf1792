"""The palette: every kind of step by category, found by name or by what it is for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.ui.canvas import colour_of
from nodes.catalog import Catalog
from nodes.node import CATEGORIES, Spec

AddStep = Callable[[str], Awaitable[None]]


def matches(spec: Spec, text: str) -> bool:
    """True where every word is in the step's name, category, description or synonyms."""
    where = " ".join((spec.title, spec.category, spec.summary, spec.kind, *spec.words)).casefold()
    return all(word in where for word in text.casefold().split())


def headings(catalog: Catalog) -> list[tuple[str, list[Spec]]]:
    """The headings in their order, each with its kinds of step by name."""
    order = [heading for heading, _ in CATEGORIES.values()]
    grouped: dict[str, list[Spec]] = {}
    for node in catalog.kinds.values():
        grouped.setdefault(node.spec.category, []).append(node.spec)
    known = sorted(grouped, key=lambda heading: order.index(heading) if heading in order else len(order))
    return [(heading, sorted(grouped[heading], key=lambda spec: spec.title)) for heading in known]


def palette(catalog: Catalog, *, add: AddStep) -> None:
    """The panel on the left. An entry is dragged onto the canvas, or clicked, or chosen with Enter."""
    groups: list[tuple[ui.element, list[tuple[ui.element, Spec]]]] = []

    def search() -> None:
        text = field.value or ""
        found = 0
        for group, entries in groups:
            shown = 0
            for entry, spec in entries:
                fits = matches(spec, text)
                entry.set_visibility(fits)
                shown += fits
            group.set_visibility(bool(shown))
            found += shown
        nothing.set_visibility(not found)

    async def first() -> None:
        for _, entries in groups:
            for entry, spec in entries:
                if entry.visible and field.value:
                    await add(spec.kind)
                    return

    with ui.element("aside").classes("weft-panel weft-panel-left").props('aria-label="Steps"'):
        with ui.element("div").classes("weft-panel-head"):
            field = ui.input(placeholder="Search steps", on_change=search).classes("weft-search weft-grow")
            field.props('dense borderless clearable aria-label="Search steps"').on("keydown.enter", first)
        with ui.element("div").classes("weft-panel-body"):
            for heading, specs in headings(catalog):
                with ui.element("section").classes("weft-palette-group") as group:
                    ui.label(heading).classes("weft-palette-title")
                    groups.append((group, [(_entry(spec, add), spec) for spec in specs]))
            nothing = ui.label("No step is called that. Try another word.").classes("weft-muted weft-small")
            nothing.set_visibility(False)
            for broken in catalog.broken:
                ui.label(broken.message).classes("weft-notice is-failed weft-small").tooltip(broken.where)


def _entry(spec: Spec, add: AddStep) -> ui.element:
    drag = f"event => event.dataTransfer.setData('application/x-weft-node', '{spec.kind}')"
    entry = ui.element("div").classes("weft-palette-item").props('draggable=true tabindex=0 role="button"')
    entry.props(f'aria-label="Add {spec.title}"').on("dragstart", js_handler=drag)
    entry.on("click", lambda: add(spec.kind)).on("keydown.enter", lambda: add(spec.kind))
    with entry:
        with (
            ui.element("span").classes("weft-tile weft-tile-small").style(f"--tile: var(--weft-{colour_of(spec.kind)})")
        ):
            ui.icon(f"sym_r_{spec.icon}")
        ui.label(spec.title).classes("weft-truncate")
        ui.tooltip(spec.summary).props("delay=500 anchor='center right' self='center left'")
    return entry
