"""What a text gives with the values of a run: its sort and its value, or in words what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from pydantic import JsonValue as Json

from app.language import msg, spoken, tr
from app.ui.forms.known import Preview
from app.ui.forms.looking import Looking, shown, sort_of
from flows.expressions import ExpressionError, Template, is_template, parse, rename

LONGEST = 160
"""Characters of a value that are shown."""

Refuses = Callable[[Json], str]
"""Why a value cannot be taken; an empty text where it can."""

AFTER_A_RUN = msg("The value is shown here after a run.")
_CLOSE = re.compile(r"\bDid you mean `([^`]+)`\?")
_PATH = re.compile(r"\s*(?:\{\{)?\s*([A-Za-z_]\w*(?:\.\w+|\[\d+\])*)\s*(?:\}\})?\s*")


def preview_of(text: str, known: Looking, *, bare: bool, refuses: Refuses | None) -> Preview | None:
    """What a text gives; None where it holds no expression, or names something that is not there at all."""
    if bare and not text.strip():
        return None
    whole, shift = (f"{{{{ {text} }}}}", 3) if bare else (text, 0)
    if not is_template(whole):
        return None
    try:
        template = parse(whole)
    except ExpressionError as error:
        return _wrong(error, text, shift, checked=True)
    missing = template.roots - template.optional - set(known.names)
    if missing:
        return _unknown(template, text, known, shift)
    try:
        value = template.render(known.names)
    except ExpressionError as error:
        return _wrong(error, text, shift)
    refused = refuses(value) if refuses is not None else ""
    said = f"{sort_of(value)}{' · ' if value is not None else ''}{shown(value, LONGEST)}"
    if refused:
        return Preview(False, f"{said}. {refused}", value, has_value=True)
    return Preview(True, said, value, has_value=True)


def _unknown(template: Template, text: str, known: Looking, shift: int) -> Preview | None:
    """Of names without a value: what is declared of them, or the closest name that is there."""
    offered = known.offered()
    there = {name.split(".")[0].split("[")[0] for name in offered} | {"inputs", "loop"}
    strange = sorted(template.roots - template.optional - set(known.names) - there)
    if not strange:
        path = _PATH.fullmatch(text)
        kind = offered[path[1]].kind if path is not None and path[1] in offered else ""
        coming = tr("{kind} · its value is shown here after a run.", kind=kind) if kind else tr(AFTER_A_RUN)
        return Preview(True, coming)
    place = re.search(rf"(?<![\w.]){re.escape(strange[0])}(?!\w)", text)
    start, end = place.span() if place else (None, None)
    close = get_close_matches(strange[0][:64], sorted(there - {"loop"}), n=1)
    said = tr("`{name}` is not known here.", name=strange[0])
    if not close:
        return Preview(False, said, checked=True, start=start, end=end)
    mended = rename(template.text, strange[0], close[0])
    mended = mended[shift:-shift] if shift else mended
    said = f"{said} {tr('Did you mean `{name}`?', name=close[0])}"
    return Preview(False, said, checked=True, start=start, end=end, instead=close[0], mended=mended)


def _wrong(error: ExpressionError, text: str, shift: int, *, checked: bool = False) -> Preview:
    """An error in words: what is wrong, in which line of several, and the closest name."""
    close = _CLOSE.search(str(error))
    said, start = spoken(str(error)), None if error.position is None else max(0, error.position - shift)
    lines = text.count("\n")
    if lines and error.line:
        said = tr("Line {line}: {said}", line=error.line, said=said)
    end = None if start is None else max(start + 1, start + len(error.name or ""))
    if start is None or error.name is None or close is None:
        return Preview(False, said, checked=checked, start=start, end=end)
    at = text.find(error.name, start)
    if at < 0 or "|" in close[1]:
        return Preview(False, said, checked=checked, start=start, end=end)
    mended = text[:at] + close[1] + text[at + len(error.name) :]
    return Preview(False, said, checked=checked, start=at, end=at + len(error.name), instead=close[1], mended=mended)
