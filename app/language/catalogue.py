"""The words of one language, read from its file once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from app.language.choosing import SOURCE

FOLDER = Path(__file__).parents[2] / "assets" / "languages"


@dataclass(frozen=True)
class Words:
    """`one` by the English text; `many` by its singular: the forms to choose from.

    `titles` are the names of nodes; `written` is what lower rooms say, in English.
    """

    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


TITLE = "A node's name"
"""What the catalogue notes at one."""
SHOWN = ("app/ui/", "app/language/", "assets/")
"""Where a text is made in the window's language."""
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
    titles, written = set[str](), set[str]()
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
                titles |= {message.id} if TITLE in message.auto_comments else set()
                written |= set() if all(file.startswith(SHOWN) for file, _ in message.locations) else {message.id}
                in_scripts |= {message.id: str(message.string)} if is_in_script else {}
    return Words(one, many, frozenset(titles), frozenset(written)), in_scripts
