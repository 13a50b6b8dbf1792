"""What a person gives for the inputs of a flow, read as what the flow asks for."""

from __future__ import annotations

from typing import Any

import pytest

from flows.inputs import checked
from flows.model import Input


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        (Input(), "text", "text"),
        (Input(), 3, "3"),
        (Input(required=False), "", ""),
        (Input(type="number"), "20", 20),
        (Input(type="number"), " -2.5 ", -2.5),
        (Input(type="number"), 2**63 - 1, 2**63 - 1),
        (Input(type="number", required=False), "", None),
        (Input(type="number", default=4), None, None),
        (Input(type="boolean"), "yes", True),
        (Input(type="boolean"), None, False),
        (Input(type="date"), "2026-01-31", "2026-01-31"),
        (Input(type="date", required=False), "", None),
        (Input(type="choice", choices=("a", "b")), "b", "b"),
    ],
)
def test_what_fits_is_read(declared: Input, given: Any, value: Any) -> None:
    values, problems = checked({"it": declared}, {"it": given})
    if given is None and declared.type == "number":
        assert [str(problem) for problem in problems] == ["it is missing."]
    else:
        assert (values, problems) == ({"it": value}, [])


def test_what_is_not_given_has_its_default() -> None:
    assert checked({"it": Input(type="number", default="7")}, {}) == ({"it": 7}, [])


@pytest.mark.parametrize(
    ("declared", "given", "said"),
    [
        (Input(label="Price", type="number"), "much", "Price has to be a number, not “much”."),
        (Input(label="Price", type="number"), "nan", "Price has to be a number that is not too large."),
        (Input(label="Price", type="number"), float("inf"), "Price has to be a number that is not too large."),
        (Input(label="Price", type="number"), 2**63, "Price has to be a number that is not too large."),
        (Input(label="Price", type="number"), 10**400, "Price has to be a number that is not too large."),
        (Input(label="Price", type="number"), "9" * 5000, "Price has to be a number that is not too large."),
        (Input(label="Price", type="number"), [1], "Price has to be a number, not “[1]”."),
        (Input(label="Sure", type="boolean"), "perhaps", "Sure has to be yes or no."),
        (Input(label="Day", type="date"), "31.1.2026", "Day has to be a date such as 2026-01-31."),
        (Input(label="Way", type="choice", choices=("a", "b")), "c", "Way has to be one of a, b."),
        (Input(label="Name"), {"a": 1}, "Name has to be text."),
        (Input(label="Name"), "", "Name is missing."),
    ],
)
def test_what_does_not_fit_is_said(declared: Input, given: Any, said: str) -> None:
    _, problems = checked({"it": declared}, {"it": given})
    assert [(problem.field, str(problem)) for problem in problems] == [("it", said)]
