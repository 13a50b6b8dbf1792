"""Wires that mend themselves where a step is taken out, and where one is put on a wire."""

from __future__ import annotations

from typing import Any

import pytest

from app.desk.saying import said
from app.ui.editor.gestures import added_by, edit_of
from flows.apply import apply
from flows.model import Body, Flow, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
STEPS = {
    "table": Step(kind="browser.read_table"),
    "click": Step(kind="browser.click"),
    "choice": Step(kind="control.if"),
    "each": Step(kind="control.for_each", body=Body(steps={"line": Step(kind="data.compose")})),
    "write": Step(kind="files.write"),
    "sum": Step(kind="data.compose"),
}


def flow(*wires: str) -> Flow:
    return Flow(id="f", name="Mugs", steps=STEPS, wires=tuple(map(Wire.parse, wires)))


def done(gesture: dict[str, Any], before: Flow) -> tuple[Flow, str]:
    """The flow after a gesture, and what Undo calls it."""
    edit = edit_of([gesture], before, CATALOG)
    assert edit is not None
    return apply(before, edit), said(edit, before, CATALOG)


@pytest.mark.parametrize(
    ("wires", "left"),
    [
        (["table -> click", "click -> write"], ["table -> write"]),
        (["table.rows -> click", "click -> write.rows"], ["table.rows -> write.rows"]),
        (["table.count -> click", "click -> write.rows"], ["table -> write"]),
        (["choice.true -> click", "click -> sum"], ["choice.true -> sum"]),
        (["choice.true -> click", "click -> write.rows"], ["choice.true -> write.rows"]),
        (["table -> click", "click.error -> sum"], []),
        (["table -> click", "click -> write", "table -> write"], ["table -> write"]),
        (["table -> click"], []),
    ],
    ids=["order", "value", "no fit", "way", "way with value", "failure", "once", "end"],
)
def test_neighbours_of_a_step_that_is_taken_out_are_wired(wires: list[str], left: list[str]) -> None:
    after, title = done({"do": "take_out", "steps": ["click"]}, flow(*wires))
    assert [str(wire) for wire in after.wires] == left
    assert "click" not in after.steps
    assert title == ("take out Click" if left and len(wires) == 2 else "delete Click")


def test_several_steps_in_a_row_are_taken_out_together() -> None:
    before = flow("table -> click", "click -> choice", "choice.true -> sum", "sum -> write")
    after, title = done({"do": "take_out", "steps": ["click", "choice", "sum"]}, before)
    assert [str(wire) for wire in after.wires] == ["table -> write"]
    assert title == "take out 3 steps"


@pytest.mark.parametrize(
    ("wire", "step", "wires"),
    [
        ("table -> write", "click", ["table -> click", "click -> write"]),
        ("table.rows -> write.rows", "click", ["table.rows -> write.rows", "table -> click", "click -> write"]),
        ("table.rows -> write.rows", "each", ["table.rows -> each.items", "each.results -> write.rows"]),
        ("choice.true -> write.rows", "click", ["choice.true -> write.rows", "choice.true -> click", "click -> write"]),
    ],
    ids=["order", "value beside", "value through", "way"],
)
def test_a_step_that_is_put_on_a_wire_stands_between_its_ends(wire: str, step: str, wires: list[str]) -> None:
    after, title = done({"do": "insert", "path": step, "wire": f":{wire}"}, flow(wire))
    assert [str(each) for each in after.wires] == wires
    assert title == f"put {CATALOG.kinds[STEPS[step].kind].spec.title} on a wire"


def test_a_new_step_is_put_on_a_wire_and_chosen() -> None:
    before = flow("table -> write")
    gesture = {"do": "add", "kind": "browser.click", "at": [100, 0], "parent": None, "wire": ":table -> write"}
    edit = edit_of([gesture, {"do": "move", "to": {"write": [500, 0]}}], before, CATALOG)
    added = added_by(edit)
    assert edit is not None
    assert added is not None
    after = apply(before, edit)
    assert [str(wire) for wire in after.wires] == [f"table -> {added.id}", f"{added.id} -> write"]
    assert after.layout == {added.id: (100, 0), "write": (500, 0)}
    assert said(edit, before, CATALOG) == "add Click on a wire"


def test_a_wire_that_is_gone_meanwhile_takes_no_step() -> None:
    assert edit_of([{"do": "insert", "path": "click", "wire": ":table -> write"}], flow(), CATALOG) is None


def test_tidying_is_one_edit_with_its_name_and_sizes() -> None:
    gesture = {"do": "arrange", "title": "tidy", "to": {"table": [8, 16], "each": [300, 0, 520, 260]}}
    after, title = done(gesture, flow())
    assert title == "tidy"
    assert after.layout == {"table": (8, 16), "each": (300, 0, 520, 260)}
