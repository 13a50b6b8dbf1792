"""A rehearsal runs everything but what writes or costs something, and says what that would have done."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from app.engine.events import Finished, Logged, Rehearsed, Skipped
from app.engine.outcomes import RunEnd
from app.engine.rehearsal import of_form
from app.engine.world import World
from app.runs.reading.rehearsal import Would, report_of
from flows.model import Flow
from tests.engine.steps import Stage, lines
from tests.engine.story import Played, Playing, body, each, flow, step


async def rehearse(made: Flow, *, world: Any = None, stage: Stage | None = None) -> Played:
    playing = Playing(made, world=cast(World, world), stage=stage)
    playing.shared.govern(rehearsing=True)
    return await playing.ended()


def would(played: Played) -> list[Would]:
    return report_of(played.events)


async def test_what_writes_is_not_called_and_says_exactly_what_it_would_have_done(tmp_path: Path) -> None:
    ledger = str(tmp_path / "ledger")
    made = flow(
        "a.value -> w.value", "w.value -> c.value",
        a=step("say", text="a line"), w=step("write", ledger=ledger, text="{{ a.value }} more"), c=step("say"),
    )  # fmt: skip
    played = await rehearse(made)
    assert (played.end.status, lines(Path(ledger))) == ("done", [])
    assert would(played) == [Would("w", "write", "Write", {"ledger": ledger, "text": "a line more", "value": "a line"})]
    assert played.outputs("w") == {"value": "made up"}
    note = next(each.note for each in played.events if isinstance(each, Finished) and each.step == "w")
    assert note == "Rehearsed: it was not done, and what it gave is made up."


async def test_what_costs_something_is_not_called() -> None:
    played = await rehearse(flow(p=step("pays", money=1)))
    assert (played.stage.calls, [(each.step, each.effect) for each in would(played)]) == ([], [("p", "spend")])


async def test_a_node_that_says_nothing_of_its_effect_counts_as_one_that_writes() -> None:
    made = flow("u.rows -> l.items", u=step("undeclared"), l=each(body(price=step("say", text="{{ item.price }}"))))
    played = await rehearse(made)
    assert played.stage.calls == []
    assert would(played)[0].effect == "write"
    assert played.outputs("u") == {"name": "made up", "count": 1, "rows": [{"price": 1, "paid": True}]}
    assert played.outputs("l/0/price") == {"value": "1"}


async def test_pure_steps_and_those_that_read_run_for_real(tmp_path: Path) -> None:
    made = flow("r -> s", r=step("flaky", times=0), s=step("say", text="{{ r.value }}"))
    played = await rehearse(made)
    assert (played.stage.calls, played.outputs("s")) == (["r"], {"value": "1"})
    assert would(played) == []


async def test_what_fails_because_of_a_made_up_value_is_not_known_rather_than_failed() -> None:
    made = flow(
        "w -> x", "x.value -> y.value",
        w=step("pays"), x=step("fail_on", bad="made up", value="{{ w.value }}"), y=step("say"), z=step("say", text="z"),
    )  # fmt: skip
    played = await rehearse(made)
    reason = "Not known: it depends on what “W” would have given."
    assert played.end.status == "done"
    assert [(each.step, each.reason) for each in played.events if isinstance(each, Skipped)] == [
        ("x", reason),
        ("y", "“X” was skipped."),
    ]
    assert would(played)[-1] == Would("x", "unknown", reason)


async def test_what_fails_by_itself_fails_in_a_rehearsal_too() -> None:
    played = await rehearse(flow("w -> end", w=step("pays"), bad=step("fail"), end=step("say")))
    assert (played.end.status, played.end.message) == ("failed", "“BAD” failed: No such page")


async def test_what_stands_behind_something_that_was_not_done_is_not_known() -> None:
    played = await rehearse(flow("w -> read", w=step("pays"), read=step("fail")))
    assert [each.reason for each in played.events if isinstance(each, Skipped)] == [
        "Not known: it depends on what “W” would have done."
    ]


async def test_rounds_that_work_with_made_up_items_are_not_known_where_they_fail() -> None:
    inside = body(x=step("fail_on", bad=1, value="{{ item.price }}"))
    played = await rehearse(flow("u.rows -> l.items", u=step("undeclared"), l=each(inside)))
    assert played.end.status == "done"
    assert [each.step for each in played.events if isinstance(each, Skipped)] == ["l/0/x"]


async def test_each_round_says_what_it_would_have_done_and_what_follows_is_not_known() -> None:
    inside = body(w=step("pays"), result="w.value")
    made = flow(
        "g.value -> l.items", "l -> f",
        g=step("give", value=[1, 2]), l=each(inside),
        f=step("fail_on", bad=["made up", "made up"], value="{{ l.results }}"),
    )  # fmt: skip
    played = await rehearse(made)
    assert [each.step for each in played.events if isinstance(each, Rehearsed)] == ["l/0/w", "l/1/w"]
    assert would(played)[-1].sentence == "Not known: it depends on what “W” would have given."


async def test_nobody_is_asked_and_the_first_way_is_taken_and_said() -> None:
    played = await rehearse(flow("a -> s", a=step("ask"), s=step("say", text="{{ a.value }}")))
    assert played.outputs("s") == {"value": "Yes"}
    said = next(each.text for each in played.events if isinstance(each, Logged))
    assert said == "A rehearsal asks nobody: “Go on?” is taken to be answered with “Yes”."


async def test_a_rest_takes_no_time() -> None:
    made = flow("w -> s", w=step("control.wait", duration="30 days"), s=step("say", text="later"))
    assert (await rehearse(made)).end.status == "done"


async def test_pinned_and_switched_off_steps_are_what_they_are_otherwise() -> None:
    made = flow(
        "p.value -> s.value", p=step("pays", pinned={"value": "pinned"}), s=step("say"), o=step("pays", disabled=True)
    )
    played = await rehearse(made)
    assert (played.outputs("s"), would(played)) == ({"value": "pinned"}, [])


async def test_a_result_that_cannot_be_made_of_made_up_values_is_none() -> None:
    made = flow(w=step("pays"), result="w.value.price")
    inside = each(body(w=step("pays"), result="w.value.price"))
    assert (await rehearse(made)).end == RunEnd("done")
    looped = flow("g.value -> l.items", g=step("give", value=[1]), l=inside, result="l.results")
    assert (await rehearse(looped)).end == RunEnd("done", result=[None])
    failing = flow(g=step("give", value="text"), result="g.value.price")
    assert (await rehearse(failing)).end.status == "failed"


def test_a_value_is_made_up_that_fits_a_form() -> None:
    form = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "kind": {"enum": ["a", "b"]},
            "many": {"type": "array", "items": {"type": "integer", "minimum": 5}},
            "maybe": {"type": ["boolean", "null"]},
        },
    }
    assert of_form(form) == {"name": "made up", "kind": "a", "many": [5], "maybe": True}
