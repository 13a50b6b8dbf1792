"""A flow as the canvas is told of it: what an edit draws again, and what it leaves alone."""

from __future__ import annotations

from app.ui.editor.drawing import patch, steps_of, wires_of
from flows.apply import apply
from flows.edits import Configure, Edit, Set
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
    steps = patch(steps_of(FLOW, CATALOG, []), steps_of(after, CATALOG, []))
    return dict(steps), dict(patch(wires_of(FLOW, CATALOG), wires_of(after, CATALOG)))


def test_a_changed_setting_draws_one_line_of_one_step_again() -> None:
    assert redrawn(Set(path="text", settings={"text": "Cups"})) == ({"text": {"summary": "Cups"}}, {})


def test_a_reference_is_a_faint_wire_that_comes_and_goes_with_it() -> None:
    assert {id for id in wires_of(FLOW, CATALOG) if "~" in id} == {":~text -> check", ":~check -> each"}
    gone = redrawn(Set(path="check", settings={"condition": "{{ 1 > 0 }}"}))
    assert gone == ({"check": {"summary": "{{ 1 > 0 }}"}}, {":~text -> check": None})


def test_a_wire_is_broken_where_a_step_has_no_such_port() -> None:
    broken = {id: wire["broken"] for id, wire in wires_of(FLOW, CATALOG).items() if "~" not in id}
    assert broken == {":text -> each": False, ":text.error -> each.items": True, ":text.lost -> each.lost": True}


def test_a_way_for_failures_mends_the_wires_that_leave_by_it() -> None:
    steps, wires = redrawn(Configure(path="text", on_error="port"))
    assert list(steps) == ["text"]
    assert wires == {":text.error -> each.items": {"broken": False}}
