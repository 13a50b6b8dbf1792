"""What every step has: what happens when it fails, its name, its note, and whether it is switched off."""

from __future__ import annotations

from nicegui import ui

from app.language import tr
from app.ui.forms.failing import Failing
from app.ui.forms.parts import labelled, more
from app.ui.forms.sending import Sending
from app.ui.tips import tip
from flows.edits import Pin, Remove, Rename
from flows.model import Step
from nodes.ports import Port
from nodes.values import Effect


class Common:
    """The two folded parts at the end of a step's form; they are made when they are first unfolded."""

    def __init__(self, path: str, step: Step, ports: tuple[Port, ...], effect: Effect, sending: Sending) -> None:
        self._path = path
        self._step = step
        self._ports = ports
        self._effect = effect
        self._sending = sending
        self._failing: Failing | None = None
        self._own: _Own | None = None
        more(tr("When it fails"), self._make_failing)
        more(tr("This step"), self._make_own)

    def show(self, step: Step, ports: tuple[Port, ...]) -> None:
        """Show the step as it is now."""
        self._step, self._ports = step, ports
        if self._failing is not None:
            self._failing.show(step, ports)
        if self._own is not None:
            self._own.show(step)

    def _make_failing(self) -> None:
        self._failing = Failing(self._path, self._step, self._ports, self._effect, self._sending)

    def _make_own(self) -> None:
        self._own = _Own(self._path, self._step, self._sending)


class _Own:
    """Whether the step is switched off, its name, its note, and Delete."""

    def __init__(self, path: str, step: Step, sending: Sending) -> None:
        self._path = path
        self._sending = sending
        with ui.element("div").classes("weft-form"):
            self._off = ui.switch(tr("Switched off"), value=step.disabled)
            self._off.on_value_change(lambda e: self._configure(disabled=e.value))
            self._pinned = ui.button(tr("Let it run again"), on_click=self._unpin).classes("weft-button")
            tip(self._pinned, tr("Its output is pinned, so it is not run.")).set_visibility(step.pinned is not None)
            self._name = ui.input(value=self._id).props("dense outlined").classes("weft-mono")
            self._name.on("blur", self._rename).on("keydown.enter", js_handler="event => event.target.blur()")
            labelled(tr("Name in expressions"), self._name)
            self._note = ui.textarea(value=step.note).props("dense outlined autogrow debounce=300")
            self._note.on_value_change(lambda e: self._configure(note=e.value or ""))
            labelled(tr("Note"), self._note)
            delete = ui.button(tr("Delete this step"), icon="sym_r_delete", on_click=self._remove)
            delete.classes("weft-button weft-danger")

    def show(self, step: Step) -> None:
        """Show the step as it is now."""
        self._off.value = step.disabled
        self._note.value = step.note
        self._pinned.set_visibility(step.pinned is not None)

    @property
    def _id(self) -> str:
        return self._path.rsplit("/", 1)[-1]

    def _configure(self, **fields: object) -> None:
        self._sending.configure(self._path, **fields)

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
            ui.notify(tr("Use letters, digits and _ only, beginning with a letter."), type="negative")
        else:
            self._sending.send(edit)
