"""What a person reads while setting up a step, in German: labels, choices, mistakes, help, and until when to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from app.language import prepare
from app.ui.called import choice_label, either, heading, kind_words, number, of_setting
from app.ui.forms.failing import tries_in_words
from app.ui.forms.kinds import settings_of
from app.ui.forms.known import tools
from app.ui.forms.mistakes import checked
from app.ui.help.about import about
from app.ui.inbox.saying import moment, until
from flows.model import Retry
from nodes.catalog import built_in

NOON = datetime(2026, 5, 3, 12, 0).timestamp()


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    prepare("de")
    yield
    prepare("en")


def test_a_choice_says_what_it_is_and_a_name_such_as_delete_stays_as_it_is() -> None:
    (method,) = (each for each in settings_of(built_in().kinds["web.request"]) if each.name == "method")
    assert [choice_label(each) for each in method.choices] == list(method.choices)
    assert (choice_label("is_not"), choice_label("go_on")) == ("Ist nicht", "Weitermachen")


def test_what_a_step_gives_and_of_which_kind_it_is() -> None:
    assert (heading("timed_out"), heading("the.persons")) == ("Zeit abgelaufen", "The.persons")
    assert either([kind_words("list"), kind_words("record")]) == "eine Liste oder ein Datensatz"
    assert (number(86_400), number(0.1)) == ("86.400", "0,1")


def test_what_is_wrong_with_a_setting_begins_with_the_label_over_it() -> None:
    assert of_setting("Path is missing.", "Path") == "Pfad fehlt."
    assert of_setting("Somebody wrote this.", "Path") == "Somebody wrote this."


def test_a_mistake_in_json_is_marked_in_its_line() -> None:
    mistake = checked("json", '{"a": 1,\n"b" 2}')
    assert mistake is not None
    assert (mistake.line, mistake.message) == (2, "Zeile 2, Zeichen 5: Hier fehlt ein Doppelpunkt.")


def test_a_filter_is_described_where_it_is_offered() -> None:
    offered = {each["text"]: each["sample"] for each in tools()["filters"]}
    assert offered["upper"] == "Der Text in Großbuchstaben"
    prepare("en")
    assert {each["text"]: each["sample"] for each in tools()["filters"]}["upper"] == "The text in capital letters"


def test_when_a_step_is_tried_again() -> None:
    assert tries_in_words(Retry(times=2, wait=1.5, backoff=2)).startswith(
        "Es wird nach etwa 1,5 s, dann 3 s erneut versucht."
    )


def test_the_help_says_what_a_step_may_fail_with() -> None:
    found = about(built_in().kinds["code.python"])
    limits = {each.name: each.limits for each in found.settings}
    assert limits["time_limit"] == "Von 0,1 bis 86.400."
    assert any("[Zeitgrenze]" in each.what for each in found.failures)


def test_a_question_says_until_when_there_is_time_and_what_is_decided_then() -> None:
    assert moment(NOON + 20 * 86_400, NOON) == "23. Mai um 12:00"
    assert until(NOON, "Reject", ("Approve", "Reject")).endswith("Danach gilt es als „Ablehnen“.")
