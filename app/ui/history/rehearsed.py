"""What a rehearsal would have done, step by step, with exactly what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from app.engine.past import plain
from app.language import spoken, tr, trn
from app.runs.reading.rehearsal import Would, report
from app.studio import Studio
from app.ui.called import heading
from app.ui.dialogs import asks, dialog
from app.ui.naming import name_of
from app.ui.value import show_value
from flows.model import Flow

AT_FIRST = 50
"""Effects that are shown before a person asks for more."""

EFFECTS = {"write": "edit_square", "spend": "payments", "unknown": "question_mark"}


def in_words(effects: Sequence[Would]) -> str:
    """How much would have happened, in a sentence."""
    count = sum(effect.effect != "unknown" for effect in effects)
    match count:
        case 0:
            told = tr("This was a rehearsal. Nothing would have been written, sent or bought.")
        case _:
            told = trn(
                "This was a rehearsal. One thing would have happened, and did not.",
                "This was a rehearsal. {n} things would have happened, and did not.",
                count,
            )
    unknown = len(effects) - count
    if unknown:
        depend = trn(
            "One step depends on values that only a real run has, so nothing can be said of it.",
            "{n} steps depend on values that only a real run has, so nothing can be said of it.",
            unknown,
        )
        told = f"{told} {depend}"
    return told


class Report:
    """The list, drawn where it is made. Choosing an entry goes to its step, where `go_to` is given."""

    def __init__(
        self, studio: Studio, flow: Flow, effects: Sequence[Would], go_to: Callable[[str], None] | None = None
    ) -> None:
        self._studio, self._flow, self._effects, self._go_to = studio, flow, effects, go_to
        self._shown = 0
        ui.label(in_words(effects)).classes("weft-notice is-accent")
        self._list = ui.element("div").classes("weft-list").props(f'aria-label="{tr("What would have happened")}"')
        self._list.set_visibility(bool(effects))
        self._more = ui.button("", on_click=self._show_more).classes("weft-button weft-quiet")
        self._show_more()

    def _show_more(self) -> None:
        until = self._shown + AT_FIRST
        with self._list:
            for number, effect in enumerate(self._effects[self._shown : until], self._shown + 1):
                self._entry(number, effect)
        self._shown = until
        left = len(self._effects) - until
        self._more.set_visibility(left > 0)
        self._more.set_text(trn("Show more ({n} left)", "Show more ({n} left)", left))

    def _entry(self, number: int, effect: Would) -> None:
        path = plain(effect.step)
        with ui.element("div").classes("weft-list-item weft-rehearsed"):
            ui.icon(f"sym_r_{EFFECTS.get(effect.effect, 'bolt')}").classes("weft-muted")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                with ui.element("div").classes("weft-row"):
                    title = f"{number}. {name_of(self._flow, path, self._studio.catalog)}"
                    if self._go_to is None:
                        ui.label(title).classes("weft-strong weft-anywhere")
                    else:
                        go = ui.button(title, on_click=partial(self._go_to, path))
                        go.classes("weft-quiet weft-plain").props("flat dense no-caps")
                    ui.label(_round(effect.step)).classes("weft-faint weft-small weft-push")
                ui.label(spoken(effect.sentence)).classes("weft-anywhere")
                if effect.payload:
                    with ui.expansion(tr("With exactly this")).classes("weft-expansion").props("dense"):
                        for name, value in effect.payload.items():
                            show_value(heading(name), value)


async def show_report(studio: Studio, flow: Flow, run_id: str, run: Callable[[], Awaitable[None]] | None) -> None:
    """A dialog with the list, and a button that runs the flow for real."""
    effects = await report(studio.database, studio.artifacts, run_id)
    with dialog("weft-dialog-wide") as shown:
        ui.label(tr("What would have happened")).classes("weft-dialog-title")
        with ui.element("div").classes("weft-data-body").props(f'tabindex=0 aria-label="{tr("The report")}"'):
            Report(studio, flow, effects)
        with ui.element("div").classes("weft-dialog-actions"):
            close = ui.button(tr("Close"), on_click=lambda: shown.submit(False))
            close.classes("weft-button").props("autofocus")
            if run is not None:
                real = ui.button(tr("Run for real"), icon="sym_r_play_arrow", on_click=lambda: shown.submit(True))
                real.classes("weft-button weft-run")
    if await shown and run is not None:
        await run()


def run_for_real(work: Callable[[], Awaitable[None]]) -> ui.button:
    """The button that runs a rehearsed flow."""
    button = asks(ui.button(tr("Run for real"), icon="sym_r_play_arrow"), work)
    button.classes("weft-button weft-run")
    return button


def _round(step: str) -> str:
    """Which rounds an inner step was in: `round 3`, from 1."""
    numbers = [int(part) + 1 for part in step.split("/")[1::2] if part.isdecimal()]
    return tr("round {number}", number=".".join(map(str, numbers))) if numbers else ""
