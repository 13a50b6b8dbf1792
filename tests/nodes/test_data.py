"""Data nodes: text, records and lists."""

import pytest
from pydantic import JsonValue as Json

from tests.nodes.studio import StepFailed, Studio

MUGS: list[Json] = [
    {"name": "Moon mug", "price": 24.5, "owner": {"town": "Bath"}},
    {"name": "Brick mug", "price": 12, "owner": {"town": "York"}},
    {"name": "Rain cup", "price": "sold out"},
]


async def test_text_is_put_together_from_what_other_steps_gave(studio: Studio) -> None:
    played = await studio.chain(
        ("test.given", {"value": MUGS}),
        ("data.compose", {"text": "{% for mug in s1.value %}\n- {{ mug.name }}: {{ mug.price }}\n{% endfor %}\n"}),
    )
    assert played.outputs["s2"] == {"value": "- Moon mug: 24.5\n- Brick mug: 12\n- Rain cup: sold out\n"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (20.0, "20"), (True, "true"), (None, ""), ([1, "a"], '[1,"a"]'), ({"a": 1}, '{"a":1}')],
)
async def test_a_lone_expression_in_a_text_is_written_out(studio: Studio, value: Json, text: str) -> None:
    played = await studio.chain(("test.given", {"value": value}), ("data.compose", {"text": "{{ s1.value }}"}))
    assert played.outputs["s2"] == {"value": text}


async def test_fields_are_added_to_a_record_and_the_others_kept(studio: Studio) -> None:
    given: Json = {"name": "Moon mug", "price": 24.5}
    assert await studio.step("data.set_fields", {"fields": {"price": 20, "sale": True}}, record=given) == {
        "record": {"name": "Moon mug", "price": 20, "sale": True}
    }
    assert await studio.step("data.set_fields", {"fields": {"sale": True}, "keep_others": False}, record=given) == {
        "record": {"sale": True}
    }
    assert await studio.step("data.set_fields", {"fields": {"a": [1, 2]}}) == {"record": {"a": [1, 2]}}


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"field": "price", "comparison": "is at least", "value": 20}, ["Moon mug"]),
        ({"field": "price", "comparison": "is less than", "value": "20.00"}, ["Brick mug"]),
        ({"field": "price", "comparison": "is", "value": "24.50"}, ["Moon mug"]),
        ({"field": "price", "comparison": "is not", "value": 12}, ["Moon mug", "Rain cup"]),
        ({"field": "name", "comparison": "contains", "value": "MUG"}, ["Moon mug", "Brick mug"]),
        ({"field": "name", "comparison": "contains", "value": "MUG", "match_case": True}, []),
        ({"field": "name", "comparison": "does not contain", "value": "mug"}, ["Rain cup"]),
        ({"field": "name", "comparison": "starts with", "value": "moon"}, ["Moon mug"]),
        ({"field": "name", "comparison": "ends with", "value": "cup"}, ["Rain cup"]),
        ({"field": "name", "comparison": "is one of", "value": "rain cup, Moon mug"}, ["Moon mug", "Rain cup"]),
        ({"field": "price", "comparison": "is one of", "value": [12, 13]}, ["Brick mug"]),
        ({"field": "owner.town", "comparison": "is", "value": "york"}, ["Brick mug"]),
        ({"field": "owner", "comparison": "is empty"}, ["Rain cup"]),
        ({"field": "owner", "comparison": "is not empty"}, ["Moon mug", "Brick mug"]),
        ({"field": "name", "comparison": "is more than", "value": "moo"}, ["Moon mug", "Rain cup"]),
    ],
)
async def test_a_rule_keeps_the_items_that_fit(studio: Studio, rule: dict[str, Json], kept: list[str]) -> None:
    given = await studio.step("data.filter", rule, items=MUGS)
    dropped = [mug for mug in MUGS if isinstance(mug, dict) and mug["name"] not in kept]
    assert given == {
        "kept": [mug for mug in MUGS if mug not in dropped],
        "dropped": dropped,
        "count": len(kept),
    }


async def test_a_list_of_plain_values_is_filtered_without_a_field(studio: Studio) -> None:
    given = await studio.step("data.filter", {"comparison": "is more than", "value": 2}, items=[1, 2, 3, 4.5])
    assert given == {"kept": [3, 4.5], "dropped": [1, 2], "count": 2}


async def test_an_item_that_cannot_be_compared_is_dropped_and_said(studio: Studio) -> None:
    played = await studio.alone("data.filter", {"field": "price", "comparison": "is at most", "value": 20}, items=MUGS)
    assert played.outputs["it"]["count"] == 1
    assert played.log == ["1 of 3 items have nothing there that compares with 20."]


async def test_a_field_that_no_item_has_is_a_mistake_and_not_an_empty_list(studio: Studio) -> None:
    with pytest.raises(StepFailed) as failed:
        await studio.step("data.filter", {"field": "pirce", "value": 1}, items=MUGS)
    assert failed.value.message == "No item has a field `pirce`."
    assert failed.value.hint == "They have: name, price, owner."


async def test_a_value_of_another_sort_is_a_mistake(studio: Studio) -> None:
    with pytest.raises(StepFailed, match="“name is at least 20” cannot be said of any of the items"):
        await studio.step("data.filter", {"field": "name", "comparison": "is at least", "value": 20}, items=MUGS)


async def test_an_empty_list_stays_empty(studio: Studio) -> None:
    given = await studio.step("data.filter", {"field": "price", "comparison": "is more than", "value": 1}, items=[])
    assert given == {"kept": [], "dropped": [], "count": 0}
