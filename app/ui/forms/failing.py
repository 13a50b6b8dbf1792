"""What happens when a step fails or takes too long: tried again, stopped, or gone on without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import msg, tr
from app.language.speaking import decimal
from app.ui.forms.outputs import Outputs
from app.ui.forms.parts import Duration, Number, labelled
from app.ui.forms.sending import Sending
from app.ui.forms.typed import empty_of
from app.ui.words import duration
from flows.model import Retry, Step, Trouble
from nodes.ports import Port
from nodes.values import Effect

VALUE = "value"
ON_ERROR = {
    "stop": msg("Stop what depends on it"),
    "continue": msg("Go on without its result"),
    VALUE: msg("Go on with a value"),
    "port": msg("Go the way “error”"),
}
TROUBLES: Mapping[Trouble, str] = {
    "unreachable": msg("Nothing answered"),
    "busy": msg("The other side was busy"),
    "timeout": msg("It took too long"),
    "other": msg("Anything else"),
}
LONGEST_WAIT = 86_400.0
USUAL_LIMIT = msg("Empty means as usual: 10 minutes, or 15 for a step that asks a model.")


class Failing:
    """The fields of this part of a step's form. `show` puts in what was changed elsewhere."""

    def __init__(self, path: str, step: Step, ports: tuple[Port, ...], effect: Effect, sending: Sending) -> None:
        self._path, self._step, self._ports, self._effect = path, step, ports, effect
        self._sending = sending
        with ui.element("div").classes("weft-form"):
            choices = {each: tr(words) for each, words in ON_ERROR.items() if each != VALUE or ports}
            self._then = ui.select(choices, value=_then(step)).props("dense outlined")
            self._then.on_value_change(lambda e: self._choose(e.value))
            labelled(tr("Then"), self._then)
            self._value_box = ui.element("div").classes("weft-inset")
            self._outputs: Outputs | None = None
            self._draw_value()
            self._times = Number(tr("Try again, times"), step.retry.times, self._set_times, most=20, whole=True)
            with ui.element("div").classes("weft-form weft-inset") as self._again:
                self._retrying()
            limit = step.timeout
            pure = effect is Effect.NONE
            self._timeout = Duration(
                tr("Stop it after"),
                limit,
                self._set_timeout,
                most=86_400,
                empty=tr("No limit") if pure else tr("As usual"),
                hint="" if pure else tr(USUAL_LIMIT),
            )

    def show(self, step: Step, ports: tuple[Port, ...]) -> None:
        """Show the step as it is now."""
        had, self._step = self._step, step
        self._then.value = _then(step)
        if (step.instead is None) != (had.instead is None) or ports != self._ports:
            self._ports = ports
            self._draw_value()
        elif self._outputs is not None and step.instead is not None:
            self._outputs.show(step.instead)
        self._times.show(step.retry.times)
        self._wait.show(step.retry.wait)
        self._backoff.show(step.retry.backoff)
        for trouble, box in self._only.items():
            box.value = trouble in (step.retry.only or TROUBLES)
        self._timeout.show(step.timeout)
        self._say()

    def _retrying(self) -> None:
        retry = self._step.retry
        self._wait = Duration(
            tr("Wait before the first"), retry.wait, lambda value: self._retry(wait=value or 0), most=3600
        )
        self._backoff = Number(
            tr("Each wait is longer than the one before, times"),
            retry.backoff,
            lambda value: self._retry(backoff=value or 1),
            least=1,
            most=10,
        )
        with ui.element("div").classes("weft-field") as box:
            ui.label(tr("After these failures")).classes("weft-label")
            self._only = {trouble: self._trouble(trouble, words) for trouble, words in TROUBLES.items()}
        box.props(f'role=group aria-label="{tr("After these failures")}"')
        self._says = ui.label("").classes("weft-hint")
        self._say()

    def _trouble(self, trouble: Trouble, words: str) -> ui.checkbox:
        box = ui.checkbox(tr(words), value=trouble in (self._step.retry.only or TROUBLES)).props("dense")
        box.on_value_change(lambda: self._set_only(box))
        return box

    def _say(self) -> None:
        self._again.set_visibility(self._step.retry.times > 0)
        self._says.set_text(" ".join(filter(None, (tries_in_words(self._step.retry), effect_in_words(self._effect)))))

    def _draw_value(self) -> None:
        self._value_box.clear()
        self._outputs = None
        self._value_box.set_visibility(self._step.instead is not None)
        if self._step.instead is not None:
            with self._value_box:
                self._outputs = Outputs(self._ports, self._step.instead, self._set_value)
                ui.label(tr("This is what the step gives when it has failed.")).classes("weft-hint")

    def _choose(self, then: str) -> None:
        # What is shown already was chosen elsewhere, and is in the flow.
        if then == _then(self._step):
            return
        instead: dict[str, Json] = {}
        if then == VALUE:
            instead = {port.name: empty_of(port) for port in self._ports if port.required}
            instead = instead or {self._ports[0].name: empty_of(self._ports[0])}
        self._configure(on_error="continue" if then == VALUE else then, instead=instead)

    def _set_value(self, outputs: dict[str, Json]) -> None:
        if outputs:
            self._configure(instead=outputs)

    def _set_times(self, value: float | None) -> None:
        self._retry(times=int(value or 0))

    def _set_timeout(self, seconds: float | None) -> None:
        if (seconds or None) != self._step.timeout:
            self._configure(timeout=seconds or 0)

    def _set_only(self, box: ui.checkbox) -> None:
        chosen = [trouble for trouble, each in self._only.items() if each.value]
        if not chosen:
            box.value = True
            ui.notify(tr("One of them has to be chosen. With 0 times it is never tried again."))
        else:
            self._retry(only=() if len(chosen) == len(get_args(Trouble)) else tuple(chosen))

    def _retry(self, **fields: object) -> None:
        now = self._step.retry.model_dump()
        if {**now, **fields} != now:
            self._configure(retry={**now, **fields})

    def _configure(self, **fields: object) -> None:
        self._sending.configure(self._path, **fields)


def _then(step: Step) -> str:
    return VALUE if step.on_error == "continue" and step.instead is not None else step.on_error


def tries_in_words(retry: Retry) -> str:
    """When a failed step is tried again: `It is tried again after about 1 s, then 2 s, then 4 s.`"""
    if not retry.times:
        return ""
    waits = [min(retry.wait * retry.backoff**number, LONGEST_WAIT) for number in range(retry.times)]
    if not waits[-1]:
        return tr("It is tried again at once.")
    said = [decimal(f"{wait:g} s") if wait < 60 else duration(wait) for wait in waits]
    if len(set(said)) == 1 and len(said) > 1:
        told = tr("It is tried again after about {wait} each time.", wait=said[0])
    elif len(said) <= 4:
        told = tr("It is tried again after about {waits}.", waits=_then_after(said))
    else:
        waited = _then_after(said[:3])
        told = tr("It is tried again after about {waits}, and so on up to {last}.", waits=waited, last=said[-1])
    return f"{told} {tr('The other side may ask for a longer wait.')}"


def _then_after(said: list[str]) -> str:
    told = said[0]
    for each in said[1:]:
        told = tr("{wait}, then {next}", wait=told, next=each)
    return told


def effect_in_words(effect: Effect) -> str:
    """What is careful about trying a step again that touches the world."""
    match effect:
        case Effect.WRITE:
            return tr(
                "This step changes something outside Weft, so it is tried again only where it is certain that nothing "
                "has happened yet, such as when nothing answered. Otherwise its failure stands."
            )
        case Effect.SPEND:
            return tr("Every try may cost money.")
        case _:
            return ""
