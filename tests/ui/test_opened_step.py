"""What an opened step can read, which steps lie beside it, and the settings that a value can be used in."""

from __future__ import annotations

from typing import Any

from app.engine.checks import problems_of
from app.ui.opened.sources import Source, neighbours, sources
from app.ui.opened.targets import targets
from flows.apply import apply
from flows.model import Body, Flow, Input, Step, Wire
from nodes.catalog import built_in

CATALOG = built_in()
LINE = Body(
    steps={
        "line": Step(kind="data.compose", title="Line", settings={"text": "{{ item.name }}"}),
        "end": Step(kind="data.compose", title="End", settings={"text": "."}),
    },
    wires=(Wire.parse("line -> end"),),
)
FLOW = Flow(
    id="f",
    name="Mugs",
    inputs={"least": Input(type="number", default=3)},
    steps={
        "mugs": Step(kind="code.python", title="Mugs", settings={"code": "return []"}),
        "dear": Step(kind="data.filter", title="Dear ones", settings={"field": "price", "value": 20}),
        "each": Step(kind="control.for_each", title="Each", body=LINE),
        "loose": Step(kind="data.compose", title="Loose", settings={"text": "Mugs"}),
    },
    wires=(Wire.parse("mugs.value -> dear.items"), Wire.parse("dear.kept -> each.items")),
    layout={"mugs": (0, 0), "dear": (280, 0), "each": (560, 0, 420, 220), "loose": (0, 300)},
)


def read(path: str, names: dict[str, object]) -> list[Source]:
    return sources(FLOW, CATALOG, path, {"inputs": {"least": 3}, **names})


def test_what_came_along_the_wire_is_offered_first_and_what_has_no_data_says_so() -> None:
    rows: list[Any] = [{"price": 24.5}]
    assert read("dear", {"mugs": {"value": rows}}) == [
        Source("Items, from “Mugs”", "mugs.value", rows),
        Source("“Loose”", "loose", None, known=False),
        Source("“Mugs”", "mugs", {"value": rows}),
        Source("What the flow asks for", "inputs", {"least": 3}),
    ]


def test_a_step_in_a_loop_reads_the_item_its_neighbours_and_the_steps_around_it() -> None:
    assert [source.root for source in read("each/end", {"item": {"name": "Moon mug"}, "index": 0})] == [
        "item",
        "line",
        "loose",
        "dear",
        "mugs",
        "inputs",
    ]


def test_the_way_from_step_to_step_follows_the_wires_into_a_loop_and_out_of_it() -> None:
    assert neighbours(FLOW, "mugs") == ([], ["dear"])
    assert neighbours(FLOW, "each") == (["dear"], ["each/line"])
    assert neighbours(FLOW, "each/line") == (["each"], ["each/end"])
    assert neighbours(FLOW, "loose") == ([], [])


def test_a_value_is_used_only_in_settings_of_steps_that_do_not_come_before_it() -> None:
    places = [(target.path, target.setting.name) for target in targets(FLOW, CATALOG, "dear", "dear")]
    assert ("loose", "text") in places
    assert ("each/line", "text") in places
    assert not [path for path, _ in places if path in ("mugs", "dear")]
    inside = [target.path for target in targets(FLOW, CATALOG, "item", "each/end")]
    assert inside[0] == "each/end"
    assert set(inside) == {"each/line", "each/end"}
    assert targets(FLOW, CATALOG, "item", "dear") == []


def test_a_reference_stands_after_a_long_text_and_in_the_place_of_any_other_value() -> None:
    found = {(target.path, target.setting.name): target for target in targets(FLOW, CATALOG, "mugs", "dear")}
    text, value = found["loose", "text"], found["dear", "value"]
    assert (text.says, value.says) == ("Added after: Mugs", "Instead of: 20")
    after = apply(apply(FLOW, text.edit("{{ mugs.value[0].name }}")), value.edit("{{ mugs.value[0].price }}"))
    assert after.steps["loose"].settings["text"] == "Mugs {{ mugs.value[0].name }}"
    assert after.steps["dear"].settings["value"] == "{{ mugs.value[0].price }}"
    assert [problem for problem in problems_of(after, CATALOG) if problem.step in ("loose", "dear")] == []
