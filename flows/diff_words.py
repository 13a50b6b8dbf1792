"""A difference in words: sentences for a list, and the lines of a long text that are not the same."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, assert_never

from pydantic import JsonValue as Json

from flows.diff import Change, Difference
from flows.model import Step
from flows.pairing import id_of
from flows.shape_words import SHAPES, shape_line

SHORT = 60
"""Characters up to which a value stands in the sentence; longer ones are shown as lines."""

CONTEXT = 2
MOST_LINES = 400
"""Lines of either text that are compared one by one; what is longer is shown as gone and come."""

FIELDS = {
    "kind": "Kind of step",
    "version": "Version of the node",
    "title": "Name",
    "note": "Note",
    "on_error": "When it fails",
    "timeout": "Time limit",
    "disabled": "Switched off",
    "pinned": "Pinned data",
    "instead": "What it gives when it has failed",
    "body": "Steps inside",
    "result": "Result",
    "retry.times": "Retry",
    "retry.wait": "Seconds before the first new try",
    "retry.backoff": "Each wait times",
    "retry.only": "Retried after",
    "name": "Name of the flow",
    "description": "Description",
    "on_failure": "Flow that runs after a failure",
    "resumes_itself": "Goes on by itself after a crash",
    "limits.seconds": "Limit of seconds",
    "limits.steps": "Limit of steps",
    "limits.tokens": "Limit of tokens",
    "limits.money": "Limit of US dollars",
    "limits.tokens_a_day": "Limit of tokens a day",
    "limits.money_a_day": "Limit of US dollars a day",
    "limits.at_once": "Runs at the same time",
    "limits.when_full": "When so many runs go on already",
}
VALUES = {
    ("on_error", "stop"): "the run stops",
    ("on_error", "continue"): "the run goes on",
    ("on_error", "port"): "its error way is taken",
    ("limits.when_full", "queue"): "it waits",
    ("limits.when_full", "skip"): "it is left out",
}

Mark = Literal[" ", "+", "-", "…"]


@dataclass(frozen=True)
class Words:
    """Says the changes of a difference. `title` names a step, `label` a setting; `say` translates words of Weft."""

    difference: Difference
    title: Callable[[str, Step], str] = lambda path, step: step.title or id_of(path)
    label: Callable[[Step, str], str] = lambda step, name: name
    say: Callable[[str], str] = str

    def sentences(self) -> list[str]:
        """Every change, whole: `Retry 0 → 3 on “Send”`."""
        if self.difference.layout_only:
            return ["Only the layout."]
        return [self.sentence(change) for change in self.difference.changes]

    def sentence(self, change: Change) -> str:
        """A change with the step it is about."""
        line, path = self.line(change), change.path
        match change.sort:
            case "added" if path:
                return f"New step “{self.name(path)}”"
            case "removed" if path:
                return f"Step “{self.name(path, gone=True)}” removed"
            case "moved" | "renamed":
                return f"“{self.name(path)}”: {line[0].lower()}{line[1:]}"
            case "changed" if path:
                return f"{line} on “{self.name(path)}”"
            case "wired" | "unwired" | "reordered" if path:
                return f"{line} in “{self.name(path)}”"
            case _:
                return line

    def line(self, change: Change) -> str:
        """A change as it stands in a list under the name of its step."""
        match change.sort:
            case "added" | "removed" if change.field and change.field[0] in SHAPES:
                return shape_line(change, self.name)
            case "changed" if change.field and change.field[0] in SHAPES:
                return shape_line(change, self.name)
            case "added" | "removed" if change.field:
                name = change.field[1]
                return f"Input “{name}” is new" if change.sort == "added" else f"Input “{name}” removed"
            case "added":
                return "New step"
            case "removed":
                return "Removed"
            case "moved":
                out, into = self._container(str(change.old), gone=True), self._container(str(change.new))
                return _moved(out, into)
            case "renamed":
                return f"Called {change.new} in expressions, before {change.old}; references follow"
            case "changed":
                return self._changed(change)
            case "wired":
                return f"New wire {self._wire(change)}"
            case "unwired":
                return f"Wire {self._wire(change)} removed"
            case "reordered":
                return "Wires in another order"
            case _:
                assert_never(change.sort)

    def lines(self, change: Change) -> list[tuple[Mark, str]]:
        """What is different in a long value, line by line; nothing where the sentence says it all."""
        if change.sort != "changed" or change.field[0] == "comments":
            return []
        if not (_is_long(change.old) or _is_long(change.new)):
            return []
        return text_diff(_text(change.old), _text(change.new))

    def name(self, path: str, *, gone: bool = False) -> str:
        """A step as a person knows it."""
        pairing = self.difference.pairing
        here, there = (pairing.before, pairing.after) if gone else (pairing.after, pairing.before)
        step = here.get(path) or there.get(path)
        return self.title(path, step) if step is not None else id_of(path)

    def _container(self, path: str, *, gone: bool = False) -> str:
        return self.name(path, gone=gone) if path else ""

    def _wire(self, change: Change) -> str:
        wire, gone = change.wire, change.sort == "unwired"
        assert wire is not None
        prefix = f"{change.path}/" if change.path else ""
        source = self.name(
            prefix + wire.source, gone=gone and prefix + wire.source not in self.difference.pairing.after
        )
        target = self.name(
            prefix + wire.target, gone=gone and prefix + wire.target not in self.difference.pairing.after
        )
        into = f".{wire.target_port}" if wire.target_port else ""
        return f"{source}{f'.{wire.source_port}' if wire.source_port else ''} → {target}{into}"

    def _changed(self, change: Change) -> str:
        if change.field[0] == "comments":
            return said_of_comment(change.old, change.new)
        what = self._what(change)
        if _is_long(change.old) or _is_long(change.new):
            return f"{what} changed"
        field = ".".join(change.field)
        old, new = (self._value(field, value) for value in (change.old, change.new))
        return f"{what} {old} → {new}"

    def _value(self, field: str, value: Json) -> str:
        if (word := VALUES.get((field, str(value)))) is not None:
            return self.say(word)
        # What a person wrote is theirs.
        return self.say(short(value)) if value in (None, "", []) or isinstance(value, bool) else short(value)

    def _what(self, change: Change) -> str:
        match change.field:
            case ("settings", name):
                step = self.difference.pairing.after.get(change.path)
                return self.label(step, name) if step is not None else name
            case ("inputs", name, part):
                return self.say(f"{part.capitalize()} of input “{name}”")
            case ("extra", name):
                return name
            case field:
                return self.say(FIELDS.get(".".join(field), ".".join(field)))


def said_of_comment(old: Json, new: Json) -> str:
    """What has become of a comment: `New comment “Why 20?”`."""
    text = ""
    for comment in (old, new):
        text = str(comment.get("text")) if isinstance(comment, dict) else text
    text = " ".join(text.split())
    said = text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
    if not isinstance(old, dict):
        return f"New comment “{said}”"
    if not isinstance(new, dict):
        return f"Comment “{said}” removed"
    if old.get("resolved") != new.get("resolved"):
        return f"Comment “{said}” resolved" if new.get("resolved") else f"Comment “{said}” opened again"
    return f"Comment “{said}” changed"


def _moved(out: str, into: str) -> str:
    if out and into:
        return f"Moved out of “{out}” into “{into}”"
    return f"Moved out of “{out}”" if out else f"Moved into “{into}”" if into else "Moved"


def short(value: Json) -> str:
    """A value as it stands in a sentence."""
    match value:
        case None | "" | []:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case str():
            return f"“{value}”"
        case list() if all(isinstance(each, str) for each in value):
            return ", ".join(map(str, value))
        case _:
            return json.dumps(value, ensure_ascii=False)


def text_diff(old: str, new: str) -> list[tuple[Mark, str]]:
    """The lines that went (`-`) and came (`+`), each with a little of what is around it."""
    return list(_text_diff(old.splitlines(), new.splitlines()))


def _text_diff(old: list[str], new: list[str]) -> Iterator[tuple[Mark, str]]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if start > CONTEXT:
        yield "…", ""
    yield from ((" ", line) for line in old[max(0, start - CONTEXT) : start])
    if max(len(before), len(after)) > MOST_LINES:
        yield from _cut("-", before)
        yield from _cut("+", after)
    else:
        for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "equal":
                yield from _kept(before[a:b])
            else:
                yield from (("-", line) for line in before[a:b])
                yield from (("+", line) for line in after[c:d])
    yield from ((" ", line) for line in old[len(old) - end : len(old) - end + CONTEXT])
    if end > CONTEXT:
        yield "…", ""


def _kept(lines: list[str]) -> Iterator[tuple[Mark, str]]:
    if len(lines) <= 2 * CONTEXT + 1:
        yield from ((" ", line) for line in lines)
        return
    yield from ((" ", line) for line in lines[:CONTEXT])
    yield "…", ""
    yield from ((" ", line) for line in lines[-CONTEXT:])


def _cut(mark: Mark, lines: list[str]) -> Iterator[tuple[Mark, str]]:
    yield from ((mark, line) for line in islice(lines, MOST_LINES))
    if len(lines) > MOST_LINES:
        yield "…", f"{len(lines) - MOST_LINES:,} more lines"


def _common(old: list[str], new: list[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def _is_long(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) > SHORT or "\n" in value
    return isinstance(value, list | dict) and len(json.dumps(value, ensure_ascii=False)) > SHORT


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
