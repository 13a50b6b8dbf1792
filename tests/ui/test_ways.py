"""Ports that depend on settings, and ports that take many wires, as the canvas draws and wires them."""

from __future__ import annotations

from typing import Any

from app.ui.canvas import PortEnd
from app.ui.editor.drawing import catalogue, step_drawn, wire_drawn
from app.ui.editor.gestures import edit_of, fitting_port, joined, new_step
from app.ui.forms.following import following
from flows.apply import apply
from flows.edits import Connect, Set
from flows.model import Flow, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
CASES = [{"name": "Too big", "when": "{{ true }}"}, {"name": "Small", "when": ""}]
FLOW = Flow(
    id="f",
    name="Ways",
    steps={
        "sort": Step(kind="control.switch", settings={"cases": CASES}),
        "a": Step(kind="data.set_fields"),
        "meet": Step(kind="control.merge"),
        "filter": Step(kind="data.filter"),
    },
    wires=(
        Wire.parse("sort.too_big -> a.record"),
        Wire.parse("sort.too_big -> meet.ways"),
        Wire.parse("sort.small -> meet.ways"),
    ),
)


def ports(step: Step) -> tuple[list[str], list[str]]:
    """The labels of what a step is drawn with; those of its kind where it has none of its own."""
    drawn = step_drawn("s", step, None, CATALOG, [])
    kind: dict[str, Any] = catalogue(CATALOG)[step.kind]
    inputs, outputs = ([port["label"] for port in drawn.get(side, kind[side])] for side in ("inputs", "outputs"))
    return inputs, outputs


def test_a_switch_is_drawn_with_a_port_for_every_case() -> None:
    assert ports(FLOW.steps["sort"]) == (["value"], ["Too big", "Small", "default"])
    assert ports(Step(kind="control.switch")) == (["value"], ["default"])
    drawn = step_drawn("sort", FLOW.steps["sort"], None, CATALOG, [])
    assert drawn["summary"] == "Too big, Small"


def test_a_way_out_shows_only_where_running_out_is_no_failure() -> None:
    assert ports(Step(kind="control.while"))[1] == ["last", "results", "rounds"]
    assert "ran out" in ports(Step(kind="control.while", settings={"ran_out": "go_on"}))[1]


def test_wires_from_a_case_that_is_gone_are_broken() -> None:
    sort, meet = FLOW.steps["sort"], FLOW.steps["meet"]
    assert not wire_drawn("", FLOW.wires[1], sort, meet, CATALOG)["broken"]
    fewer = sort.model_copy(update={"settings": {"cases": CASES[1:]}})
    assert wire_drawn("", FLOW.wires[1], fewer, meet, CATALOG)["broken"]


def test_a_second_wire_into_a_merge_leaves_the_first_where_it_is() -> None:
    drawn = [{"do": "connect", "source": "filter", "source_port": "kept", "target": "meet", "target_port": "ways"}]
    edit = edit_of(drawn, FLOW, CATALOG)
    assert isinstance(edit, Connect)
    after = apply(FLOW, edit)
    assert sorted(str(wire) for wire in after.wires if wire.target == "meet") == [
        "filter.kept -> meet.ways", "sort.small -> meet.ways", "sort.too_big -> meet.ways",
    ]  # fmt: skip
    drawn = [{"do": "connect", "source": "sort", "source_port": "small", "target": "a", "target_port": "record"}]
    edit = edit_of(drawn, FLOW, CATALOG)
    assert isinstance(edit, Connect)
    assert [str(wire) for wire in apply(FLOW, edit).wires if wire.target == "a"] == ["sort.small -> a.record"]


def test_a_step_asked_for_from_a_port_is_wired_to_it() -> None:
    out = PortEnd(step="sort", port="small", side="out")
    assert fitting_port(out, CATALOG.kinds["control.merge"].spec, FLOW, CATALOG) == "ways"
    into = PortEnd(step="meet", port="ways", side="in")
    wired = joined(new_step("data.compose", FLOW, CATALOG, (0, 0), ""), into, FLOW, CATALOG)
    assert wired is not None
    assert (str(wired.wire), wired.many) == ("compose_text.value -> meet.ways", True)


def test_the_wires_of_a_case_follow_when_it_is_renamed() -> None:
    renamed = [{**CASES[0], "name": "Huge"}, CASES[1]]
    after = apply(FLOW, following(Set(path="sort", settings={"cases": renamed}), FLOW, CATALOG))
    assert sorted(map(str, after.wires)) == [
        "sort.huge -> a.record", "sort.huge -> meet.ways", "sort.small -> meet.ways",
    ]  # fmt: skip


def test_no_wire_moves_when_a_case_comes_or_goes() -> None:
    for cases in (CASES[1:], [*CASES, {"name": "More", "when": ""}], [CASES[1], CASES[0]]):
        edit = Set(path="sort", settings={"cases": cases})
        assert following(edit, FLOW, CATALOG) is edit
    same = Set(path="filter", settings={"field": "x"})
    assert following(same, FLOW, CATALOG) is same
