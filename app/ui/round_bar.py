"""Above a step's result: which round it is from, the way to others, and the failed rounds of a container."""

from __future__ import annotations

from nicegui import ui

from app.runs.strip import FAILED
from app.ui.dialogs import does
from app.ui.stage import Stage


class RoundBar:
    """Shown where the chosen step has rounds, or is what plays them."""

    def __init__(self, stage: Stage, path: str) -> None:
        self._stage = stage
        self._path = path
        self._container = path.rpartition("/")[0]
        self._root = ui.element("div").classes("weft-stack weft-tight")
        self._drawn: tuple[object, ...] = ()

    def show(self, step: str) -> None:
        """Show which round this full path of the step is from."""
        stage = self._stage
        strip, own = stage.strips.strip(self._container), stage.strips.strip(self._path)
        round = step.split("/")[-2] if strip is not None else ""
        number = int(round) if round.isdecimal() else None
        following = self._container not in stage.reader.chosen
        drawn = (
            number,
            following,
            strip and (strip.count, strip.of(FAILED), strip.beside(number or 0, 1), strip.beside(number or 0, -1)),
            own and (own.count, own.of(FAILED)),
            stage.retries,
            self._around(),
        )
        if drawn == self._drawn or self._root.is_deleted:
            return
        self._drawn = drawn
        self._root.clear()
        with self._root:
            if strip is not None and number is not None:
                self._rounds(number, strip.count, following)
                if strip.of(FAILED) and strip.status(number) != FAILED:
                    self._to_failed(self._container, strip.of(FAILED))
            if own is not None and own.of(FAILED):
                self._to_failed(self._path, own.of(FAILED))
                if stage.retries:
                    retry = ui.button(_retry_words(own.of(FAILED)), icon="sym_r_replay").classes("weft-button")
                    does(retry, lambda: stage.retry_rounds(self._path))

    def _rounds(self, number: int, count: int, following: bool) -> None:
        stage, container = self._stage, self._container
        strip = stage.strips.strip(container)
        assert strip is not None
        before, after = strip.beside(number, -1), strip.beside(number, 1)
        with ui.element("div").classes("weft-row"):
            left = ui.button(icon="sym_r_chevron_left", on_click=lambda: stage.choose_round(container, before))
            left.classes("weft-icon-button").props('flat dense aria-label="The round before"')
            left.set_enabled(before != number)
            ui.label(f"Round {number + 1:,} of {count:,}").classes("weft-numbers")
            right = ui.button(icon="sym_r_chevron_right", on_click=lambda: stage.choose_round(container, after))
            right.classes("weft-icon-button").props('flat dense aria-label="The round after"')
            right.set_enabled(after != number)
            if following:
                ui.label("The newest").classes("weft-muted weft-push")
            else:
                newest = ui.button("Newest", on_click=lambda: stage.choose_round(container, None))
                newest.classes("weft-button weft-quiet weft-push").props("flat dense")
                newest.tooltip("Show the newest round, and on the canvas how all rounds went")
        if around := self._around():
            ui.label(f"In {around}").classes("weft-muted weft-small")

    def _to_failed(self, container: str, failed: int) -> None:
        words = "1 round failed." if failed == 1 else f"{failed:,} rounds failed."
        with ui.element("div").classes("weft-row"):
            ui.label(words).classes("weft-muted")
            show = ui.button("Show the last one", on_click=lambda: self._show_failed(container))
            show.classes("weft-button weft-quiet").props("flat dense")

    def _show_failed(self, container: str) -> None:
        strip = self._stage.strips.strip(container)
        if strip is not None:
            self._stage.choose_round(container, strip.failed_beside(strip.count, -1))

    def _around(self) -> str:
        """The rounds further out that this one belongs to."""
        parts = self._container.split("/")
        around = ["/".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1)]
        return ", ".join(self._stage.words_of_round(each) for each in around if self._stage.strips.strip(each))


def _retry_words(failed: int) -> str:
    return "Retry the failed round" if failed == 1 else f"Retry {failed:,} failed rounds"
