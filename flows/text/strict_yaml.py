"""YAML without its surprises: no anchors, tags or repeated keys, only what JSON holds, and a place for each value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue as Json

from flows.text.errors import refusal
from flows.text.scalars import meaning

DEPTH_LIMIT = 50
TEXT_LIMIT = 1_000_000

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass
class Document:
    """What a text says, and on which line and column each part of it begins."""

    value: Json = None
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place | None:
        """Where the part at this path begins, or the nearest part around it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path)


def understood(text: str) -> Document:
    """The value of a YAML (or JSON) text. FlowFileError with the place where it is not one."""
    import yaml

    document = Document()
    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        _Reader(events, document).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise refusal(
            _in_words(f"{error.context or ''}; {error.problem or ''}"), place=_place(mark) if mark else None
        ) from None
    except yaml.YAMLError as error:
        found = re.search(r"#x([0-9a-f]+)", str(error))
        what = f" (number {int(found[1], 16)})" if found else ""
        raise refusal(f"There is a character in this file{what} that text cannot have.") from None
    return document


class _Reader:
    """Builds values from the events of the parser."""

    def __init__(self, events: Iterator[Any], document: Document) -> None:
        self._events = events
        self._document = document

    def read(self) -> None:
        """Fill the document with the one value of the text."""
        import yaml

        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._document.places:
                    raise refusal("There are two documents in this file.", "A flow is one.", _place(event.start_mark))
                self._document.value = self._value(next(self._events), ())

    def _value(self, event: Any, path: Path) -> Json:
        import yaml

        place = _place(event.start_mark)
        self._document.places.setdefault(path, place)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise refusal("Anchors and aliases (`&name`, `*name`) are not allowed. Write the value out.", place=place)
        if event.tag:
            raise refusal(f"Tags (`{event.tag[:40]}`) are not allowed.", "Put the text in quotes.", place)
        if len(path) > DEPTH_LIMIT:
            raise refusal(f"This file is nested too deeply; {DEPTH_LIMIT} levels are the most.", place=place)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._object(path)

    def _list(self, path: Path) -> list[Json]:
        import yaml

        entries: list[Json] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            entries.append(self._value(event, (*path, len(entries))))
        return entries

    def _object(self, path: Path) -> dict[str, Json]:
        import yaml

        made: dict[str, Json] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            place = _place(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise refusal("A name is expected before the colon.", place=place)
            key = str(event.value)
            _check_text(key, place)
            if key in made:
                first = self._document.places[(*path, key)][0]
                raise refusal(f"`{key[:60]}` is here twice; the first is on line {first}.", "Remove one.", place)
            self._document.places[(*path, key)] = place
            made[key] = self._value(next(self._events), (*path, key))
        return made


def _scalar(event: Any, place: Place) -> Json:
    text = str(event.value)
    _check_text(text, place)
    if not event.implicit[0]:
        return text
    try:
        return meaning(text)
    except ValueError as error:
        raise refusal(str(error), place=place) from None


def _check_text(text: str, place: Place) -> None:
    if len(text) > TEXT_LIMIT:
        raise refusal(f"A text here has {len(text):,} characters; {TEXT_LIMIT:,} is the most.", place=place)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise refusal("Half a character (`\\ud800` and its like) is in this text.", place=place)


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _in_words(problem: str) -> str:
    for pattern, sentence in SENTENCES:
        if re.search(pattern, problem):
            return sentence
    return f"This cannot be read as YAML: {problem.strip('; ')}."


SENTENCES = (
    (r"mapping values are not allowed", "There is a second colon on this line. Put what follows the first in quotes."),
    (r"cannot start any token|found character '\\t'",
     "A value cannot begin with this character. Use spaces, not tabs, to indent, and put other text in quotes."),
    (r"quoted scalar.*end of stream", "A quotation mark is never closed; the text after it runs to the end."),
    (r"invalid Unicode character escape|did not find expected hexdecimal|unknown escape",
     "There is a backslash in double quotes that means nothing. Use single quotes, or write it twice."),
    (r"could not find expected ':'", "A colon is missing after a name, or a line is not indented as the one before."),
    (r"flow (node|sequence|mapping)|',' or '[\]}]'", "A bracket or brace is not closed here, or a comma is missing."),
    (r"block (mapping|collection|sequence)|expected <block end>",
     "This line is not indented like the ones it belongs to."),
    (r"undefined alias|anchor|alias", "Anchors and aliases (`&name`, `*name`) are not allowed. Write the value out."),
    (r"tag", "Tags (`!name`) are not allowed. Put the text in quotes."),
    (r"directive", "Lines that begin with `%` are not allowed here."),
)  # fmt: skip
