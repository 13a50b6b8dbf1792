"""Running the flow that is open: the Run button, the bar that says how it goes, and the questions it asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import background_tasks, context, ui

from app.engine.debug import BREAK
from app.engine.plan import Unrunnable
from app.language import spoken, tr, trn
from app.runs.options import is_debugged, is_rehearsal
from app.runs.service import NotStarted
from app.store.runs import Run
from app.ui.again import about_again
from app.ui.dialogs import confirm, said
from app.ui.editor.called import problem_words
from app.ui.editor.freshness import Freshness
from app.ui.editor.run_bar import RunBar, RunButtons
from app.ui.editor.starting import Starting
from app.ui.editor.ways import AGAIN, REHEARSE, RUN, Way
from app.ui.history.breaking import Breaks
from app.ui.history.going_on import Data, GoingOn
from app.ui.history.questions import Questions
from app.ui.history.rehearsed import show_report
from app.ui.seen import GOING, status_of
from flows.model import Flow, content_hash, walk
from flows.problems import Problem

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

RESUMABLE = ("failed", "stopped", "interrupted")


class Running:
    """The last run of this flow, wherever it was started, and how to start the next."""

    def __init__(self, editor: Editor) -> None:
        self.status = ""
        self._editor = editor
        self._studio = editor.studio
        self._record: Run | None = None
        self._content = ""
        self._compared: tuple[Flow | None, bool] = (None, False)
        self._turn = asyncio.Lock()
        self._questions: Questions | None = None
        self._breaks: Breaks | None = None
        self._rehearsing = ""
        """The rehearsal that was begun here; once it has ended, its report opens."""
        self._freshness = Freshness(editor)
        self._starting = Starting(editor)
        self._build()
        self._clock = ui.timer(0.5, self._tick, active=False)
        context.client.on_delete(self._studio.runs.when_changed(self._heard))
        self._refresh()

    @property
    def going(self) -> bool:
        """True while the run goes on or waits for an answer."""
        return self.status in GOING

    async def find_last(self) -> None:
        """Show the newest run of this flow, if there is one."""
        newest = await self._studio.runs.stored.newest(flow_id=self._editor.opened.flow.id, limit=1)
        if newest:
            await self._follow(newest[0].id)

    async def follow(self, run_id: str) -> None:
        """Show this run of the flow from now on."""
        await self._follow(run_id)

    async def run(self, way: Way = RUN) -> None:
        """Start the flow in one of the ways: review it if it came from outside, ask for its inputs, then run."""
        if way is RUN and self.going:
            # Never by a key that was pressed twice.
            about = about_again(self._studio, self._editor.opened.flow)
            if not await confirm(tr("Run it once more?"), about, tr(AGAIN.title)):
                return
            way = AGAIN
        if why_not := self.why_not(way):
            ui.notify(why_not)
        elif wrong := [problem for problem in self._editor.opened.problems if problem.severity == "error"]:
            await self._show_problems(wrong)
        else:
            try:
                run_id = await self._starting.begin(way)
            except (Unrunnable, NotStarted) as error:
                if way.step:
                    why = " ".join(spoken(str(each)) for each in error.problems[:3])
                    ui.notify(why, type="negative", multi_line=True)
                else:
                    await self._show_problems(error.problems)
            else:
                if run_id is not None and not await self._left_out(run_id):
                    self._rehearsing = run_id if way.name == REHEARSE.name else ""
                    await self._follow(run_id)
                    if not self.going:
                        self._ended()  # It was quicker than this window.

    def why_not(self, way: Way) -> str:
        """Why the flow cannot be run so now, in a sentence; nothing where it can."""
        return self._starting.why_not(way)

    @property
    def rehearsed(self) -> bool:
        """True where the run that is shown is a rehearsal."""
        return self._record is not None and is_rehearsal(self._record)

    @property
    def can_go_on(self) -> bool:
        """True where what the run has done can be taken over: it has ended, and was no rehearsal."""
        return self._record is not None and not self.going and not self.rehearsed

    @property
    def is_fresh(self) -> bool:
        """True where all steps are done as they are now, so that nothing is left to run."""
        watch, editor = self._editor.stage.watch, self._editor
        if watch is None or self.status != "done" or not self.can_go_on or editor.marks.stale:
            return False
        return all(path in watch.picture.lights for path in editor.opened.flow.steps)

    async def resume(self) -> None:
        """Continue the last run after its last finished step; with the changes, where the flow has changed since."""
        run_id = self._editor.stage.run_id
        if not self._same_flow():
            await self.go_on_with(tr("Continue with the changes?"))
            return
        try:
            await self._studio.runs.resume(run_id)
        except (Unrunnable, NotStarted) as error:
            await self._show_problems(error.problems)
        else:
            await self._follow(run_id)

    async def go_on_with(self, title: str, data: Data | None = None) -> bool:
        """Go on from the run that is shown, with the flow as it is now and with this data; False for no."""
        await self._editor.opened.settled()
        flow = self._editor.opened.flow
        run_id = await GoingOn(self._studio, self._editor.stage.run_id, flow, data=data).ask(title)
        if run_id is not None:
            await self._follow(run_id)
        return run_id is not None

    async def press(self, choice: str) -> None:
        """What a key of the debugger means, where the run stands still."""
        if self._breaks is not None:
            await self._breaks.press(choice)

    def breakpoints_changed(self) -> None:
        """From now on the run that is debugged stops at those that are set now."""
        if self._record is None or not is_debugged(self._record):
            return
        debug = self._studio.runs.debug(self._editor.stage.run_id)
        if debug is not None:
            debug.set(breakpoints=self._editor.breakpoints.in_flow(self._editor.opened.flow))

    async def show_report(self) -> None:
        """Say what would have happened in the rehearsal that is shown."""
        flow = await self._editor.stage.reader.flow()
        await show_report(self._studio, flow, self._editor.stage.run_id, self._editor.run)

    async def stop(self) -> None:
        """Stop the run that goes on."""
        await self._studio.runs.stop(self._editor.stage.run_id)

    def details(self) -> None:
        """Go to the page of the run that is shown."""
        ui.navigate.to(f"/run/{self._editor.stage.run_id}")

    @property
    def why_not_stop(self) -> str:
        """Why there is nothing to stop, in a sentence; nothing where there is."""
        return "" if self.going else tr("This flow is not running.")

    @property
    def why_not_resume(self) -> str:
        """Why the last run cannot be continued."""
        return "" if self.status in RESUMABLE and self.can_go_on else tr("There is no run that was cut off.")

    @property
    def why_not_details(self) -> str:
        """Why there is no run to look at."""
        return "" if self._record is not None else tr("No run is shown. Run the flow first.")

    @property
    def why_not_report(self) -> str:
        """Why there is nothing to report."""
        return "" if self.rehearsed and not self.going else tr("The last run was no rehearsal, or it is not over.")

    @property
    def why_not_on(self) -> str:
        """Why the debugger cannot go on."""
        stands = self._breaks is not None and self._breaks.stands
        return "" if stands else tr("No run stands still at a breakpoint.")

    def hide(self) -> None:
        """Take the last run's lights off the canvas; it stays among the runs."""
        self._editor.stage.leave()
        self.status, self._record = "", None
        self._bar.hide()
        self._question_box.clear()
        self._questions = self._breaks = None
        self._refresh()
        self._freshness.forget()
        self._editor.side.run_changed(set())

    def flow_edited(self) -> None:
        """After an edit, a run goes on with the changes, and steps may be out of date."""
        if self.status in RESUMABLE:
            self._refresh()
        self._freshness.soon()

    def _build(self) -> None:
        self._question_box = ui.element("div")
        self._bar = RunBar(to_failure=self._to_failure, report=self.show_report, hide=self.hide)
        with self._editor.bar.run_buttons:
            self._buttons = RunButtons(
                run=self._editor.run, why_not=self.why_not, again=self._again, stop=self.stop, resume=self.resume
            )

    async def _left_out(self, run_id: str) -> bool:
        """Say it where a run was left out: the one that goes on stays in sight."""
        record = await self._studio.runs.stored.get(run_id)
        if record.status == "skipped" and self.going:
            ui.notify(spoken(record.message))
            return True
        return False

    def _again(self) -> list[Way]:
        """The way to run the flow once more while it goes on, and what would become of that run."""
        return [AGAIN._replace(about=about_again(self._studio, self._editor.opened.flow))]

    async def _show_problems(self, problems: Sequence[Problem]) -> None:
        flow, first = self._editor.opened.flow, problems[0]
        step = dict(walk(flow)).get(first.step)
        words = problem_words(first, step, self._studio.catalog)
        why = tr("This flow cannot run yet: {problem}", problem=words)
        more = len(problems) - 1
        others = trn("There is {n} more problem.", "There are {n} more problems.", more) if more else ""
        ui.notify(f"{why} {others}".strip(), type="negative", multi_line=True)
        placed = next((problem for problem in problems if problem.step), None)
        if placed is not None:
            await self._editor.go_to(placed.step, placed.field)

    async def _follow(self, run_id: str) -> None:
        async with self._turn:
            if run_id == self._editor.stage.run_id and self.going:
                return
            self._record = await self._studio.runs.stored.get(run_id)
            document = await self._studio.runs.stored.document(self._record)
            self._content = await asyncio.to_thread(_content_of, document)
            self._compared = (None, False)
            self._question_box.clear()
            with self._question_box:
                self._questions = Questions(self._studio, run_id)
                reveal = self._editor.stage.canvas.reveal
                self._breaks = Breaks(self._studio, run_id, lambda: self._editor.opened.flow, reveal)
            await self._editor.stage.follow(run_id, self._changed)
            self._freshness.forget()
        self._changed(set())
        self._freshness.soon()

    def _heard(self, run_id: str) -> None:
        """A run began, waits, goes on or has ended: it may be ours, from whatever window or terminal."""
        background_tasks.create(self._run_changed(run_id), name="editor: a run changed")

    async def _run_changed(self, run_id: str) -> None:
        with said():
            record = await self._studio.runs.stored.get(run_id)
            if record.flow_id != self._editor.opened.flow.id or self._bar.element.is_deleted:
                return
            is_shown = run_id == self._editor.stage.run_id
            if is_shown:
                self._record = record
            is_newer = self._record is None or record.created_at > self._record.created_at
            if run_id in self._studio.runs.going and not (self.going and (is_shown or not is_newer)):
                await self._follow(run_id)
            elif is_shown:
                self._changed(set())

    def _changed(self, paths: set[str]) -> None:
        watch = self._editor.stage.watch
        if watch is None or self._bar.element.is_deleted:
            return
        picture, was_going = watch.picture, self.going
        going = self._editor.stage.run_id in self._studio.runs.going
        self.status = status_of(picture, going)
        if self._record is not None:
            failed = picture.lights.get(self._failure())
            self._bar.show(self._record, self.status, picture, failed.hint if failed is not None else "")
        if self._questions is not None and self._breaks is not None:
            self._questions.show(tuple(each for each in picture.questions.values() if each.sort != BREAK))
            self._breaks.show(picture.questions.values())
        self._refresh()
        self._editor.side.run_changed(paths)
        if was_going and not self.going:
            self._ended()

    def _ended(self) -> None:
        self._freshness.soon()
        if failed := self._failure():
            self._editor.stage.canvas.reveal(failed)
        if self._rehearsing and self._rehearsing == self._editor.stage.run_id:
            self._rehearsing = ""
            background_tasks.create(self._open_report(), name="editor: the report of a rehearsal")

    async def _open_report(self) -> None:
        with self._bar.element.client, self._bar.element, said():
            await self.show_report()

    def _failure(self) -> str:
        """The innermost step that failed, once the run has ended so."""
        watch = self._editor.stage.watch
        if watch is None or self.status != "failed":
            return ""
        failed = [path for path, light in watch.picture.lights.items() if light.status == "failed"]
        return max(failed, key=lambda path: path.count("/"), default="")

    async def _to_failure(self) -> None:
        if failed := self._failure():
            self._editor.choose(failed)
            self._editor.stage.choose_failed_rounds(failed)
            self._editor.side.show_result()

    def _tick(self) -> None:
        if self._record is not None:
            self._bar.tick(self._record, self.going)

    def _refresh(self) -> None:
        resumable = self.status in RESUMABLE and self.can_go_on
        self._buttons.show(going=self.going, resumable=resumable, changed=resumable and not self._same_flow())
        self._clock.active = self.going

    def _same_flow(self) -> bool:
        """True where the flow is what the run ran; looked at again only after an edit."""
        flow = self._editor.opened.flow
        if self._compared[0] is not flow:
            self._compared = (flow, content_hash(flow) == self._content)
        return self._compared[1]


def _content_of(document: str) -> str:
    return content_hash(Flow.model_validate_json(document))
