"""The words of one language, read from its file once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.language.choosing import SOURCE

FOLDER = Path(__file__).parents[2] / "assets" / "languages"


@dataclass(frozen=True)
class Words:
    """`one` by the English text; `many` by its singular: the forms that `form` chooses from."""

    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, tuple[str, ...]] = field(default_factory=dict)


NONE = Words()


@cache
def words_of(language: str) -> Words:
    """All words of a language; takes some 100 ms the first time."""
    return _read(language)[0]


def script_words(language: str) -> dict[str, str | tuple[str, ...]]:
    """The words that the browser's own code uses."""
    return _read(language)[1] if language != SOURCE else {}


@cache
def _read(language: str) -> tuple[Words, dict[str, str | tuple[str, ...]]]:
    from babel.messages.pofile import read_po

    one: dict[str, str] = {}
    many: dict[str, tuple[str, ...]] = {}
    in_scripts: dict[str, str | tuple[str, ...]] = {}
    with (FOLDER / f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=language):
            if not message.id or not message.string:
                continue
            is_in_script = any(Path(file).suffix in (".js", ".jsx") for file, _ in message.locations)
            if isinstance(message.id, tuple | list):
                forms = tuple(str(each) for each in message.string)
                if all(forms):
                    many[message.id[0]] = forms
                    in_scripts |= {message.id[0]: forms} if is_in_script else {}
            else:
                one[message.id] = str(message.string)
                in_scripts |= {message.id: str(message.string)} if is_in_script else {}
    return Words(one, many), in_scripts
