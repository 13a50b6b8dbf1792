"""The run panel: the drawer below the canvas with the timeline, the log, the problems and the questions of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from nicegui import background_tasks, context, ui

from app.engine.debug import BREAK
from app.language import msg, spoken, tr
from app.runs.reading.picture import Picture
from app.runs.reading.timeline import Timeline, path_of, rounds_of
from app.studio import Studio
from app.ui.commands.here import offer
from app.ui.dialogs import said
from app.ui.naming import name_of
from app.ui.run_panel.drawer import Drawer
from app.ui.run_panel.log import LogTab
from app.ui.run_panel.problems import GoTo, ProblemsTab, Wrong
from app.ui.run_panel.questions import QuestionsTab
from app.ui.run_panel.scrubbing import Scrubbing
from app.ui.run_panel.timeline import EMPTY, TimelineTab
from app.ui.seen import GOING
from app.ui.stage import Stage
from flows.model import Flow, walk
from flows.problems import Problem

TIMELINE, LOG, PROBLEMS, QUESTIONS = msg("Timeline"), msg("Log"), msg("Problems"), msg("Questions")

BETWEEN = 0.25
"""Seconds between two looks at a run that goes on."""


class RunPanel:
    """Made below a stage, and then `load`ed. `flow_edited` when the flow has changed.

    `problems` is what is wrong with the flow while it is edited, and None where it is only looked at. `see` shows a
    step, `go_to` a setting of one, and `failed` a step that failed.
    """

    def __init__(
        self,
        studio: Studio,
        stage: Stage,
        *,
        flow: Callable[[], Flow],
        see: Callable[[str], object],
        failed: GoTo,
        go_to: GoTo,
        problems: Callable[[], Sequence[Problem]] | None = None,
    ) -> None:
        self._studio, self._stage = studio, stage
        self._flow, self._see, self._problems_of = flow, see, problems
        self._run_id = ""
        self._ran: Flow | None = None
        self._timeline: Timeline | None = None
        self._logged = ""
        self._looking = self._again = False
        assert stage.canvas.parent_slot is not None
        with stage.canvas.parent_slot:
            self._scrubbing = Scrubbing(studio, stage, self._told)
        self._tab: TimelineTab | None = None
        self._log: LogTab | None = None
        self._drawer = Drawer(studio.settings, self._turned)
        with self._drawer.add(TIMELINE) as self._timeline_page:
            self._none = ui.label(tr(EMPTY)).classes("weft-muted weft-timeline-none")
        with self._drawer.add(LOG) as self._log_page:
            pass
        with self._drawer.add(PROBLEMS):
            self._problems = ProblemsTab(go_to, failed)
        with self._drawer.add(QUESTIONS):
            self._questions = QuestionsTab(studio)
        self._clock: ui.timer | None = None
        stage.told = self._told
        offer({"panel": self.toggle})
        context.client.on_delete(self._scrubbing.close)

    async def load(self) -> None:
        """Stand as it was left, and show the run that is followed."""
        await self._drawer.load()
        # After the last wait: with its first timer a page is sent as it is.
        with self._drawer:
            self._clock = ui.timer(1.0, self._told, active=False)
        self._told()

    def toggle(self) -> None:
        """Open the panel or shut it."""
        self._drawer.toggle()

    def show_problems(self) -> None:
        """Open the list of problems."""
        self._drawer.show(PROBLEMS, focus=True)

    def flow_edited(self) -> None:
        """Look at the flow's problems again."""
        self._told()

    def _turned(self, shown: str) -> None:
        """Make the tabs that take time when they are first shown: most windows are opened with the panel shut."""
        if shown == TIMELINE and self._tab is None:
            with self._timeline_page:
                self._tab = TimelineTab(name=self._name_of_row, picked=self._picked, moment=self._scrubbing.move)
            self._tab.set_visibility(bool(self._run_id))
            if self._timeline is not None:
                self._tab.show(self._timeline)
        elif shown == LOG and self._log is None:
            with self._log_page:
                self._log = LogTab(self._studio, name=self._name, picked=self._picked, counted=self._count_lines)
        self._told()

    def _told(self) -> None:
        """Something may have changed: look at it soon, and once more where it changes meanwhile."""
        self._again = True
        if not self._looking and not self._drawer.is_deleted:
            self._looking = True
            background_tasks.create(self._look(), name="run panel: look at the run")

    async def _look(self) -> None:
        try:
            with self._drawer.client, self._drawer:
                while self._again and not self._drawer.is_deleted:
                    self._again = False
                    with said():
                        await self._bring_up_to_date()
                    await asyncio.sleep(BETWEEN if self._is_going else 0)
        finally:
            self._looking = False

    @property
    def _picture(self) -> Picture:
        """The run as it is now, whatever moment the canvas shows."""
        watch = self._stage.watch
        return Picture(status="") if watch is None else watch.picture

    @property
    def _is_going(self) -> bool:
        return self._picture.status in GOING and bool(self._run_id)

    async def _bring_up_to_date(self) -> None:
        if self._stage.run_id != self._run_id or (self._run_id and self._ran is None):
            await self._follow(self._stage.run_id)
        picture, shown = self._picture, self._drawer.shown
        self._show_problems(picture)
        asked = [each for each in picture.questions.values() if each.sort != BREAK]
        self._drawer.count(QUESTIONS, len(asked), "is-asked" if asked else "")
        self._questions.show(self._run_id, asked, seen=shown == QUESTIONS)
        if self._clock is not None:
            self._clock.active = self._is_going and shown == TIMELINE
        if shown == TIMELINE:
            await self._show_timeline()
        elif shown == LOG and self._log is not None:
            if self._logged != self._run_id:
                self._logged = self._run_id
                self._log.follow(self._run_id, dict(self._steps()))
            await self._log.refresh()

    async def _follow(self, run_id: str) -> None:
        self._run_id, self._timeline, self._ran = run_id, None, None
        self._scrubbing.follow(None)
        self._none.set_visibility(not run_id)
        if self._tab is not None:
            self._tab.set_visibility(bool(run_id))
        if self._logged != run_id:
            self._drawer.count(LOG, 0)
            if not run_id:
                self._logged = ""
                if self._log is not None:
                    self._log.follow("", {})
        if not run_id:
            return
        record = await self._studio.runs.stored.get(run_id)
        ran = await self._stage.reader.flow()
        if run_id != self._stage.run_id:
            return
        self._ran = ran
        spared = frozenset(path for path, step in walk(ran) if step.on_error != "stop")
        studio = self._studio
        self._timeline = Timeline(studio.database, studio.artifacts, run_id, record.created_at, spared)
        self._scrubbing.follow(self._timeline)
        if self._tab is not None:
            self._tab.show(self._timeline)

    async def _show_timeline(self) -> None:
        timeline, tab = self._timeline, self._tab
        if timeline is None or tab is None:
            return
        if self._is_going:
            timeline.goes_on()
        await timeline.catch_up()
        if not self._is_going:
            timeline.end(self._picture.status)
        tab.stands(self._scrubbing.stands)
        await tab.refresh(going=self._is_going)
        if not self._is_going:
            self._scrubbing.prepare()

    def _show_problems(self, picture: Picture) -> None:
        found = self._problems_of() if self._problems_of is not None else ()
        flow = self._flow()
        wrong = [
            Wrong(
                each.severity,
                each.step,
                name_of(flow, each.step, self._studio.catalog) if each.step else "",
                each.field,
                spoken(str(each)),
            )
            for each in (found if flow.steps else ())
        ]
        run = [Wrong("failed", path, self._name(path), "", spoken(text)) for path, text in failures(picture)]
        if not run and picture.status == "failed" and picture.message:
            run = [Wrong("failed", "", "", "", spoken(picture.message))]
        self._problems.show(wrong, run, editing=self._problems_of is not None)
        bad = any(each.sort != "warning" for each in (*wrong, *run))
        self._drawer.count(PROBLEMS, len(wrong) + len(run), "is-failed" if bad else "is-asked")

    def _count_lines(self, count: int) -> None:
        self._drawer.count(LOG, count)

    def _picked(self, id: str) -> None:
        """Show the step of a row, in the rounds in which it stands."""
        path = path_of(id)
        loops = self._stage.reader.picture.rounds.loops
        full = ""
        for place, (container, round) in enumerate(rounds_of(id)):
            full = "/".join(id.partition(":")[0].split("/")[: 2 * place + 1])
            loop = loops.get(full)
            if round.isdecimal() and loop is not None and loop.count > 1:
                self._stage.choose_round(container, int(round))
        self._see(path)

    def _name_of_row(self, id: str) -> str:
        return self._name(path_of(id))

    def _name(self, path: str) -> str:
        flow = self._ran if self._ran is not None else self._flow()
        return name_of(flow, path, self._studio.catalog)

    def _steps(self) -> Iterable[tuple[str, str]]:
        for path, _ in walk(self._ran) if self._ran is not None else ():
            around = path.rpartition("/")[0]
            name = self._name(path)
            yield path, tr("{step} in {around}", step=name, around=self._name(around)) if around else name


def failures(picture: Picture) -> list[tuple[str, str]]:
    """The steps that failed and what they said, without the containers that only failed because of a step in them."""
    failed = {path: light for path, light in picture.lights.items() if light.status == "failed"}
    return [
        (path, " ".join(filter(None, (light.message, light.hint))))
        for path, light in failed.items()
        if not any(inner.startswith(f"{path}/") for inner in failed)
    ]
