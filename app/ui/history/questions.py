"""The questions that a run asks, over its canvas, each with a button for every answer."""

from __future__ import annotations

from functools import partial

from nicegui import ui
from pydantic import JsonValue as Json

from app.runs.reading.picture import Open
from app.studio import Studio
from app.ui.dialogs import said
from app.ui.inbox.card import QuestionBody, sort_icon, title_of
from app.ui.inbox.saying import decided


class Questions:
    """Those that are still open keep what was typed into them when others come or go."""

    def __init__(self, studio: Studio, run_id: str) -> None:
        self._studio = studio
        self._run_id = run_id
        self._shown: dict[tuple[str, str, float], ui.element] = {}
        self._box = ui.element("div").classes("weft-questions")

    def show(self, questions: tuple[Open, ...]) -> None:
        """Show these questions and no others."""
        wanted = {(each.step, each.key, each.asked_at): each for each in questions}
        for where in [where for where in self._shown if where not in wanted]:
            self._shown.pop(where).delete()
        for where, question in wanted.items():
            if where not in self._shown:
                with self._box:
                    self._shown[where] = self._draw(question)

    def _draw(self, question: Open) -> ui.element:
        with ui.element("div").classes("weft-notice is-asked weft-stack").props('role="alertdialog"') as notice:
            notice.props["aria-label"] = title_of(question)
            with ui.element("div").classes("weft-row"):
                sort_icon(question)
                ui.label(title_of(question)).classes("weft-strong weft-anywhere")
            QuestionBody(question, partial(self._answer, question))
        return notice

    async def _answer(self, question: Open, choice: str, left: Json) -> None:
        with said():
            where = (self._run_id, question.step, question.key)
            decision = await self._studio.runs.answer(*where, choice, left, by="the window of the run")
            if not decision.won:
                ui.notify(decided(decision.entry))
