"""Copying a piece of a flow as text, and pasting it: the same flow again, a second time, or elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from flows.apply import EditRefused, apply
from flows.model import Body, Flow, Frame, Note, Step, Wire, walk
from flows.pieces import outermost, pasted, piece_of
from flows.shapes import framed
from flows.text import FlowFileError, read_piece, write_piece
from tests.flows.test_flow_text import flow as any_flow

LINE = Step(kind="ai.ask", settings={"prompt": "{{ item }} of {{ shop.name }}, {{ line_no }}"})
FLOW = Flow(
    id="f",
    name="Mugs",
    steps={
        "shop": Step(kind="web.get", title="Shop"),
        "each": Step(kind="control.for_each", body=Body(steps={"line": LINE}, result="line.text ~ shop.name")),
        "send": Step(kind="mail.send", settings={"text": "{{ each.results }} {{ line_no }} {{ shop.name }}"}),
    },
    wires=(Wire.parse("shop.rows -> each.items"), Wire.parse("each -> send")),
    layout={"shop": (0, 0), "each": (200, 0, 400, 200), "each/line": (8, 8), "send": (640, 0)},
    notes={"why": Note(text="Why", at=(0, -200, 200, 100))},
    frames={"all": Frame(title="All", steps=("shop", "each")), "last": Frame(steps=("send",))},
)
EMPTY = Flow(id="g", name="Other")
calm = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def test_the_text_of_a_piece_is_a_flow_that_one_can_read() -> None:
    assert write_piece(piece_of(FLOW, ["send", "shop"], notes=["why"])) == (
        """\
format: 1
name: 2 steps of Mugs
steps:
  shop:
    kind: web.get
    title: Shop
  send:
    kind: mail.send
    settings:
      text: "{{ each.results }} {{ line_no }} {{ shop.name }}"
notes:
  why:
    at: [0, -200, 200, 100]
    text: Why
frames:
  last:
    steps: [send]
layout:
  shop: [0, 0]
  send: [640, 0]
"""
    )


def test_a_second_copy_in_the_same_flow_has_other_ids_and_its_references_follow() -> None:
    after = apply(FLOW, pasted(piece_of(FLOW, FLOW.steps, notes=["why"]), FLOW, None))
    assert list(after.steps) == ["shop", "each", "send", "shop_2", "each_2", "send_2"]
    body = after.steps["each_2"].body
    assert body is not None
    assert (list(body.steps), body.result) == (["line_2"], "line_2.text ~ shop_2.name")
    assert body.steps["line_2"].settings == {"prompt": "{{ item }} of {{ shop_2.name }}, {{ line_no }}"}
    assert after.steps["send_2"].settings == {"text": "{{ each_2.results }} {{ line_no }} {{ shop_2.name }}"}
    assert [str(wire) for wire in after.wires[2:]] == ["shop_2.rows -> each_2.items", "each_2 -> send_2"]
    assert [after.layout[path] for path in ("shop_2", "each_2/line_2")] == [(32, 32), (8, 8)]
    assert [*after.notes["why_2"].at] == [32, -168, 200, 100]
    assert framed(after) == {
        "all": ("shop", "each"), "last": ("send",), "all_2": ("shop_2", "each_2"), "last_2": ("send_2",),
    }  # fmt: skip


def test_a_third_copy_counts_on_and_does_not_cover_the_second() -> None:
    piece = piece_of(FLOW, ["shop"])
    after = apply(FLOW, pasted(piece, FLOW, None))
    after = apply(after, pasted(piece, after, None))
    assert list(after.steps) == ["shop", "each", "send", "shop_2", "shop_3"]
    assert (after.layout["shop_2"], after.layout["shop_3"]) == ((32, 32), (64, 64))


def test_a_piece_whose_own_names_are_alike_is_not_mixed_up() -> None:
    steps = {"a": Step(kind="t"), "a_2": Step(kind="t", settings={"x": "{{ a.x }} {{ a_2.x }}"})}
    flow = Flow(id="f", name="x", steps=steps)
    after = apply(flow, pasted(piece_of(flow, steps), flow, None))
    assert after.steps["a_4"].settings == {"x": "{{ a_3.x }} {{ a_4.x }}"}


def test_a_piece_lands_in_a_container_with_its_corner_where_it_is_asked_for() -> None:
    after = apply(FLOW, pasted(piece_of(FLOW, ["send", "shop"]), FLOW, (24, 48), "each"))
    body = after.steps["each"].body
    assert body is not None
    assert list(body.steps) == ["line", "shop_2", "send_2"]
    assert (after.layout["each/shop_2"], after.layout["each/send_2"]) == ((24, 48), (664, 48))


def test_what_is_in_a_chosen_container_goes_along_once() -> None:
    assert outermost(FLOW, ["send", "each/line", "each"]) == ("each", "send")
    assert outermost(FLOW, ["send"], ["all"]) == ("shop", "each", "send")
    assert list(piece_of(FLOW, ["each/line"]).layout) == ["line"]


@pytest.mark.parametrize(
    "wrapped",
    ["```yaml\n{}\n```", "\n\n{}\n\n", "    {}", "~~~\n{}~~~\n"],
    ids=["fenced", "with empty lines", "indented", "tildes"],
)
def test_a_piece_that_comes_back_from_a_chat_is_the_same(wrapped: str) -> None:
    piece = piece_of(FLOW, FLOW.steps)
    text = write_piece(piece)
    pad = "\n    " if wrapped.startswith("    ") else "\n"
    assert read_piece(wrapped.format(text.replace("\n", pad))).flow.steps == piece.steps
    assert read_piece(text.replace("\n", "\r\n")).flow.steps == piece.steps


@pytest.mark.parametrize("text", ["Dear Anna,\n\nsee you: soon.", "", "{}", "[1, 2]", "<html></html>"])
def test_what_is_no_flow_says_so(text: str) -> None:
    with pytest.raises(FlowFileError) as refused:
        read_piece(text)
    assert str(refused.value)


@calm
@given(any_flow)
def test_all_of_a_flow_pasted_elsewhere_is_the_same_steps_and_wires(flow: Flow) -> None:
    piece = piece_of(flow, flow.steps, flow.notes, flow.frames)
    read = read_piece(write_piece(piece)).flow
    assert (read.steps, read.wires, read.notes, read.frames) == (piece.steps, piece.wires, piece.notes, piece.frames)
    try:
        after = apply(EMPTY, pasted(read, EMPTY, (0, 0)))
    except EditRefused:
        ids = [path.rsplit("/", 1)[-1] for path, _ in walk(flow)]
        assert len(set(ids)) < len(ids)
        return
    assert (after.steps, set(after.wires)) == (piece.steps, set(piece.wires))
    assert framed(after) == framed(piece)


@calm
@given(any_flow)
def test_a_copy_beside_the_first_one_shares_no_id_with_it_and_changes_nothing_of_it(flow: Flow) -> None:
    edit = pasted(piece_of(flow, flow.steps, flow.notes), flow, None)
    ids = {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}
    try:
        after = apply(flow, edit)
    except EditRefused:
        # The ids of one flow are each there once, which a drawn flow may not have seen to.
        assert len(ids) < sum(1 for _ in walk(flow))
        return
    assert all(after.steps[name] is step for name, step in flow.steps.items())
    assert after.wires[: len(flow.wires)] == flow.wires
    assert not ids & {path.rsplit("/", 1)[-1] for path, _ in walk(Body(steps=edit.steps))}
