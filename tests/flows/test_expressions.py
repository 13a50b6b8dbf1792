"""What a person can write between double braces, and what comes out."""

from __future__ import annotations

import pytest
from pydantic import JsonValue as Json

from flows.expressions import FILTERS, is_template, parse

NAMES: dict[str, Json] = {
    "item": {"name": "Blue mug", "price": 12.5, "tags": ["new", "blue"], "shop": None, "sold": True, "_id": 7},
    "fetch": {"rows": [{"name": "b", "price": 3}, {"name": "A", "price": 20}, {"name": "c", "price": 3}]},
    "inputs": {"city": "Rome", "key": "price"},
    "now": "2026-05-04T09:05:00+02:00",
}


def value(text: str) -> Json:
    return parse(text).render(NAMES)


def test_one_expression_keeps_its_type() -> None:
    assert value("{{ fetch.rows }}") is NAMES["fetch"]["rows"]  # type: ignore[call-overload, index]
    assert [value(f"{{{{ {each} }}}}") for each in ("item.price * 2", "item.shop", "item.sold", "not item.sold")] == [
        25.0,
        None,
        True,
        False,
    ]


def test_an_expression_among_text_becomes_text() -> None:
    assert value("a {{ item.tags }} {{ item.shop }} {{ item.sold }} {{ 20.0 }} {{ 0.1 }} {{ 7 }}") == (
        'a ["new","blue"]  true 20 0.1 7'
    )


def test_text_without_braces_is_itself() -> None:
    assert (is_template("{ a } %}"), value("{ a } %}")) == (False, "{ a } %}")
    assert [is_template(text) for text in ("{{ a }}", "{% if a %}", "{# a #}")] == [True, True, True]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("fetch.rows[0].price", 3),
        ("fetch.rows[-1]['name']", "c"),
        ("item[inputs.key]", 12.5),
        ("item['_id']", 7),
        ("fetch.rows[1:] | length", 2),
        ("item.name[:4]", "Blue"),
        ("item.name[0] ~ item.price", "B12.5"),
        ("[1, 'a', none, true][1]", "a"),
        ("{'a': item.price}.a", 12.5),
        ("(1 + 2) * 3 - 4 / 2", 7.0),
        ("7 // 2 + 7 % 4 + 2 ** 3", 14),
        ("'a' + 'b' ~ 1", "ab1"),
        ("[1] + [2]", [1, 2]),
        ("1 < 2 <= 2 and not 3 > 4", True),
        ("'mug' in item.name and 'new' in item.tags and 'price' in item", True),
        ("1 not in [2, 3]", True),
        ("true == 1", False),
        ("1.0 == 1", True),
        ("'yes' if item.sold else 'no'", "yes"),
        ("1 if item.shop", None),
        ("item.shop or 'none'", "none"),
        ("range(3)", [0, 1, 2]),
        ("range(10, 0, -5)", [10, 5]),
        ('"}}"', "}}"),
        (r"'a\n\'\d'", "a\n'\\d"),
        ("-item.price", -12.5),
    ],
)
def test_expressions(expression: str, expected: Json) -> None:
    assert value(f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("item.name | upper | lower | title | capitalize", "Blue mug"),
        ("'  x ' | trim ~ '/x/' | trim('/')", "xx"),
        ("item.price | replace('.', ',')", "12,5"),
        ("'a-b-c' | replace('-', '', 1)", "ab-c"),
        ("'a,b' | split(',')", ["a", "b"]),
        ("'a  b' | split", ["a", "b"]),
        ("'a\nb' | lines", ["a", "b"]),
        ("item.name | truncate(5)", "Blue…"),
        ("item | keys | first", "name"),
        ("{'a': 1} | items", [["a", 1]]),
        ("{'a': 1} | values", [1]),
        ("item.tags | join(', ')", "new, blue"),
        ("fetch.rows | join('/', attribute='name')", "b/A/c"),
        ("fetch.rows | map(attribute='price') | list", [3, 20, 3]),
        ("fetch.rows | map(attribute='nope', default=0)", [0, 0, 0]),
        ("item.tags | map('upper')", ["NEW", "BLUE"]),
        ("item.tags | map('replace', 'e', '3')", ["n3w", "blu3"]),
        ("fetch.rows | selectattr('price', '>', 5) | map(attribute='name')", ["A"]),
        ("fetch.rows | rejectattr('price', 'eq', 3) | length", 1),
        ("fetch.rows | selectattr('nope', 'defined')", []),
        ("[1, 2, 3, 4] | select('even')", [2, 4]),
        ("[0, 1, none, '']  | reject", [0, None, ""]),
        ("fetch.rows | sort(attribute='name') | map(attribute='name')", ["A", "b", "c"]),
        ("[3, 1, 2] | sort(reverse=true)", [3, 2, 1]),
        ("[1, 1.0, true, 'a', 'A', [1], [1]] | unique", [1, True, "a", "A", [1]]),
        ("[1, 2] | reverse", [2, 1]),
        ("fetch.rows | sum('price')", 26),
        ("fetch.rows | max(attribute='price')", {"name": "A", "price": 20}),
        ("[3, 1] | min", 1),
        ("[1, 2, 3] | batch(2, 0)", [[1, 2], [3, 0]]),
        ("fetch.rows | groupby('price') | map('first')", [3, 20]),
        ("-3 | abs", 3),
        ("(-3) | abs", 3),
        ("2.5 | round", 3),
        ("2.675 | round(2)", 2.68),
        ("2.1 | round(0, 'ceil')", 3),
        ("1250 | round(-2)", 1300),
        ("' 12 ' | int + '1.5' | float", 13.5),
        ("'x' | int(0)", 0),
        ("3.9 | int", 3),
        ("1234567.891 | number(2, ',', '.')", "1.234.567,89"),
        ("20.0 | number", "20"),
        ("[1, {'a': 'ü'}] | tojson", '[1,{"a":"ü"}]'),
        ("[1] | tojson(2)", "[\n  1\n]"),
        ("'[1, {\"a\": null}]' | fromjson", [1, {"a": None}]),
        ("now | date('%-d. %B %Y, %H:%M %a')", "4. May 2026, 09:05 Mon"),
        ("0 | date", "1970-01-01"),
        ("'a b/ü' | urlencode", "a%20b/%C3%BC"),
        ("{'q': 'a b', 'n': 2} | urlencode", "q=a%20b&n=2"),
        ("item.price | string", "12.5"),
        ("nope | default('x') ~ item.nope.nope | d(2)", "x2"),
        ("item.shop | default('x')", None),
        ("item.shop | default('x', true)", "x"),
    ],
)
def test_filters(expression: str, expected: Json) -> None:
    assert value(f"{{{{ {expression} }}}}") == expected


def test_every_filter_says_in_a_sentence_what_one_gets() -> None:
    assert {name: text for name, text in FILTERS.items() if not text.endswith((".", "`.")) or "\n" in text} == {}
    assert {"upper", "default", "map", "date", "tojson"} <= FILTERS.keys()


@pytest.mark.parametrize(
    "claim",
    [
        "item.price is defined",
        "item.nope is undefined and nope.nope is not defined",
        "item.shop is none and item.shop is empty and '' is empty",
        "1.5 is number and true is not number and 1 is integer and 1.0 is float",
        "'a' is string and [] is sequence and {} is mapping and {} is iterable",
        "2 is even and 3 is odd and 9 is divisibleby 3 and 9 is not divisibleby(2)",
        "true is true and false is false and true is boolean",
        "1 is in [1] and 'a' is eq 'a' and 1 is ne 2 and 1 is lt 2 and 2 is le 2 and 3 is gt 2 and 3 is ge(3)",
        "'a' is lower and 'A' is upper",
        "item.name is startswith 'Blue' and item.name is endswith('mug') and item.tags is containing 'new'",
    ],
)
def test_tests(claim: str) -> None:
    assert value(f"{{{{ {claim} }}}}") is True


def test_if_and_for_write_text_and_leave_no_empty_lines() -> None:
    text = """Mugs:
{# the cheap ones #}
{% for row in fetch.rows if row.price < 10 %}
  {% if loop.first %}
first of {{ loop.length }}:
  {% elif loop.last %}
last:
  {% else %}
never
  {% endif %}
- {{ loop.index }} {{ row.name }}
{% endfor %}
"""
    assert value(text) == "Mugs:\nfirst of 2:\n- 1 b\nlast:\n- 2 c\n"


def test_for_unpacks_pairs_and_has_an_else() -> None:
    assert value("{% for k, v in {'a': 1, 'b': 2} | items %}{{ k }}={{ v }};{% endfor %}") == "a=1;b=2;"
    assert (
        value("{% for k in {'a': 1} %}{{ k }}{% endfor %}{% for x in [] %}{{ x }}{% else %}none{% endfor %}") == "anone"
    )


def test_the_name_of_a_loop_hides_one_from_outside_and_ends_with_the_loop() -> None:
    assert value("{{ inputs.city }}{% for inputs in [1, 2] %}{{ inputs }}{% endfor %}{{ inputs.city }}") == "Rome12Rome"
    assert value("{% for a in [1, 2] %}{% for b in [3] %}{{ loop.index }}{{ b }}{% endfor %}{{ loop.index }}{{ a }} "
                 "{% endfor %}") == "1311 1322 "  # fmt: skip


def test_raw_and_comments_and_line_ends_stay_as_typed() -> None:
    assert value("{% raw %}{{ a }}{% endraw %}{# {{ nope }} #}") == "{{ a }}"
    assert value("a\r\nb{{ 1 }}\r\n{{ 2 }}\n") == "a\r\nb1\r\n2\n"


@pytest.mark.parametrize("braces", ["{{ 1 }}", "{% if %}", "{# x", "{{ secret.openai }}", "}}", "{{ fetch.rows }}"])
def test_values_are_never_rendered_a_second_time(braces: str) -> None:
    names: dict[str, Json] = {"a": braces, "list": [braces]}
    assert parse("{{ a }}").render(names) == braces
    assert parse("<{{ a }}>").render(names) == f"<{braces}>"
    assert parse("{{ a ~ a | trim }}").render(names) == braces + braces
    assert parse("{% for x in list %}{{ x | string }}{% endfor %}").render(names) == braces


def test_a_template_says_what_it_refers_to() -> None:
    template = parse(
        "{{ fetch.rows[0].price + maybe.x | default(2) + item[inputs.key].z }}"
        "{% for row in list.rows %}{{ row.y }}{{ loop.index }}{% endfor %}"
        "{{ z.p if z is defined and z.p > 2 else 1 }}{{ both | d }}{{ both }}"
        "{% if w is undefined %}no{% elif w.a %}{{ w.b }}{% else %}{{ w.c }}{% endif %}"
    )
    told: tuple[object, ...] = (template.single, template.roots, template.optional, template.paths)
    assert told == (
        False,
        frozenset({"fetch", "maybe", "item", "inputs", "list", "z", "both", "w"}),
        frozenset({"maybe", "z", "w"}),
        (("fetch", "rows", 0, "price"), ("maybe", "x"), ("item",), ("inputs", "key"), ("list", "rows"), ("z", "p"),
         ("z",), ("both",), ("w",), ("w", "a"), ("w", "b"), ("w", "c")),
    )  # fmt: skip


def test_a_template_is_read_once() -> None:
    assert parse("{{ item.price }}") is parse("{{ item.price }}")
