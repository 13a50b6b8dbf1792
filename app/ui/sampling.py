"""What passed along a wire of the run that is shown: how much of it, and how it begins."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pydantic import JsonValue as Json

from app.language import tr, trn
from app.runs.reading.pictures import address_of
from app.runs.reading.reader import RunReader
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.ui.canvas import Aimed, Canvas, SampleShape
from app.ui.editor.drawing import wire_of
from app.ui.shown import start_of

log = logging.getLogger(__name__)

LINES = 3
LONGEST = 160
"""Items of a list that are shown, and characters of each."""


class Sampling:
    """Answers one canvas when the pointer rests on a wire."""

    def __init__(self, canvas: Canvas, reader: Callable[[], RunReader]) -> None:
        self._canvas = canvas
        self._reader = reader
        canvas.when_aimed(self._aimed)

    async def _aimed(self, aimed: Aimed) -> None:
        parent, wire = wire_of(aimed["wire"])
        reader = self._reader()
        try:
            details = await reader.details(reader.full(f"{parent}/{wire.source}" if parent else wire.source))
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", reader.run_id, trouble)
            return
        outputs = details.outputs or {}
        if wire.source_port in outputs and not self._canvas.is_deleted:
            # Beside the loop: a value may be large.
            sample = await asyncio.to_thread(sample_of, outputs[wire.source_port])
            self._canvas.sample({"wire": aimed["wire"], **sample})


def sample_of(value: Json) -> SampleShape:
    """How much a value is, in words, and the first lines of it."""
    picture = address_of(value)
    match value:
        case list():
            lines = [_line(each) for each in value[:LINES]]
            more = len(value) - len(lines)
            picture = next((found for each in value[:LINES] if (found := address_of(each))), "")
            head = trn("{n} item passed", "{n} items passed", len(value)) if value else tr("An empty list passed")
            return {"head": head, "lines": lines, "more": more, "picture": picture}
        case {"sha256": str(), "name": str(name)}:
            return {"head": tr("A file passed"), "lines": [name], "picture": picture}
        case dict():
            lines = [f"{name}: {_line(each)}" for name, each in list(value.items())[:LINES]]
            return {"head": tr("A record passed"), "lines": lines, "more": max(0, len(value) - LINES)}
        case None:
            return {"head": tr("An empty value passed"), "lines": []}
        case str():
            return {"head": tr("A text passed"), "lines": [_line(value)] if value else []}
        case bool():
            return {"head": tr("Yes passed") if value else tr("No passed"), "lines": []}
        case _:
            return {"head": tr("A number passed"), "lines": [_line(value)]}


def _line(value: Json) -> str:
    text, whole = start_of(value, LONGEST)
    line = " ".join(text.split())
    return line if whole else f"{line[: LONGEST - 1]}…"
