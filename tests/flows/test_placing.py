"""A flow that was written without places is drawn so that one can read it."""

from __future__ import annotations

import time
import warnings
from itertools import pairwise

from flows.model import Body, Flow, Step, Wire, walk
from flows.placing import placed
from flows.text import read_flow, write_flow


def compose(text: str = "x") -> Step:
    return Step(kind="data.compose", settings={"text": text})


def flow(steps: dict[str, Step], *wires: str, **more: object) -> Flow:
    return Flow(id="f", name="F", steps=steps, wires=tuple(Wire.parse(wire) for wire in wires), **more)


def test_steps_stand_in_columns_as_their_wires_and_references_lead() -> None:
    made = placed(
        flow({"last": compose("{{ second.value }}"), "first": compose(), "second": compose()}, "first -> second")
    )
    assert made.layout["first"][0] < made.layout["second"][0] < made.layout["last"][0]
    assert len({at[1] for at in made.layout.values()}) == 1


def test_what_comes_at_the_same_time_stands_below_each_other() -> None:
    layout = placed(flow({"one": compose(), "two": compose(), "end": compose()}, "one -> end", "two -> end")).layout
    assert (layout["one"][0], layout["end"][0]) == (layout["two"][0], 264)
    assert layout["two"][1] - layout["one"][1] > 112


def test_a_container_is_large_enough_for_what_is_in_it() -> None:
    inner = Step(kind="control.for_each", body=Body(steps={"a": compose(), "b": compose("{{ a.value }}")}))
    outer = Step(kind="control.for_each", body=Body(steps={"lines": inner, "sum": compose("{{ lines.results }}")}))
    layout = placed(flow({"each": outer, "after": compose()}, "each -> after")).layout
    for path in ("each/lines", "each/sum", "each/lines/a", "each/lines/b"):
        x, y, *size = layout[path]
        _, _, width, height = layout[path.rpartition("/")[0]]  # type: ignore[misc]
        assert x + (size[0] if size else 200) < width
        assert 136 + y + (size[1] if size else 112) < height
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = write_flow(placed(flow({"each": outer, "after": compose()}, "each -> after")))
    assert read_flow(text.encode(), "f").flow.layout == layout
    assert layout["after"][0] > layout["each"][0] + layout["each"][2]  # type: ignore[misc]


def test_what_has_a_place_keeps_it_and_what_has_none_comes_below() -> None:
    before = flow({"here": compose(), "new": compose()}, layout={"here": (40, 80)})
    after = placed(before)
    assert list(after.layout["here"]) == [40, 80]
    assert after.layout["new"][1] >= 80 + 112
    assert placed(after).layout == after.layout


def test_a_circle_of_wires_is_placed_all_the_same() -> None:
    made = placed(flow({"a": compose(), "b": compose()}, "a -> b", "b -> a"))
    assert made.layout["a"] != made.layout["b"]


def test_five_thousand_steps_in_a_chain_are_placed_quickly() -> None:
    names = [f"s{number}" for number in range(5000)]
    chain = flow({name: compose() for name in names}, *(f"{a} -> {b}" for a, b in pairwise(names)))
    began = time.perf_counter()
    made = placed(chain)
    assert time.perf_counter() - began < 5
    assert len(made.layout) == len(list(walk(chain)))
