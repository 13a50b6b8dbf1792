"""A fingerprint says whether a step would give the same again, without running it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from app.engine.fingerprint import Traced, traced
from flows.model import Body, Flow, Input, Retry, Step
from nodes.control.for_each import ForEach
from tests.bench._flows import grid
from tests.engine.steps import CATALOG
from tests.engine.story import body, each, flow, step

BASE = flow(
    "a.value -> b.value",
    "b -> c",
    "list.value -> each.items",
    a=step("say", text="one"),
    b=step("say"),
    c=step("say", text="{{ inputs.name }}"),
    d=step("say", text="{{ b.value }}"),
    list=step("give", value=[1, 2]),
    each=each(
        body("x.value -> y.value", x=step("say", text="{{ item }} {{ a.value }}"), y=step("say"), result="y.value")
    ),
)


def changed(after: Flow, before: Flow = BASE, **given: Any) -> set[str]:
    """The steps whose fingerprints differ."""
    old, new = traced(before, CATALOG, {"name": "n"}), traced(after, CATALOG, {"name": "n", **given})
    return {path for path in new if path not in old or old[path].print != new[path].print}


def with_step(path: str, base: Flow = BASE, **changes: Any) -> Flow:
    """The flow with a step changed."""
    head, _, rest = path.partition("/")
    inner = base.steps[head]
    if rest:
        assert inner.body is not None
        steps = {**inner.body.steps, rest: inner.body.steps[rest].model_copy(update=changes)}
        changes = {"body": inner.body.model_copy(update={"steps": steps})}
    return base.model_copy(update={"steps": {**base.steps, head: inner.model_copy(update=changes)}})


def test_a_setting_counts_for_the_step_and_for_all_that_takes_data_from_it() -> None:
    assert changed(with_step("a", settings={"text": "two"})) == {"a", "b", "d", "each", "each/x", "each/y"}
    assert changed(with_step("d", settings={"text": "{{ b.value }}!"})) == {"d"}


def test_what_is_the_same_however_it_is_written_changes_nothing() -> None:
    assert changed(Flow.model_validate_json(BASE.model_dump_json())) == set()
    assert changed(with_step("b", settings={"text": ""})) == set(), "a setting as it is anyway"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Other"},
        {"note": "Look here"},
        {"timeout": 5},
        {"retry": Retry(times=3)},
        {"on_error": "continue"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_changes_nothing_of_what_a_step_gives_does_not_count(changes: dict[str, Any]) -> None:
    assert changed(with_step("a", **changes)) == set()
    assert changed(with_step("each/x", **changes)) == set()


@pytest.mark.parametrize(
    "changes",
    [{"kind": "t.give", "settings": {}}, {"version": 2}, {"pinned": {"value": 1}}, {"disabled": True}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_kind_the_version_a_pinned_output_and_the_switch_count(changes: dict[str, Any]) -> None:
    assert changed(with_step("a", **changes)) == {"a", "b", "d", "each", "each/x", "each/y"}


def test_an_order_only_wire_carries_no_data_and_a_way_does() -> None:
    assert "c" not in changed(with_step("a", settings={"text": "two"}))
    forked = flow("f.left -> x", f=step("fork"), x=step("say", text="x"))
    assert changed(with_step("f", forked, settings={"way": "right"}), forked) == {"f", "x"}


def test_a_wire_that_was_moved_counts_where_it_ends() -> None:
    moved = BASE.model_copy(update={"wires": tuple(wire for wire in BASE.wires if wire.target != "b")})
    assert changed(moved) == {"b", "d"}


def test_only_the_inputs_that_a_step_names_count_and_only_their_values() -> None:
    assert changed(BASE, name="other") == {"c"}
    assert changed(BASE.model_copy(update={"inputs": {"name": Input(label="Your name")}})) == set()


def test_what_is_inside_a_container_counts_for_it_and_for_what_comes_after_it_inside() -> None:
    assert changed(with_step("each/y", settings={"text": "!"})) == {"each", "each/y"}
    assert changed(with_step("each/x", settings={"text": "{{ item }}"})) == {"each", "each/x", "each/y"}
    inner = BASE.steps["each"].body
    assert inner is not None
    assert changed(with_step("each", body=inner.model_copy(update={"result": "x.value"}))) == {"each"}


def test_the_items_count_for_every_round_and_how_they_are_played_for_none() -> None:
    assert changed(with_step("list", settings={"value": [2, 1]})) == {"list", "each", "each/x", "each/y"}
    assert changed(with_step("each", settings={"at_once": 7, "on_item_error": "skip"})) == {"each"}
    assert ForEach.spec.how >= {"at_once", "on_item_error"}


def test_a_browser_step_depends_on_the_page_as_the_steps_before_it_left_it() -> None:
    made = flow(
        "open -> think", "think -> read", "read -> more",
        open=step("browser.open", url="https://one.example"),
        think=step("say", text="…"),
        read=step("browser.read_text", target="css=h1"),
        more=step("say", text="x"),
    )  # fmt: skip
    assert changed(with_step("open", made, settings={"url": "https://two.example"}), made) == {"open", "read"}


def test_a_flow_that_is_run_as_a_step_counts_with_all_that_it_does() -> None:
    made = flow("go.value -> after.value", go=step("control.run_flow", flow="other"), after=step("say"))
    other = Flow(id="other", name="Other", steps={"s": step("say", text="one")})
    edited = other.model_copy(update={"steps": {"s": step("say", text="two")}, "name": "New name"})
    before, after = (traced(made, CATALOG, {}, {"other": each}) for each in (other, edited))
    assert {path for path in after if before[path].print != after[path].print} == {"go", "go/s", "after"}
    renamed = traced(made, CATALOG, {}, {"other": other.model_copy(update={"name": "New name"})})
    assert prints(renamed) == prints(before)


def test_steps_of_unknown_kinds_circles_and_broken_references_have_fingerprints_too() -> None:
    strange = flow("a.value -> b.value", "b.value -> a.value", "x -> x", "gone -> b",
                   a=step("nobody.knows", text="{{ b.value }}"), b=step("say", text="{{ not closed"),
                   x=step("say", text="{{ x.value }}{{ nothing.here }}"))  # fmt: skip
    assert set(traced(strange, CATALOG, {})) == {"a", "b", "x"}
    assert changed(strange, strange) == set()


def test_a_thousand_steps_are_looked_at_in_a_moment_and_ten_times_as_many_in_ten() -> None:
    def seconds(count: int) -> float:
        made = grid(count)
        traced(made, CATALOG, {})
        best = 1e9
        for _ in range(5):
            began = time.thread_time()
            traced(made, CATALOG, {})
            best = min(best, time.thread_time() - began)
        return best

    few, many = seconds(200), seconds(2000)
    assert many < 40 * few
    assert seconds(1000) < 0.15, "Some 10 ms of computing on a free machine."


def prints(found: dict[str, Traced]) -> dict[str, bytes]:
    return {path: each.print for path, each in found.items()}


def test_a_step_deep_inside_sees_what_is_outside_of_all_containers() -> None:
    deep = each(body(inner=each(body(z=step("say", text="{{ a.value }}")))))
    made = flow("list.value -> outer.items", a=step("say", text="one"), list=step("give", value=[[1]]), outer=deep)
    assert changed(with_step("a", made, settings={"text": "two"}), made) == {
        "a",
        "outer",
        "outer/inner",
        "outer/inner/z",
    }


def test_a_body_without_steps_is_none() -> None:
    assert set(traced(flow(a=Step(kind="control.for_each", body=Body())), CATALOG, {})) == {"a"}
