"""Find in the flow that is shown: a field over its canvas, the places found, and the way to each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import JsonValue as Json

from app.desk.searching import Found, Hit, Values, search
from app.language import msg, spoken, tr
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.commands.here import Offer
from app.ui.dialogs import said
from app.ui.naming import name_of
from app.ui.stage import Stage
from flows.model import Flow, walk
from nodes.checks import label_of

PLACES = {"Name": msg("Name"), "Id": msg("Id"), "Kind": msg("Kind"), "Note": msg("Note")}
"""Where a name was found."""


class Find(ui.element, component="find.js"):
    """Made over a canvas. `flow` is what is searched; `go` shows a place that was found."""

    def __init__(self, studio: Studio, stage: Stage, flow: Callable[[], Flow], go: Callable[[Hit], None]) -> None:
        super().__init__()
        self._studio, self._stage, self._flow, self._go = studio, stage, flow, go
        self._found = Found()
        self._newest = 0
        self.on("search", self._search)
        self.on("go", self._chosen)
        self.on("shut", stage.canvas.take_keys, args=[])

    def offers(self) -> dict[str, Offer]:
        """Its commands; their keys are heard in the browser, which opens it at once."""
        return {
            "find": Offer(lambda: self.run_method("show")),
            "find.next": Offer(lambda: self.run_method("step", 1)),
            "find.previous": Offer(lambda: self.run_method("step", -1)),
        }

    async def _search(self, event: GenericEventArguments) -> None:
        self._newest += 1
        mine, text = self._newest, str(event.args)
        with said():
            flow = self._flow()
            values = await self._values(flow) if text.strip() else {}
            if mine != self._newest:
                return  # More was typed meanwhile.
            # Beside the loop: a run may have given much.
            found = await asyncio.to_thread(search, text, flow, self._studio.catalog, values, self._say())
            if mine != self._newest or self.is_deleted:
                return
            self._found = found
            hits = [
                {
                    "path": hit.path,
                    "sort": hit.sort,
                    "step": name_of(flow, hit.path, self._studio.catalog),
                    "place": _place(hit),
                    "text": hit.text,
                    "start": hit.start,
                    "length": hit.length,
                }
                for hit in found.hits
            ]
            self.run_method("fill", text, hits, found.more, bool(self._stage.reader.run_id))

    async def _values(self, flow: Flow) -> Values:
        """What each step gave in the run that is shown, in the rounds that are looked at."""
        reader = self._stage.reader
        if not reader.run_id:
            return {}
        containers = ["", *(path for path, step in walk(flow) if step.body is not None)]
        found: dict[str, dict[str, Json]] = {}
        try:
            for container in containers:
                gave = await reader.outputs(reader.scope(container))
                prefix = f"{container}/" if container else ""
                found |= {f"{prefix}{id}": outputs for id, outputs in gave.items()}
        except (Refusal, StoreTrouble):
            return {}  # The run was removed meanwhile.
        return found

    def _say(self) -> Callable[[str], str]:
        """Says the names of nodes and settings in the language of this window, also beside the loop."""
        kinds = self._studio.catalog.kinds.values()
        names = (node.spec.title for node in kinds), *([label_of(n, name) for name in n.model_fields] for n in kinds)
        said = {name: tr(name) for each in names for name in each}
        return lambda name: said.get(name, name)

    def _chosen(self, event: GenericEventArguments) -> None:
        at = int(event.args)
        if 0 <= at < len(self._found.hits):
            hit = self._found.hits[at]
            if hit.path in {path for path, _ in walk(self._flow())}:
                self._go(hit)
                self._stage.canvas.take_keys(hit.path)
            else:
                ui.notify(tr("This step is no longer in the flow."))


def _place(hit: Hit) -> str:
    if hit.sort == "name":
        return tr(PLACES[hit.place])
    return spoken(hit.place) if hit.sort == "reference" else hit.place
