"""A renamed step takes its references with it, and nothing else changes."""

from __future__ import annotations

import pytest

from flows.expressions import ExpressionError, rename


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ fetch.rows }}", "{{ load.rows }}"),
        ("fetch {{fetch}}\r\n\t{{- fetch['fetch'].fetch | d( fetch ) -}} fetch", "fetch {{load}}\r\n\t"
         "{{- load['fetch'].fetch | d( load ) -}} fetch"),
        ("{{ 'fetch' ~ {'fetch': fetch} }}{# fetch #}", "{{ 'fetch' ~ {'fetch': load} }}{# fetch #}"),
        ("{% for fetch in fetch.rows %}{{ fetch }}{% else %}{{ fetch }}{% endfor %}",
         "{% for fetch in load.rows %}{{ fetch }}{% else %}{{ load }}{% endfor %}"),
        ("{% if fetch is defined %}\r\n{{ fetch }}{% endif %}\n\n",
         "{% if load is defined %}\r\n{{ load }}{% endif %}\n\n"),
        ("{% raw %}{{ fetch }}{% endraw %}{{ x | sort(attribute='fetch') }}",
         "{% raw %}{{ fetch }}{% endraw %}{{ x | sort(attribute='fetch') }}"),
        ("{{ rows[fetch.n][fetch.m].fetch }}", "{{ rows[load.n][load.m].fetch }}"),
        ("ü𝄞 {{ fetch }}", "ü𝄞 {{ load }}"),
        ("no braces: fetch", "no braces: fetch"),
    ],
)  # fmt: skip
def test_only_the_name_from_outside_changes(before: str, after: str) -> None:
    assert rename(before, "fetch", "load") == after
    assert rename(after, "load", "fetch") == before


def test_a_name_that_a_loop_already_has_is_refused() -> None:
    with pytest.raises(ExpressionError, match="`load` is already the name of an entry in a `for` here"):
        rename("{% for load in rows %}{{ load }}{{ fetch }}{% endfor %}", "fetch", "load")


@pytest.mark.parametrize("name", ["", "a-b", "1a", "ä", "a b", "true", "loop", "range", "a}}"])
def test_a_word_that_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(ExpressionError, match="cannot be a name in an expression"):
        rename("{{ fetch }}", "fetch", name)


def test_a_broken_text_is_refused_with_its_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        rename("{{ fetch", "fetch", "load")
    assert (caught.value.line, caught.value.column) == (1, 1)
