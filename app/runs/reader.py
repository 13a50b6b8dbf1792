"""The journal of one run, read in the small parts that a window shows, and only what is new of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import orjson
from pydantic import JsonValue as Json

from app.engine.events import Event, Finished
from app.engine.past import plain
from app.runs.details import Details
from app.runs.reading import events_of
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Only, read_steps
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


class RunReader:
    """Reads for everyone in a window. `follow` another run, and everything read before is forgotten."""

    def __init__(self, database: Database, artifacts: Artifacts, runs: Runs) -> None:
        self.run_id = ""
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
        if run_id != self.run_id:
            self.run_id = run_id
            self._known, self._scopes, self._inputs, self._flow = None, {}, None, None

    async def details(self, step: str) -> Details:
        """Everything the journal knows of one step of one round, by its full path such as `each/17/line`."""
        async with self._turn:
            if self._known is None or self._known.details.step != step:
                self._known = _Known(Details(step))
            known = self._known
            events, known.last = await self._events(known.last, Only(step))
            for told in events:
                known.details.take(told)
        if known.details.status in ("done", "failed") and not known.details.given:
            known.details.given = await self._wired_into(step)
        if known.details.status in ("running", "asked"):
            return await self._cut_off(known.details)
        return known.details

    async def _cut_off(self, details: Details) -> Details:
        """A step without an end, in a run that has one, was cut off with it."""
        status = (await self._runs.get(self.run_id)).status
        if status in ("running", "waiting"):
            return details
        ending = "interrupted" if status == "interrupted" else "stopped"
        return replace(details, status=ending, message="", hint="")

    async def rounds(self, path: str) -> list[str]:
        """The full paths a step has had in the run, by round; the step by its path in the flow."""
        if not self.run_id:
            return []
        if "/" not in path:
            return [path]
        found = await read_steps(self._database, self.run_id, path.replace("/", "/*/"))
        return sorted((step for step in found if plain(step) == path), key=_numbers)

    async def latest_round(self, scope: str, container: str) -> str:
        """The round of a container that was last heard of, `0` before the first; `scope` is what it stands in."""
        if not self.run_id:
            return "0"
        prefix = f"{scope}/{container}/" if scope else f"{container}/"
        found = await read_steps(self._database, self.run_id, f"{prefix}*")
        return found[-1].removeprefix(prefix).split("/")[0] if found else "0"

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
        flow = await self._ran()
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

    async def _ran(self) -> Flow:
        """The flow as this run used it."""
        if self._flow is None:
            record = await self._runs.get(self.run_id)
            self._flow = Flow.model_validate_json(await self._runs.document(record))
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
        return await events_of(self._database, self._artifacts, self.run_id, after, only)


def _numbers(step: str) -> list[int]:
    return [int(part) if part.isdecimal() else -1 for part in step.split("/")[1::2]]
