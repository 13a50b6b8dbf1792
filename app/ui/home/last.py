"""The last run of a flow in one line, kept up to date while it goes on."""

from __future__ import annotations

import time

from nicegui import ui

from app.language import tr
from app.ui.seen import Chip, Seen
from app.ui.words import ago


class LastLine:
    """`Done · 5 min ago · 3.2 s`, a link to the run."""

    def __init__(self) -> None:
        self._run: Seen | None = None
        with ui.element("div").classes("weft-grow"):
            with ui.link(target="").classes("weft-last") as self._link:
                self._chip = Chip()
                self._times = ui.label("").classes("weft-faint weft-small weft-numbers weft-truncate")
            self._none = ui.element("span").classes("weft-status weft-never")
            with self._none:
                self._sign = ui.icon("sym_r_shield_question")
                self._words = ui.label(tr("Not run yet")).classes("weft-truncate")
        self._sign.set_visibility(False)
        self._link.set_visibility(False)

    def say(self, words: str, *, asked: bool) -> None:
        """What stands there as long as the flow was never run."""
        self._words.set_text(words)
        self._words.props["title"] = words
        self._sign.set_visibility(asked)
        self._none.classes(add="is-asked" if asked else "", remove="" if asked else "is-asked")

    def show(self, run: Seen) -> None:
        """Show this run from now on."""
        self._run = run
        self._none.set_visibility(False)
        self._link.set_visibility(True)
        self._link.props(f'href="/run/{run.id}"')
        self._chip.show(run.stands)
        self.tick()

    def tick(self) -> None:
        """Show the times as they are now."""
        if self._run is not None:
            now = time.time()
            took = self._run.took(now)
            when = "" if self._run.going else ago(self._run.began, now)
            self._times.set_text(" · ".join(filter(None, (when, took))))
