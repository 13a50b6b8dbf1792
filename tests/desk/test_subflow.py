"""Steps turned into a flow of their own: what goes in and comes out, and what cannot be moved, in words."""

from __future__ import annotations

import pytest

from app.desk.subflow import subflow
from app.engine.checks import problems_of
from flows.apply import EditRefused, apply
from flows.model import Flow, Wire
from flows.text import read_flow, write_flow
from nodes.catalog import built_in

CATALOG = built_in()


def flow_of(text: str) -> Flow:
    return read_flow(f"format: 1\nid: f\nname: Mugs\n{text}".encode()).flow


SHOP = flow_of(
    """\
inputs:
  city: {label: City}
steps:
  shelf:
    kind: browser.read_table
    settings: {target: table}
  cheap:
    kind: data.filter
    title: Cheap ones
    settings: {field: price, comparison: is, value: 9}
  text:
    kind: data.compose
    settings:
      text: "{{ cheap.kept | length }} of {{ shelf['count'] }} in {{ inputs.city }}"
  note:
    kind: data.compose
    settings:
      text: "{{ text.value }} and {{ cheap.kept[0].name }}"
  size:
    kind: data.filter
wires:
  - shelf.rows -> cheap.items
  - cheap -> text
  - text -> note
  - cheap.kept -> size.items
result: text.value
layout:
  shelf: [0, 0]
  cheap: [264, 0]
  text: [528, 40]
"""
)


def after_of(flow: Flow, *paths: str) -> tuple[Flow, Flow]:
    made = subflow(flow, paths, "Choose mugs", "sub", CATALOG)
    return made.flow, apply(flow, made.edit)


def test_what_comes_in_is_an_input_and_what_goes_out_is_the_result() -> None:
    sub, flow = after_of(SHOP, "cheap", "text")
    assert write_flow(sub) == (
        """\
format: 1
id: sub
name: Choose mugs
description: Made of steps of Mugs.
inputs:
  city: {type: text, label: City}
  shelf_count: {type: number, label: "Read table: count", required: false}
  shelf_rows: {type: data, label: "Read table: rows", required: false}
steps:
  shelf_rows:
    kind: data.value
    title: "Read table: rows"
    settings:
      value: "{{ inputs.shelf_rows }}"
  cheap:
    kind: data.filter
    title: Cheap ones
    settings:
      field: price
      comparison: is
      value: 9
  text:
    kind: data.compose
    settings:
      text: "{{ cheap.kept | length }} of {{ inputs.shelf_count }} in {{ inputs.city }}"
wires:
  - cheap -> text
  - shelf_rows.value -> cheap.items
result: '{"cheap_kept": cheap.kept, "text_value": text.value}'
layout:
  cheap: [0, 0]
  text: [264, 40]
  shelf_rows: [-264, 0]
"""
    )
    assert flow.steps["choose_mugs"].settings == {
        "flow": "sub",
        "inputs": {
            "city": "{{ inputs.city }}",
            "shelf_count": "{{ shelf.count }}",
            "shelf_rows": "{{ shelf.rows }}",
        },
    }
    assert flow.steps["note"].settings["text"] == (
        "{{ choose_mugs.value.text_value }} and {{ choose_mugs.value.cheap_kept[0].name }}"
    )
    assert flow.steps["cheap_kept"].settings == {"value": "{{ choose_mugs.value.cheap_kept }}"}
    assert [str(wire) for wire in flow.wires] == ["choose_mugs -> note", "cheap_kept.value -> size.items"]
    assert flow.result == "choose_mugs.value.text_value"
    assert flow.layout["choose_mugs"] == (264, 0)


def test_both_flows_have_no_problems_that_were_not_there_before() -> None:
    sub, flow = after_of(SHOP, "cheap", "text")
    before = {problem.message for problem in problems_of(SHOP, CATALOG)}
    assert {problem.message for problem in problems_of(sub, CATALOG)} <= before
    assert {problem.message for problem in problems_of(flow, CATALOG, {"sub": sub})} <= before


def test_a_single_value_is_the_result_itself() -> None:
    sub, flow = after_of(SHOP, "text")
    assert sub.result == "text.value"
    assert flow.steps["note"].settings["text"] == "{{ choose_mugs.value }} and {{ cheap.kept[0].name }}"
    assert [str(wire) for wire in flow.wires] == [
        "shelf.rows -> cheap.items", "cheap.kept -> size.items", "cheap -> choose_mugs", "choose_mugs -> note",
    ]  # fmt: skip
    assert flow.result == "choose_mugs.value"


LOOP = flow_of(
    """\
steps:
  each:
    kind: control.for_each
    settings: {items: []}
    body:
      steps:
        line:
          kind: data.compose
          settings: {text: "{{ item.name }} {{ index }}"}
        last:
          kind: data.compose
          settings: {text: "{{ line.value }}"}
      wires:
        - line -> last
"""
)


def test_in_a_loop_the_item_is_brought_in_and_the_round_gives_what_it_gave() -> None:
    sub, flow = after_of(LOOP, "each/line", "each/last")
    assert sub.steps["line"].settings == {"text": "{{ inputs.item.name }} {{ inputs.index }}"}
    assert {name: each.type for name, each in sub.inputs.items()} == {"index": "data", "item": "data"}
    assert sub.result == "last"
    body = flow.steps["each"].body
    assert body is not None
    assert (list(body.steps), body.result) == (["choose_mugs"], "choose_mugs.value")


WAYS = flow_of(
    """\
steps:
  a: {kind: data.compose, title: A, settings: {text: x}}
  b: {kind: data.compose, title: B, settings: {text: "{{ a.value }}"}}
  c: {kind: data.compose, title: C, settings: {text: "{{ b.value }}"}}
  asks: {kind: control.if, title: Asks, settings: {condition: "true"}}
  yes_: {kind: data.compose, title: Yes, settings: {text: y}}
  after: {kind: data.compose, title: After, settings: {text: "{{ yes_.value }}"}}
  joins: {kind: control.merge, title: Joins}
  end: {kind: data.compose, title: End, settings: {text: x}}
  sees: {kind: data.compose, settings: {text: "{{ end.value | default('none') }}"}}
  may: {kind: data.compose, title: May, settings: {text: "{{ a.value if a is defined else 0 }}"}}
wires:
  - asks.true -> yes_
  - yes_.value -> joins.ways
  - asks.false -> joins.ways
"""
)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (["a", "c"], "“B” lies between the chosen steps: it needs one of them, and “C” needs it. Choose “B” too."),
        (["asks"], "“Asks” says whether “Yes” runs, which could not be seen any more."),
        (["asks", "yes_"], "“Asks” says whether “Joins” runs"),
        (["a", "yes_"], "“A” does not follow the way “true” of “Asks”, and other chosen steps do."),
        (["joins"], "“Joins” brings ways together that begin outside."),
        (["asks", "yes_", "joins"], "“Yes” is left out on some ways"),
        (["may"], "A chosen step looks whether “A” has given something"),
        (["end"], "A step that is not chosen looks whether “End” has given something"),
    ],
    ids=[
        "through the outside",
        "a way out",
        "a way past",
        "half a way",
        "a join",
        "left out inside",
        "looks",
        "looked at",
    ],
)
def test_what_cannot_be_moved_is_refused_in_words(chosen: list[str], why: str) -> None:
    with pytest.raises(EditRefused) as refused:
        subflow(WAYS, chosen, "x", "x", CATALOG)
    assert str(refused.value).startswith(why)


def test_steps_of_different_containers_are_refused() -> None:
    with pytest.raises(EditRefused, match="in the same container"):
        subflow(LOOP, ["each", "each/line"], "x", "x", CATALOG)


def test_all_that_follows_a_way_can_be_moved_together() -> None:
    sub, flow = after_of(WAYS, "asks", "yes_", "joins", "after")
    assert sub.wires == WAYS.wires
    assert sub.inputs == {}
    assert "asks" not in flow.steps


def test_what_follows_a_way_follows_it_as_a_flow() -> None:
    flow = WAYS.model_copy(update={"wires": (Wire.parse("asks.true -> yes_"),)})
    _, after = after_of(flow, "yes_", "after")
    assert [str(wire) for wire in after.wires] == ["asks.true -> choose_mugs"]
