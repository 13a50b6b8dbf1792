"""The Questions tab: what the run asks, to be answered right here."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from app.engine.debug import BREAK
from app.language import tr
from app.runs.reading.picture import Open
from app.studio import Studio
from app.ui.history.questions import Questions


class QuestionsTab:
    """The cards are made while the tab is open; what was typed into one stays as long as it asks."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._run_id = ""
        self._cards: Questions | None = None
        self._none = ui.label(tr("This run asks nothing.")).classes("weft-muted weft-problems-none")
        self._box = ui.element("div").classes("weft-panel-questions")

    def show(self, run_id: str, questions: Iterable[Open], *, seen: bool) -> None:
        """Show the questions of a run; `seen` while the tab is open."""
        if run_id != self._run_id:
            self._run_id, self._cards = run_id, None
            self._box.clear()
        asked = tuple(each for each in questions if each.sort != BREAK)
        self._none.set_visibility(not asked)
        if not run_id or not (seen or self._cards is not None):
            return
        if self._cards is None:
            with self._box:
                self._cards = Questions(self._studio, run_id)
        self._cards.show(asked)
