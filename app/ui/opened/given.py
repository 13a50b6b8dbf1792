"""The left of an opened step: what it can read, one source at a time, ready to be dragged into a setting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import tr
from app.ui.data.view import DataView, Use
from app.ui.opened.sources import Source


class Given:
    """`show` what there is to read; the source that was chosen stays chosen where it is still there."""

    def __init__(self, *, use: Use, run: Callable[[], Awaitable[None]]) -> None:
        self._use, self._run = use, run
        self._sources: list[Source] = []
        self._root = ""
        self._views: dict[str, str] = {}
        self._drawn: tuple[object, ...] = ()
        self._view: DataView | None = None
        with ui.element("section").classes("weft-opened-side is-given").props(f'aria-label="{tr("Input")}"'):
            with ui.element("div").classes("weft-opened-head"):
                ui.label(tr("Input")).classes("weft-strong")
                self._choice = ui.select({}, on_change=self._choose).classes("weft-grow")
                self._choice.props(f'dense outlined options-dense aria-label="{tr("Where the input comes from")}"')
            self._body = ui.element("div").classes("weft-opened-body")

    def show(self, found: list[Source]) -> None:
        """Show these sources."""
        self._sources = found
        roots = [source.root for source in found]
        if self._root not in roots:
            known = next((source.root for source in found if source.known), "")
            self._root = known or next(iter(roots), "")
        self._choice.set_visibility(bool(found))
        self._choice.set_options({source.root: source.label for source in found}, value=self._root or None)
        self._draw()

    def search(self) -> None:
        """Give the field that searches it the keyboard."""
        if self._view is not None:
            self._view.search()

    def _choose(self) -> None:
        if self._choice.value and self._choice.value != self._root:
            self._root = self._choice.value
            self._draw()

    def _draw(self) -> None:
        source = next((each for each in self._sources if each.root == self._root), None)
        drawn = (source.root, source.known, id(source.value)) if source is not None else ("",)
        if drawn == self._drawn:
            return
        self._drawn, self._view = drawn, None
        self._body.clear()
        with self._body:
            if source is None:
                ui.label(tr("Nothing comes before this step.")).classes("weft-muted")
                wire = tr("Wire a step to it on the canvas, and what that gives is shown here.")
                ui.label(wire).classes("weft-muted")
            elif not source.known:
                nothing(tr("There is no data here in the run that is shown."), self._run)
            else:
                view = self._views.get(source.root, "")
                self._view = DataView(
                    source.root,
                    source.value,
                    root=source.root,
                    use=self._use,
                    large=True,
                    view=view,
                    viewed=lambda view: self._views.__setitem__(source.root, view),
                )


def nothing(said: str, run: Callable[[], Awaitable[None]]) -> None:
    """Says that there is no data yet, and what to do."""
    with ui.element("div").classes("weft-opened-empty"):
        ui.label(said).classes("weft-muted")
        ui.label(tr("Run to here to see real values: this step runs, and what it needs.")).classes("weft-muted")
        button = ui.button(tr("Run to here"), icon="sym_r_start", on_click=run).classes("weft-button")
        button.tooltip(tr("This step and what it needs, as far as that has changed (T)"))
