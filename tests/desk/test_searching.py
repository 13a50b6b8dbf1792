"""Find in a flow: names, settings, references, and what a run gave."""

from __future__ import annotations

from app.desk.searching import A_STEP, Hit, Values, search
from flows.model import Body, Flow, Step
from nodes.catalog import built_in

CATALOG = built_in()
FLOW = Flow(
    id="f",
    name="Prices",
    steps={
        "shelf": Step(kind="data.set_fields", title="Read the shelf", note="Ask Ada about the VAT."),
        "each": Step(
            kind="control.for_each",
            settings={"items": "{{ shelf.rows }}"},
            body=Body(steps={"line": Step(kind="data.compose", settings={"text": "Buy {{ item.name }} today"})}),
        ),
    },
)
VALUES: Values = {
    "shelf": {"rows": [{"name": "Moon mug", "price": 12.5}, {"name": "Sun mug", "price": 9}], "sold_out": False},
    "each/line": {"text": "Buy Moon mug today"},
}


def places(text: str) -> list[tuple[str, str, str, str]]:
    return [(hit.path, hit.sort, hit.place, hit.text) for hit in search(text, FLOW, CATALOG, VALUES).hits]


def test_a_name_is_found_in_whatever_case_and_before_all_else() -> None:
    assert places("THE SHELF") == [
        ("shelf", "name", "Name", "Read the shelf"),
        ("each", "reference", f"{items()} refers to Read the shelf", "{{ shelf.rows }}"),
    ]


def test_a_step_without_a_name_is_found_by_what_it_is() -> None:
    assert ("each", "name", "Kind", "For each") in places("for each")


def test_a_setting_is_found_with_where_it_stands() -> None:
    (hit, *_) = search("item.name", FLOW, CATALOG, {}).hits
    assert hit == Hit("each/line", "setting", "Text", "Buy {{ item.name }} today", 7, 9, "text")


def test_a_note_is_found() -> None:
    assert places("vat") == [("shelf", "name", "Note", "Ask Ada about the VAT.")]


def test_values_are_found_with_their_place_numbers_and_the_inside_of_containers_too() -> None:
    assert places("moon") == [
        ("shelf", "value", "rows[0].name", "Moon mug"),
        ("each/line", "value", "text", "Buy Moon mug today"),
    ]
    assert places("12.5") == [("shelf", "value", "rows[0].price", "12.5")]


def test_long_texts_are_shown_around_what_was_found() -> None:
    values = {"shelf": {"page": "a " * 400 + "needle\nin the hay" + " b" * 400}}
    (hit,) = search("needle", FLOW, CATALOG, values).hits
    assert hit.text.startswith("…a a")
    assert hit.text[hit.start : hit.start + hit.length] == "needle"
    assert "needle in the hay" in hit.text
    assert len(hit.text) < 200


def test_of_very_many_places_the_first_are_listed_and_it_is_said_that_there_are_more() -> None:
    values: Values = {"shelf": {"rows": ["mug"] * 1000}}
    found = search("mug", FLOW, CATALOG, values)
    assert (len(found.hits), found.more) == (A_STEP, True)


def test_nothing_is_found_for_nothing() -> None:
    assert search("  ", FLOW, CATALOG, VALUES).hits == ()


def items() -> str:
    return next(hit.place.partition(" refers")[0] for hit in search("shelf.rows", FLOW, CATALOG, {}).hits)
