"""What an expression may not do, and the sentence that says so."""

from __future__ import annotations

import time

import pytest
from pydantic import JsonValue as Json

from flows.expressions import ExpressionError, parse

NAMES: dict[str, Json] = {
    "item": {"price": 12.5, "name": "Mug", "shop": None, "tags": []},
    "fetch": {"rows": [{"price": 3}, {"price": 4}]},
    "big": "x" * 1_000_000,
    "many": list(range(200_000)),
    "text": "x",
}


def complaint(text: str) -> str:
    """The sentence, after line and column."""
    with pytest.raises(ExpressionError) as caught:
        parse(text).render(NAMES)
    return f"{caught.value.line}:{caught.value.column} {caught.value}"


def refused_unseen(text: str) -> str:
    """The sentence that comes before any run."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{", "1:1 This `{{` is never closed. Add `}}`."),
        ("a\n {{ }}", "2:5 Something is missing before `}}`: a name, a number or a text."),
        ("{{ a b }}",
         "1:6 `b` is not expected here. Put an operator or a filter (`|`) before it, or close the braces."),
        ("{% if %}", "1:7 Something is missing before `%}`: a name, a number or a text."),
        ("{% if a %}\r\n x", "1:1 This `{% if %}` is never closed. Add `{% endif %}`."),
        ("{% for a in b %}{% endif %}", "1:20 `{% endif %}` stands where `{% endfor %}` belongs."),
        ("{% endif %}", "1:4 `{% endif %}` has no beginning."),
        ("{# a", "1:1 This `{#` is never closed. Add `#}`."),
        ("{{ (a }}", "1:7 `}` is here, but `)` has to be closed first."),
        ("{{ 'a }}", "1:4 This quotation mark is never closed. Add the same one after the text."),
        ("\r\n{{ a “ }}", '2:6 `“` means nothing in an expression. Put text in straight quotes: "like this".'),
        ("{{ a. }}", "1:7 After the dot comes a name, as in `item.price`."),
        ("{{ a is b }}", "1:6 There is no test `b`."),
        ("{{ a | uper }}", "1:8 There is no filter `uper`. Did you mean `upper`?"),
        ("{{ a | replace('x') }}", "1:8 The filter `replace` is written `replace(old, new, count=none)`."),
        ("{{ a | round(1, 2, 3) }}", '1:8 The filter `round` is written `round(digits=0, method="common")`.'),
        ("{{ a | sort(key=1) }}",
         "1:8 The filter `sort` is written `sort(reverse=false, case_sensitive=false, attribute=none)`."),
    ],
)  # fmt: skip
def test_broken_syntax_is_named_with_its_place(text: str, sentence: str) -> None:
    assert complaint(text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ itm.price }}", "1:4 There is no `itm` here. Did you mean `item`?"),
        ("a {{ item.prise }}", "1:11 There is no `prise` in `item`. Did you mean `price`?"),
        ("{{ fetch.rows[0].prise }}", "1:18 There is no `prise` in `fetch.rows[0]`. Did you mean `price`?"),
        ("{{ fetch.rows | map(attribute='prise') }}", "1:17 There is no `prise` in this entry. Did you mean `price`?"),
        ("{{ item.shop.name }}", "1:14 `item.shop` is nothing (none), so it has no `name`."),
        ("{{ item['name'].x }}", "1:17 `item.name` is text, so it has no `x`."),
        ("{{ none.x }}", "1:9 This value is nothing (none), so it has no `x`."),
        ("{{ fetch.rows[2] }}", "1:14 There is no entry 2 in `fetch.rows`, which has 2 entries, from 0 to 1."),
        ("{{ item.tags[0] }}", "1:13 `item.tags` is empty, so it has no entry 0."),
        ("{{ item.tags | first }}", "1:16 `first` was given a list with nothing in it."),
        ("{{ fetch.rows.price }}",
         "1:15 `fetch.rows` is a list, so it has no `price`. Say which entry, as in `fetch.rows[0].price`."),
        ("{{ fetch.rows.length }}", "1:15 `fetch.rows` is a list, so it has no `length`. Did you mean "
         "`fetch.rows | length`?"),
        ("{{ item.name.upper() }}", "1:19 Functions cannot be called here, except `range`. Did you mean "
         "`item.name | upper`?"),
        ("{{ 1 / 0 }}", "1:4 This divides by zero."),
        ("{{ item.price % 0 }}", "1:8 This divides by zero."),
        ("{{ item.name * 2 }}",
         "1:8 `*` needs two numbers, but one side is text. Turn it into a number with `| float`."),
        ("{{ item.name + 1 }}", "1:8 `+` cannot join text and a number. Use `~` to join them as text."),
        ("{{ item.shop + 1 }}", "1:8 `+` needs two numbers, but one side is nothing (none)."),
        ("{{ item.name < 1 }}", "1:8 `<` cannot compare text with a number."),
        ("{{ 1 in 2 }}", "1:4 `in` looks into a list, an object or text, and this is a number."),
        ("{{ -item.name }}", "1:4 `-` needs a number, and this is text."),
        ("{{ (-8) ** 0.5 }}", "1:5 A root of a negative number is not a number that Weft can use."),
        ("{{ item.shop | upper }}", '1:16 `upper` needs text, and this is nothing (none). '
         'Put `| default("", true)` before it.'),
        ("{{ item.name | sum }}", "1:16 `sum` needs a list, and this is text. "
         "Use `| split` or `| lines` to make a list of it."),
        ("{{ 'x' | int }}", "1:10 `x` is not a whole number."),
        ("{{ '{' | fromjson }}", "1:10 `{` is not JSON, line 1, column 2."),
        ("{{ '[NaN]' | fromjson }}", "1:14 `[NaN]` is not JSON."),
        ("{{ 'soon' | date }}", "1:13 `soon` is not a date. Dates look like `2026-05-04` or `2026-05-04T09:30:00`."),
        ("{{ [1, 'a'] | sort }}", "1:15 `sort` cannot put a number and text in order. "
         'Name what to compare, as in `attribute="price"`, or take out what does not belong.'),
        ("{% for a in item.name %}{% endfor %}",
         "1:17 `for` needs a list, and `item.name` is text. Use `| lines` or `| split` to make a list of it."),
        ("{% for a, b in fetch.rows %}{% endfor %}", "1:21 `for` has 2 names, but an entry is an object."),
    ],
)  # fmt: skip
def test_what_is_missing_or_of_the_wrong_kind_has_its_sentence(text: str, sentence: str) -> None:
    assert complaint(text) == sentence


def test_an_unknown_name_is_told_apart_from_the_sentence() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("{{ fetch.rwos }}").render(NAMES)
    assert (caught.value.name, caught.value.line, caught.value.column) == ("rwos", 1, 10)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ x | attr('__class__') }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ self._TemplateReference__context }}",
        "{{ x._private }}",
        "{{ __import__ }}",
        "{{ __cl\N{GREEK SMALL LETTER ALPHA}ss__ }}",
        "{{ x.\N{FULLWIDTH LOW LINE}\N{FULLWIDTH LOW LINE}class__ }}",
        "{{ \N{FULLWIDTH LATIN SMALL LETTER X} }}",
        "{{ 1\N{FULLWIDTH DIGIT TWO} }}",
        "{{ range.__call__ }}",
        "{{ namespace() }}",
        "{{ lipsum() }}",
        "{{ dict(a=1) }}",
        "{{ item.name.join([]) }}",
        "{{ range(*[1]) }}",
        "{{ range(1, **{}) }}",
        "{{ x | format }}",
        "{{ x | safe }}",
        "{{ x | xmlattr }}",
        "{{ x | map('attr', '__class__') | y }}",
    ],
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    assert refused_unseen(text).endswith((".", "?", "`"))


@pytest.mark.parametrize("text", ["{{ text['__class__'] }}", "{{ [text] | map(attribute='__class__') }}",
                                  "{{ [text] | map('attr', 'x') }}", "{{ item['__class__'] }}"])  # fmt: skip
def test_a_python_name_in_quotes_is_just_a_key_that_is_not_there(text: str) -> None:
    assert "no " in complaint(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = 1 %}",
        "{% set a %}x{% endset %}",
        "{% macro f() %}{{ f() }}{% endmacro %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import path %}",
        "{% extends 'base' %}",
        "{% block a %}{% endblock %}",
        "{% call f() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with a = 1 %}{% endwith %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% print 1 %}",
        "{% do x %}",
        "{% break %}",
    ],
)
def test_only_if_and_for_are_statements(text: str) -> None:
    assert refused_unseen(text).endswith("is not part of Weft's expressions. Only `if` and `for` are.")


def test_a_recursive_for_is_refused() -> None:
    assert refused_unseen("{% for a in b recursive %}{% endfor %}") == "A `for` cannot be recursive."


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ [1] * 10**9 }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 9**9**9 }}",
        "{{ 9**(9**9) }}",
        "{{ 9.0**999 }}",
        "{{ 1e308 * 10 }}",
        "{{ 1e999 }}",
        "{{ " + "9" * 5000 + " }}",
        "{{ 0x" + "f" * 5000 + " }}",
        "{{ range(10**9) }}",
        "{{ range(99999) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ (['x' * 10**6] * 10**6) | join }}",
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{{ " + "a + " * 5000 + "a }}",
        "{{ " + "not " * 5000 + "a }}",
        "{{ a" + " | trim" * 5000 + " }}",
        "{{ a" + "[b]" * 5000 + " }}",
        "{{ " + "1 if a else " * 3000 + "1 }}",
        "{% if a %}" * 3000,
        "{{ '" + "x" * 70_000 + "' }}",
    ],
)
def test_what_would_grow_without_end_is_refused_before_it_runs(text: str) -> None:
    began = time.perf_counter()
    assert len(refused_unseen(text)) < 200
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in many %}{% for b in many %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}",
        "{% for a in many %}{% if a in many %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if many == many[:] %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if many | sort | unique | length %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if 'y' in big %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if big | upper | length %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if many | tojson | length %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if many | map('round', 2) | sum %}{% endif %}{% endfor %}",
        "{% for a in range(9999) %}{% if '" + "9" * 3900 + "' | int > 1 %}{% endif %}{% endfor %}",
        "{{ many | map('default') | map('string') | join(big) }}",
        "{{ big | replace('x', big) }}",
        "{{ big ~ big }}",
        "{{ big + big }}",
        "{{ big | join('x') | urlencode ~ (big | split('') | join(big)) }}",
        "{{ [" + "big, " * 500 + "] }}",
        "{{ {" + "".join(f"'{n}': many, " for n in range(50)) + "} }}",
        "{{ [" + "[many, many], " * 50 + "] }}",
        "{{ range(9999) | map('batch', big) }}",
        "{{ range(9999) | map(attribute='x', default=big) }}",
        "{{ [1] | batch(100000, big) }}",
        "{% for a in many %}{{ big }}{% endfor %}",
        "{{ big }}{{ text }}",
        "{{ now.x or (" + "many + " * 60 + "many) }}",
    ],
)
def test_what_would_grow_without_end_is_stopped_as_it_runs(text: str) -> None:
    began = time.perf_counter()
    assert len(complaint(text)) < 220
    assert time.perf_counter() - began < 2


def test_a_value_that_is_long_already_passes_through() -> None:
    long: dict[str, Json] = {"page": "<b>" * 1_000_000, "rows": [{"a": n} for n in range(300_000)]}
    assert parse("{{ page }}").render(long) is long["page"]
    assert parse("{{ page | replace('<b>', '<i>') | length }}").render(long) == 3_000_000
    assert parse("{{ page[:5] }}").render(long) == "<b><b"
    assert parse("{{ rows | map(attribute='a') | sum }}").render(long) == 44_999_850_000
    assert parse("{{ {'rows': rows, 'page': page} }}").render(long) == long | {}
