"""Where a step goes that was asked for without a place, and how it is wired to the port it was asked for from."""

from __future__ import annotations

import pytest

from app.ui.canvas import PortEnd
from app.ui.editor.gestures import fitting_port, joined, new_step
from app.ui.editor.places import Where, place_for, room
from flows.edits import Connect
from flows.model import Body, Flow, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
FLOW = Flow(
    id="f",
    name="Mugs",
    steps={
        "table": Step(kind="browser.read_table"),
        "choice": Step(kind="control.if"),
        "each": Step(kind="control.for_each", body=Body(steps={"line": Step(kind="data.compose")})),
    },
    layout={"table": (0, 0), "choice": (0, 200), "each": (300, 0, 420, 220), "each/line": (24, 30)},
)


@pytest.mark.parametrize(
    ("selected", "where"),
    [
        ("", Where((890, 364))),
        ("choice", Where((260, 200 + 110))),
        ("each", Where((24 + 260, 30), "each")),
        ("each/line", Where((24 + 260, 30), "each")),
    ],
)
def test_a_step_goes_inside_or_beside_what_is_selected_and_onto_nothing(selected: str, where: Where) -> None:
    assert place_for(FLOW, selected, (1000, 400)) == where


def test_the_first_step_in_a_container_stands_at_its_edge() -> None:
    empty = FLOW.model_copy(update={"steps": {"each": Step(kind="control.for_each", body=Body())}, "layout": {}})
    assert place_for(empty, "each", (0, 0)) == Where((24, 24), "each")


def test_a_step_with_many_ways_out_is_given_the_room_that_it_takes() -> None:
    cases = [{"name": name, "when": "{{ true }}"} for name in ("one", "two", "three")]
    flow = Flow(
        id="f",
        name="Ways",
        steps={"start": Step(kind="data.compose"), "ways": Step(kind="control.switch", settings={"cases": cases})},
        layout={"start": (0, 0), "ways": (260, 0)},
    )
    assert place_for(flow, "start", (0, 0), room(flow, CATALOG)) == Where((260, 220))


def end(step: str, port: str, side: str = "out") -> PortEnd:
    return {"step": step, "port": port, "side": "out" if side == "out" else "in"}


@pytest.mark.parametrize(
    ("from_", "kind", "port"),
    [
        (end("table", "rows"), "control.for_each", "items"),
        (end("table", "rows"), "browser.screenshot", None),
        (end("table", ""), "browser.screenshot", ""),
        (end("choice", "true"), "browser.screenshot", ""),
        (end("each", "items", "in"), "browser.read_table", "rows"),
        (end("each", "items", "in"), "data.compose", None),
        (end("each", "", "in"), "data.compose", ""),
    ],
)
def test_only_kinds_that_take_the_wire_are_offered(from_: PortEnd, kind: str, port: str | None) -> None:
    assert fitting_port(from_, CATALOG.kinds[kind].spec, FLOW, CATALOG) == port


def test_a_new_step_is_wired_to_the_port_it_was_asked_for_from() -> None:
    added = new_step("data.filter", FLOW, CATALOG, (0, 0), "")
    assert joined(added, end("table", "rows"), FLOW, CATALOG) == Connect(
        wire=Wire.parse(f"table.rows -> {added.id}.items")
    )
    inside = new_step("data.filter", FLOW, CATALOG, (0, 0), "each")
    assert joined(inside, end("table", "rows"), FLOW, CATALOG) is None


def test_a_wire_let_go_in_another_container_gets_its_step_beside_where_it_began() -> None:
    where = Where.of({"at": [40, 40], "parent": "each", "from": end("table", "rows")}, FLOW)
    assert (where.parent, where.at) == ("", place_for(FLOW, "table", (0, 0)).at)
    assert Where.of({"at": [40, 40], "parent": "each"}, FLOW) == Where((40.0, 40.0), "each")
