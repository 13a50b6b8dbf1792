"""Going on with a run that has ended: what is taken over and what will run is said before anything begins."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.plan import Unrunnable
from app.engine.reuse import Reuse
from app.language import spoken, tr, trn
from app.runs.service import NotStarted
from app.studio import Studio
from app.ui.dialogs import dialog, does
from app.ui.home.start import accepted
from app.ui.naming import name_of
from app.ui.words import listed, quoted
from flows.model import Flow, walk
from nodes.catalog import Catalog
from nodes.values import Effect

NAMED = 3
"""Steps that are named in one sentence; of more, the number is said."""

Data = Mapping[str, Mapping[str, Json]]
"""Outputs written by hand, by the path of their step in the run."""


@dataclass(frozen=True)
class Told:
    """What going on means: a sentence on all steps, one on writes that stay done, and warnings."""

    steps: str
    kept: str
    warnings: tuple[str, ...]


def told(flow: Flow, reuse: Reuse, catalog: Catalog) -> Told:
    """What a run of this flow takes over and what it does, in sentences."""
    taken = [path for path in flow.steps if path in reuse.outputs]
    by_hand = {path.partition("/")[0] for path in reuse.by_hand if "/" not in path}
    runs = [
        path
        for path, step in flow.steps.items()
        if path not in reuse.outputs and path not in by_hand and not step.disabled and step.pinned is None
    ]

    def named(paths: list[str]) -> str:
        names = [quoted(name_of(flow, path, catalog)) for path in paths]
        if len(names) > NAMED:
            first = ", ".join(names[: NAMED - 1])
            return tr("{names} and {count} more steps", names=first, count=len(names) - NAMED + 1)
        return listed(names)

    def writes(path: str) -> bool:
        step = next((step for each, step in walk(flow) if each == path), None)
        node = catalog.kinds.get(step.kind) if step is not None else None
        return step is not None and (node is None or node.spec.effect in (Effect.WRITE, Effect.SPEND))

    parts = [trn("{n} step is taken over", "{n} steps are taken over", len(taken))] if taken else []
    if by_hand:
        names = named(sorted(by_hand))
        give = trn("{names} gives what you wrote", "{names} give what you wrote", len(by_hand), names=names)
        parts.append(give)
    count = len(runs)
    parts.append(
        trn("{n} will run", "{n} will run", count) if parts else trn("{n} step will run", "{n} steps will run", count)
    )
    done = [path for path in taken if writes(path)]
    kept = ""
    if done:
        kept = trn(
            "{names} ran already and will not run again.",
            "{names} ran already and will not run again.",
            len(done),
            names=named(done),
        )
    warnings = []
    if again := list(reuse.repeated):
        warnings.append(
            trn(
                "{names} ran already and will run again.",
                "{names} ran already and will run again.",
                len(again),
                names=named(again),
            )
        )
    if reuse.doubt:
        doubtful = sorted({"/".join(path.split("/")[::2]) for path in reuse.doubt})
        unknown = tr(
            "It is not known whether {names} happened. You are asked before it is done again.", names=named(doubtful)
        )
        warnings.append(unknown)
    return Told(f"{', '.join(parts)}.", kept, tuple(warnings))


class GoingOn:
    """The dialog: which flow, what that means, and Continue. Await `ask` for the id of the new run."""

    def __init__(
        self,
        studio: Studio,
        run_id: str,
        flow: Flow,
        then: Flow | None = None,
        *,
        step: str = "",
        data: Data | None = None,
    ) -> None:
        """Go on with this flow; where the one of `then` is given too, the person chooses."""
        self._studio, self._run_id = studio, run_id
        self._flows = {"now": flow} if then is None else {"now": flow, "then": then}
        self._step, self._data = step, data
        self._which = next(iter(self._flows))
        self._started = ""

    async def ask(self, title: str) -> str | None:
        """The id of the run that goes on; None where the person thought better of it."""
        if not await accepted(self._studio, next(iter(self._flows.values())).id):
            return None
        with dialog() as self._dialog:
            ui.label(title).classes("weft-dialog-title")
            if len(self._flows) > 1:
                choices = {"now": tr("With the flow as it is now"), "then": tr("With the flow as it was in this run")}
                ui.radio(choices, value=self._which, on_change=self._choose).props("dense")
            with ui.element("div").classes("weft-stack weft-tight").props("role=status") as self._says:
                ui.label(tr("Looking at what is there…")).classes("weft-muted")
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button(tr("Cancel"), on_click=lambda: self._dialog.submit(False)).classes("weft-button")
                self._go = does(ui.button(tr("Continue"), icon="sym_r_resume"), self._begin)
                self._go.classes("weft-button weft-run").props("autofocus")
            ui.timer(0, self._look, once=True)
        return self._started if await self._dialog else None

    async def _choose(self, change: object) -> None:
        self._which = str(getattr(change, "value", self._which))
        await self._look()

    async def _look(self) -> None:
        flow = self._flows[self._which]
        try:
            reuse = await self._studio.continuing.would_continue(self._run_id, self._step, flow=flow, data=self._data)
        except (NotStarted, Unrunnable) as refused:
            self._show_refusal(refused)
            return
        if self._says.is_deleted:
            return
        says = told(flow, reuse, self._studio.catalog)
        self._go.set_enabled(True)
        self._says.clear()
        with self._says:
            ui.label(says.steps)
            if says.kept:
                ui.label(says.kept)
            for warning in says.warnings:
                with ui.element("div").classes("weft-notice is-asked"):
                    ui.icon("sym_r_warning")
                    ui.label(warning)

    async def _begin(self) -> None:
        flow = self._flows[self._which]
        try:
            self._started = await self._studio.continuing.continue_from(
                self._run_id, self._step, flow=flow, data=self._data, click_id=secrets.token_hex(8)
            )
        except (NotStarted, Unrunnable) as refused:
            self._show_refusal(refused)
        else:
            self._dialog.submit(True)

    def _show_refusal(self, refused: NotStarted | Unrunnable) -> None:
        if self._says.is_deleted:
            return
        self._go.set_enabled(False)
        self._says.clear()
        with self._says, ui.element("div").classes("weft-notice is-failed weft-stack weft-tight"):
            for problem in refused.problems[:5]:
                ui.label(spoken(str(problem)))
