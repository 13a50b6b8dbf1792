"""Looking at a run as it was at a moment of it, and back at it as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import background_tasks, ui

from app.language import tr
from app.language.speaking import grouped
from app.runs.reading.moments import Moments
from app.runs.reading.timeline import Timeline
from app.studio import Studio
from app.ui.stage import Stage
from app.ui.words import clock


class Scrubbing:
    """Which moment of the run the canvas shows. `told` hears whenever it is another one."""

    def __init__(self, studio: Studio, stage: Stage, told: Callable[[], None]) -> None:
        self._studio, self._stage, self._told = studio, stage, told
        self._timeline: Timeline | None = None
        self._moments: Moments | None = None
        self._preparing: asyncio.Task[None] | None = None
        self.event: int | None = None
        with ui.element("div").classes("weft-moment").props('role="status"') as self._banner:
            ui.icon("sym_r_history")
            self._words = ui.label("")
            back = ui.button(tr("Back to the end"), icon="sym_r_last_page", on_click=self.back).classes("weft-button")
            back.props("dense").tooltip(tr("Show the run as it is now (Esc in the timeline)"))
        self._banner.set_visibility(False)

    def follow(self, timeline: Timeline | None) -> None:
        """Look at another run, as it is now."""
        self.close()
        self._timeline = timeline
        self._moments = None
        self.event = None
        if timeline is not None:
            self._moments = Moments(self._studio.database, self._studio.artifacts, timeline.run_id)
        self._banner.set_visibility(False)

    def prepare(self) -> None:
        """Make ready beside everything else, so that every moment is there at once."""
        timeline, moments = self._timeline, self._moments
        if timeline is not None and moments is not None and timeline.events and self._preparing is None:
            last = timeline.beside(-1, timeline.events)
            self._preparing = background_tasks.create(moments.prepare(last), name="run panel: prepare moments")

    def close(self) -> None:
        """Make nothing ready any more."""
        if self._preparing is not None:
            self._preparing.cancel()
            self._preparing = None

    @property
    def stands(self) -> tuple[float, str] | None:
        """The time of the moment, and how it is called; None is now."""
        timeline = self._timeline
        if self.event is None or timeline is None:
            return None
        number, count = timeline.number_of(self.event)
        at = timeline.time_of(self.event)
        where = {"number": grouped(number), "count": grouped(count)}
        return at, tr("{time}, event {number} of {count}", time=clock(at, exact=True), **where)

    async def move(self, wanted: dict[str, Any]) -> None:
        """Look at a moment: a `time` in milliseconds from the start, `by` so many events, the `first` one, or `now`."""
        timeline = self._timeline
        if timeline is None or not timeline.events:
            return
        end = timeline.beside(-1, timeline.events)
        match wanted:
            case {"time": time}:
                event = timeline.event_at(timeline.begin + float(time) / 1000)
            case {"by": by}:
                event = timeline.beside(end if self.event is None else self.event, int(by))
                if self.event is None and int(by) > 0:
                    return
            case {"first": _}:
                event = timeline.beside(-1, 1)
            case _:
                await self.back()
                return
        await self._look(event)

    async def back(self) -> None:
        """Show the run as it is now."""
        if self.event is None:
            return
        self.event = None
        self._banner.set_visibility(False)
        await self._stage.show_moment(None)
        self._told()

    async def _look(self, event: int) -> None:
        timeline, moments = self._timeline, self._moments
        if timeline is None or moments is None or event == self.event:
            return
        picture = await moments.at(event)
        if timeline is not self._timeline or self._banner.is_deleted:
            return
        self.event = event
        at = timeline.time_of(event) if event >= 0 else timeline.begin
        self._words.set_text(tr("You see {time} of this run.", time=clock(at)))
        self._banner.set_visibility(True)
        await self._stage.show_moment(picture, event)
        self._told()
