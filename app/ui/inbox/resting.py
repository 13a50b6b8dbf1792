"""Runs that only wait for the clock: nothing to decide, but good to know."""

from __future__ import annotations

from nicegui import ui

from app.language import tr, trn
from app.store.inbox import Entry
from app.studio import Studio
from app.ui.inbox.plain import plain
from app.ui.inbox.saying import moment

MOST = 50


class Resting:
    """One line that can be opened; there only while something rests."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._said: list[tuple[int, float | None]] = []
        self._box = ui.element("section").classes("weft-resting").props(f'aria-label="{tr("Resting runs")}"')
        self._box.set_visibility(False)

    async def refresh(self) -> None:
        """Show what rests now."""
        rests = await self._studio.runs.inbox.rests(limit=MOST)
        says = [(rest.id, rest.deadline) for rest in rests]
        if says == self._said:
            return
        self._said = says
        self._box.set_visibility(bool(rests))
        self._box.clear()
        if rests:
            with self._box:
                self._draw(rests)

    def _draw(self, rests: list[Entry]) -> None:
        runs = len({rest.run_id for rest in rests})
        first = moment(rests[0].deadline or 0)
        title = trn(
            "Resting: {n} run; the next wakes {when}", "Resting: {n} runs; the next wakes {when}", runs, when=first
        )
        if len(rests) == MOST:
            title = trn(
                "Resting: more than {n} run; the next wakes {when}",
                "Resting: more than {n} runs; the next wakes {when}",
                runs,
                when=first,
            )
        with ui.expansion(title, icon="sym_r_bedtime").classes("weft-expansion").props("dense"):
            for rest in rests:
                with ui.element("div").classes("weft-row weft-small"):
                    ui.link(plain(rest.flow_name), f"/run/{rest.run_id}").classes("weft-link weft-truncate")
                    ui.label(tr("wakes {when}", when=moment(rest.deadline or 0))).classes("weft-muted weft-numbers")
