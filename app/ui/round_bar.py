"""Above a step's result: which round it is from, the way to others, and the failed rounds of a container."""

from __future__ import annotations

from nicegui import ui

from app.language import tr, trn
from app.language.speaking import grouped
from app.runs.reading.strip import FAILED, Strip
from app.ui.dialogs import does
from app.ui.stage import Stage
from app.ui.tips import tip


class RoundBar:
    """Shown where a step has rounds, or is what plays them. Drawn once, so that a button in it keeps the keyboard."""

    def __init__(self, stage: Stage, path: str) -> None:
        self._stage = stage
        self._path = path
        self._container = ""
        self._number = 0
        self._elsewhere = False
        with ui.element("div").classes("weft-stack weft-tight") as self._root:
            with ui.element("div").classes("weft-row") as self._row:
                self._before = self._arrow("chevron_left", tr("The round before"), -1)
                self._where = ui.label("").classes("weft-numbers")
                self._after = self._arrow("chevron_right", tr("The round after"), 1)
                self._newest = ui.label(tr("The newest")).classes("weft-muted weft-push")
                self._follow = ui.button(tr("Newest"), on_click=lambda: stage.choose_round(self._container, None))
                self._follow.classes("weft-button weft-quiet weft-push").props("flat dense")
                tip(self._follow, tr("Show the newest round, and on the canvas how all rounds went"))
            self._around = ui.label("").classes("weft-muted weft-small")
            with ui.element("div").classes("weft-row") as self._failures:
                self._failed = ui.label("").classes("weft-muted")
                show = tip(ui.button(tr("Show"), on_click=self._show_failed), tr("Show the last one that failed"))
                show.classes("weft-button weft-quiet").props("flat dense")
            self._retry = ui.button("", icon="sym_r_replay").classes("weft-button")
            does(self._retry, lambda: stage.retry_rounds(path))
        self._root.set_visibility(False)

    def show(self, step: str) -> None:
        """Show which round this full path of the step is from."""
        if self._root.is_deleted:
            return
        strips = self._stage.strips
        self._container = self._nearest()
        strip, own = strips.strip(self._container), strips.strip(self._path)
        round = step.split("/")[2 * self._container.count("/") + 1] if strip is not None else ""
        self._row.set_visibility(strip is not None and round.isdecimal())
        self._around.set_visibility(False)
        if strip is not None and round.isdecimal():
            self._show_round(strip, int(round))
        # Of a container its own rounds count, of a step those it is in, unless it is a failed one that is shown.
        failed = own.of(FAILED) if own is not None else 0
        if own is None and strip is not None and strip.status(self._number) != FAILED:
            failed = strip.of(FAILED)
        # In other rounds of the loops around it, which the strip does not show.
        light = self._stage.reader.picture.lights.get(self._path)
        self._elsewhere = not failed and own is None and strip is not None and strip.status(self._number) != FAILED
        self._elsewhere = self._elsewhere and light is not None and light.failed_rounds > 0
        self._failures.set_visibility(failed > 0 or self._elsewhere)
        if self._elsewhere and light is not None:
            self._failed.set_text(
                tr(
                    "{failed} of all {count} rounds failed.",
                    failed=grouped(light.failed_rounds),
                    count=grouped(light.rounds),
                )
            )
        elif (counted := own or strip) is not None:
            numbers = {"failed": grouped(failed), "count": grouped(counted.count)}
            of_its = tr("{failed} of its {count} rounds failed.", **numbers)
            self._failed.set_text(of_its if own else tr("{failed} of {count} rounds failed.", **numbers))
        self._retry.set_visibility(own is not None and failed > 0 and self._stage.retries)
        self._retry.set_text(trn("Retry the failed round", "Retry {n} failed rounds", failed))
        self._root.set_visibility(strip is not None or failed > 0)

    def _show_round(self, strip: Strip, number: int) -> None:
        self._number = number
        self._where.set_text(tr("Round {number} of {count}", number=grouped(number + 1), count=grouped(strip.count)))
        self._before.set_enabled(strip.beside(number, -1) != number)
        self._after.set_enabled(strip.beside(number, 1) != number)
        following = self._container not in self._stage.reader.chosen
        self._newest.set_visibility(following)
        self._follow.set_visibility(not following)
        around = self._words_around()
        self._around.set_text(tr("In {rounds}", rounds=around))
        self._around.set_visibility(bool(around))

    def _arrow(self, icon: str, words: str, by: int) -> ui.button:
        button = ui.button(icon=f"sym_r_{icon}", on_click=lambda: self._go(by)).classes("weft-icon-button")
        return button.props(f'flat dense aria-label="{words}"')

    def _go(self, by: int) -> None:
        strip = self._stage.strips.strip(self._container)
        if strip is not None:
            # Who is quick goes on from the round that was chosen last, also where that is not shown yet.
            number = int(self._stage.reader.chosen.get(self._container, self._number))
            self._stage.choose_round(self._container, strip.beside(number, by))

    def _show_failed(self) -> None:
        if self._elsewhere:
            self._stage.choose_failed_round_anywhere(self._container)
            return
        container = self._path if self._stage.strips.strip(self._path) is not None else self._container
        strip = self._stage.strips.strip(container)
        if strip is not None:
            self._stage.choose_round(container, strip.failed_beside(strip.count, -1))

    def _nearest(self) -> str:
        """The innermost container around the step that has rounds; one that plays its steps once has none."""
        parts = self._path.split("/")[:-1]
        around = ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))
        return next((container for container in around if self._stage.strips.strip(container) is not None), "")

    def _words_around(self) -> str:
        """The rounds further out that this one belongs to."""
        parts = self._container.split("/")
        around = ["/".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1)]
        return ", ".join(self._stage.words_of_round(each) for each in around if self._stage.strips.strip(each))
