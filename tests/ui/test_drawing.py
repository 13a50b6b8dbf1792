"""A flow as the canvas is told of it: what an edit draws again, and what it leaves alone."""

from __future__ import annotations

from app.engine.checks import problems_of
from app.ui.editor.redrawing import Drawing, patch
from flows.apply import apply
from flows.edits import Add, Configure, Connect, Edit, Move, Remove, Rename, Set
from flows.model import Body, Flow, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
FLOW = Flow(
    id="f",
    name="Mugs",
    steps={
        "text": Step(kind="data.compose", settings={"text": "Mugs"}),
        "check": Step(kind="control.if", settings={"condition": "{{ text.value }}"}),
        "each": Step(
            kind="control.for_each",
            body=Body(steps={"line": Step(kind="data.compose", settings={"text": "{{ check.true }}"})}),
        ),
    },
    wires=(Wire.parse("text -> each"), Wire.parse("text.error -> each.items"), Wire.parse("text.lost -> each.lost")),
)


def redrawn(edit: Edit) -> tuple[dict[str, object], dict[str, object]]:
    """What the canvas is told after an edit: of steps, and of wires."""
    after = apply(FLOW, edit)
    drawing, anew = Drawing(CATALOG), Drawing(CATALOG)
    steps, wires = drawing.steps(FLOW, []), drawing.wires(FLOW)
    steps_now, wires_now = drawing.steps(after, []), drawing.wires(after)
    assert (steps_now, wires_now) == (anew.steps(after, []), anew.wires(after))
    return dict(patch(steps, steps_now)), dict(patch(wires, wires_now))


def test_a_changed_setting_draws_one_line_of_one_step_again() -> None:
    assert redrawn(Set(path="text", settings={"text": "Cups"})) == ({"text": {"summary": "Cups"}}, {})


def test_a_reference_is_a_faint_wire_that_comes_and_goes_with_it() -> None:
    assert {id for id in Drawing(CATALOG).wires(FLOW) if "~" in id} == {":~text -> check", ":~check -> each"}
    gone = redrawn(Set(path="check", settings={"condition": "{{ 1 > 0 }}"}))
    assert gone == ({"check": {"summary": "{{ 1 > 0 }}"}}, {":~text -> check": None})


def test_a_wire_is_broken_where_a_step_has_no_such_port() -> None:
    broken = {id: wire["broken"] for id, wire in Drawing(CATALOG).wires(FLOW).items() if "~" not in id}
    assert broken == {":text -> each": False, ":text.error -> each.items": True, ":text.lost -> each.lost": True}


def test_a_way_for_failures_mends_the_wires_that_leave_by_it() -> None:
    steps, wires = redrawn(Configure(path="text", on_error="port"))
    assert list(steps) == ["text"]
    assert wires == {":text.error -> each.items": {"broken": False}}


def test_after_many_edits_the_drawing_is_as_if_it_were_the_first() -> None:
    edits: list[Edit] = [
        Rename(path="text", id="words"),
        Add(id="more", step=Step(kind="data.compose", settings={"text": "{{ line.value }}"}), at=(8, 8), parent="each"),
        Connect(wire=Wire.parse("line -> more"), parent="each"),
        Set(path="check", settings={"condition": "{{ words.value }}{{ each.results }}"}),
        Configure(path="words", on_error="port"),
        Remove(wires=(("", Wire.parse("words -> each")),)),
        Move(to={"each": (0, 0, 500, 300), "each/more": (16, 16)}),
        Remove(steps=("check",)),
    ]
    drawing, flow = Drawing(CATALOG), FLOW
    for edit in edits:
        flow = apply(flow, edit)
        problems = problems_of(flow, CATALOG)
        anew = Drawing(CATALOG)
        assert drawing.steps(flow, problems) == anew.steps(flow, problems)
        assert drawing.wires(flow) == anew.wires(flow)


def test_what_an_edit_leaves_alone_is_not_drawn_again() -> None:
    drawing = Drawing(CATALOG)
    steps, wires = drawing.steps(FLOW, []), drawing.wires(FLOW)
    after = apply(FLOW, Set(path="text", settings={"text": "Cups"}))
    assert {path for path, drawn in drawing.steps(after, []).items() if drawn is not steps[path]} == {"text"}
    assert {id for id, drawn in drawing.wires(after).items() if drawn is not wires[id]} == {
        ":text -> each",
        ":text.error -> each.items",
        ":text.lost -> each.lost",
    }
