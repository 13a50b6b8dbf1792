"""What expressions may refer to at a step, with the values of the last run: for completion and preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.events import Event
from app.runs.reading import events_of, outputs_in
from app.studio import Studio
from flows.expressions import ExpressionError, is_template, parse
from flows.model import Flow, body_at, step_at

DEEPEST = 3
"""How many levels of a value are offered one by one."""

SAMPLE = 60
"""Characters of a value that are shown beside its name."""


@dataclass(frozen=True)
class Reference:
    """Something an expression may refer to, with a sample of its value; empty where no run has one yet."""

    text: str
    sample: str
    from_: str


@dataclass(frozen=True)
class Preview:
    """What an expression gives with the values of the last run."""

    ok: bool
    text: str


class Values:
    """The values of the run that is followed, read when they are first needed."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._run_id = ""
        self._events: list[Event] = []
        self._last = -1
        self._inputs: dict[str, Json] = {}

    def run_changed(self, run_id: str) -> None:
        """Look at another run from now on."""
        if run_id != self._run_id:
            self._run_id, self._events, self._last, self._inputs = run_id, [], -1, {}

    async def load(self) -> None:
        """Read what the run has told since the last look."""
        if not self._run_id:
            return
        if self._last < 0:
            self._inputs = orjson.loads((await self._studio.runs.stored.get(self._run_id)).inputs)
        more, self._last = await events_of(self._studio.database, self._studio.artifacts, self._run_id, self._last)
        self._events += more

    def names(self, flow: Flow, path: str) -> dict[str, Any]:
        """The names a step's expressions may use, with the values they had."""
        found: dict[str, Any] = {
            "inputs": {name: self._inputs.get(name, declared.default) for name, declared in flow.inputs.items()},
            "now": "2026-01-31T08:00:00+01:00",
            **outputs_in(self._events),
        }
        scope = ""
        parts = path.split("/")
        for depth in range(1, len(parts)):
            container = "/".join(parts[:depth])
            round = self._latest_round(scope, parts[depth - 1])
            item = self._item(flow, container, found, round)
            scope = f"{scope}/{parts[depth - 1]}/{round}".lstrip("/")
            found |= {"item": item, "index": int(round) if round.isdecimal() else 0, **outputs_in(self._events, scope)}
        return found

    def references(self, flow: Flow, path: str, *, body: bool = False) -> list[Reference]:
        """Everything the step at `path` may refer to; with `body`, what its own body's result may refer to."""
        inside = f"{path}/-" if body else path
        values = self.names(flow, inside)
        found = [
            Reference(f"inputs.{name}", _sample(values["inputs"].get(name)), "What the flow asks for")
            for name in flow.inputs
        ]
        if "/" in inside:
            found += _within("item", values.get("item"), "The item of this round")
            found.append(Reference("index", "0", "The number of this round"))
        for name, title, ports in self._steps_before(flow, inside):
            outputs = values.get(name) or {}
            for port in ports:
                found += _within(f"{name}.{port}", outputs.get(port), title)
        return [*found, Reference("now", "the time the run began", ""), Reference("practice", "the practice shop", "")]

    def preview(self, text: str, flow: Flow, path: str) -> Preview | None:
        """What this text gives with the values of the last run; None where there is nothing to show."""
        if not is_template(text):
            return None
        try:
            template = parse(text)
        except ExpressionError:
            return None
        names = self.names(flow, path)
        names.setdefault("practice", "http://practice.shop")
        if not template.roots <= set(names):
            return Preview(True, "The value is shown here after a run.")
        try:
            return Preview(True, f"= {_sample(template.render(names), 160)}")
        except ExpressionError as error:
            return Preview(False, str(error))

    def _steps_before(self, flow: Flow, path: str) -> Iterator[tuple[str, str, list[str]]]:
        """The steps a reference may name: those in its body and the bodies around it that do not come after it."""
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            here = "/".join(parts[:depth])
            body = body_at(flow, here)
            after = _after(body.wires, parts[depth - 1])
            for name, step in body.steps.items():
                node = self._studio.catalog.kinds.get(step.kind)
                if name not in after and node is not None:
                    yield name, step.title or node.spec.title, [port.name for port in node.spec.outputs]

    def _latest_round(self, scope: str, container: str) -> str:
        prefix = f"{scope}/{container}/".lstrip("/")
        for event in reversed(self._events):
            if event.step.startswith(prefix):
                return event.step[len(prefix) :].split("/")[0]
        return "0"

    def _item(self, flow: Flow, container: str, names: Mapping[str, Any], round: str) -> Json:
        """The item that a round worked on, from the wire into the container's list."""
        try:
            step_at(flow, container)
        except KeyError:
            return None
        name = container.rsplit("/", 1)[-1]
        for wire in body_at(flow, container).wires:
            if wire.target == name and wire.target_port == "items":
                items = (names.get(wire.source) or {}).get(wire.source_port)
                if isinstance(items, list) and items:
                    number = int(round) if round.isdecimal() else 0
                    item: Json = items[min(number, len(items) - 1)]
                    return item
        return None


def _after(wires: Any, start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        source = waiting.pop()
        new = [wire.target for wire in wires if wire.source == source and wire.target not in found]
        found.update(new)
        waiting.extend(new)
    return found


def _within(text: str, value: Json, from_: str, depth: int = 0) -> list[Reference]:
    found = [Reference(text, _sample(value), from_)]
    if depth < DEEPEST:
        if isinstance(value, dict):
            for key, inner in list(value.items())[:30]:
                if key.isidentifier():
                    found += _within(f"{text}.{key}", inner, from_, depth + 1)
        elif isinstance(value, list) and value:
            found += _within(f"{text}[0]", value[0], from_, depth + 1)
    return found


def _sample(value: Json, most: int = SAMPLE) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
