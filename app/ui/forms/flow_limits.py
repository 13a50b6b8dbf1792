"""What the runs of a flow may use, how many go on at once, and what follows a failure or a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui

from app.language import msg, spoken, tr
from app.runs.failure import FlowOf, problem_of
from app.ui.forms.parts import Duration, Number, labelled
from flows.model import Flow

Put = Callable[..., None]
"""Changes some fields, by name."""

WHEN_FULL = {"queue": msg("Wait for their turn"), "skip": msg("Are left out")}
MOST_STEPS = 100_000_000
MOST_TOKENS = 10**12
MOST_MONEY = 10**9
MONTH = 2_592_000.0
AFTER = msg("It is told what happened in those of its inputs that are called flow, run, step, message, hint or when.")


class FlowLimits:
    """What one run may use before it asks, and what all runs of a day may."""

    def __init__(self, flow: Flow, put: Put) -> None:
        self._limits = flow.limits
        self._put = put
        with ui.element("div").classes("weft-form"):
            ui.label(tr("Each run")).classes("weft-group-title")
            self._seconds = Duration(
                tr("Time at work"),
                flow.limits.seconds,
                partial(self._set, "seconds", float),
                most=MONTH,
                empty=tr("No limit"),
                hint=tr("Waiting for a person or for a time does not count."),
            )
            self._numbers = {
                "steps": self._number(
                    tr("Steps"), "steps", int, MOST_STEPS, hint=tr("Every round of a loop counts anew.")
                ),
                "tokens": self._number(tr("Tokens"), "tokens", int, MOST_TOKENS),
                "money": self._number(tr("Money"), "money", float, MOST_MONEY, unit="US $"),
            }
            ui.label(tr("A run that comes to a limit waits and asks you. Nothing is lost.")).classes("weft-hint")
            ui.label(tr("All runs of a day")).classes("weft-group-title")
            self._numbers |= {
                "tokens_a_day": self._number(tr("Tokens a day"), "tokens_a_day", int, MOST_TOKENS),
                "money_a_day": self._number(tr("Money a day"), "money_a_day", float, MOST_MONEY, unit="US $"),
            }

    def show(self, flow: Flow) -> None:
        """Show the limits as they are now."""
        self._limits = flow.limits
        self._seconds.show(flow.limits.seconds)
        for name, field in self._numbers.items():
            field.show(getattr(flow.limits, name))

    def _number(
        self, label: str, name: str, kind: type[int] | type[float], most: int, *, unit: str = "", hint: str = ""
    ) -> Number:
        value = getattr(self._limits, name)
        set_it, whole = partial(self._set, name, kind), kind is int
        return Number(label, value, set_it, most=most, whole=whole, unit=unit, empty=tr("No limit"), hint=hint)

    def _set(self, name: str, kind: type[int] | type[float], given: float | None) -> None:
        self._put(**{name: kind(given) or None if given else None})


class FlowAtOnce:
    """How many runs of the flow go on at the same time, and what becomes of one too many."""

    def __init__(self, flow: Flow, put: Put) -> None:
        self._put = put
        with ui.element("div").classes("weft-form"):
            self._most = Number(tr("Runs at once"), flow.limits.at_once, self._set_most, least=1, most=50, whole=True)
            self._when_full = ui.select(
                {each: tr(words) for each, words in WHEN_FULL.items()}, value=flow.limits.when_full
            ).props("dense outlined")
            self._when_full.on_value_change(lambda e: self._put(when_full=e.value))
            labelled(tr("More runs than that"), self._when_full)

    def show(self, flow: Flow) -> None:
        """Show it as it is now."""
        self._most.show(flow.limits.at_once)
        self._when_full.value = flow.limits.when_full

    def _set_most(self, value: float | None) -> None:
        if value is not None:
            self._put(at_once=int(value))


class FlowAfter:
    """Which flow runs when this one has failed, and whether it goes on by itself after a crash."""

    def __init__(self, flow: Flow, others: Mapping[str, str], flow_of: FlowOf, describe: Put) -> None:
        self._others, self._flow_of = others, flow_of
        self._looked_at = ""
        with ui.element("div").classes("weft-form"):
            self._next = ui.select(self._choices(flow), value=flow.on_failure).props("dense outlined")
            self._next.on_value_change(lambda e: describe(on_failure=e.value or ""))
            labelled(tr("When a run fails, run"), self._next, tr(AFTER))
            self._wrong = ui.label("").classes("weft-notice is-asked weft-small").props("role=alert")
            self._wrong.set_visibility(False)
            self._itself = ui.switch(tr("Goes on by itself after a crash"), value=flow.resumes_itself)
            self._itself.on_value_change(lambda e: describe(resumes_itself=e.value))
            ui.label(tr("Only where nothing is in doubt. Otherwise you are asked.")).classes("weft-hint")
        self._look(flow)

    def show(self, flow: Flow) -> None:
        """Show it as it is now."""
        self._next.set_options(self._choices(flow), value=flow.on_failure)
        self._itself.value = flow.resumes_itself
        if flow.on_failure != self._looked_at:
            self._look(flow)

    def _look(self, flow: Flow) -> None:
        """Say, a moment later, why the chosen flow could not be run then."""
        self._looked_at = flow.on_failure

        async def look() -> None:
            problem = await problem_of(flow, self._flow_of)
            if not self._wrong.is_deleted and self._looked_at == flow.on_failure:
                self._wrong.set_visibility(problem is not None)
                self._wrong.set_text(spoken(str(problem or "")))

        with self._wrong.parent_slot or self._wrong:
            ui.timer(0, look, once=True)

    def _choices(self, flow: Flow) -> dict[str, str]:
        choices = {"": tr("Nothing"), **{id: name for id, name in self._others.items() if id != flow.id}}
        if flow.on_failure not in choices:
            choices[flow.on_failure] = tr("A flow that is not here")
        return choices
