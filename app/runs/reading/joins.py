"""What a step that has not started yet waits for, in words, read from how the steps before it stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.engine.ports import ports_of
from app.engine.uses import uses_of
from app.runs.reading.picture import Light
from flows.model import Body, Flow
from nodes.catalog import Catalog

MOST = 3
"""Names that are said one by one."""

THERE = ("done", "rehearsed")


class Joins:
    """The steps of a flow that wait for others; a join is one that waits for several."""

    def __init__(self, flow: Flow, catalog: Catalog) -> None:
        self._catalog = catalog
        self._before: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}
        self._eager: set[str] = set()
        self._after: dict[str, list[str]] = {}
        self._read(flow, "")
        for path, before in self._before.items():
            for source in before if len(before) > 1 else ():
                self._after.setdefault(source, []).append(path)

    def joins_after(self, paths: Iterable[str]) -> set[str]:
        """The joins of which one of these steps is waited for."""
        return {join for path in paths for join in self._after.get(path, ())}

    def words(self, path: str, lights: Mapping[str, Light]) -> str:
        """What a step that has not started waits for; an empty text where it waits for nothing any more."""
        stands = {source: lights[source].status if source in lights else "" for source in self._before.get(path, ())}
        ended = (*THERE, "skipped", "failed", "stopped")
        waited = [source for source, status in stands.items() if status not in ended]
        if not waited:
            return ""
        there = [source for source, status in stands.items() if status in THERE]
        absent = [source for source, status in stands.items() if status in ended and status not in THERE]
        eager = path in self._eager and len(waited) > 1
        named = self._named(waited)
        said = [f"Waits for the first of {named}" if eager else f"Waits for {named}"]
        if there:
            named = self._named(there)
            said.append(f"{named} is there" if len(there) == 1 else f"{named} are there")
        if absent:
            said.append(f"{self._named(absent)} will not come")
        return "; ".join(said) + "."

    def words_of_join(self, path: str, lights: Mapping[str, Light]) -> str:
        """The same for a join that somebody has already come to; of others there is nothing to say yet."""
        before = self._before.get(path, ())
        known = len(before) > 1 and any(source in lights and lights[source].status in THERE for source in before)
        return self.words(path, lights) if known else ""

    def _named(self, paths: Sequence[str]) -> str:
        names = [f"“{self._names[path]}”" for path in paths]
        if len(names) > MOST:
            return f"{', '.join(names[: MOST - 1])} and {len(names) - MOST + 1} others"
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

    def _read(self, body: Body, prefix: str) -> None:
        before: dict[str, dict[str, None]] = {name: {} for name in body.steps}
        for wire in body.wires:
            if wire.source in before and wire.target in before:
                before[wire.target][wire.source] = None
                self._note_eager(body, wire.target, wire.target_port, prefix)
        for name, step in body.steps.items():
            node = self._catalog.kinds.get(step.kind)
            self._names[prefix + name] = step.title or (node.spec.title if node is not None else step.kind)
            for root in uses_of(node, step, self._catalog) if node is not None and not step.disabled else ():
                if root in before and root != name:
                    before[name][root] = None
            self._before[prefix + name] = tuple(prefix + each for each in before[name])
            if step.body is not None:
                self._read(step.body, f"{prefix}{name}/")

    def _note_eager(self, body: Body, name: str, port: str, prefix: str) -> None:
        step = body.steps[name]
        node = self._catalog.kinds.get(step.kind)
        into = ports_of(node, step).taking(port) if node is not None and node.spec.varies else None
        if into is not None and into.many == "first":
            self._eager.add(prefix + name)
