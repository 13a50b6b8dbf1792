"""The journal of one run, read in the small parts that a window shows, and only what is new of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import orjson
from pydantic import JsonValue as Json

from app.engine.events import Event, Finished
from app.engine.past import plain
from app.runs import parts
from app.runs.reading.details import Details
from app.runs.reading.journal import events_of
from app.runs.reading.picture import OPEN, Picture
from app.runs.reading.unfolded import unfolded
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Only
from app.store.runs import Runs
from flows.model import Flow, body_at

Outputs = dict[str, dict[str, Json]]
"""What each step gave, by its id."""


@dataclass
class _Known:
    details: Details
    last: int = -1


@dataclass
class _Scope:
    outputs: Outputs = field(default_factory=dict)
    last: int = -1


@dataclass
class _Seen:
    picture: Picture = field(default_factory=Picture)
    last: int = -1


class RunReader:
    """Reads for everyone in a window. `follow` another run, and everything read before is forgotten.

    Which round of each container is looked at is one choice for the whole window: `choose` makes it.
    """

    def __init__(self, database: Database, artifacts: Artifacts, runs: Runs) -> None:
        self.run_id = ""
        self.picture = Picture()
        """What the whole run looks like; whoever watches it gives it here."""
        self.until: int | None = None
        """The number of the last event that is looked at; None is the newest."""
        self.chosen: dict[str, str] = {}
        """The chosen round of a container, by its path in the flow; of all others, the newest is looked at."""
        self._seen: dict[str, _Seen] = {}
        self._database = database
        self._artifacts = artifacts
        self._runs = runs
        self._turn = asyncio.Lock()
        self._known: _Known | None = None
        self._scopes: dict[str, _Scope] = {}
        self._inputs: dict[str, Json] | None = None
        self._flow: Flow | None = None

    def follow(self, run_id: str) -> None:
        """Read another run from now on; an empty id is none."""
        self.picture = Picture()
        self.until = None
        self.chosen, self._seen = {}, {}
        if run_id != self.run_id:
            self.run_id = run_id
            self._known, self._scopes, self._inputs, self._flow = None, {}, None, None

    async def turn_to(self, picture: Picture, until: int | None) -> None:
        """Read the run as it was after this event of it, when it looked like this; without one, as it is now."""
        async with self._turn:
            if until != self.until:
                self._known, self._scopes, self._seen = None, {}, {}
            self.picture, self.until = picture, until

    async def details(self, step: str) -> Details:
        """Everything the journal knows of one step of one round, by its full path such as `each/17/line`."""
        async with self._turn:
            if self._known is None or self._known.details.step != step:
                self._known = _Known(Details(step))
            known = self._known
            events, known.last = await self._events(known.last, Only(step))
            for told in events:
                known.details.take(told)
        if known.details.status in ("done", "rehearsed", "failed") and not known.details.given:
            known.details.given = await self._wired_into(step)
        goes = known.details.status in OPEN or (known.details.status == "waiting" and known.details.started)
        return await self._cut_off(known.details) if goes and self.until is None else known.details

    async def _cut_off(self, details: Details) -> Details:
        """A step without an end, in a run that has one, was cut off with it."""
        status = (await self._runs.get(self.run_id)).status
        if status in ("running", "waiting"):
            return details
        ending = "interrupted" if status == "interrupted" else "stopped"
        return replace(details, status=ending, message="", hint="")

    def choose(self, container: str, round: str | None) -> None:
        """Look at this round of a container, and of each around it the round that is looked at now; None, the newest.

        What was chosen of the containers inside it is forgotten: their rounds are others now.
        """
        for path in [path for path in self.chosen if path == container or path.startswith(f"{container}/")]:
            del self.chosen[path]
        if round is not None:
            parts = container.split("/")
            around = self.scope("/".join(parts[:-1])).split("/")
            self.chosen |= {"/".join(parts[: depth + 1]): around[2 * depth + 1] for depth in range(len(parts) - 1)}
            self.chosen[container] = round

    def scope(self, container: str) -> str:
        """The round of a container that is looked at, as in `outer/3/inner/0`; of the flow itself, the empty text."""
        full = plain_path = ""
        for name in container.split("/") if container else ():
            plain_path, loop = f"{plain_path}/{name}".lstrip("/"), f"{full}/{name}".lstrip("/")
            full = f"{loop}/{self.chosen.get(plain_path) or self.picture.rounds.newest(loop)}"
        return full

    def chosen_scope(self, path: str) -> str:
        """The innermost round around a step that was chosen, in full; empty where none was."""
        parts = path.split("/")
        for depth in range(len(parts) - 1, 0, -1):
            if (container := "/".join(parts[:depth])) in self.chosen:
                return self.scope(container)
        return ""

    def full(self, path: str) -> str:
        """The full path of a step in the rounds that are looked at; where none is chosen, of the one it ran in last."""
        scope = self.chosen_scope(path)
        light = self.seen(scope).lights.get(path)
        if light is not None and light.latest:
            return light.latest
        container, _, name = path.rpartition("/")
        return f"{self.scope(container)}/{name}" if container else name

    def seen(self, scope: str) -> Picture:
        """What a chosen round looked like when it was last looked at; the whole run where the scope is empty."""
        if not scope:
            return self.picture
        found = self._seen.get(scope)
        return Picture() if found is None else found.picture

    async def look(self, scope: str) -> None:
        """Bring what is `seen` of a chosen round up to what is on the disk."""
        async with self._turn:
            wanted = {self.scope(container) for container in self.chosen}
            self._seen = {kept: seen for kept, seen in self._seen.items() if kept in wanted}
            known = self._seen.get(scope) or _Seen()
            events, known.last = await self._events(known.last, Only(f"{scope}/*"))
            if scope in self._seen:
                known.picture.take_all(events)
            else:
                # A round may hold loops of its own, with thousands of rounds.
                await asyncio.to_thread(known.picture.take_all, events)
                self._seen[scope] = known
            known.picture.status = self.picture.status
            if self.picture.status not in ("running", "waiting"):
                known.picture.end_open_steps(self.picture.status)

    async def latest_round(self, scope: str, container: str) -> str:
        """The round of a container that is looked at, `0` before the first; `scope` is what it stands in."""
        loop = f"{scope}/{container}" if scope else container
        return self.chosen.get(plain(loop)) or self.picture.rounds.newest(loop)

    async def outputs(self, scope: str = "") -> Outputs:
        """What the steps gave that finished directly in a scope: `""` for the flow, `each/17` for a round."""
        async with self._turn:
            read = self._scopes.setdefault(scope, _Scope())
            prefix = f"{scope}/" if scope else ""
            events, read.last = await self._events(read.last, Only(f"{prefix}*", f"{prefix}*/*", "finished"))
            for told in events:
                if isinstance(told, Finished):
                    read.outputs[told.step.removeprefix(prefix)] = dict(told.outputs or {})
            return read.outputs

    async def _wired_into(self, step: str) -> dict[str, Json]:
        """What came along the wires into a step; of one that is quick the journal keeps only the end."""
        flow = await self.flow()
        *scope, name = step.split("/")
        try:
            wires = body_at(flow, plain(step)).wires
        except KeyError:
            return {}
        gave = await self.outputs("/".join(scope))
        return {
            wire.target_port: gave[wire.source][wire.source_port]
            for wire in wires
            if wire.target == name and wire.target_port and wire.source_port in gave.get(wire.source, {})
        }

    async def flow(self) -> Flow:
        """The flow as this run used it, with the flows that it ran inside the steps that ran them."""
        if self._flow is None:
            record = await self._runs.get(self.run_id)
            document, others = await self._runs.version(record)
            flow = await asyncio.to_thread(Flow.model_validate_json, document)
            self._flow = unfolded(flow, parts.read(others))
        return self._flow

    async def inputs(self) -> dict[str, Json]:
        """What the run was given."""
        if self._inputs is None:
            given: dict[str, Json] = orjson.loads((await self._runs.get(self.run_id)).inputs) if self.run_id else {}
            self._inputs = given
        return self._inputs

    async def _events(self, after: int, only: Only) -> tuple[list[Event], int]:
        if not self.run_id:
            return [], after
        return await events_of(self._database, self._artifacts, self.run_id, after, only, until=self.until)
