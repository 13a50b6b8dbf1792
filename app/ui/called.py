"""What settings, their choices, outputs and kinds of values are called in the window's language."""

from __future__ import annotations

from collections.abc import Sequence

from app.language import current, spoken, tr
from app.language.choosing import SOURCE
from nodes.ports import WORDS, Port


def choice_label(choice: str) -> str:
    """A value that can be chosen, as a person reads it; what is kept is the value itself."""
    label = choice.replace("_", " ").capitalize()
    if choice.isupper():  # The name of something, such as DELETE.
        return label if current() == SOURCE else choice
    return tr(label)


def heading(name: str) -> str:
    """The name of an input or output, to stand over what came out of it."""
    return tr(name.replace("_", " ").capitalize())


def port_heading(port: Port) -> str:
    """What an input or output is called, to stand over it; what a person called it stays as it is."""
    return port.title.capitalize() if port.title else heading(port.label)


def kind_words(kind: str) -> str:
    """A kind of value with its article: `a list`, `text`."""
    return tr(WORDS.get(kind, kind))


def either(words: Sequence[str]) -> str:
    """Several words of which one holds: `text or a number`."""
    said = "".join(words[:1])
    for each in words[1:]:
        said = tr("{one} or {other}", one=said, other=each)
    return said


def number(value: float) -> str:
    """A number with its thousands kept apart, as the language writes it."""
    text = f"{value:,}"
    return text if current() == SOURCE else text.translate(str.maketrans(",.", ".,"))


def plain_number(value: float) -> str:
    """A number in as few letters as say it."""
    text = f"{value:,g}"
    return text if current() == SOURCE else text.translate(str.maketrans(",.", ".,"))


def of_setting(said: str, label: str) -> str:
    """What is wrong with a setting: the sentence begins with its label, which is a single word often."""
    translated = spoken(said)
    for then in (" ", ":"):
        if translated.startswith(f"{label}{then}"):
            return f"{tr(label)}{translated[len(label) :]}"
    return translated
