"""The timeline of a run, folded from a journal that the test writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.runs.reading.log import Entry, Filter, Log
from app.runs.reading.moments import EVERY, Moments
from app.runs.reading.timeline import Row, Timeline, path_of, rounds_of
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal
from app.store.runs import Runs

BEGIN = 1000.0


class Told:
    """A run that began at second 1000, whose journal the test writes."""

    def __init__(self, database: Database, artifacts: Artifacts) -> None:
        self._parts = database, artifacts
        self._runs = Runs(database, "boot")

    async def begin(self) -> None:
        made, _ = await self._runs.create(flow_id="f", flow_name="F", document="{}", inputs="{}", trigger="window")
        self.run_id = made.id
        self.journal = Journal(*self._parts[:1], made.id, artifacts=self._parts[1])

    async def tell(self, *events: tuple[float, str, str, dict[str, Any]]) -> None:
        """At so many seconds, what, of which step."""
        for at, kind, step, body in events:
            self.journal.append((BEGIN + at, kind, step, orjson.dumps(body)))
        await self.journal.flush()

    async def timeline(self, *spared: str) -> Timeline:
        made = Timeline(*self._parts, self.run_id, BEGIN, frozenset(spared))
        await made.catch_up()
        return made

    def moments(self) -> Moments:
        return Moments(*self._parts, self.run_id)

    async def log(self, only: Filter) -> list[Entry]:
        made = Log(*self._parts, self.run_id, only)
        await made.catch_up()
        return await made.entries(0, 100)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    database = Database(tmp_path / "weft.db")
    await database.open()
    made = Told(database, Artifacts(tmp_path / "artifacts"))
    await made.begin()
    yield made
    await made.journal.close()
    await database.close()


async def rows(timeline: Timeline, first: int = 0, count: int = 1000) -> list[Row]:
    part = await timeline.part(first, count, BEGIN, timeline.until, timeline.until)
    return [row for row, _ in part.rows]


def bars(row: Row) -> list[tuple[float, float | None, str]]:
    """In milliseconds after the start."""
    return [(ms(bar.start), None if bar.end is None else ms(bar.end), bar.status) for bar in row.bars]


def ms(at: float) -> int:
    return round((at - BEGIN) * 1000)


async def test_a_quick_step_has_only_an_end_and_began_as_long_before_it_as_it_took(told: Told) -> None:
    await told.tell(
        (0.1, "started", "fetch", {"attempt": 1}),
        (0.5, "finished", "fetch", {"ms": 400, "outputs": {}}),
        (0.6, "finished", "text", {"ms": 80, "outputs": {}}),
        (0.6, "skipped", "mail", {"reason": "Nobody wants it."}),
    )
    timeline = await told.timeline()
    assert ms(timeline.begin) == 100
    found = {row.id: bars(row) for row in await rows(timeline)}
    assert found == {
        "fetch": [(100, 500, "done")],
        "text": [(520, 600, "done")],
        "mail": [(600, 600, "skipped")],
    }


async def test_each_try_has_a_bar_and_the_wait_between_two_is_one_too(told: Told) -> None:
    await told.tell(
        (0.0, "started", "fetch", {"attempt": 1}),
        (0.2, "retried", "fetch", {"message": "No answer.", "wait": 0.5, "next": 2}),
        (0.7, "started", "fetch", {"attempt": 2}),
        (0.9, "finished", "fetch", {"ms": 900, "outputs": {}}),
    )
    (row,) = await rows(await told.timeline())
    assert bars(row) == [(0, 200, "failed"), (700, 900, "done")]
    assert [(ms(wait.start), ms(wait.end or 0), wait.status) for wait in row.waits] == [(200, 700, "retry")]
    assert [bar.attempt for bar in row.bars] == [1, 2]


async def test_the_time_in_which_a_question_waits_is_marked_in_the_bar(told: Told) -> None:
    await told.tell(
        (0.0, "started", "ask", {"attempt": 1}),
        (0.1, "asked", "ask", {"key": "1", "title": "Send it?", "sort": "question"}),
    )
    timeline = await told.timeline()
    (row,) = await rows(timeline)
    assert (row.status, [(ms(wait.start), wait.end, wait.said) for wait in row.waits]) == (
        "asked",
        [(100, None, "Send it?")],
    )
    await told.tell((3.1, "answered", "ask", {"key": "1", "choice": "Yes"}), (3.2, "finished", "ask", {"ms": 3200}))
    assert await timeline.catch_up()
    (row,) = await rows(timeline)
    assert (row.status, bars(row), ms(row.waits[0].end or 0)) == ("done", [(0, 3200, "done")], 3100)


async def test_what_had_no_end_ends_with_the_run(told: Told) -> None:
    await told.tell((0.0, "started", "a", {"attempt": 1}), (1.0, "started", "b", {"attempt": 1}))
    timeline = await told.timeline()
    timeline.end("interrupted")
    assert [(row.id, bars(row)) for row in await rows(timeline)] == [
        ("a", [(0, 1000, "interrupted")]),
        ("b", [(1000, 1000, "interrupted")]),
    ]


async def test_a_loop_opens_into_rounds_and_a_round_into_its_steps(told: Told) -> None:
    await told.tell((0.0, "started", "each", {"attempt": 1}))
    for number in range(3):
        await told.tell(
            (number + 0.5, "finished", f"each/{number}/a", {"ms": 500}),
            (number + 1.0, "failed" if number == 1 else "finished", f"each/{number}/b", {"ms": 300, "message": "No"}),
        )
    await told.tell((3.0, "finished", "each", {"ms": 3000}), (3.0, "ended", "", {"status": "done"}))
    timeline = await told.timeline()
    (each,) = await rows(timeline)
    assert (each.opens, each.count, each.failed) == (False, 3, 1)
    await timeline.turn("each")
    await timeline.turn("each/1")
    assert [(row.depth, row.id, row.status, bars(row)) for row in (await rows(timeline))[1:]] == [
        (1, "each/0", "done", [(0, 1000, "done")]),
        (1, "each/1", "failed", [(1000, 2000, "failed")]),
        (2, "each/1/a", "done", [(1000, 1500, "done")]),
        (2, "each/1/b", "failed", [(1700, 2000, "failed")]),
        (1, "each/2", "done", [(2000, 3000, "done")]),
    ]
    await timeline.turn("each", open=False)
    assert len(await rows(timeline)) == 1


async def test_a_step_that_may_fail_fails_no_round(told: Told) -> None:
    await told.tell(
        (0.0, "started", "each", {"attempt": 1}),
        (0.5, "failed", "each/0/try", {"ms": 1, "message": "No"}),
        (0.6, "finished", "each/1/try", {"ms": 1}),
        (0.7, "ended", "", {"status": "done"}),
    )
    assert [row.failed for row in await rows(await told.timeline("each/try"))] == [0]
    assert [row.failed for row in await rows(await told.timeline())] == [1]


async def test_a_container_that_is_no_loop_shows_its_steps_at_once(told: Told) -> None:
    await told.tell(
        (0.0, "started", "call", {"attempt": 1}),
        (0.5, "finished", "call/0/inside", {"ms": 100}),
        (0.6, "finished", "call", {"ms": 600}),
    )
    timeline = await told.timeline()
    await timeline.turn("call")
    assert [(row.depth, row.id) for row in await rows(timeline)] == [(0, "call"), (1, "call/0/inside")]


async def test_thousands_of_rounds_come_in_groups_and_are_summed_up_in_marks(told: Told) -> None:
    await told.tell((0.0, "started", "each", {"attempt": 1}))
    told_of = [(n / 1000, "failed" if n == 2345 else "finished", f"each/{n}/a", {"ms": 0.5}) for n in range(3000)]
    await told.tell(*told_of, (3.0, "finished", "each", {"ms": 3000}), (3.0, "ended", "", {"status": "done"}))
    timeline = await told.timeline()
    ((_, marks),) = (await timeline.part(0, 10, BEGIN, BEGIN + 3, BEGIN + 3)).rows
    assert (len(marks), marks.count("f"), marks.index("f")) == (240, 1, int(2.345 * 80))
    await timeline.turn("each")
    part = await timeline.part(24, 1, BEGIN, BEGIN + 3, BEGIN + 3)
    (group,) = [row for row, _ in part.rows]
    assert (part.count, group.id, group.count, group.failed, group.status) == (31, "each:2300-2400", 100, 1, "failed")
    await timeline.turn("each:2300-2400")
    part = await timeline.part(24, 200, BEGIN, BEGIN + 3, BEGIN + 3)
    assert (part.count, [row.id for row, _ in part.rows if row.status == "failed"]) == (
        131,
        ["each:2300-2400", "each/2345"],
    )


async def test_a_moment_is_the_last_event_that_had_happened(told: Told) -> None:
    await told.tell(*((n, "finished", f"s{n}", {"ms": 1}) for n in range(1, 6)))
    timeline = await told.timeline()
    assert [timeline.event_at(BEGIN + at) for at in (0, 1, 2.5, 9)] == [-1, 0, 1, 4]
    assert [timeline.beside(2, by) for by in (-9, -1, 0, 1, 9)] == [0, 1, 2, 3, 4]
    assert (timeline.number_of(2), timeline.time_of(2)) == ((3, 5), BEGIN + 3)


def test_a_row_knows_its_step_and_the_rounds_around_it() -> None:
    assert [path_of(id) for id in ("a", "each/17", "each/17/line", "each:0-100")] == ["a", "each", "each/line", "each"]
    assert rounds_of("outer/3/inner/1/x") == [("outer", "3"), ("outer/inner", "1")]
    assert rounds_of("each/17") == [("each", "17")]


async def test_every_moment_looks_as_it_did_then_whether_it_was_made_ready_or_not(told: Told) -> None:
    count = 2 * EVERY + 700
    await told.tell(*((n / 1000, "finished", f"each/{n}/a", {"ms": 1}) for n in range(count)))
    ready, fresh = told.moments(), told.moments()
    await ready.prepare(count - 1)
    for number in (3, EVERY - 1, EVERY, 2 * EVERY + 600, count - 1, 17):
        then, now = await ready.at(number), await fresh.at(number)
        assert (then.lights, then.rounds.loops) == (now.lights, now.rounds.loops)
        assert then.lights["each/a"].rounds == number + 1
    assert (await ready.at(-1)).lights == {}


async def test_a_moment_that_was_looked_at_is_changed_by_nobody(told: Told) -> None:
    await told.tell(*((n / 1000, "finished", f"each/{n}/a", {"ms": 1}) for n in range(EVERY + 1)))
    moments = told.moments()
    first = await moments.at(EVERY - 1)
    first.lights.clear()
    assert (await moments.at(EVERY)).lights["each/a"].rounds == EVERY + 1


LINES = (
    (0.1, "logged", "each/0/a", {"level": "info", "text": "Two pages"}),
    (0.2, "streamed", "say", {"text": "Good "}),
    (0.3, "logged", "each/1/a", {"level": "warning", "text": "Slow"}),
    (0.4, "streamed", "say", {"text": "morning"}),
    (0.5, "finished", "b", {"ms": 1}),
    (0.6, "touched", "each/1/a", {"what": "host", "name": "example.org"}),
    (0.7, "retried", "b", {"message": "No answer.", "wait": 2, "next": 2, "left": 1}),
    (0.8, "failed", "b", {"message": "No answer.", "hint": "Try later."}),
    (0.9, "ended", "", {"status": "failed", "message": "“b” failed."}),
)


async def test_the_log_says_everything_in_order_and_text_that_streams_in_one_piece(told: Told) -> None:
    await told.tell(*LINES)
    assert [(entry.level, entry.step, entry.text) for entry in await told.log(Filter())] == [
        ("info", "each/0/a", "Two pages"),
        ("text", "say", "Good morning"),
        ("warning", "each/1/a", "Slow"),
        ("reached", "each/1/a", "Host: example.org"),
        ("warning", "b", "No answer. Trying again in 2 s."),
        ("error", "b", "No answer. Try later."),
        ("error", "", "The run has ended: failed. “b” failed."),
    ]


@pytest.mark.parametrize(
    ("only", "said"),
    [
        (Filter("errors"), ["No answer. Try later.", "The run has ended: failed. “b” failed."]),
        (Filter("text"), ["Good morning"]),
        (Filter("reached"), ["Host: example.org"]),
        (Filter(step="each"), ["Two pages", "Slow", "Host: example.org"]),
        (Filter("warnings", step="each/a"), ["Slow"]),
        (Filter(text="MORNING"), ["Good morning"]),
        (Filter(text="nowhere"), []),
    ],
    ids=["errors", "text", "reached", "a container", "a step's warnings", "words", "no words"],
)
async def test_the_log_is_filtered_by_level_step_and_words(told: Told, only: Filter, said: list[str]) -> None:
    await told.tell(*LINES)
    assert [entry.text for entry in await told.log(only)] == said
