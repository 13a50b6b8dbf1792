"""A flow with what it runs drawn inside: for the eyes only, and with room for everything."""

from __future__ import annotations

from app.runs.reading.unfolded import unfolded
from flows.model import Body, Flow, Step, Wire, body_at, walk


def say() -> Step:
    return Step(kind="data.compose")


def call(called: str) -> Step:
    return Step(kind="control.run_flow", settings={"flow": called})


INNER = Flow(
    id="inner",
    name="Inner",
    steps={"a": say(), "b": say(), "box": Step(kind="control.for_each", body=Body(steps={"c": say()}))},
    wires=(Wire.parse("a -> b"),),
    layout={"a": (100, 50), "b": (400, 50), "box": (100, 250, 300, 200), "box/c": (24, 24)},
)
MIDDLE = Flow(id="middle", name="Middle", steps={"run": call("inner")}, layout={"run": (0, 0)})
OUTER = Flow(
    id="outer",
    name="Outer",
    steps={"before": say(), "call": call("middle"), "after": say(), "below": say()},
    wires=(Wire.parse("before -> call"), Wire.parse("call -> after")),
    layout={"before": (0, 0), "call": (264, 0), "after": (528, 0), "below": (264, 200)},
)
PARTS = {"inner": INNER, "middle": MIDDLE}


def test_what_runs_inside_is_drawn_inside() -> None:
    shown = unfolded(OUTER, PARTS)
    assert [path for path, _ in walk(shown)] == [
        "before", "call", "call/run", "call/run/a", "call/run/b", "call/run/box", "call/run/box/c", "after", "below",
    ]  # fmt: skip
    assert [str(wire) for wire in body_at(shown, "call/run/a").wires] == ["a -> b"]
    assert shown.wires == OUTER.wires


def test_everything_has_its_place_and_nothing_lies_on_another() -> None:
    layout = {path: [*place] for path, place in unfolded(OUTER, PARTS).layout.items()}
    assert (layout["before"], layout["call/run/a"], layout["call/run/b"]) == ([0, 0], [24, 24], [324, 24])
    assert layout["call/run/box"][:2] == [24, 224]
    run, called = layout["call/run"], layout["call"]
    assert run == [24, 24, 548, 698]
    assert called[2:] == [run[0] + run[2] + 24, run[1] + run[3] + 160]
    assert layout["after"][0] >= called[0] + called[2]
    assert layout["below"][1] >= called[1] + called[3]


def test_a_flow_that_runs_no_other_stays_what_it_is() -> None:
    assert unfolded(OUTER, {}) is OUTER
    assert unfolded(INNER, {"middle": MIDDLE}).steps == INNER.steps


def test_what_would_be_too_much_to_draw_stays_closed() -> None:
    large = Flow(id="large", name="Large", steps={f"s{number}": say() for number in range(1500)})
    twice = Flow(id="twice", name="Twice", steps={"x": call("large"), "y": call("large")})
    shown = unfolded(twice, {"large": large})
    assert [len(step.body.steps) if step.body else 0 for step in shown.steps.values()] == [1500, 0]
