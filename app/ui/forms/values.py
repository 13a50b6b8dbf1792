"""What expressions may refer to at a step, with the values of the last run: for completion and preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from app.runs.reading.reader import Outputs, RunReader
from app.ui.shown import line_of
from flows.apply import downstream
from flows.expressions import ExpressionError, is_template, parse
from flows.model import Flow, body_at, step_at
from nodes.catalog import Catalog

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
    """What the steps gave in the run that is followed, for the one step whose form is open."""

    def __init__(self, reader: RunReader, catalog: Catalog) -> None:
        self._reader = reader
        self._catalog = catalog
        self._inputs: dict[str, Json] = {}
        self._scopes: list[tuple[str, Outputs]] = []
        self._read = False

    def forget(self) -> None:
        """Know nothing until the next `load`."""
        self._inputs, self._scopes, self._read = {}, [], False

    async def load(self, path: str) -> None:
        """Read what the step at `path` may refer to: of the containers it is in, and its own, the latest rounds."""
        self._inputs = await self._reader.inputs()
        scope, scopes = "", [("", await self._reader.outputs())]
        for container in path.split("/"):
            round = await self._reader.latest_round(scope, container)
            scope = f"{scope}/{container}/{round}".lstrip("/")
            scopes.append((round, await self._reader.outputs(scope)))
        self._scopes, self._read = scopes, True

    def names(self, flow: Flow, path: str) -> dict[str, Any]:
        """The names a step's expressions may use, with the values they had; what no run has given yet is left out."""
        found: dict[str, Any] = {
            "inputs": {name: self._inputs.get(name, declared.default) for name, declared in flow.inputs.items()},
            "now": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        parts = path.split("/")
        for depth, (round, outputs) in enumerate(self._scopes[: len(parts)]):
            if depth:
                number = int(round) if round.isdecimal() else 0
                container = "/".join(parts[:depth])
                for name in ("item", "last", "index"):
                    found.pop(name, None)
                inside = self._inside(flow, container)
                if "index" in inside:
                    found["index"] = number
                if "item" in inside and (item := _item(flow, container, found, number)) is not None:
                    found["item"] = item
            found |= outputs
        return found

    def references(self, flow: Flow, path: str, *, body: bool = False) -> list[Reference]:
        """Everything the step at `path` may refer to; with `body`, what its own body's result may refer to."""
        inside = f"{path}/-" if body else path
        values = self.names(flow, inside)
        found = [
            Reference(f"inputs.{name}", line_of(values["inputs"].get(name), SAMPLE), "What the flow asks for")
            for name in flow.inputs
        ]
        known = self._inside(flow, inside.rpartition("/")[0])
        if "item" in known:
            found += _within("item", values.get("item"), "The item of this round")
        if "last" in known:
            found.append(Reference("last", "", "What the round before gave"))
        if "index" in known:
            found.append(Reference("index", "0", "The number of this round"))
        for name, title, ports in self._steps_before(flow, inside):
            outputs = values.get(name) or {}
            for port in ports:
                found += _within(f"{name}.{port}", outputs.get(port), title)
        return [*found, Reference("now", "the time the run began", ""), Reference("practice", "the practice shop", "")]

    def preview(self, text: str, flow: Flow, path: str) -> Preview | None:
        """What this text gives with the values of the last run; None where there is nothing to show."""
        if not self._read or not is_template(text):
            return None
        try:
            template = parse(text)
        except ExpressionError:
            return None
        names = self.names(flow, path)
        if not template.roots <= set(names):
            return Preview(True, "The value is shown here after a run.")
        try:
            return Preview(True, f"= {line_of(template.render(names), 160)}")
        except ExpressionError as error:
            return Preview(False, str(error))

    def _inside(self, flow: Flow, container: str) -> frozenset[str]:
        """The names that only the steps in a container know; none outside of any."""
        try:
            node = self._catalog.kinds.get(step_at(flow, container).kind) if container else None
        except KeyError:
            node = None
        return node.spec.inside if node is not None else frozenset()

    def _steps_before(self, flow: Flow, path: str) -> Iterator[tuple[str, str, list[str]]]:
        """The steps a reference may name: those in its body and the bodies around it that do not come after it."""
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            here = "/".join(parts[:depth])
            body = body_at(flow, here)
            after = downstream(body, parts[depth - 1])
            for name, step in body.steps.items():
                node = self._catalog.kinds.get(step.kind)
                if name not in after and node is not None:
                    yield name, step.title or node.spec.title, [port.name for port in ports_of(node, step).outputs]


def _item(flow: Flow, container: str, names: Mapping[str, Any], number: int) -> Json:
    """The item that a round worked on, from the wire into the container's list."""
    name = container.rsplit("/", 1)[-1]
    try:
        wires = body_at(flow, container).wires
    except KeyError:
        return None
    for wire in wires:
        if wire.target == name and wire.target_port == "items":
            items = (names.get(wire.source) or {}).get(wire.source_port)
            if isinstance(items, list) and items:
                item: Json = items[min(number, len(items) - 1)]
                return item
    return None


def _within(text: str, value: Json, from_: str, depth: int = 0) -> list[Reference]:
    found = [Reference(text, line_of(value, SAMPLE), from_)]
    if depth < DEEPEST:
        if isinstance(value, dict):
            for key, inner in list(value.items())[:30]:
                if key.isidentifier():
                    found += _within(f"{text}.{key}", inner, from_, depth + 1)
        elif isinstance(value, list) and value:
            found += _within(f"{text}[0]", value[0], from_, depth + 1)
    return found
