"""Running the flow that is open: the Run button, the bar that says how it goes, and the questions it asks."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from nicegui import context, ui

from app.engine.plan import Unrunnable
from app.runs.picture import Open
from app.runs.service import NotStarted
from app.store.trouble import StoreTrouble
from app.ui.forms.run_inputs import ask_inputs
from app.ui.words import ago, duration, icon_of, status_words
from flows.model import Flow, content_hash
from flows.problems import Problem

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

RESUMABLE = ("failed", "stopped", "interrupted")


class Running:
    """The last run of this flow, and how to start the next."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._studio = editor.studio
        self._same_flow = True
        self._began = 0.0
        self._ended: float | None = None
        self.status = ""
        with ui.element("div").classes("weft-run-bar").props('role="status" aria-live="polite"') as self._bar:
            self._chip = ui.element("span").classes("weft-status")
            with self._chip:
                self._icon = ui.icon("sym_r_circle")
                self._word = ui.label("")
            self._message = ui.label("").classes("weft-truncate weft-grow")
            self._time = ui.label("").classes("weft-muted weft-small weft-numbers")
            self._open = ui.link("Details", "/runs").classes("weft-link weft-small")
            self._hide = ui.button(icon="sym_r_close", on_click=self.hide).classes("weft-icon-button")
            self._hide.props('flat aria-label="Hide the last run"').tooltip("Hide the last run")
        self._questions = ui.element("div").classes("weft-questions")
        self._bar.set_visibility(False)
        self._shown: tuple[tuple[str, str], ...] = ()
        with editor.bar.run_buttons:
            self._continue = ui.button("Continue", icon="sym_r_redo", on_click=self.resume).classes("weft-button")
            self._continue.tooltip("Continue the last run after its last finished step")
            self._stop = ui.button("Stop", icon="sym_r_stop", on_click=self.stop).classes("weft-button weft-danger")
            self._run = ui.button("Run", icon="sym_r_play_arrow", on_click=self.run).classes("weft-button weft-run")
            self._run.tooltip("Run the flow (Ctrl+Enter)")
        self._clock = ui.timer(0.5, self._tick, active=False)
        context.client.on_delete(self._studio.runs.when_changed(self._run_changed))
        self._refresh()

    async def find_last(self) -> None:
        """Show the newest run of this flow, if there is one."""
        newest = await self._studio.runs.stored.newest(flow_id=self._editor.opened.flow.id, limit=1)
        if newest:
            await self._follow(newest[0].id)

    async def run(self) -> None:
        """Start the flow: review it if it came from outside, ask for its inputs, then run."""
        if self.status in ("running", "waiting"):
            ui.notify("This flow is running. Stop it first, or wait for its end.")
            return
        flow = self._editor.opened.flow
        from app.ui.home.review import review_sheet

        review = await self._studio.shelf.to_review(flow.id)
        if review is not None and not await review_sheet(self._studio, review):
            return
        given = await ask_inputs(flow, await self._studio.runs.stored.last_inputs(flow.id)) if flow.inputs else {}
        if given is None:
            return
        click = secrets.token_hex(8)
        try:
            run_id = await self._studio.runs.start(flow, given, trigger="window", click_id=click)
        except (Unrunnable, NotStarted) as error:
            await self._show_problems(error.problems)
        except StoreTrouble as trouble:
            ui.notify(f"{trouble.message} {trouble.hint}", type="negative")
        else:
            await self._follow(run_id)

    async def resume(self) -> None:
        """Continue the last run after its last finished step."""
        run_id = self._editor.stage.run_id
        try:
            await self._studio.runs.resume(run_id)
        except (Unrunnable, NotStarted) as error:
            await self._show_problems(error.problems)
            return
        await self._follow(run_id)

    async def stop(self) -> None:
        """Stop the run that goes on."""
        self._stop.set_enabled(False)
        try:
            await self._studio.runs.stop(self._editor.stage.run_id)
        finally:
            self._stop.set_enabled(True)

    def hide(self) -> None:
        """Take the last run's lights off the canvas; it stays among the runs."""
        self._editor.stage.leave()
        self.status = ""
        self._bar.set_visibility(False)
        self._draw_questions(())
        self._refresh()
        self._editor.side.run_changed(set())

    async def _show_problems(self, problems: list[Problem]) -> None:
        first = next((problem for problem in problems if problem.step), None)
        count = len(problems)
        ui.notify(
            f"This flow cannot run yet: {problems[0]}" + (f" And {count - 1} more." if count > 1 else ""),
            type="negative",
            multi_line=True,
        )
        if first is not None:
            await self._editor.choose(first.step)
            self._editor.stage.canvas.focus(first.step)

    async def _follow(self, run_id: str) -> None:
        record = await self._studio.runs.stored.get(run_id)
        flow = Flow.model_validate_json(await self._studio.runs.stored.document(record))
        self._same_flow = content_hash(flow) == content_hash(self._editor.opened.flow)
        self._began, self._ended = record.created_at, record.ended_at
        self._open.props(f"href=/run/{run_id}")
        await self._editor.stage.follow(run_id, self._changed)
        self._changed(set())

    def _run_changed(self, run_id: str) -> None:
        if run_id == self._editor.stage.run_id and run_id not in self._studio.runs.going:
            self._ended = time.time()
            self._changed(set())

    def _changed(self, paths: set[str]) -> None:
        watch = self._editor.stage.watch
        if watch is None:
            return
        picture = watch.picture
        going = self._editor.stage.run_id in self._studio.runs.going
        self.status = "waiting" if going and picture.questions else "running" if going else picture.status
        self._bar.set_visibility(True)
        self._chip.classes(
            replace=f"weft-status is-{ {'waiting': 'asked', 'interrupted': 'stopped'}.get(self.status, self.status) }"
        )
        self._icon.name = icon_of(self.status)
        self._word.set_text(status_words(self.status))
        self._message.set_text(picture.message)
        self._tick()
        self._draw_questions(tuple(picture.questions.values()))
        self._refresh()
        self._editor.side.run_changed(paths)

    def _tick(self) -> None:
        going = self.status in ("running", "waiting")
        self._clock.active = going
        end = time.time() if going or self._ended is None else self._ended
        took = duration(max(0.0, end - self._began))
        self._time.set_text(took if going else f"{took} · {ago(self._began)}")

    def _refresh(self) -> None:
        going = self.status in ("running", "waiting")
        self._run.set_visibility(not going)
        self._stop.set_visibility(going)
        self._continue.set_visibility(self.status in RESUMABLE and self._same_flow)
        self._clock.active = going

    def flow_edited(self) -> None:
        """After an edit, the last run can no longer be continued as it was."""
        if self._same_flow and self.status in RESUMABLE:
            self._same_flow = False
            self._refresh()

    def _draw_questions(self, questions: tuple[Open, ...]) -> None:
        keys = tuple((question.step, question.key) for question in questions)
        if keys == self._shown:
            return
        self._shown = keys
        self._questions.clear()
        with self._questions:
            for question in questions:
                self._question(question)

    def _question(self, question: Open) -> None:
        with ui.element("div").classes("weft-notice is-asked weft-stack").props('role="alertdialog"'):
            ui.label(question.title).classes("weft-strong")
            if question.text:
                ui.label(question.text).classes("weft-muted")
            with ui.element("div").classes("weft-row"):
                for number, choice in enumerate(question.choices):
                    button = ui.button(choice, on_click=lambda choice=choice: self._answer(question, choice))
                    button.classes("weft-button" + (" weft-primary" if number == 0 else ""))

    async def _answer(self, question: Open, choice: str) -> None:
        run_id = self._editor.stage.run_id
        if not await self._studio.runs.answer(run_id, question.step, question.key, choice):
            ui.notify("This question has been answered already.")
