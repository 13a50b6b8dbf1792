"""What expressions may refer to at a step, with the values of the last run: for completion and preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from app.language import tr
from app.runs.reading.reader import Outputs, RunReader
from app.ui.forms.expression_field import Kept
from app.ui.forms.known import Offered, Preview
from app.ui.forms.looking import Looking, inside_of, offered, sort_word
from app.ui.forms.previewing import Refuses, preview_of
from app.ui.naming import title_of
from flows.apply import downstream
from flows.expressions import ExpressionError, parse
from flows.model import Flow, body_at, step_at
from nodes.catalog import Catalog


class Values:
    """What the steps gave in the run that is followed, for the one step whose form is open."""

    def __init__(self, reader: RunReader, catalog: Catalog) -> None:
        self._reader = reader
        self._catalog = catalog
        self._inputs: dict[str, Json] = {}
        self._scopes: list[tuple[str, Outputs]] = []
        self._read = False
        self._kept: dict[str, dict[str, Kept]] = {}

    def kept(self, path: str) -> dict[str, Kept]:
        """What the fields of a step had before they were turned to an expression or back, by their names."""
        return self._kept.setdefault(path, {})

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

    def offers(self, base: str, flow: Flow, path: str, *, body: bool = False) -> list[Offered]:
        """What the step at `path` may refer to; with `body`, what its own body's result may; or what `base` has inside.

        `base` is a path such as `fetch.rows[0]`.
        """
        inside = f"{path}/-" if body else path
        found = list(self._offers(flow, inside))
        if not base:
            return found
        try:
            value = parse(f"{{{{ {base} }}}}").render(self.names(flow, inside))
        except ExpressionError:
            return [each for each in found if each.text.startswith((f"{base}.", f"{base}["))]
        source = next((each.source for each in found if base.startswith(each.text)), "")
        return inside_of(base, value, source)

    def preview(
        self,
        text: str,
        flow: Flow,
        path: str,
        *,
        body: bool = False,
        bare: bool = False,
        refuses: Refuses | None = None,
    ) -> Preview | None:
        """What this text gives with the values of the run; None where there is nothing to show.

        `refuses` says why a value cannot be taken there, or an empty text.
        """
        if not self._read:
            return None
        inside = f"{path}/-" if body else path
        known = Looking(self.names(flow, inside), lambda: {each.text: each for each in self._offers(flow, inside)})
        return preview_of(text, known, bare=bare, refuses=refuses)

    def _offers(self, flow: Flow, inside: str) -> Iterator[Offered]:
        """Everything that may be referred to, the nearest first."""
        values = self.names(flow, inside)
        known = self._inside(flow, inside.rpartition("/")[0])
        if "item" in known:
            yield from offered("item", values.get("item"), tr("The item of this round"))
        if "last" in known:
            yield Offered("last", source=tr("What the round before gave"))
        if "index" in known:
            yield Offered(
                "index", sort_word("number"), str(values.get("index", 0)), tr("The number of this round, from 0")
            )
        for name, title, ports in self._steps_before(flow, inside):
            outputs = values.get(name) or {}
            for port, kind in ports:
                yield from offered(f"{name}.{port}", outputs.get(port), title, kind=kind, there=port in outputs)
        for name, declared in flow.inputs.items():
            kind = sort_word(declared.type if declared.type in ("number", "boolean") else "text")
            value = values["inputs"].get(name)
            source = tr("{name}, which the flow asks for", name=declared.label or name)
            yield from offered(f"inputs.{name}", value, source, kind=kind, there=value is not None)
        yield Offered("now", sort_word("text"), str(values["now"]), tr("The time at which the run began"))
        yield Offered("practice", sort_word("text"), "", tr("The address of the practice shop"))

    def _inside(self, flow: Flow, container: str) -> frozenset[str]:
        """The names that only the steps in a container know; none outside of any."""
        try:
            node = self._catalog.kinds.get(step_at(flow, container).kind) if container else None
        except KeyError:
            node = None
        return node.spec.inside if node is not None else frozenset()

    def _steps_before(self, flow: Flow, path: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """The steps a reference may name: those in its body and the bodies around it that do not come after it."""
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            here = "/".join(parts[:depth])
            body = body_at(flow, here)
            after = downstream(body, parts[depth - 1])
            for name, step in body.steps.items():
                node = self._catalog.kinds.get(step.kind)
                if name not in after and node is not None:
                    ports = [(port.name, sort_word(port.kind)) for port in ports_of(node, step).outputs]
                    if step.on_error == "port":
                        ports.append(("error", sort_word("record")))
                    yield name, title_of(step, self._catalog), ports


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
