"""Sentences that were put together and written down in English, in the window's language.

A journal, a problem and a refused edit are kept in English, so that flows, runs and logs read the same everywhere. The
catalogue holds the pattern that each was made from, such as `{step} took longer than {seconds} s.`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from app.language.choosing import SOURCE
from app.language.patterns import SENTENCE_END, Kind, Pattern, most_sentences, patterns
from app.language.speaking import current, msg, swapped, words

LONGEST = 4000
"""Letters of a text that is still looked at: a longer one is somebody's data."""
DEEPEST = 3
"""Messages that stand one in the other."""
OURS = ("given", "needed", "done")
"""Gaps that hold a word of ours."""
_LIST = re.compile(r"“[^”]*”((,| and| or| →) “[^”]*”)*")
_MOMENT = re.compile(r"(?:(on|at) )?(?:(\d\d \w+)( \d{4})?(, | at ))?(\d\d:\d\d(?::\d\d)?)")
_SMALL = (
    *(msg("and"), msg("or"), msg("on"), msg("at"), msg("read"), msg("written"), msg("nothing")),
    *(msg("none"), msg("yes"), msg("no")),
)


Said = tuple[str, int]
"""A text in the window's language, and how many letters of the English one were known."""


def spoken(text: str, *, edit: bool = False) -> str:
    """The text in the window's language, as far as it was made from what the catalogue holds; else as it is.

    `edit`: it is what Undo takes back, such as `add Click`; elsewhere so few words may be anybody's.
    """
    language = current()
    if language == SOURCE or not text or len(text) > LONGEST:
        return text
    return _translated(language, text, edit, DEEPEST)[0]


@lru_cache(maxsize=4096)
def _translated(language: str, text: str, edit: bool, deep: int) -> Said:
    # A text may be one of few: those that have its longest words.
    near = _near(language, f"{text}\n{text.replace('; ', '. ')}" if "; " in text else text, edit)
    whole = _one(language, text, near, deep, edit=edit)
    if edit and whole is None:
        whole = _one(language, text, near, deep, edit=edit, loosely=True)
    if edit and whole is None and " → " in text:
        return _changed(text), 1
    said = _sentences(language, _parts(text), near, deep)
    if deep and (labelled := _labelled(language, text, deep))[1] > max(said[1], whole[1] if whole else 0):
        return labelled
    if whole is not None and whole[1] >= said[1]:
        return whole
    if not said[1] and (loose := _one(language, text, near, deep, loosely=True)) is not None:
        return loose
    return said


def _labelled(language: str, text: str, deep: int) -> Said:
    """What is said of something, whose name stands before it: `Price: It is missing.`"""
    label, colon, rest = text.partition(": ")
    said, known = _translated(language, rest, False, deep - 1) if rest else ("", 0)
    return label + colon + said, known


def _parts(text: str) -> list[str]:
    """Its sentences, each with what parts it from the next; what stands in quotes is not parted."""
    ends = [each.end() for each in SENTENCE_END.finditer(text)]
    ends = [end for end in ends if text.count("“", 0, end) <= text.count("”", 0, end)]
    return [text[begin:end] for begin, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _sentences(language: str, parts: list[str], near: Sequence[Pattern], deep: int) -> Said:
    """Sentence by sentence, as many at once as are one message: the way that knows most."""
    most, best = most_sentences(language), ("", 0)
    ways: list[Said] = [best]
    for at in range(len(parts) - 1, -1, -1):
        alone = _clauses(language, parts[at].rstrip(), near, deep) if len(parts) == 1 or "; " in parts[at] else None
        best = (parts[at] + ways[0][0], ways[0][1]) if alone is None else _joined(alone, parts[at], ways[0])
        for count in range(1, min(most, len(parts) - at) + 1):
            piece = "".join(parts[at : at + count])
            if len(parts) > 1 and (found := _one(language, piece.rstrip(), near, deep)) is not None:
                way = _joined(found, piece, ways[count - 1])
                best = way if way[1] >= best[1] else best
        ways.insert(0, best)
    return ways[0]


def _joined(said: Said, piece: str, after: Said) -> Said:
    return said[0] + piece[len(piece.rstrip()) :] + after[0], said[1] + after[1]


def _clauses(language: str, sentence: str, near: Sequence[Pattern], deep: int) -> Said | None:
    """Several short sentences that were made one: `“A” was skipped; “B” was there.`"""
    if "; " not in sentence:
        return None
    dot = "." if sentence.endswith(".") else ""
    said = []
    for clause in sentence.removesuffix(".").split("; "):
        found = (_one(language, clause, near, deep), _one(language, f"{clause}.", near, deep))
        said.append(max(filter(None, found), key=lambda each: each[1], default=(clause, 0)))
    known = sum(each[1] for each in said)
    return ("; ".join(each[0].removesuffix(".") for each in said) + dot, known) if known else None


def _one(
    language: str, text: str, near: Sequence[Pattern], deep: int, *, edit: bool = False, loosely: bool = False
) -> Said | None:
    """A text that is one message."""
    if (exact := words().one.get(text)) is not None:
        return exact, len(text)
    for pattern in near:
        if pattern.need in text and (given := pattern.match(text, loosely=loosely)) is not None:
            gaps = {
                gap: _given(language, value, gap, pattern.kinds[gap], deep, edit=edit) for gap, value in given.items()
            }
            known = len(text) - sum(map(len, given.values())) + sum(each[1] for each in gaps.values())
            return pattern.said.format(**{gap: said for gap, (said, _) in gaps.items()}), known
    return None


def _given(language: str, value: str, gap: str, kind: Kind, deep: int, *, edit: bool) -> Said:
    """What stands in a gap: a name stays, unless it is that of a node; other parts may be ours again."""
    known = words()
    if value in known.titles or (edit and gap == "what"):
        return known.one.get(value, value), 0
    if kind == "name" or not value:
        return value, 0
    if kind == "number":
        return swapped(value), 0
    if _LIST.fullmatch(value):
        return _list(value), len(value)
    if moment := _MOMENT.fullmatch(value.strip()):
        return _padded(value, _moment(language, moment)), len(value)
    if edit and " → " in value:
        return _changed(value), 0
    # A single word may be anybody's, unless it is one of a table of ours.
    if " " not in value and not (value.islower() and (gap.startswith("part") or gap in OURS)):
        return value, 0
    if not deep:
        return value, 0
    # Where no sentences are put, it is ours as a whole, or somebody's.
    ours = _translated if kind == "open" else _as_a_whole
    said, letters = ours(language, value.strip(), False, deep - 1)
    return _padded(value, said), letters


def _as_a_whole(language: str, text: str, edit: bool, deep: int) -> Said:
    return _one(language, text, _near(language, text, edit), deep, edit=edit) or (text, 0)


def _near(language: str, text: str, edit: bool) -> list[Pattern]:
    return [each for each in patterns(language) if each.need in text and (edit or not each.is_edit)]


def _padded(value: str, said: str) -> str:
    return value[: len(value) - len(value.lstrip())] + said + value[len(value.rstrip()) :]


def _changed(value: str) -> str:
    """What became of a setting, or the steps that a wire connects: `Time limit 5 → 10`, `Read table → For each`."""
    known = words()
    before, arrow, after = value.partition(" → ")
    if before in known.titles or after in known.titles:
        return " → ".join(known.one.get(each, each) if each in known.titles else each for each in (before, after))
    parts = before.split(" ")
    for end in range(len(parts) - 1, 0, -1):
        if (label := known.one.get(" ".join(parts[:end]))) is not None:
            values = (" ".join(parts[end:]), after)
            old, new = (_list(each) if _LIST.fullmatch(each) else known.one.get(each, each) for each in values)
            return f"{label} {old}{arrow}{new}"
    return value


def _list(value: str) -> str:
    """Names in quotes: `“A”, “B” and “C”`."""
    known = words()
    said = []
    for part in re.split(r"(“[^”]*”)", value):
        name, between = part.strip("“”"), part.strip()
        if part.startswith("“"):
            name = known.one.get(name, name) if name in known.titles else name
            said.append(known.one.get("“{name}”", "“{name}”").format(name=name))
        else:
            said.append(part.replace(between, known.one.get(between, between)) if between else part)
    return "".join(said)


def _moment(language: str, moment: re.Match[str]) -> str:
    """`on 3 May 2026 at 08:00:12` as the language writes it."""
    from babel.dates import format_date, format_skeleton

    before, day, year, between, clock = moment.groups(default="")
    known = words().one
    said = f"{known.get(before, before)} " if before else ""
    if day:
        try:
            # Where no year is told, one that has a 29 February.
            at = datetime.strptime(f"{day}{year or ' 2000'}", "%d %B %Y")
        except ValueError:
            return moment[0]
        said += format_date(at, "long", language) if year else format_skeleton("MMMMd", at, locale=language)
        said += between.replace("at", known.get("at", "at"))
    return said + clock
