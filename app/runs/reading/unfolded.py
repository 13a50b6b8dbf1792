"""A flow with the flows that it runs drawn inside the steps that run them, so that one can look into a run of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.parts import Parts
from flows.model import Body, Flow, Place, Step, walk

MOST = 2000
"""Steps of other flows that are shown; what runs more is shown closed."""

WIDE, HIGH, LOW = 200.0, 130.0, 100.0
"""What a step takes up: its width, its height with what is said below it, and its height by itself."""

EDGE, HEAD = 24.0, 136.0
"""Around the steps in a container, and above them."""

Layout = dict[str, Place]


def unfolded(flow: Flow, parts: Parts) -> Flow:
    """The flow as its runs play it; the flow itself where it runs no other."""
    if not parts:
        return flow
    layout: Layout = dict(flow.layout)
    body = _Unfolding(parts, layout).body(flow, "")
    return flow.model_copy(update={"steps": body.steps, "layout": layout})


class _Unfolding:
    def __init__(self, parts: Parts, layout: Layout) -> None:
        self._parts = parts
        self._layout = layout
        self._room = MOST

    def body(self, body: Body, prefix: str) -> Body:
        """The body with everything inside it unfolded, and its steps moved apart to make room."""
        steps: dict[str, Step] = {}
        for name, step in body.steps.items():
            path = f"{prefix}{name}"
            inside = step.body or self._called(step, path)
            if inside is None:
                steps[name] = step
                continue
            inner = self.body(inside, f"{path}/")
            steps[name] = step.model_copy(update={"body": inner})
            self._make_room(path, prefix, body.steps, inner)
        return body.model_copy(update={"steps": steps})

    def _called(self, step: Step, path: str) -> Body | None:
        named = (value for value in step.settings.values() if isinstance(value, str) and value in self._parts)
        part = self._parts.get(next(named, ""))
        if part is None or (count := sum(1 for _ in walk(part))) > self._room:
            return None
        self._room -= count
        top = [place for at, place in part.layout.items() if "/" not in at]
        left, above = (min((place[side] for place in top), default=0.0) - EDGE for side in (0, 1))
        for at, place in part.layout.items():
            moved = place if "/" in at else (place[0] - left, place[1] - above, *place[2:])
            self._layout[f"{path}/{at}"] = moved
        return Body(steps=part.steps, wires=part.wires, result=part.result)

    def _make_room(self, path: str, prefix: str, beside: Mapping[str, Step], inner: Body) -> None:
        """Let a step grow around what is inside it, and push what is right of it and below it away."""
        x, y, *size = self._layout.get(path, (0.0, 0.0))
        wide, high = size or (WIDE, LOW)
        places = [self._layout[f"{path}/{name}"] for name in inner.steps if f"{path}/{name}" in self._layout]
        ends = [(place[0] + (place[2:] or (WIDE,))[0], place[1] + (place[3:] or (HIGH,))[0]) for place in places]
        needs_wide = max([wide, *(right + EDGE for right, _ in ends)])
        needs_high = max([high, *(below + EDGE + HEAD for _, below in ends)])
        self._layout[path] = (x, y, needs_wide, needs_high)
        for name in beside:
            at = f"{prefix}{name}"
            if at == path or at not in self._layout:
                continue
            left, above, *rest = self._layout[at]
            if left >= x + wide:
                left += needs_wide - wide
            elif above >= y + high - EDGE and left + (rest or [WIDE])[0] > x:
                above += needs_high - high
            self._layout[at] = (left, above, *rest)  # type: ignore[assignment]  # as long as it was
