"""What a field offers and shows for an expression, and what it says about code, without a window."""

from __future__ import annotations

import pytest
from pydantic import JsonValue as Json

from app.ui.forms.known import Offered, Preview
from app.ui.forms.looking import Looking, offered
from app.ui.forms.mistakes import Mistake, checked
from app.ui.forms.parts import coded
from app.ui.forms.previewing import preview_of
from nodes.catalog import built_in
from nodes.checks import refusal

ORDER: dict[str, Json] = {
    "total": 24.5,
    "the name": "Ada",
    "lines": [{"sku": "m1"}, {"sku": "m2"}],
    "paid": True,
    "note": "",
}


def looking(**names: object) -> Looking:
    declared = [Offered("fetch.rows", "list"), Offered("fetch.status", "number"), Offered("inputs.city", "text")]
    return Looking(names, lambda: {each.text: each for each in declared})


def preview(text: str, *, bare: bool = False, **names: object) -> Preview | None:
    return preview_of(text, looking(**names), bare=bare, refuses=None)


def test_a_value_is_offered_with_its_sort_a_sample_and_what_is_inside() -> None:
    assert [(each.text, each.kind, each.sample) for each in offered("web.order", ORDER, "Get an order")][1:] == [
        ("web.order.total", "number", "24.5"),
        ('web.order["the name"]', "text", "Ada"),
        ("web.order.lines", "list of 2", '[{"sku": "m1"}, {"sku": "m2"}]'),
        ("web.order.lines[0]", "record", '{"sku": "m1"}'),
        ("web.order.lines[0].sku", "text", "m1"),
        ("web.order.paid", "yes or no", "yes"),
        ("web.order.note", "text", "(empty)"),
    ]


def test_before_a_run_only_the_declared_sort_is_offered() -> None:
    assert list(offered("web.status", None, "Get", kind="number", there=False)) == [
        Offered("web.status", "number", "", "Get")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ order.total }}", "number · 24.5"),
        ("{{ order.total * 2 }}", "number · 49"),
        ("{{ order.paid }}", "yes or no · yes"),
        ("{{ order.lines }}", 'list of 2 · [{"sku": "m1"}, {"sku": "m2"}]'),
        ("{{ none }}", "nothing"),
        ("{{ order.note }}", "text · (empty)"),
        ("It costs {{ order.total }}.", "text · It costs 24.5."),
    ],
)
def test_what_an_expression_gives_is_shown_with_its_type(text: str, said: str) -> None:
    found = preview(text, order=ORDER)
    assert found is not None
    assert (found.ok, found.text) == (True, said)


def test_plain_text_has_no_preview_and_an_expression_without_braces_has_one() -> None:
    assert preview("order.total", order=ORDER) is None
    assert preview("", bare=True) is None
    found = preview("order.total", bare=True, order=ORDER)
    assert found is not None
    assert found.text == "number · 24.5"


def test_before_a_run_the_declared_type_is_said() -> None:
    assert preview("{{ fetch.status }}") == Preview(True, "number · its value is shown here after a run.")
    assert preview("{{ fetch.status + 1 }}") == Preview(True, "The value is shown here after a run.")


def test_an_error_says_what_is_wrong_and_where_and_offers_the_closest_name() -> None:
    text = "One\nand {{ order.totl }}"
    found = preview(text, order=ORDER)
    assert found is not None
    assert (found.ok, found.text) == (False, "Line 2: There is no `totl` in `order`. Did you mean `total`?")
    assert text[found.start : found.end] == "totl"
    assert (found.instead, found.mended) == ("total", "One\nand {{ order.total }}")


def test_a_step_that_is_not_there_is_marked_with_the_closest_one() -> None:
    text = "{{ fetsh.rows | length }}"
    found = preview(text)
    assert found is not None
    assert (found.ok, found.instead, found.mended) == (False, "fetch", "{{ fetch.rows | length }}")
    assert text[found.start : found.end] == "fetsh"
    bare = preview("fetsh.rows", bare=True)
    assert bare is not None
    assert bare.mended == "fetch.rows"


def test_a_value_that_its_setting_cannot_take_is_said_with_the_value() -> None:
    node = built_in().kinds["control.for_each"]
    found = preview_of(
        "{{ order.total * 4 }}", looking(order=ORDER), bare=False, refuses=lambda value: refusal(node, "at_once", value)
    )
    assert found is not None
    assert (found.ok, found.text) == (False, "number · 98. At once has to be 50 or less.")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("return values", None),
        ("import math as m\nreturn [m.sqrt(each) for each in values]", None),
        ("return )", Mistake("Line 1 is not Python: unmatched ')' (character 8).", 1)),
        ("rows = []\nif rows\n    return 1", Mistake("Line 2 is not Python: expected ':' (character 8).", 2)),
        (
            "return valuse",
            Mistake("Line 1: nothing here is called `valuse`. Did you mean `values`?", 1, is_wrong=False),
        ),
        ("rows = 1", Mistake("Nothing is given back yet. End it with `return …`.", is_wrong=False)),
        ("def f():\n    return 1\nf()", Mistake("Nothing is given back yet. End it with `return …`.", is_wrong=False)),
        ("", None),
    ],
)
def test_python_is_checked_as_it_is_written(code: str, found: Mistake | None) -> None:
    assert checked("code", code) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"type": "object", "properties": {"price": {"type": "number"}}}', None),
        ('{\n  "a" 1\n}', Mistake("Line 2, character 7: a colon is missing here.", 2)),
        ("[1]", Mistake('This is a list; a record is needed. For example: {"name": "Ada"}')),
        (
            '{"type": "object",\n "properties": {"price": {"type": "numbr"}}}',
            Mistake("`numbr` is not a type. Did you mean `number`?", 2, is_wrong=False),
        ),
    ],
)
def test_json_is_checked_as_it_is_written(text: str, found: Mistake | None) -> None:
    assert checked("json", text) == found


def test_what_stands_between_backticks_is_shown_as_code_and_nothing_as_markup() -> None:
    assert coded("Use `a < b` & <b>go</b>") == "Use <code>a &lt; b</code> &amp; &lt;b&gt;go&lt;/b&gt;"
