"""Turn steps into a flow of their own, and put a step that runs it in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue as Json

from app.desk.border import Border, End
from app.desk.rewriting import rewritten, rewritten_body, rewritten_result
from flows.apply import EditRefused
from flows.edits import Add, Configure, Connect, Describe, Edit, Join, Many, Remove, Set
from flows.model import Flow, Input, Place, Step, Wire, walk
from flows.naming import fresh_id
from flows.pieces import piece_of, placed
from flows.shapes import frame_of, framed
from nodes.catalog import Catalog

RUN_FLOW, VALUE = "control.run_flow", "data.value"
TYPES = {"text": "long_text", "number": "number", "boolean": "boolean"}
"""What an input is for a kind of port; any other kind is data of any shape."""


@dataclass(frozen=True)
class Subflow:
    """A new flow, the edit that puts it in the place of its steps, and the path of the step that runs it."""

    flow: Flow
    edit: Many
    path: str


def subflow(flow: Flow, paths: Sequence[str], name: str, id: str, catalog: Catalog) -> Subflow:
    """What becomes of these steps. EditRefused, with a sentence, where they cannot be a flow of their own."""
    parents = {path.rpartition("/")[0] for path in paths}
    if len(parents) > 1:
        raise EditRefused("Choose steps that lie in the same container, or in none.")
    border = Border(flow, parents.pop(), frozenset(path.rpartition("/")[2] for path in paths), catalog)
    border.check()
    return _Making(border, list(paths), name, id, catalog).done()


class _Making:
    def __init__(self, border: Border, paths: list[str], name: str, id: str, catalog: Catalog) -> None:
        self._border, self._paths, self._name, self._id, self._catalog = border, paths, name, id, catalog
        self._flow = border.flow
        self._prefix = f"{border.parent}/" if border.parent else ""
        self._inputs: dict[str, Input] = {}
        self._given: dict[str, Json] = {}
        self._taken: dict[End, str] = {}

    def done(self) -> Subflow:
        self._step = fresh_id(self._flow, self._name)
        inward = self._inward()
        outputs = self._outputs()
        sub = self._sub(inward, outputs)
        names = {end: self._outside(end, outputs) for end in outputs}
        return Subflow(sub, self._edit(names), self._prefix + self._step)

    def _inward(self) -> dict[End, str]:
        """What the steps say inside for what they have said of names around them; the inputs are made on the way."""
        table: dict[End, str] = {}
        known = {path.rpartition("/")[2] for path, _ in walk(self._flow)}
        for root, use in sorted(self._border.taken().items()):
            if root in ("now", "practice"):
                continue
            if root == "inputs":
                for part in sorted(use.parts):
                    self._inputs[part] = self._flow.inputs.get(part, Input(type="data", required=False))
                    self._given[part] = f"{{{{ inputs.{part} }}}}"
                continue
            # An item of a loop comes in whole: which of its fields are used may differ from round to round.
            parts = sorted(use.parts) if root in known and not use.whole else []
            ends: list[End] = [(root, part) for part in parts] or [(root, "")]
            for end in ends:
                table[end] = f"inputs.{self._input(end)}"
        for wire in self._border.coming:
            if wire.source_port and wire.target_port:
                self._input((wire.source, wire.source_port))
        return table

    def _input(self, end: End) -> str:
        """The name of the input that brings this in."""
        if end not in self._taken:
            root, part = end
            wish = f"{root}_{part}" if part else root
            name, number = wish, 1
            while name in self._inputs:
                number += 1
                name = f"{wish}_{number}"
            port = self._border.port(root, part)
            kind = TYPES.get(port.kind, "data") if port is not None else "data"
            label = f"{self._border.title(root)}: {port.label}" if port is not None else ""
            self._inputs[name] = Input.model_validate({"type": kind, "label": label[:200], "required": False})
            self._given[name] = f"{{{{ {'.'.join(filter(None, end))} }}}}"
            self._taken[end] = name
        return self._taken[end]

    def _outputs(self) -> dict[End, str]:
        """What is used outside, each with its name in the result; the only one has none and is the result itself."""
        ends: dict[End, str] = {}
        for wire in self._border.leaving:
            if wire.source_port and wire.target_port:
                ends[wire.source, wire.source_port] = ""
        for root, use in sorted(self._border.given().items()):
            for part in [""] if use.whole or not use.parts else sorted(use.parts):
                ends[root, part] = ""
        if not ends and (last := self._last()):
            ends[last, ""] = ""
        if len(ends) > 1:
            ends = {end: "_".join(filter(None, end)) for end in ends}
        return ends

    def _last(self) -> str:
        """The one step that the result of the body is made of, where that is left to the last step and it is chosen."""
        body = self._border.body
        if body.result:
            return ""
        before = {first for first, _ in self._border.arrows()}
        last = [name for name in body.steps if name not in before]
        return last[0] if len(last) == 1 and last[0] in self._border.chosen else ""

    def _outside(self, end: End, outputs: dict[End, str]) -> str:
        return ".".join(filter(None, (self._step, "value", outputs[end])))

    def _sub(self, inward: dict[End, str], outputs: dict[End, str]) -> Flow:
        piece = piece_of(self._flow, self._paths, moves=True)
        places = placed(piece)
        left = min(place[0] for path, place in places.items() if "/" not in path)
        above = min(place[1] for path, place in places.items() if "/" not in path)
        layout: dict[str, Place] = {
            path: place if "/" in path else (place[0] - left, place[1] - above, *place[2:])
            for path, place in places.items()
        }
        body = rewritten_body(piece, inward, self._catalog)
        result = [f'"{name}": {".".join(filter(None, end))}' for end, name in outputs.items()]
        only = ".".join(filter(None, next(iter(outputs)))) if len(outputs) == 1 else ""
        sub = piece.model_copy(
            update={
                "id": self._id,
                "name": self._name,
                "description": f"Made of steps of {self._flow.name}."[:10_000],
                "inputs": self._inputs,
                "steps": body.steps,
                "result": only or (f"{{{', '.join(result)}}}" if result else ""),
                "layout": layout,
            }
        )
        return self._with_values(sub)

    def _with_values(self, sub: Flow) -> Flow:
        """The flow with a step for each value that came by a wire: an input is no step, and a wire begins at one."""
        steps, wires, layout = dict(sub.steps), list(sub.wires), dict(sub.layout)
        made: dict[End, str] = {}
        for wire in self._border.coming:
            if not (wire.source_port and wire.target_port):
                continue
            end = wire.source, wire.source_port
            if end not in made:
                known = sub.model_copy(update={"steps": steps})
                made[end] = fresh_id(known, self._taken[end])
                value = Step(
                    kind=VALUE,
                    title=self._inputs[self._taken[end]].label,
                    settings={"value": f"{{{{ inputs.{self._taken[end]} }}}}"},
                )
                steps = {**{made[end]: value}, **steps}
                layout[made[end]] = (-264.0, 112.0 * (len(made) - 1))
            wires.append(Wire(source=made[end], source_port="value", target=wire.target, target_port=wire.target_port))
        return sub.model_copy(update={"steps": steps, "wires": tuple(wires), "layout": layout})

    def _edit(self, names: dict[End, str]) -> Many:
        border, parent = self._border, self._border.parent
        places = [self._flow.layout.get(path, (0.0, 0.0)) for path in self._paths]
        at = min(place[0] for place in places), min(place[1] for place in places)
        settings: dict[str, Json] = {"flow": self._id, **({"inputs": self._given} if self._given else {})}
        runs = Step(kind=RUN_FLOW, title=self._name, settings=settings)
        edits: list[Edit] = [
            Remove(steps=tuple(self._paths)),
            Add(id=self._step, step=runs, at=at, parent=parent),
        ]
        before = dict.fromkeys(
            (wire.source, wire.source_port if border.is_way(wire.source, wire.source_port) else "")
            for wire in border.coming
            if not (wire.source_port and wire.target_port) or border.is_way(wire.source, wire.source_port)
        )
        edits += [
            Connect(wire=Wire(source=a, source_port=port, target=self._step), parent=parent) for a, port in before
        ]
        edits += self._led_out(names, at)
        edits += self._outer_references(names)
        frames = {frame_of(self._flow, path) for path in self._paths}
        if len(frames) == 1 and (frame := frames.pop()) and set(framed(self._flow)[frame]) - set(self._paths):
            edits.append(Join(steps=(self._prefix + self._step,), frame=frame))
        return Many(edits=tuple(edits), title=f"turn {_count(len(self._paths))} into the flow “{self._name}”")

    def _led_out(self, names: dict[End, str], at: tuple[float, float]) -> list[Edit]:
        """The wires from the new step; where there are several values, each comes out through a step of its own."""
        parent, edits = self._border.parent, list[Edit]()
        many = len(names) > 1
        values: dict[End, str] = {}
        taken = self._flow.model_copy(update={"steps": {**self._flow.steps, self._step: Step(kind=RUN_FLOW)}})
        for wire in self._border.leaving:
            if not (wire.source_port and wire.target_port):
                edits.append(Connect(wire=Wire(source=self._step, target=wire.target), parent=parent, many=True))
                continue
            end = wire.source, wire.source_port
            source = self._step
            if many:
                if end not in values:
                    values[end] = fresh_id(taken, "_".join(end))
                    taken = taken.model_copy(update={"steps": {**taken.steps, values[end]: Step(kind=VALUE)}})
                    value = Step(kind=VALUE, settings={"value": f"{{{{ {names[end]} }}}}"})
                    place = (at[0] + 264, at[1] + 112 * (len(values) - 1))
                    edits.append(Add(id=values[end], step=value, at=place, parent=parent))
                source = values[end]
            led = Wire(source=source, source_port="value", target=wire.target, target_port=wire.target_port)
            edits.append(Connect(wire=led, parent=parent, many=True))
        return edits

    def _outer_references(self, names: dict[End, str]) -> list[Edit]:
        """Edits that make what refers to the chosen steps refer to the new one."""
        edits: list[Edit] = []
        gone = set(self._paths)
        for path, step in walk(self._flow):
            if path in gone or any(path.startswith(f"{each}/") for each in gone):
                continue
            after = rewritten(step, names, self._catalog)
            around = path == self._border.parent
            settings = self._of_container(step, names) if around else after.settings
            changed = {name: value for name, value in settings.items() if value != step.settings.get(name)}
            if changed:
                edits.append(Set(path=path, settings=changed))
            if around and step.body is not None:
                result = self._result(step.body.result, names)
                if result != step.body.result:
                    edits.append(Configure(path=path, result=result))
            elif after.body is not None and step.body is not None and after.body.result != step.body.result:
                edits.append(Configure(path=path, result=after.body.result))
        if not self._border.parent:
            result = self._result(self._flow.result, names)
            if result != self._flow.result:
                edits.append(Describe(result=result))
        return edits

    def _of_container(self, step: Step, names: dict[End, str]) -> dict[str, Json]:
        """The settings of the container around: those that it looks at between its rounds know what is inside."""
        bare = step.model_copy(update={"body": None})
        return dict(rewritten(bare, names, self._catalog).settings)

    def _result(self, result: str, names: dict[End, str]) -> str:
        if result or not (last := self._last()):
            return rewritten_result(result, names)
        return names.get((last, ""), result)


def _count(steps: int) -> str:
    return "a step" if steps == 1 else f"{steps} steps"
