"""What a step's outputs depend on, as one short fingerprint: two equal ones mean that it would give the same again.

It counts the step's kind, version, settings and pinned output, the steps inside it, and all that it takes data from:
wires that carry a value or lead from one way of several, references, the inputs of the flow it names, the flows it
runs as a step, and for a browser step the page as the steps before it left it. Its title, note, place, time limit,
retries and what follows its failure change nothing of what it gives, and do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from pydantic import JsonValue as Json

from app.engine.parts import NONE, Parts
from app.engine.ports import ports_of
from app.engine.remember import once_per_step
from app.engine.uses import Uses, result_of, templates_of, uses_in_text, uses_of
from app.engine.writing import written
from flows.expressions import ExpressionError
from flows.model import Body, Flow, Step, Wire
from nodes.catalog import Catalog
from nodes.node import Node
from nodes.values import Effect, Need

Names = Mapping[str, bytes]
"""Fingerprints of what can be referred to, by name."""

UNKNOWN: Uses = {}


class Traced(NamedTuple):
    """A step's fingerprint, and the steps of its scope that it takes data from and that it waits for at all."""

    print: bytes
    takes: frozenset[str]
    waits: frozenset[str]
    given: frozenset[str]
    """Those of `takes` that are not only used inside of it."""
    ways: frozenset[str]
    """Those of `waits` that decide by the way they go whether it runs."""
    outside: frozenset[str]
    """Steps from around its scope that it, or a step inside it, uses."""
    round: bytes
    """Of a container: the fingerprint of what its rounds are given."""
    step: Step
    node: type[Node] | None

    @property
    def name(self) -> str:
        """The step as a person knows it."""
        return self.step.title or (self.step.kind if self.node is None else self.node.spec.title)

    @property
    def effect(self) -> Effect:
        """What it does to the world; what nobody knows counts as writing."""
        return Effect.WRITE if self.node is None else self.node.spec.effect


def traced(
    flow: Flow, catalog: Catalog, given: Mapping[str, Json] | None = None, parts: Parts = NONE
) -> dict[str, Traced]:
    """Every step by its path, those of the flows it runs included; in a scope, those that others wait for come first.

    `given` are the values of the flow's inputs, and `parts` the flows that it runs as its steps.
    """
    tracer = _Tracer(catalog, parts)
    tracer.body(flow, "", _inputs(given or {}), b"", b"")
    return tracer.found


def in_order(waits: Mapping[str, AbstractSet[str]]) -> Iterator[str]:
    """The names, each after all that it waits for; those that wait for each other come last, as they stand."""
    after: dict[str, list[str]] = {name: [] for name in waits}
    left = {}
    for name, sources in waits.items():
        left[name] = len(sources)
        for source in sources:
            after[source].append(name)
    ready = [name for name, count in left.items() if not count]
    for name in ready:
        yield name
        for each in after[name]:
            left[each] -= 1
            if not left[each]:
                ready.append(each)
    yield from (name for name, count in left.items() if count > 0)


class _Tracer:
    def __init__(self, catalog: Catalog, parts: Parts) -> None:
        self.found: dict[str, Traced] = {}
        self._catalog = catalog
        self._parts = parts
        self._within: set[str] = set()
        """The parts around, so that flows which run each other come to an end."""

    def body(self, body: Body, prefix: str, outer: Names, round: bytes, page: bytes) -> tuple[bytes, bool]:
        """Trace the steps of a body. Gives the fingerprint of all of them, and whether they use a page."""
        wires: dict[str, list[Wire]] = {name: [] for name in body.steps}
        for wire in body.wires:
            if wire.source in wires and wire.target in wires and wire.source != wire.target:
                wires[wire.target].append(wire)
        uses = {name: self._uses(step) for name, step in body.steps.items()}
        waits = {
            name: frozenset([each.source for each in wires[name]]).union(uses[name].keys() & wires.keys()) - {name}
            for name in wires
        }
        names = dict(outer)
        pages: dict[str, bytes] = {}
        gates: dict[str, bytes] = {}
        browses = False
        for name in in_order(waits):
            step = body.steps[name]
            node = self._catalog.kinds.get(step.kind)
            own = _own_uses(node, step) if node else UNKNOWN
            carried = [each for each in wires[name] if each.source_port]
            ways = {each.source for each in wires[name] if self._is_way(body.steps[each.source], each)}
            # What decides upstream whether a step runs decides it for all that wait for the step, in whatever way.
            gate = sorted(
                {names.get(each, b"") for each in ways} | {gates[each] for each in waits[name] if gates.get(each)}
            )
            before = _hash(sorted({pages[each] for each in waits[name] if pages.get(each)})) if waits[name] else page
            taken = [
                *((each.target_port, each.source_port, names.get(each.source, b"")) for each in by_port(carried)),
                *_referred(own, names),
                *gate,
            ]
            given = _hash(_header(node, step), round, taken) if node else b""
            print = _hash(_own(node, step) if node else _plain(step), round, taken)
            inside = self._inside(node, step)
            if inside is not None and node is not None:
                known = {} if inside is not step.body else names
                within, uses_page = self._in(inside, f"{prefix}{name}/", known, given, before)
                print = _hash(print, within, list(_referred(_of_result(inside), known)))
            else:
                uses_page = node is not None and Need.BROWSER in node.spec.needs
            if uses_page:
                print = before = _hash(print, before)
                browses = True
            names[name], pages[name], gates[name] = print, before, _hash(gate) if gate else b""
            sources = frozenset([each.source for each in carried])
            self.found[prefix + name] = Traced(
                print,
                sources.union(uses[name].keys() & wires.keys()) - {name},
                waits[name],
                sources.union(own.keys() & wires.keys()) - {name},
                frozenset(ways),
                frozenset(uses[name].keys() & outer.keys()),
                given if inside is not None else b"",
                step,
                node,
            )
        order = sorted(str(each) for each in body.wires if not each.source_port)
        return _hash([(name, names[name]) for name in sorted(wires)], order, body.result), browses

    def _in(self, inside: Body, prefix: str, names: Names, round: bytes, page: bytes) -> tuple[bytes, bool]:
        called = inside.id if isinstance(inside, Flow) else ""
        if not called:
            return self.body(inside, prefix, names, round, page)
        if called in self._within:
            return b"", False
        self._within.add(called)
        try:
            return self.body(inside, prefix, names, round, page)
        finally:
            self._within.discard(called)

    def _inside(self, node: type[Node] | None, step: Step) -> Body | None:
        """What a step runs inside of it: its body, or the flow that it names."""
        if node is None or step.disabled:
            return None
        part = self._parts.get(node.calls(step.settings))
        return part if part is not None else (step.body if node.spec.body else None)

    def _is_way(self, step: Step, wire: Wire) -> bool:
        """True where a wire may lead on or not, by what the step at its beginning gives."""
        if step.on_error == "port":
            return True
        node = self._catalog.kinds.get(step.kind)
        if node is None or not wire.source_port:
            return False
        port = ports_of(node, step).giving(wire.source_port)
        return port is None or not port.required

    def _uses(self, step: Step) -> Uses:
        node = self._catalog.kinds.get(step.kind)
        return UNKNOWN if node is None or step.disabled else uses_of(node, step, self._catalog)


def by_port(wires: Iterable[Wire]) -> list[Wire]:
    """Wires by the port where they end; at one port they stay in their order, which is that of the values there."""
    return sorted(wires, key=lambda each: each.target_port)


def _referred(uses: Uses, names: Names) -> Iterator[tuple[str, bytes]]:
    """What the names that are used stand for; the ones that are the same in the whole run are left out."""
    for root in sorted(uses):
        parts = (
            [root] if root != "inputs" or uses[root].whole else [f"inputs.{part}" for part in sorted(uses[root].parts)]
        )
        yield from ((name, names[name]) for name in parts if name in names)


def _inputs(given: Mapping[str, Json]) -> dict[str, bytes]:
    each = {f"inputs.{name}": _hash(value) for name, value in given.items()}
    return {**each, "inputs": _hash(each)} if each else {}


@once_per_step
def _own(node: type[Node], step: Step) -> bytes:
    """The fingerprint of the step itself. A setting that is as it is anyway is as good as none."""
    return _hash(step.kind, step.version, _set(node, step), step.pinned, step.disabled)


@once_per_step
def _header(node: type[Node], step: Step) -> bytes:
    """The same of a container as far as its rounds are concerned."""
    settings = {name: value for name, value in _set(node, step).items() if name not in node.spec.how}
    return _hash(step.kind, step.version, settings) if node.spec.body or node.calls(step.settings) else b""


def _plain(step: Step) -> bytes:
    return _hash(step.kind, step.version, step.settings, step.pinned, step.disabled)


def _set(node: type[Node], step: Step) -> dict[str, Json]:
    fields = node.model_fields
    return {
        name: value
        for name, value in step.settings.items()
        if name not in fields or fields[name].is_required() or fields[name].default != value
    }


@once_per_step
def _own_uses(node: type[Node], step: Step) -> Uses:
    """The names in its own settings."""
    found: dict[str, Any] = {}
    for template in templates_of(node, step):
        for root, use in uses_in_text(template).items():
            found[root] = found[root] | use if root in found else use
    return found


def _of_result(body: Body) -> Uses:
    try:
        result = result_of(body)
    except ExpressionError:
        return UNKNOWN
    return (
        UNKNOWN
        if result is None
        else {root: use for root, use in uses_in_text(result).items() if root not in body.steps}
    )


def _hash(*parts: Any) -> bytes:
    try:
        text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=_as_text)
    except TypeError:
        text = written({"": parts})  # Numbers and the like that JSON does not know, in words.
    return blake2b(text, digest_size=16).digest()


def _as_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError
