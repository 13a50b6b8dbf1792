"""Whatever is typed and whatever the data is: a value comes out, or a sentence."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue as Json

from flows.expressions import FILTERS, ExpressionError, parse, rename
from flows.expressions.registry import TESTS

calm = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))

json: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers().map(lambda n: n**60)
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-05-04", "1e999", "{{ a }}", "[1, 2]", "\ud800", "0", "", "%Y"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc") | st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.dictionaries(st.sampled_from(["a", "b", "c"]), json, min_size=1)

tokens = st.sampled_from(
    [*"abc01.,:|()[]{}+-*/%~<>='\"\\ \n\r", "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{{-", "**", "//", "==", "!=",
     "\r\n", " if ", " else ", " for ", " in ", " is ", " not ", " and ", " or ", "{% if a %}", "{% endif %}",
     "{% raw %}",
     "{% for a in b %}", "{% endfor %}", "{% endraw %}", "loop", "none", "true", "1.5", "range(3)", "__", "\x00", "ü",
     "a.b", "a[0]", "a[1:2]", "'x'", *(f"|{name}" for name in FILTERS), *(f" is {name} " for name in TESTS)]
)  # fmt: skip
texts = st.text() | st.lists(tokens, max_size=25).map("".join)

operands = st.sampled_from(["a", "b", "a.b", "a[0]", "b[-1]", "1", "2.5", "'x'", "''", "none", "true", "[a, b]",
                            "{'a': b}", "a[1:]", "range(3)", "'%d'", "-1", "1e300", "9**300"])  # fmt: skip


def _call(value: tuple[str, str, list[str]]) -> str:
    subject, name, given_values = value
    return f"({subject}) | {name}" + (f"({', '.join(given_values)})" if given_values else "")


def _asked(value: tuple[str, str, list[str]]) -> str:
    subject, name, given_values = value
    return f"({subject}) is {name}" + (f"({', '.join(given_values)})" if given_values else "")


def _joined(value: tuple[str, str, str]) -> str:
    left, symbol, right = value
    return f"({left}) {symbol} ({right})"


symbols = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "~", "<", ">=", "==", "in", "and", "or"])
filters = st.sampled_from(list(FILTERS))
tests = st.sampled_from([name for name in TESTS if name.isidentifier()])

expressions = st.recursive(
    operands,
    lambda inner: (
        st.tuples(inner, filters, st.lists(inner, max_size=2)).map(_call)
        | st.tuples(inner, tests, st.lists(inner, max_size=1)).map(_asked)
        | st.tuples(inner, symbols, inner).map(_joined)
    ),
    max_leaves=6,
)


def sentence_of(work: Callable[[], object]) -> ExpressionError | None:
    """The sentence with which something was refused, or None if it was not."""
    try:
        work()
    except ExpressionError as error:
        return error
    return None


@calm
@given(texts, names)
@example("{%-\r\n -%}", {"a": 1})
@example("{{ a }}{%\r", {"a": 1})
def test_any_text_is_a_template_or_gets_a_sentence(text: str, values: dict[str, Json]) -> None:
    began = time.perf_counter()
    outcome = sentence_of(lambda: parse(text).render(values))
    assert outcome is None or (str(outcome) and (outcome.line or 1) >= 1 and (outcome.column or 1) >= 1)
    assert time.perf_counter() - began < 2


@calm
@given(expressions, names)
def test_any_value_gives_a_value_or_a_sentence(expression: str, values: dict[str, Json]) -> None:
    for text in (f"{{{{ {expression} }}}}", f"<{{{{ {expression} }}}}>"):
        try:
            value = parse(text).render(values)
        except ExpressionError as error:
            value = str(error)
        assert isinstance(value, str | int | float | list | dict | None)


@calm
@given(texts)
def test_renaming_there_and_back_is_the_same_text(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert rename(rename(text, "a", "quite_new"), "quite_new", "a") == text
