"""Where a run is to stand still before a step, and what a person may change there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.plan import Planned
from nodes.values import Effect

BREAK = "break"
"""How the key of a question begins that holds a step up."""

CONTINUE, NEXT = "Continue", "Next step"


@dataclass
class Debug:
    """Breakpoints by path in the flow, whether to stop before what writes, and whether to stop at the next step.

    It may be changed while the run goes on; `changed` hears of that.
    """

    breakpoints: frozenset[str] = frozenset()
    on_writes: bool = False
    stepping: bool = False
    changed: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)

    def set(
        self, *, breakpoints: Iterable[str] | None = None, on_writes: bool | None = None, stepping: bool | None = None
    ) -> None:
        """Change what is given, and leave the rest."""
        self.breakpoints = self.breakpoints if breakpoints is None else frozenset(breakpoints)
        self.on_writes = self.on_writes if on_writes is None else on_writes
        self.stepping = self.stepping if stepping is None else stepping
        self.changed()

    def why(self, planned: Planned) -> str:
        """Why a step is held up, as a sentence; nothing where it is not."""
        if planned.path in self.breakpoints:
            return "There is a breakpoint here."
        if self.on_writes and planned.node.spec.effect in (Effect.WRITE, Effect.SPEND):
            return "The run stops before everything that writes, sends or costs something."
        return "This is the next step." if self.stepping else ""

    def as_json(self) -> dict[str, Json]:
        """To keep with the run."""
        return {"breakpoints": [*sorted(self.breakpoints)], "on_writes": self.on_writes, "stepping": self.stepping}

    @classmethod
    def from_json(cls, kept: Mapping[str, Json]) -> Debug:
        """What was kept with the run."""
        named = kept.get("breakpoints")
        points = frozenset(each for each in named if isinstance(each, str)) if isinstance(named, list) else frozenset()
        return cls(points, kept.get("on_writes") is True, kept.get("stepping") is True)
