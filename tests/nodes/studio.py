"""A studio for the stories about nodes: the real engine and the real outside world, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import JsonValue as Json

from app.browser.browsers import Browsers
from app.engine.events import Failed, Finished, Logged, Retried, Row, Skipped, Streamed, event
from app.engine.gate import Grant, review
from app.engine.plan import plan
from app.engine.run import run
from app.engine.shared import Shared
from app.practice import PracticeSite
from app.runs.world.real import RealWorld
from app.secrets.secrets import Secrets
from app.store.artifacts import Artifacts
from app.store.connections import Connections
from app.store.database import Database
from flows.model import Flow, Step, Wire
from nodes import Context, Effect, Field, Node
from nodes.catalog import Catalog, built_in

To = Mapping[str, Any]


class Given(Node, kind="test.given", effect=Effect.NONE):
    """A value for the step that is tested."""

    value: Json = Field(None, description="The value.")

    async def run(self, ctx: Context) -> Json:
        return self.value


CATALOG = built_in() | Catalog({"test.given": Given})


@dataclass
class Rows:
    """A journal in memory."""

    rows: list[Row] = field(default_factory=list)
    crowded: bool = False

    def append(self, row: Row) -> None:
        self.rows.append(row)

    async def flush(self) -> None: ...

    async def room(self) -> None: ...


class StepFailed(Exception):
    """A step of the story failed, with the sentence and the hint that a person sees."""

    def __init__(self, message: str, hint: str, *, defect: bool) -> None:
        super().__init__(f"{message} | {hint}" if hint else message)
        self.message = message
        self.hint = hint
        self.defect = defect


@dataclass
class Played:
    """How a run went."""

    status: str
    message: str
    result: Json
    outputs: dict[str, Mapping[str, Json]]
    failed: dict[str, StepFailed]
    skipped: dict[str, str]
    log: list[str]
    streamed: str
    waits: list[float]
    rows: bytes


class Studio:
    """One data folder, one browser, one practice shop."""

    def __init__(self, home: Path, database: Database, browsers: Browsers, shop: PracticeSite) -> None:
        self.files = home / "files"
        self.secrets = Secrets(database, environment={})
        self.connections = Connections(database)
        self.artifacts = Artifacts(home / "artifacts")
        self.shop = shop
        self._home = home
        self._browsers = browsers

    async def play(self, flow: Flow, inputs: Mapping[str, Json] | None = None) -> Played:
        """Run a flow to its end."""
        world = RealWorld(
            flow_id=flow.id,
            run_id="1",
            grant=Grant(review(flow, CATALOG), own=True),
            folder=self._home,
            browsers=self._browsers,
            shop=self.shop,
            secrets=self.secrets,
            connections=self.connections,
            artifacts=self.artifacts,
            remember=nothing,
        )
        journal = Rows()
        shared = Shared(world, journal)
        try:
            end = await run(
                plan(flow, CATALOG), shared, {"inputs": dict(inputs or {}), "practice": await world.practice()}
            )
        finally:
            await world.close()
        events = [event(row) for row in journal.rows]
        return Played(
            status=end.status,
            message=end.message,
            result=end.result,
            outputs={each.step: each.outputs or {} for each in events if isinstance(each, Finished)},
            failed={
                each.step: StepFailed(each.message, each.hint, defect=each.defect)
                for each in events
                if isinstance(each, Failed)
            },
            skipped={each.step: each.reason for each in events if isinstance(each, Skipped)},
            log=[each.text for each in events if isinstance(each, Logged)],
            streamed="".join(each.text for each in events if isinstance(each, Streamed)),
            waits=[each.wait for each in events if isinstance(each, Retried)],
            rows=b"\n".join(row[3] for row in journal.rows),
        )

    async def chain(self, *steps: tuple[str, To]) -> Played:
        """Run steps one after the other; they are called s1, s2 and so on."""
        names = [f"s{number}" for number in range(1, len(steps) + 1)]
        return await self.play(
            flow_of(
                {name: Step(kind=kind, settings=settings) for name, (kind, settings) in zip(names, steps, strict=True)},
                [Wire(source=one, target=after) for one, after in pairwise(names)],
            )
        )

    async def on(self, path: str, *steps: tuple[str, To]) -> Mapping[str, Json]:
        """What the last of some steps gives on a page of the shop. StepFailed where one fails."""
        opened = ("browser.open", {"url": f"{{{{ practice }}}}{path}"})
        return outcome(await self.chain(opened, *steps), f"s{len(steps) + 1}")

    async def step(self, kind: str, settings: To, **inputs: Json) -> Mapping[str, Json]:
        """What one step gives for these inputs. StepFailed where it fails."""
        return outcome(await self.alone(kind, settings, **inputs), "it")

    async def alone(self, kind: str, settings: To, **inputs: Json) -> Played:
        """How a run of one step goes, for these inputs."""
        steps = {f"for_{name}": Step(kind="test.given", settings={"value": value}) for name, value in inputs.items()}
        wires = [Wire(source=f"for_{name}", source_port="value", target="it", target_port=name) for name in inputs]
        return await self.play(flow_of({**steps, "it": Step(kind=kind, settings=settings)}, wires))


def outcome(played: Played, step: str) -> Mapping[str, Json]:
    """What a step gave."""
    for failure in played.failed.values():
        raise failure
    return played.outputs[step]


def flow_of(steps: Mapping[str, Step], wires: Sequence[Wire] = (), result: str = "") -> Flow:
    """A flow of these steps."""
    return Flow(id="story", name="A story", steps=dict(steps), wires=tuple(wires), result=result)


async def nothing(_: object) -> None:
    """Nobody keeps what was allowed."""
