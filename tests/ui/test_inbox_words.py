"""What the inbox says, and how it shows a stranger's text."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.engine.asking import DEADLINE
from app.store.inbox import Decision, Entry
from app.ui.inbox.plain import hides, plain
from app.ui.inbox.saying import decided, moment, outcome, sort_of, until, used

NOW = datetime(2026, 5, 3, 12, 0).timestamp()
DAY = 86_400.0


def entry(status: str, choice: str = "", by: str = "", at: float | None = None) -> Entry:
    return Entry(
        1, "r", "s", "k", "question", "f", "F", "T", "", ("Approve", "Reject"), None, False, None, NOW, None, "",
        status, choice, None, at, by,
    )  # fmt: skip


def test_marks_that_hide_or_turn_text_round_are_shown_and_nothing_else_is_changed() -> None:
    assert plain("a\u202eb\u2066c\u200bd\x00e\ufeff") == "a⟨U+202E⟩b⟨U+2066⟩c⟨U+200B⟩d⟨U+0000⟩e⟨U+FEFF⟩"
    fine = "Größe 5 €\n\tשלום — <b>&amp;</b> 日本 👍"  # noqa: RUF001
    assert (plain(fine), hides(fine), hides("a\u202eb")) == (fine, False, True)


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today at 12:00"), (1, "tomorrow at 12:00"), (-1, "yesterday at 12:00"), (20, "23 May at 12:00"),
     (365 * 100, "9 April 2126 at 12:00")],
)  # fmt: skip
def test_a_moment_is_said_as_a_person_does(days: int, said: str) -> None:
    assert moment(datetime.fromtimestamp(NOW).timestamp() + days * DAY, NOW) == said


def test_a_deadline_in_a_few_minutes_is_said_to_the_second() -> None:
    assert moment(NOW + 40, NOW) == "today at 12:00:40"
    assert (moment(NOW + 120, NOW), moment(NOW + 3640, NOW)) == ("today at 12:02", "today at 13:00")


def test_a_deadline_says_what_happens_then() -> None:
    assert until(None, "", ("Approve",)) == ""
    assert until(NOW, "Reject", ("Approve", "Reject")).endswith("After that it counts as “Reject”.")
    assert until(NOW, "The time ran out", ("Approve",)).endswith("the flow goes on as one whose time ran out.")


def test_who_comes_later_hears_who_decided_when() -> None:
    at = datetime(2020, 5, 3, 14, 2).timestamp()
    theirs = entry("answered", "Reject", "the editor", at)
    assert decided(theirs) == "It had been decided 3 May 2020 at 14:02 in the editor: “Reject”."
    late = entry("expired", "Reject", DEADLINE, at)
    assert decided(late) == "The deadline decided it 3 May 2020 at 14:02: “Reject”."
    assert decided(entry("gone")).startswith("Nobody asks this any more")
    assert decided(None).startswith("Nobody asks this any more")
    mine = Decision(True, entry("answered", "Approve", "the Inbox", at))
    assert outcome("Approve", [mine, mine, Decision(False, theirs)]) == (
        "2 answered with “Approve”. 1 not: It had been decided 3 May 2020 at 14:02 in the editor: “Reject”."
    )


def test_what_a_run_has_used_and_what_sort_of_question_it_is() -> None:
    assert (used(0, 0), used(12_300, 0.125)) == ("", "12,300 tokens, $0.12 used so far")
    assert (sort_of("question", "doubt 1"), sort_of("question", "1. Go on?"), sort_of("budget", "")) == (
        "doubt",
        "question",
        "budget",
    )
