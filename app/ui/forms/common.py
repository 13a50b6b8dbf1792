"""What every step has: what happens when it fails, its name, its note, and whether it is switched off."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from app.ui.forms.sending import Sending
from flows.edits import Pin, Remove, Rename
from flows.model import Step

ON_ERROR = {
    "stop": "Stop what depends on it",
    "continue": "Go on without its result",
    "port": "Go the way “error”",
}


class Common:
    """The two folded parts at the end of a step's form."""

    def __init__(self, path: str, step: Step, sending: Sending) -> None:
        self._path = path
        self._step = step
        self._sending = sending
        with more("When it fails"), ui.element("div").classes("weft-form"):
            self._on_error = ui.select(ON_ERROR, value=step.on_error).props("dense outlined")
            self._on_error.on_value_change(lambda e: self._configure(on_error=e.value))
            labelled("Then", self._on_error)
            self._times = _number("Try again, times", step.retry.times, lambda value: self._retry(times=int(value)))
            self._wait = _number("Wait before, seconds", step.retry.wait, lambda value: self._retry(wait=value))
            self._timeout = _number(
                "Stop it after, seconds", step.timeout or 0, lambda value: self._configure(timeout=value)
            )
            ui.label("0 seconds means no limit.").classes("weft-hint")
        with more("This step"), ui.element("div").classes("weft-form"):
            self._off = ui.switch("Switched off", value=step.disabled)
            self._off.on_value_change(lambda e: self._configure(disabled=e.value))
            self._pinned = ui.button("Let it run again", on_click=self._unpin).classes("weft-button")
            self._pinned.tooltip("Its output is pinned, so it is not run.").set_visibility(step.pinned is not None)
            self._name = ui.input(value=self._id).props("dense outlined").classes("weft-mono")
            self._name.on("blur", self._rename).on("keydown.enter", js_handler="event => event.target.blur()")
            labelled("Name in expressions", self._name)
            self._note = ui.textarea(value=step.note).props("dense outlined autogrow debounce=300")
            self._note.on_value_change(lambda e: self._configure(note=e.value or ""))
            labelled("Note", self._note)
            delete = ui.button("Delete this step", icon="sym_r_delete", on_click=self._remove)
            delete.classes("weft-button weft-danger")

    def show(self, step: Step) -> None:
        """Show the step as it is now."""
        self._step = step
        self._on_error.value = step.on_error
        self._times.value = step.retry.times
        self._wait.value = step.retry.wait
        self._timeout.value = step.timeout or 0
        self._off.value = step.disabled
        self._note.value = step.note
        self._pinned.set_visibility(step.pinned is not None)

    @property
    def _id(self) -> str:
        return self._path.rsplit("/", 1)[-1]

    def _configure(self, **fields: object) -> None:
        self._sending.configure(self._path, **fields)

    def _retry(self, **fields: float) -> None:
        self._configure(retry={**self._step.retry.model_dump(), **fields})

    def _unpin(self) -> None:
        self._sending.send(Pin(path=self._path, outputs=None))

    def _remove(self) -> None:
        self._sending.send(Remove(steps=(self._path,)))

    def _rename(self) -> None:
        name = self._name.value or ""
        if name == self._id:
            return
        try:
            edit = Rename(path=self._path, id=name)
        except ValueError:
            ui.notify("Use letters, digits and _ only, beginning with a letter.", type="negative")
        else:
            self._sending.send(edit)


def more(title: str) -> ui.expansion:
    """A part of a form that is folded away."""
    return ui.expansion(title).classes("weft-expansion").props("dense")


def labelled(label: str, field: ui.element) -> None:
    """Put a label over a field."""
    with ui.element("div").classes("weft-field") as box:
        ui.label(label).classes("weft-label")
    field.move(box)
    field.props(f'aria-label="{label}"')


def _number(label: str, value: float, changed: Callable[[float], None]) -> ui.number:
    field = ui.number(value=value, min=0).props("dense outlined debounce=300")
    field.on_value_change(lambda e: changed(float(e.value)) if e.value is not None else None)
    labelled(label, field)
    return field
