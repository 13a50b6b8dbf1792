"""The right of an opened step: how it ended and what it gave, one output at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import tr
from app.runs.reading.details import Details
from app.ui.called import heading
from app.ui.data.kinds import size_words
from app.ui.data.view import DataView, Use
from app.ui.opened.given import nothing
from app.ui.result import Result
from app.ui.stage import Stage


class Output(Result):
    """A result with room: the output that is chosen fills it."""

    def __init__(self, stage: Stage, path: str, *, use: Use | None, run: Callable[[], Awaitable[None]] | None) -> None:
        self._run = run
        self._chosen = ""
        self._view: DataView | None = None
        super().__init__(stage, path, use=use)
        self._root.classes("weft-opened-result")

    def search(self) -> None:
        """Give the field that searches it the keyboard."""
        if self._view is not None:
            self._view.search()

    def _draw(self, run_id: str, details: Details) -> None:
        self._view = None
        if self._run is not None and (not run_id or (details.status == "waiting" and not details.reason)):
            nothing(tr("This step has not run yet."), self._run)
            return
        super()._draw(run_id, details)

    def _draw_outputs(self, details: Details) -> None:
        outputs = details.outputs or {}
        if not outputs:
            return
        if self._chosen not in outputs:
            self._chosen = max(outputs, key=lambda name: outputs[name] not in (None, [], {}, ""))
        if len(outputs) > 1:
            with ui.element("div").classes("weft-ports").props(f'role="group" aria-label="{tr("Outputs")}"') as ports:
                for name, value in outputs.items():
                    words = f"{heading(name)} {f'({size_words(value)})' if size_words(value) else ''}"
                    button = ui.button(words.strip(), on_click=lambda name=name: self._choose(name, details, ports))
                    button.classes("weft-quiet").props("flat dense")
        self._box = ui.element("div").classes("weft-opened-value")
        self._choose(self._chosen, details, ports if len(outputs) > 1 else None)

    def _choose(self, name: str, details: Details, ports: ui.element | None) -> None:
        self._chosen = name
        outputs = details.outputs or {}
        for each, button in zip(outputs, ports.default_slot.children if ports is not None else (), strict=False):
            is_chosen = each == name
            button.classes(add="is-current" if is_chosen else "", remove="" if is_chosen else "is-current")
            button.props["aria-pressed"] = "true" if is_chosen else "false"
        self._box.clear()
        with self._box:
            self._view = self._draw_output(heading(name), name, outputs[name], large=True)
