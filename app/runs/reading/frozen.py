"""A picture as bytes that can be kept on the disk, and back. Bytes that are damaged, or of another run, are nothing."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from pydantic import BaseModel, NonNegativeInt

from app.engine.past import plain
from app.runs.reading.picture import Light, Open, Picture
from app.runs.reading.rounds import Loop

LARGEST = 50_000_000
"""Bytes that a picture has at most, unpacked."""

SAYS_HOW = ("frozen.py", "journal.py", "picture.py", "pictures.py", "rounds.py")
"""The files that say how a journal becomes a picture. Where one of them is another, all pictures are made anew."""

Stretch = tuple[NonNegativeInt, NonNegativeInt, NonNegativeInt]
"""The first of some rounds that stand the same, how many they are, and how they stand."""


class _Loop(BaseModel):
    rounds: list[Stretch]
    newest: str
    highest: int
    total: int
    end: int
    from_before: list[int]


class _Picture(BaseModel):
    made_by: str
    run: str
    seq: int
    status: str
    message: str
    lights: dict[str, Light]
    questions: list[Open]
    rests: list[Open]
    running: dict[str, set[str]]
    places: dict[str, dict[str, int]]
    loops: dict[str, _Loop]


def freeze(picture: Picture, run_id: str, seq: int) -> bytes | None:
    """The picture of a run after a row of its journal; None where it holds a result, which is not to be kept twice."""
    if picture.result is not None:
        return None
    made = _Picture.model_construct(
        made_by=made_by(),
        run=run_id,
        seq=seq,
        status=picture.status,
        message=picture.message,
        lights=picture.lights,
        questions=list(picture.questions.values()),
        rests=list(picture.rests.values()),
        running={path: steps for path, steps in picture.running.items() if steps},
        places=picture.rounds.places,
        loops={path: _of_loop(loop) for path, loop in picture.rounds.loops.items()},
    )
    return zlib.compress(made.model_dump_json(exclude_defaults=True).encode(), 1)


def thaw(body: bytes, run_id: str, seq: int) -> Picture | None:
    """The picture that was frozen of this run after this row; None where it is not that, or not whole."""
    with suppress(ValueError, KeyError, zlib.error):
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(body, LARGEST)
        kept = _Picture.model_validate_json(text) if unpacking.eof else None
        if kept is not None and (kept.made_by, kept.run, kept.seq) == (made_by(), run_id, seq):
            return _picture(kept)
    return None


@cache
def made_by() -> str:
    """Which way of making pictures this is."""
    told = hashlib.sha256()
    for name in SAYS_HOW:
        told.update(Path(__file__).with_name(name).read_bytes())
    return told.hexdigest()[:16]


def _picture(kept: _Picture) -> Picture:
    made = Picture(kept.status, kept.message, None, kept.lights)
    made.questions = {(each.step, each.key): each for each in kept.questions}
    made.rests = {(each.step, each.key): each for each in kept.rests}
    made.running = kept.running
    made.rounds.places = kept.places
    for path, loop in kept.loops.items():
        if plain(path) not in kept.places or sum(count for _, count, _ in loop.rounds) > kept.seq + 1:
            raise ValueError("There are more rounds than rows, or rounds of nothing.")
        rounds: dict[int, int] = {}
        for first, count, known in loop.rounds:
            rounds.update(dict.fromkeys(range(first, first + count), known))
        made.rounds.add(path, Loop({}, rounds, loop.newest, loop.highest, loop.total, loop.end, set(loop.from_before)))
    return made


def _of_loop(loop: Loop) -> _Loop:
    return _Loop.model_construct(
        rounds=list(_stretches(loop.rounds.items())),
        newest=loop.newest,
        highest=loop.highest,
        total=loop.total,
        end=loop.end,
        from_before=sorted(loop.from_before),
    )


def _stretches(rounds: Iterable[tuple[int, int]]) -> Iterable[Stretch]:
    first, count, known = 0, 0, 0
    for number, stands in sorted(rounds):
        if count and number == first + count and stands == known:
            count += 1
            continue
        if count:
            yield first, count, known
        first, count, known = number, 1, stands
    if count:
        yield first, count, known
