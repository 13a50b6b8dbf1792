"""Choose runs in the list, one or several, and remove them."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from app.language import tr, trn
from app.studio import Studio
from app.ui.dialogs import asks
from app.ui.storage.freeing import ask_and_remove


class Choosing:
    """A bar that is there while runs are chosen, and a box for each row."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._boxes: dict[str, ui.checkbox] = {}
        with ui.element("div").classes("weft-row").props('role="status"') as self._bar:
            self._words = ui.label("").classes("weft-strong")
            asks(ui.button(tr("Remove…"), icon="sym_r_delete"), self._remove).classes("weft-button weft-danger")
            self._compare = asks(ui.button(tr("Compare their flows"), icon="sym_r_difference"), self._compare_two)
            self._compare.classes("weft-button")
            none = ui.button(tr("Choose none"), on_click=lambda: self._choose(False))
            none.classes("weft-quiet").props("flat")
        self._bar.set_visibility(False)

    @property
    def chosen(self) -> list[str]:
        """The runs that are chosen."""
        return [run_id for run_id, box in self._boxes.items() if box.value]

    def box(self, run_id: str, name: str) -> None:
        """The box of a run."""
        box = ui.checkbox(on_change=self._count).classes("weft-over").props("dense")
        box.props["aria-label"] = tr("Choose this run of {name}", name=name)
        self._boxes[run_id] = box

    def every(self) -> None:
        """A box that chooses every run that is shown."""
        box = ui.checkbox(on_change=lambda e: self._choose(bool(e.value))).props("dense")
        box.props["aria-label"] = tr("Choose every run that is shown")
        self._every = box

    def forget(self, run_ids: Iterable[str] | None = None) -> None:
        """These runs are not shown any more; without a name, all of them."""
        for run_id in list(self._boxes) if run_ids is None else run_ids:
            self._boxes.pop(run_id, None)
        self._count()

    def _choose(self, chosen: bool) -> None:
        for box in self._boxes.values():
            box.value = chosen
        self._count()

    def _count(self) -> None:
        count = len(self.chosen)
        self._bar.set_visibility(bool(count))
        self._words.set_text(trn("{n} run chosen", "{n} runs chosen", count))
        self._compare.set_visibility(count == 2)
        if not count and self._every.value:
            self._every.value = False

    async def _compare_two(self) -> None:
        """What has changed in the flow between the older of the two runs and the newer."""
        before, after = sorted(
            [await self._studio.runs.stored.get(run_id) for run_id in self.chosen], key=lambda run: run.created_at
        )
        if before.flow_id != after.flow_id:
            ui.notify(tr("These are runs of different flows. Choose two runs of the same flow."))
            return
        ui.navigate.to(f"/flow/{after.flow_id}/versions?before=run-{before.id}&after=run-{after.id}")

    async def _remove(self) -> None:
        await ask_and_remove(self._studio, self.chosen)


def remove_button(studio: Studio, run_id: str) -> None:
    """A button that removes the run of a page, and leaves that page."""

    async def remove() -> None:
        if await ask_and_remove(studio, [run_id]):
            ui.navigate.to("/runs")

    button = asks(ui.button(icon="sym_r_delete"), remove).classes("weft-icon-button")
    button.props(f'flat aria-label="{tr("Remove this run")}"').tooltip(tr("Remove this run"))
