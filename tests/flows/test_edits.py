"""What edits do to a flow, and which ones it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flows.apply import EditRefused, apply
from flows.edits import EDIT, Add, Configure, Connect, Describe, Edit, Many, Move, Pin, Remove, Rename, Set
from flows.model import Body, Flow, Step, Wire

INSIDE = Body(
    steps={
        "line": Step(kind="t", settings={"text": "{{ shop.name }} {{ item }} {{ line_no }}"}),
        "inner": Step(kind="c", body=Body(steps={"deep": Step(kind="t", settings={"a": ["{{ line.text }}"]})})),
    },
    wires=(Wire.parse("line -> inner"),),
    result="line.text ~ shop.name",
)
FLOW = Flow(
    id="f",
    name="Flow",
    steps={
        "shop": Step(kind="t"),
        "each": Step(kind="c", body=INSIDE),
        "last": Step(kind="t", settings={"x": {"y": "{{ each.results }} and {{ shop.name }}"}, "n": 3}),
    },
    wires=(Wire.parse("shop.rows -> each.items"), Wire.parse("each -> last")),
    result="shop.name",
    layout={"shop": (0, 0), "each": (1, 1, 400, 200), "each/line": (2, 2), "each/inner/deep": (3, 3), "last": (9, 9)},
)


def dumped(flow: Flow) -> dict[str, Any]:
    return flow.model_dump(mode="json", exclude_defaults=True)


def test_renaming_a_step_takes_references_wires_results_and_places_along() -> None:
    renamed = dumped(apply(FLOW, Rename(path="shop", id="store")))
    expected = str(dumped(FLOW)).replace("'shop'", "'store'").replace("shop.name", "store.name")
    assert str(renamed) == expected


def test_renaming_a_container_moves_the_places_inside_it() -> None:
    renamed = apply(FLOW, Rename(path="each", id="all"))
    assert list(renamed.layout) == ["shop", "all", "all/line", "all/inner/deep", "last"]
    assert [str(wire) for wire in renamed.wires] == ["shop.rows -> all.items", "all -> last"]
    assert renamed.steps["last"].settings["x"] == {"y": "{{ all.results }} and {{ shop.name }}"}
    assert list(renamed.steps) == ["shop", "all", "last"]


def test_renaming_inside_a_container_reaches_deeper_ones_and_the_result() -> None:
    body = apply(FLOW, Rename(path="each/line", id="row")).steps["each"].body
    assert body is not None
    inner = body.steps["inner"].body
    assert inner is not None
    assert (body.result, inner.steps["deep"].settings) == ("row.text ~ shop.name", {"a": ["{{ row.text }}"]})
    assert "line_no" in str(body.steps["row"].settings)


def test_what_an_edit_does_not_change_stays_the_same_object() -> None:
    for edit in (Rename(path="last", id="end"), Remove(steps=("last",)), Set(path="last", settings={"n": 4})):
        after = apply(FLOW, edit)
        assert after.steps["each"] is FLOW.steps["each"]
        assert after.steps["shop"] is FLOW.steps["shop"]


def test_removing_a_step_takes_its_wires_and_places_along() -> None:
    after = apply(FLOW, Remove(steps=("each",)))
    assert (list(after.steps), after.wires, list(after.layout)) == (["shop", "last"], (), ["shop", "last"])
    inside = apply(FLOW, Remove(steps=("each/inner",), wires=(("", Wire.parse("each -> last")),)))
    body = inside.steps["each"].body
    assert body is not None
    assert (list(body.steps), body.wires, [str(wire) for wire in inside.wires]) == (
        ["line"], (), ["shop.rows -> each.items"],
    )  # fmt: skip


def test_removing_what_is_already_gone_changes_nothing() -> None:
    assert apply(FLOW, Remove(steps=("gone", "each/gone"))) == FLOW


def test_a_step_moves_into_a_container_and_out_again_with_its_name_and_references() -> None:
    into = Many(edits=(Remove(steps=("last",)), Add(id="last", step=FLOW.steps["last"], at=(5, 5), parent="each")))
    inside = apply(FLOW, into)
    body = inside.steps["each"].body
    assert body is not None
    assert body.steps["last"] is FLOW.steps["last"]
    assert (inside.layout["each/last"], "last" in inside.layout) == ((5, 5), False)
    out = Many(edits=(Remove(steps=("each/last",)), Add(id="last", step=body.steps["last"], at=(9, 9))))
    again = apply(inside, out)
    assert again.steps == FLOW.steps
    assert again.layout == FLOW.layout


def test_a_container_does_not_fit_into_itself() -> None:
    into = Many(edits=(Remove(steps=("each",)), Add(id="each", step=FLOW.steps["each"], at=(0, 0), parent="each")))
    with pytest.raises(EditRefused, match="There is no container `each` in this flow"):
        apply(FLOW, into)


def test_several_edits_are_done_together_or_not_at_all() -> None:
    good = Set(path="shop", settings={"name": "x"})
    assert apply(FLOW, Many(edits=(good, Rename(path="shop", id="store")))).steps["store"].settings == {"name": "x"}
    with pytest.raises(EditRefused):
        apply(FLOW, Many(edits=(good, Rename(path="shop", id="last"))))
    assert FLOW.steps["shop"].settings == {}


def test_a_wire_into_a_taken_input_replaces_the_one_there() -> None:
    flow = apply(FLOW, Connect(wire=Wire.parse("shop.names -> each.items")))
    assert [str(wire) for wire in flow.wires] == ["each -> last", "shop.names -> each.items"]
    assert apply(flow, Connect(wire=Wire.parse("shop.names -> each.items"))) == flow


REFUSED: list[tuple[Edit, str]] = [
    (
        Set(path="gone", settings={}),
        "There is no step `gone` in this flow; it may have been removed in another window.",
    ),
    (Set(path="gone/x", settings={}), "There is no container `gone` in this flow; it may have been removed in another"),
    (Rename(path="gone", id="x"), "There is no step `gone` in this flow."),
    (Rename(path="shop", id="deep"), "There already is a step `deep` in this flow."),
    (Rename(path="shop", id="item"), "`item` has a meaning of its own in expressions. Choose another name."),
    (Add(id="line", step=Step(kind="t"), at=(0, 0)), "There already is a step `line` in this flow."),
    (Add(id="inputs", step=Step(kind="t"), at=(0, 0)), "`inputs` has a meaning of its own in expressions."),
    (
        Add(id="new", step=Step(kind="c", body=Body(steps={"now": Step(kind="t")})), at=(0, 0)),
        "`now` has a meaning of its own in expressions.",
    ),
    (
        Add(id="new", step=Step(kind="c", body=Body(steps={"new": Step(kind="t")})), at=(0, 0)),
        "There already is a step `new` in this flow.",
    ),
    (Connect(wire=Wire.parse("shop -> gone")), "There is no step `gone` here to connect."),
    (Connect(wire=Wire.parse("shop -> line")), "There is no step `line` here to connect."),
    (Connect(wire=Wire.parse("shop -> shop")), "A step cannot be connected to itself."),
    (Connect(wire=Wire.parse("last -> shop")), "`last` already waits for `shop`; this wire would close a circle."),
]


@pytest.mark.parametrize(("edit", "why"), REFUSED, ids=lambda value: value if isinstance(value, str) else value.do)
def test_an_edit_that_does_not_fit_is_refused_in_words(edit: Edit, why: str) -> None:
    before = dumped(FLOW)
    with pytest.raises(EditRefused) as refused:
        apply(FLOW, edit)
    assert str(refused.value).startswith(why)
    assert dumped(FLOW) == before


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "configure", "path": "shop", "title": "x" * 201},
        {"do": "describe", "description": "x" * 10_001},
        {"do": "describe", "name": ""},
        {"do": "move", "to": {"shop": [float("nan"), 0]}},
        {"do": "rename", "path": "shop", "id": "not a name"},
        {"do": "configure", "path": "shop", "timeout": -1},
    ],
    ids=str,
)
def test_an_edit_cannot_make_a_flow_that_could_not_be_opened_again(edit: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EDIT.validate_python(edit)


@pytest.mark.parametrize(
    "edit",
    [
        Set(path="each/line", settings={"text": "new"}, unset=("gone",)),
        Configure(path="each", title="Each", timeout=3, result="line", on_error="port", disabled=True, note="n"),
        Pin(path="shop", outputs={"rows": [1]}),
        Move(to={"shop": (7, 7), "gone": (1, 1)}),
        Describe(name="Other", result=""),
        Many(edits=(Remove(steps=("last",)), Rename(path="shop", id="s"))),
    ],
    ids=lambda edit: edit.do,
)
def test_whatever_an_edit_makes_can_be_saved_and_opened(edit: Edit) -> None:
    after = apply(FLOW, edit)
    assert after != FLOW
    assert Flow.model_validate_json(after.model_dump_json()) == after
    assert EDIT.validate_json(EDIT.dump_json(edit)) == edit


def test_a_time_limit_of_nought_takes_it_away() -> None:
    limited = apply(FLOW, Configure(path="shop", timeout=3))
    assert limited.steps["shop"].timeout == 3
    assert apply(limited, Configure(path="shop", timeout=0)).steps["shop"].timeout is None
