"""A text field that knows expressions: it completes references as they are typed, and shows what they give."""

from __future__ import annotations

import re
from collections.abc import Callable

from nicegui import events, ui

from app.ui.forms.values import Preview, Reference

MOST = 12
"""References offered at a time."""

TYPED = re.compile(r"\{\{\s*([\w.\[\]]*)$")
REPORT = "event => emit(event.target.value ?? '', event.target.selectionStart ?? 0)"
TO_LIST = """event => {
  const list = event.target.closest('.weft-expression')?.querySelector('.weft-suggestions .weft-list-item');
  if (list) { event.preventDefault(); list.focus(); }
}"""
LEFT = "event => event.currentTarget.contains(event.relatedTarget) || emit()"
WALK = """event => {
  const next = event.key === 'ArrowDown' ? event.currentTarget.nextElementSibling
    : event.key === 'ArrowUp' ? event.currentTarget.previousElementSibling : null;
  if (next) { event.preventDefault(); next.focus(); }
}"""


class ExpressionField:
    """Wraps an input: `references()` says what may be referred to, `preview(text)` what the text gives."""

    def __init__(
        self,
        make: Callable[[], ui.input | ui.textarea],
        *,
        references: Callable[[], list[Reference]],
        preview: Callable[[str], Preview | None],
    ) -> None:
        self._references = references
        self._preview = preview
        self._cursor = 0
        self._text = ""
        self._offered: list[Reference] | None = None
        with ui.element("div").classes("weft-expression") as box:
            box.on("focusout", self._close, js_handler=LEFT)
            self.input = make()
            self.input.on("keyup", self._typed, js_handler=REPORT)
            self.input.on("click", self._typed, js_handler=REPORT)
            self.input.on("keydown.down", js_handler=TO_LIST)
            self.input.on("keydown.esc", self._close)
            with self.input.add_slot("append"):
                insert = ui.button(icon="sym_r_data_object", on_click=self._all).classes("weft-icon-button")
                insert.props('flat dense tabindex=-1 aria-label="Insert a value"').tooltip("Insert a value")
            self._list = ui.element("div").classes("weft-suggestions weft-list").props('role="listbox"')
            self._list.set_visibility(False)
            self._said = ui.label("").classes("weft-preview weft-small")
        self.refresh()

    def refresh(self) -> None:
        """Show what the text gives now."""
        preview = self._preview(str(self.input.value or ""))
        self._said.set_visibility(preview is not None)
        if preview is not None:
            self._said.set_text(preview.text)
            self._said.classes(replace="weft-preview weft-small " + ("weft-muted" if preview.ok else "weft-error"))

    def _typed(self, event: events.GenericEventArguments) -> None:
        text, self._cursor = str(event.args[0]), int(event.args[1])
        match = TYPED.search(text[: self._cursor])
        if match is None:
            self._close()
            return
        word = match[1].casefold()
        fitting = [each for each in self._references() if word in each.text.casefold()]
        self._offer(sorted(fitting, key=lambda each: not each.text.casefold().startswith(word)), text)

    def _all(self) -> None:
        if self._list.visible:
            self._close()
            return
        text = str(self.input.value or "")
        self._cursor = max(self._cursor, 0) or len(text)
        self._offer(self._references(), text)

    def _close(self) -> None:
        self._offered = None
        self._list.set_visibility(False)

    def _offer(self, references: list[Reference], text: str) -> None:
        self._text = text
        if references == self._offered:
            return  # One of them may have the keyboard.
        self._offered = references
        self._list.clear()
        self._list.set_visibility(True)
        with self._list:
            if not references:
                ui.label("Nothing before this step is called that.").classes("weft-muted weft-small")
            for reference in references[:MOST]:
                row = ui.element("div").classes("weft-list-item is-link").props('role="option" tabindex=0')
                row.on("click", lambda reference=reference: self._take(reference))
                row.on("keydown.enter", lambda reference=reference: self._take(reference))
                row.on("keydown.esc", self._close).on("keydown", js_handler=WALK)
                with row:
                    ui.label(reference.text).classes("weft-mono weft-small weft-truncate")
                    ui.label(reference.sample or reference.from_).classes(
                        "weft-muted weft-small weft-truncate weft-grow"
                    )
            if len(references) > MOST:
                ui.label(f"{len(references) - MOST} more. Type to find them.").classes("weft-muted weft-small")

    def _take(self, reference: Reference) -> None:
        before, after = self._text[: self._cursor], self._text[self._cursor :]
        if match := TYPED.search(before):
            before = before[: match.start()]
            after = re.sub(r"^[\w.\[\]]*\s*(\}\})?", "", after)
        self._close()
        self.input.value = f"{before}{{{{ {reference.text} }}}}{after}"
        self._cursor = len(before) + len(reference.text) + 6
        self.input.run_method("focus")
        self.refresh()
