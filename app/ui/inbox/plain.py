"""Text of a stranger, shown as nothing but text: what would turn it round or hide in it is made visible."""

from __future__ import annotations

import re

from nicegui import ui

from app.language import tr
from app.language.speaking import grouped

PAGE = 2_000
"""Characters that are shown at first, and more at a time."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    """The text with every mark that is not seen, or turns round what follows, as its number: `⟨U+202E⟩`."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text.replace("\r\n", "\n"))


def hides(text: str) -> bool:
    """True where a text has marks in it that are not seen."""
    return bool(_HIDDEN.search(text.replace("\r\n", "\n")))


class PlainText:
    """The beginning of a text, and more of it on demand."""

    def __init__(self, text: str, classes: str = "") -> None:
        self._text = text
        self._most = 0
        self._label = ui.label("").classes(f"weft-plain weft-anywhere {classes}".strip())
        self._more = ui.button("", on_click=self._show_more).classes("weft-quiet weft-plain-more").props("flat dense")
        self._show_more()

    def _show_more(self) -> None:
        self._most = self._most * 4 or PAGE
        left = len(self._text) - self._most
        self._label.set_text(plain(self._text[: self._most]) + ("…" if left > 0 else ""))
        self._more.set_visibility(left > 0)
        self._more.set_text(tr("Show more ({count} characters left)", count=grouped(left)))
