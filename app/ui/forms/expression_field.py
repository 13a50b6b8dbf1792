"""A field that knows expressions: what may be referred to is offered as it is typed, and what it gives is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from nicegui import events, ui
from pydantic import JsonValue as Json

from app.ui.forms.known import Known, Offered, tools
from app.ui.shown import start_of
from flows.expressions import is_template

LONGEST_PLAIN = 2_000
"""Characters of a result that may take the place of its expression."""

Kept = MutableMapping[str, str]
"""What a field had before it was turned: `fixed` is its plain text, `expression` the other one."""


class ExpressionField(ui.element, component="expression_field.js"):
    """Wraps an input that `make` makes, or, with `swap`, another control that an expression may replace.

    `text` says what is in the input now; a control that is swapped reports by `turned` and `typed` instead.
    """

    def __init__(
        self,
        make: Callable[[], ui.element],
        known: Known,
        *,
        label: str = "",
        kept: Kept | None = None,
        bare: bool = False,
        is_value: bool = False,
        swap: bool = False,
        typed: Callable[[str], None] | None = None,
        turned: Callable[[bool], None] | None = None,
        quiet: bool = False,
    ) -> None:
        """`quiet` leaves it to somebody else to say what cannot be read."""
        super().__init__()
        self._known, self._quiet, self._bare, self._swap = known, quiet, bare, swap
        self._kept: Kept = kept if kept is not None else {}
        self._typed, self._turned = typed, turned
        self._content: Callable[[], str]
        self._told = False
        self._wrong = ""
        self._props.update(label=label, bare=bare, value=is_value, swap=swap, kept=dict(self._kept))
        with self:
            self.input = make()
        field = self.input
        if isinstance(field, ui.input | ui.textarea):
            self._content = lambda: str(field.value or "")
        else:
            self._content = lambda: str(self._props.get("text") or "")
        self.on("ask", self._ask).on("look", self._look).on("keep", self._keep)
        if swap:
            self.on("turn", self._turn).on("typed", self._own_typed)
        self.refresh(known_changed=False)

    def put(self, text: str, *, on: bool, start: str) -> None:
        """Of a control that is swapped: its expression, whether that is shown, and what one begins with."""
        self._props.update(text=text, on=on, start=start)
        self.refresh(known_changed=False)

    def wrong(self, message: str) -> None:
        """Somebody else says so about the text, so it is not said here once more."""
        self._wrong = message
        self.refresh(known_changed=False)

    def refresh(self, *, known_changed: bool = True) -> None:
        """Show what the text gives now."""
        self._show(self._content())
        if known_changed and self._told:
            self._told = False
            self.run_method("forget")

    def redraw(self) -> None:
        """Mark the expressions of a text that was put in from elsewhere."""
        self.run_method("redraw")

    def focus(self) -> None:
        """Give it the keyboard."""
        self.run_method("focus")

    def _show(self, text: str) -> None:
        is_bare = self._bare or (self._swap and bool(text.strip()) and not is_template(text))
        preview = self._known.preview(text, bare=is_bare)
        shown: dict[str, Any] = {}
        if preview is not None:
            is_said = not preview.ok and ((self._quiet and preview.checked) or preview.text in self._wrong)
            shown = {
                "text": "" if is_said else preview.text,
                "ok": preview.ok,
                "from": preview.start,
                "to": preview.end,
            }
            if preview.mended:
                shown |= {"fix": preview.instead, "mended": preview.mended}
            if preview.ok and preview.has_value:
                plain, whole = start_of(preview.value, LONGEST_PLAIN)
                shown |= {"plain": plain if whole and preview.value is not None else ""}
        if shown != self._props.get("shown"):
            self._props["shown"] = shown

    def _look(self, event: events.GenericEventArguments) -> None:
        self._show(str(event.args))

    def _ask(self, event: events.GenericEventArguments) -> None:
        base = str(event.args or "")[:1_000]
        rows = [_row(offered, base) for offered in self._known.offers(base)]
        self.run_method("offer", base, rows, None if self._told else tools())
        self._told = True

    def _keep(self, event: events.GenericEventArguments) -> None:
        if isinstance(event.args, Mapping):
            self._kept.update({name: str(text) for name, text in event.args.items() if name in ("fixed", "expression")})

    def _turn(self, event: events.GenericEventArguments) -> None:
        on, turns = event.args
        self._props.update(on=bool(on), heard=int(turns))
        if self._turned is not None:
            self._turned(bool(on))

    def _own_typed(self, event: events.GenericEventArguments) -> None:
        self._props["text"] = str(event.args)
        if self._typed is not None:
            self._typed(str(event.args))
        self._show(str(event.args))


def _row(offered: Offered, base: str) -> dict[str, Json]:
    return {
        "text": offered.text,
        "kind": offered.kind,
        "sample": offered.sample,
        "source": offered.source,
        "depth": 0 if base else offered.depth,
        "more": offered.more,
    }
