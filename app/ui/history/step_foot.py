"""The foot of a step's panel on a run's page: go on from this step, as it ran or with data written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.past import plain
from app.engine.ports import ports_of
from app.language import tr
from app.ui.dialogs import asks
from app.ui.forms.edit_data import Use, edit_data
from app.ui.history.going_on import Data, GoingOn
from app.ui.naming import name_of
from flows.model import content_hash, step_at

if TYPE_CHECKING:
    from app.ui.history.run_page import RunView


class StepFoot:
    """Shown while the run has ended and what it has done can be taken over."""

    def __init__(self, view: RunView, path: str) -> None:
        self._view, self._path = view, path
        with ui.element("footer").classes("weft-panel-foot weft-wrap") as self._foot:
            go = asks(ui.button(tr("Continue from here"), icon="sym_r_resume"), self._from_here)
            go.classes("weft-button weft-grow").tooltip(
                tr("Run this step and what comes after it; what is before it is taken over")
            )
            edit = asks(ui.button(tr("Edit its data"), icon="sym_r_edit_note"), self._with_data)
            edit.classes("weft-button weft-grow").tooltip(tr("Go on with data that you write by hand"))

    def show(self, can_go_on: bool) -> None:
        """Show it or not."""
        self._foot.set_visibility(can_go_on)

    async def _from_here(self) -> None:
        reader = self._view.stage.reader
        step = reader.full(self._path) if reader.chosen_scope(self._path) else self._path
        await self._go_on(tr("Continue from “{name}”?", name=self._name), step=step)

    async def _with_data(self) -> None:
        view, reader = self._view, self._view.stage.reader
        place = reader.full(self._path)
        step = step_at(view.flow, plain(place))
        node = view.studio.catalog.kinds.get(step.kind)
        details = await reader.details(place)

        async def go_on(outputs: dict[str, Json]) -> bool:
            return await self._go_on(tr("Continue with this data?"), data={place: outputs})

        await edit_data(
            tr("What “{name}” gave", name=self._name),
            tr("The step is not run again. What comes after it runs with this data, in a new run."),
            ports_of(node, step).outputs if node is not None else (),
            details.outputs or {},
            (Use(tr("Continue with this data"), "resume", go_on),),
        )

    async def _go_on(self, title: str, step: str = "", data: Data | None = None) -> bool:
        view = self._view
        now = view.now
        is_other = now is not None and content_hash(now) != content_hash(view.flow)
        if now is not None and is_other:
            asked = GoingOn(view.studio, view.record.id, now, view.flow, step=step, data=data)
        else:
            asked = GoingOn(view.studio, view.record.id, view.flow, step=step, data=data)
        run_id = await asked.ask(title)
        if run_id is not None:
            ui.navigate.to(f"/run/{run_id}")
        return run_id is not None

    @property
    def _name(self) -> str:
        return name_of(self._view.flow, self._path, self._view.studio.catalog)
