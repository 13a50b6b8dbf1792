"""One field for each kind of setting. Every field gives its value to `changed` when the person has paused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.called import choice_label
from app.ui.forms.code_field import CodeField
from app.ui.forms.expression_field import ExpressionField
from app.ui.forms.flow_values import FlowValues
from app.ui.forms.kinds import Setting, read, written
from app.ui.forms.mistakes import checked
from app.ui.forms.parts import Prose
from app.ui.forms.records import Records
from app.ui.forms.rows import Rows
from app.ui.forms.surroundings import PAUSE, Surroundings
from flows.expressions import is_template

__all__ = ["PAUSE", "Field", "Surroundings"]

SWAPPED = ("switch", "choice", "json")
"""Kinds whose control has no place for an expression, so that one takes the place of the control."""


class Field:
    """A labelled setting. `show` puts another value in, `problem` says what is wrong with it."""

    def __init__(
        self, setting: Setting, value: Json, around: Surroundings, changed: Callable[[str, Json], None]
    ) -> None:
        self.setting = setting
        self._around, self._changed, self._value = around, changed, value
        self._known = around.known("" if setting.later else setting.name)
        self._fixed = setting.default if is_expression(setting, value) else value
        self._typed_expression = str(value) if is_expression(setting, value) else self._kept().get("expression", "")
        self._quiet = False
        self._later: asyncio.TimerHandle | None = None
        self._expression: ExpressionField | None = None
        self._mistake = self._problem = ""
        with ui.element("div").classes("weft-field") as self.element:
            self._make(value)
            self._error = Prose("", "weft-error weft-small").props("role=alert")
            self._error.set_visibility(False)
            if setting.help:
                Prose(tr(setting.help), "weft-hint")
        if isinstance(self.input, CodeField):
            self._check_text(written(setting, self._fixed))

    def show(self, value: Json) -> None:
        """Put a value in that was changed elsewhere, without reporting it back."""
        if value == self._value or self._later is not None:
            return
        self._value = value
        self._quiet = True
        try:
            self._put(value)
        finally:
            self._quiet = False
        self.refresh()

    def problem(self, message: str) -> None:
        """Say what is wrong with the value; an empty text says that nothing is."""
        self._problem = message
        self._say()

    def refresh(self) -> None:
        """Show again what an expression gives."""
        if self._expression is not None:
            self._expression.refresh()
        elif isinstance(self.input, Records | FlowValues | Rows):
            self.input.refresh()

    def focus(self) -> None:
        """Give the field the keyboard."""
        if self._expression is not None:
            self._expression.focus()
        elif isinstance(self.input, CodeField):
            self.input.focus()
        elif isinstance(self.input, ui.input | ui.textarea | ui.select):
            self.input.run_method("focus")

    def finish(self) -> None:
        """Report at once what is held back until the person pauses."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
            self._changed(self.setting.name, self._value)

    # What the person does

    def _typed(self, value: object) -> None:
        if self._quiet:
            return
        self._value = self._fixed = read(self.setting, value)
        self._changed(self.setting.name, self._value)
        if self.setting.kind in SWAPPED and self._expression is not None:
            self._put_expression()
        self.refresh()

    def _typed_code(self, value: object) -> None:
        """The code editor tells of every key."""
        if self._quiet:
            return
        self._value = self._fixed = read(self.setting, value)
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(PAUSE / 1000, self._paused, str(value or ""))

    def _paused(self, text: str) -> None:
        with self.element:
            self._check_text(text)
        self.finish()
        if self._expression is not None:
            self._put_expression()

    def _typed_own(self, text: str) -> None:
        """An expression in the place of the control."""
        self._typed_expression = self._kept()["expression"] = text
        # Braces may be left out there, and nothing at all is no expression yet.
        whole = text if is_template(text) else f"{{{{ {text.strip()} }}}}"
        self._value = whole if text.strip() else self._fixed
        self._changed(self.setting.name, self._value)

    def _turned(self, on: bool) -> None:
        if not on:
            self._value = self._fixed
            self._changed(self.setting.name, self._value)
            self._put_expression()
        elif self._typed_expression:
            self._typed_own(self._typed_expression)
        self._say()

    # What it is made of

    def _make(self, value: Json) -> None:
        setting, around = self.setting, self._around
        if setting.expressions and setting.kind not in ("record", "records", "flow_inputs"):
            self._expression = ExpressionField(
                self._control,
                self._known,
                label=tr(setting.label),
                kept=self._kept(),
                is_value=setting.kind == "number",
                swap=setting.kind in SWAPPED,
                typed=self._typed_own,
                turned=self._turned,
                quiet=True,
            ).classes("has-label")
            if setting.kind in SWAPPED:
                self._put_expression()
            return
        ui.label(tr(setting.label)).classes("weft-label")
        given = value if isinstance(value, dict) else {}
        match setting.kind:
            case "record":
                self.input: ui.element = Rows(given, self._typed, around.known())
            case "records":
                self.input = Records(setting.fields, value, self._typed, around.known())
            case "flow_inputs":
                self.input = FlowValues(around.asks, given, self._typed, around.known())
            case _:
                self._control(label=False)

    def _control(self, *, label: bool = True) -> ui.element:
        """The control for a value that is written out, with its label over it."""
        setting = self.setting
        if label:
            ui.label(tr(setting.label)).classes("weft-label")
        match setting.kind:
            case "switch":
                self.input = ui.switch(value=bool(self._fixed), on_change=lambda e: self._typed(e.value))
            case "choice":
                options = {choice: choice_label(choice) for choice in setting.choices}
                shown = self._fixed if self._fixed in options else None
                self.input = ui.select(options, value=shown, on_change=lambda e: self._typed(e.value))
            case "secret":
                self._select(self._around.secrets, tr("No key"))
            case "connection":
                self._select(self._around.connections, tr("The first one"))
            case "flow":
                self._select_flow()
            case "code" | "json" as kind:
                text = written(setting, self._fixed)
                self.input = CodeField(
                    text, "Python" if kind == "code" else "JSON", tr(setting.label), self._typed_code
                )
                return self.input
            case kind:
                make = ui.textarea if kind in ("long_text", "list") else ui.input
                self.input = make(value=written(setting, self._value), on_change=lambda e: self._typed(e.value))
                self.input.props(f"debounce={PAUSE}" + (" autogrow" if make is ui.textarea else ""))
                self.input.classes("weft-mono" if setting.mono else "")
        self.input.props["aria-label"] = tr(setting.label)
        if setting.kind != "switch":
            self.input.props("dense outlined")
        return self.input

    def _select(self, names: Sequence[str], nothing: str) -> None:
        options = {"": nothing, **{name: name for name in names}}
        if isinstance(self._value, str) and self._value not in options:
            options[self._value] = tr("{name} (not on the Keys page)", name=self._value)
        self.input = ui.select(options, value=self._value or "", on_change=lambda e: self._typed(e.value))

    def _select_flow(self) -> None:
        options = {"": tr("Choose a flow"), **self._around.flows}
        if isinstance(self._value, str) and self._value not in options:
            options[self._value] = tr("A flow that is not here")
        self.input = ui.select(options, value=self._value or "", on_change=lambda e: self._typed(e.value))
        opens = ui.button(tr("Open this flow"), icon="sym_r_open_in_new").props("flat dense").classes("weft-quiet")
        opens.on_click(lambda: ui.navigate.to(f"/flow/{self._value}"))
        opens.bind_visibility_from(self.input, "value", bool)

    # What is shown

    def _put(self, value: Json) -> None:
        if self.setting.kind in SWAPPED and self._expression is not None:
            if is_expression(self.setting, value):
                self._typed_expression = str(value)
            else:
                self._fixed = value
            self._put_expression()
            if is_expression(self.setting, value):
                return
        match self.input:
            case ui.switch():
                self.input.value = bool(value)
            case ui.select():
                self.input.value = value or ""
            case Records():
                self.input.show(value)
            case FlowValues() | Rows():
                self.input.show(value if isinstance(value, dict) else {})
            case CodeField():
                self.input.show(written(self.setting, value))
                self._check_text(written(self.setting, value))
            case ui.input() | ui.textarea():
                self.input.value = written(self.setting, value)
                if self._expression is not None:
                    self._expression.redraw()
            case _:
                pass

    def _put_expression(self) -> None:
        """Tell the expression in the place of the control what it is, and what it would begin with."""
        assert self._expression is not None
        on = is_expression(self.setting, self._value)
        self._expression.put(self._typed_expression, on=on, start=_literal(self._fixed))

    def _check_text(self, text: str) -> None:
        """Say what is wrong with code as far as it can be told without running it, and mark its line."""
        assert isinstance(self.input, CodeField)
        found = checked(self.setting.kind, text)
        self._mistake = found.message if found is not None and found.is_wrong else ""
        self.input.tell(found)
        self._say()

    def _say(self) -> None:
        is_fixed = not is_expression(self.setting, self._value)
        said = (self._mistake if is_fixed else "") or self._problem
        self._error.set_visibility(bool(said))
        if said:
            self._error.say(said)
        if self._expression is not None:
            self._expression.wrong(said)

    def _kept(self) -> dict[str, str]:
        return self._around.kept.setdefault(self.setting.name, {})  # type: ignore[return-value]  # it is one of ours


def is_expression(setting: Setting, value: Json) -> bool:
    """True where an expression stands in the place of the setting's control."""
    if setting.kind not in SWAPPED or not setting.expressions or not isinstance(value, str):
        return False
    # JSON that is still being typed is text too, and may hold expressions inside.
    return value.strip().startswith("{{") if setting.kind == "json" else is_template(value)


def _literal(value: Json) -> str:
    """A value as an expression; without one where it cannot be written as one."""
    text = json.dumps(value, ensure_ascii=False)
    return "{{  }}" if value is None or "null" in text else f"{{{{ {text} }}}}"
