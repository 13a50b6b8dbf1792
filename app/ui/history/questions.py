"""The questions that a run asks, each with a button for every answer."""

from __future__ import annotations

from nicegui import ui

from app.runs.picture import Open
from app.studio import Studio
from app.ui.dialogs import said


class Questions:
    """Drawn anew only when other questions are open than before."""

    def __init__(self, studio: Studio, run_id: str) -> None:
        self._studio = studio
        self._run_id = run_id
        self._shown: tuple[Open, ...] = ()
        self._box = ui.element("div").classes("weft-questions")

    def show(self, questions: tuple[Open, ...]) -> None:
        """Show these questions and no others."""
        if questions == self._shown:
            return
        self._shown = questions
        self._box.clear()
        with self._box:
            for question in questions:
                self._draw(question)

    def _draw(self, question: Open) -> None:
        with ui.element("div").classes("weft-notice is-asked weft-stack").props('role="alertdialog"') as notice:
            notice.props["aria-label"] = question.title
            ui.label(question.title).classes("weft-strong weft-anywhere")
            if question.text:
                ui.label(question.text).classes("weft-question-text weft-anywhere")
            with ui.element("div").classes("weft-row weft-wrap"):
                # None stands out: which answer is right is for the person to find out.
                for choice in question.choices:
                    answer = ui.button(choice, on_click=lambda choice=choice: self._answer(question, choice))
                    answer.classes("weft-button")

    async def _answer(self, question: Open, choice: str) -> None:
        with said():
            if not await self._studio.runs.answer(self._run_id, question.step, question.key, choice):
                ui.notify("This question has been answered already.")
