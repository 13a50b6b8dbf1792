"""Texts in the language of the window they are for."""

from __future__ import annotations

from collections.abc import Callable

from app.language.catalogue import NONE, Words, words_of
from app.language.choosing import SOURCE
from app.language.patterns import patterns

_words: dict[str, Words] = {SOURCE: NONE}
_newest = SOURCE


def _unasked() -> str | None:
    return None


_window: Callable[[], str | None] = _unasked


def ask_window(window: Callable[[], str | None]) -> None:
    """Have `window` tell the language of the window that something is done for; None where it is for none."""
    global _window
    _window = window


def prepare(language: str) -> None:
    """Read the words of a language, so that speaking it holds nothing up. It is spoken where no window is known."""
    global _newest
    if language not in _words:
        patterns(language)
        _words[language] = words_of(language)
    _newest = language


def current() -> str:
    """The language that is spoken here, such as `de`."""
    language = _window()
    return language if language in _words else _newest


def words() -> Words:
    """The words of the language that is spoken here."""
    return _words[current()]


def msg(message: str) -> str:
    """The English text as it is, for `tr` to translate where it is shown: it belongs into the catalogue."""
    return message


def tr(message: str, /, **values: object) -> str:
    """A text in the window's language, with the values at their names in braces."""
    text = words().one.get(message, message)
    return text.format(**values) if values else text


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """The text for one or for several; `{n}` in it is the number."""
    spoken = words()
    forms = spoken.many.get(one, (one, many))
    # English and German: one is one, and all else is several.
    return forms[n != 1].format(n=grouped(n), **values)


def grouped(number: int) -> str:
    """A whole number with its thousands kept apart: `12,345`, in German `12.345`."""
    text = f"{number:,}"
    return text if current() == SOURCE else text.replace(",", ".")


def swapped(text: str) -> str:
    """A number that was written as `12,345.60`, as the language writes it: in German `12.345,60`."""
    return text if current() == SOURCE else text.translate(str.maketrans(",.", ".,"))


def decimal(text: str) -> str:
    """A number that was written with a point, as the language writes it: `3.4`, in German `3,4`."""
    return text if current() == SOURCE else text.replace(".", ",")
