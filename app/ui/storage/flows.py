"""What the runs of each flow take, the largest first, with a way to free some and limits of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from app.language import msg, tr, trn
from app.language.speaking import grouped
from app.store.limits import Limits, Policy
from app.store.space import FlowSpace
from app.studio import Studio
from app.ui.dialogs import asks
from app.ui.storage.freeing import free_flow
from app.ui.storage.limits import own_limits
from app.ui.storage.places import bar
from app.ui.storage.saying import own_in_words
from app.ui.words import ago, size

SHOWN = 30
COLUMNS = (msg("Flow"), msg("Runs"), msg("Journal"), msg("Files"), msg("Oldest run"), "")


class FlowTable:
    """`changed` is called when something was removed, or may be."""

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        self._all = False
        self._flows: Sequence[FlowSpace] = ()
        self._policy = Policy()
        self._drawn: object = None
        with ui.element("section").classes("weft-section").props(f'aria-label="{tr("Runs by flow")}"'):
            ui.label(tr("Runs by flow")).classes("weft-section-title").props("role=heading aria-level=2")
            self._none = ui.label(tr("Nothing has run yet.")).classes("weft-muted")
            with ui.element("div").classes("weft-run-table") as self._box, ui.element("table").classes("weft-table"):
                with ui.element("thead"), ui.element("tr"):
                    for column in COLUMNS:
                        with ui.element("th").props("scope=col"):
                            ui.label(tr(column))
                self._body = ui.element("tbody")
            self._more = ui.button("", on_click=self._show_all).classes("weft-button weft-more")

    def show(self, flows: Sequence[FlowSpace], policy: Policy) -> None:
        """Show these flows and the limits that some of them have."""
        drawn = (tuple(flows), policy, self._all)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._flows, self._policy = flows, policy
        shown = flows if self._all else flows[:SHOWN]
        self._none.set_visibility(not flows)
        self._box.set_visibility(bool(flows))
        self._more.set_visibility(len(shown) < len(flows))
        self._more.set_text(trn("Show all {n} flows", "Show all {n} flows", len(flows)))
        self._body.clear()
        with self._body:
            for flow in shown:
                self._row(flow, policy.own.get(flow.id), flows[0].bytes)

    def _row(self, flow: FlowSpace, own: Limits | None, most: int) -> None:
        with ui.element("tr"):
            with ui.element("td").classes("weft-storage-flow"):
                ui.link(flow.name, f"/runs?flow={flow.id}").classes("weft-link weft-strong weft-anywhere")
                said = filter(
                    None, ("" if flow.is_there else tr("Deleted"), own_in_words(own) if own is not None else "")
                )
                if words := " · ".join(said):
                    ui.label(words).classes("weft-faint weft-small")
                bar(flow.bytes, most)
            for text in (grouped(flow.runs), size(flow.journal), size(flow.files), ago(flow.oldest)):
                with ui.element("td").classes("weft-run-when"):
                    ui.label(text).classes("weft-numbers")
            with ui.element("td"), ui.element("div").classes("weft-row weft-storage-buttons"):
                free = asks(ui.button(tr("Free…")), lambda: self._free(flow)).classes("weft-button")
                free.props["aria-label"] = tr("Free space of {name}", name=flow.name)
                limits = asks(ui.button(icon="sym_r_tune"), lambda: self._limit(flow)).classes("weft-icon-button")
                limits.props("flat").tooltip(tr("How long its runs are kept"))
                limits.props["aria-label"] = tr("How long runs of {name} are kept", name=flow.name)

    async def _free(self, flow: FlowSpace) -> None:
        await free_flow(self._studio, flow)
        await self._changed()

    async def _limit(self, flow: FlowSpace) -> None:
        if await own_limits(self._studio, flow, self._policy.own.get(flow.id)):
            await self._changed()

    def _show_all(self) -> None:
        self._all = True
        self.show(self._flows, self._policy)
