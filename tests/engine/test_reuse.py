"""What has been done is not done again: a new run takes it over, and runs what is asked for, changed or missing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.engine.events import Answered, Event, Finished, Once, Started, event
from app.engine.fingerprint import traced
from app.engine.parts import NONE
from app.engine.past import key_of, plain
from app.engine.ran import ran_of
from app.engine.reuse import CannotReuse, Reuse, Wish, beginning, past_of_reuse
from app.engine.taking_over import reuse_of
from flows.model import Flow, Input, Step, walk
from nodes.values import Effect
from tests.engine.steps import CATALOG, Stage, lines
from tests.engine.story import Played, Playing, body, each, flow, play, step, told

NOT_ASKED = "skipped: It was not asked for."


def decided(
    before: Played, wish: Wish, *, now: Flow | None = None, data: Mapping[str, Any] | None = None, **given: Any
) -> Reuse:
    """What a new run would take over."""
    effects = {path: CATALOG.kinds[each.kind].spec.effect for path, each in walk(before.flow)}
    ran = ran_of("old", before.events, lambda path: effects.get(path, Effect.WRITE))
    parts, edited = given.get("parts", NONE), given.get("edited", given.get("parts", NONE))
    old = traced(before.flow, CATALOG, {}, parts)
    return reuse_of(ran, old, traced(now or before.flow, CATALOG, {}, edited), wish, data)


async def again(
    before: Played, wish: Wish, *, now: Flow | None = None, answer: str | None = None, **more: Any
) -> Played:
    """A new run after an old one. The events are those of the whole journal, with what was taken over."""
    reuse = decided(before, wish, now=now, **more)
    rows = beginning(reuse, 1000.0)
    parts = more.get("edited", more.get("parts", NONE))
    past = past_of_reuse(rows, reuse)
    played = await play(now or before.flow, past=past, stage=before.stage, answer=answer, parts=parts)
    begun = [told for row in rows if (told := event(row)) is not None]
    return Played(played.end, [*begun, *played.events], played.flow, played.stage)


def fresh(played: Played) -> list[str]:
    """What happened in the run itself."""
    start = next(place for place, each in enumerate(played.events) if type(each).__name__ == "Resumed")
    return told(played.events[start + 1 :])


def taken(events: list[Event]) -> list[str]:
    """The steps that were taken over."""
    return [each.step for each in events if isinstance(each, Finished) and each.reused]


def with_text(made: Flow, name: str, text: str) -> Flow:
    """The flow with another text in a step."""
    changed = made.steps[name].model_copy(update={"settings": {**made.steps[name].settings, "text": text}})
    return made.model_copy(update={"steps": {**made.steps, name: changed}})


CHAIN = flow("a.value -> b.value", "b.value -> c.value", a=step("say", text="x"), b=step("say"), c=step("say"),
             aside=step("say", text="y"))  # fmt: skip


async def test_continuing_from_a_step_runs_it_and_what_follows_and_nothing_else() -> None:
    first = await play(CHAIN)
    played = await again(first, Wish("from", "b", rest=True))
    assert taken(played.events) == ["a", "aside"]
    assert fresh(played) == ["b finished", "c finished", "done"]
    assert played.outputs("c") == {"value": "x"}


async def test_an_edited_setting_runs_anew_with_all_that_takes_data_from_it() -> None:
    first = await play(CHAIN)
    edited = with_text(CHAIN, "a", "new")
    played = await again(first, Wish("from", "c", rest=True), now=edited)
    assert fresh(played) == ["a finished", "b finished", "c finished", "done"]
    assert (await again(first, Wish("changed"), now=edited)).story == fresh(played)[:0] + played.story
    assert played.end.result == {"c": {"value": "new"}, "aside": {"value": "y"}}


async def test_edited_data_flows_on_and_the_step_it_was_given_for_does_not_run() -> None:
    first = await play(CHAIN)
    played = await again(first, Wish("changed"), data={"a": {"value": "by hand"}})
    assert fresh(played) == ["b finished", "c finished", "done"]
    assert played.outputs("c") == {"value": "by hand"}
    assert [each.step for each in played.events if isinstance(each, Finished) and each.by_hand] == ["a"]
    later = await again(played, Wish("from", "c", rest=True))
    assert later.outputs("c") == {"value": "by hand"}
    assert [each.step for each in later.events if isinstance(each, Finished) and each.by_hand] == ["a"]


async def test_a_step_that_wrote_is_never_repeated_upstream_and_is_said_to_be_downstream(tmp_path: Path) -> None:
    made = flow("w.value -> b.value", "b -> after", w=step("write", ledger=str(tmp_path / "l"), text="w"),
                b=step("say"), after=step("write", ledger=str(tmp_path / "l"), text="after"))  # fmt: skip
    first = await play(made)
    assert decided(first, Wish("from", "after", rest=True)).repeated == ("after",)
    assert decided(first, Wish("to", "b")).repeated == ()
    played = await again(first, Wish("from", "after", rest=True))
    assert fresh(played) == ["after started", "after finished", "done"]
    assert lines(tmp_path / "l") == ["w", "after", "after"]


async def test_a_failed_step_and_what_it_held_up_run_and_what_was_beside_it_does_not(tmp_path: Path) -> None:
    missing = tmp_path / "there"
    made = flow("f -> after", "w -> after", f=step("missing", path=str(missing)), after=step("say", text="x"),
                w=step("write", ledger=str(tmp_path / "l"), text="once"))  # fmt: skip
    first = await play(made)
    assert first.end.status == "failed"
    missing.touch()
    played = await again(first, Wish("from", "f", rest=True))
    assert fresh(played) == ["f started", "f finished", "after finished", "done"]
    assert lines(tmp_path / "l") == ["once"]


async def test_a_way_that_was_not_taken_stays_so_and_a_reused_condition_keeps_its_way() -> None:
    made = flow("f.left -> l", "f.right -> r", "l -> end", "r -> end", f=step("fork", way="left"),
                l=step("say", text="l"), r=step("say", text="r"), end=step("say", text="end"))  # fmt: skip
    first = await play(made)
    played = await again(first, Wish("from", "end", rest=True))
    assert fresh(played) == ["r skipped: “F” did not go the way “right”.", "end finished", "done"]


async def test_a_failure_that_the_flow_dealt_with_stays_as_it_was() -> None:
    made = flow("f.error -> mend.value", "mend -> end", f=step("fail", on_error="port"), mend=step("say"),
                end=step("say", text="end"))  # fmt: skip
    first = await play(made)
    played = await again(first, Wish("from", "end", rest=True))
    assert fresh(played) == ["f failed: No such page", "end finished", "done"]
    anew = await again(first, Wish("from", "f", rest=True))
    assert fresh(anew) == ["f failed: No such page", "mend finished", "end finished", "done"]
    assert "f" not in past_of_reuse(beginning(decided(first, Wish("from", "f", rest=True)), 1.0), Reuse("old")).failed


async def test_running_to_a_step_runs_what_it_lacks_and_leaves_the_rest() -> None:
    edited = with_text(with_text(CHAIN, "a", "new"), "aside", "new")
    played = await again(await play(CHAIN), Wish("to", "b"), now=edited)
    assert fresh(played) == ["a finished", f"aside {NOT_ASKED}", "b finished", f"c {NOT_ASKED}", "done"]
    assert (await again(played, Wish("to", "c"))).outputs("c") == {"value": "new"}


async def test_running_only_a_step_needs_what_is_before_it() -> None:
    first = await play(CHAIN)
    played = await again(first, Wish("only", "b"))
    assert (fresh(played), taken(played.events)) == (["b finished", f"c {NOT_ASKED}", "done"], ["a", "aside"])
    with pytest.raises(CannotReuse) as refused:
        decided(played, Wish("only", "c"), now=with_text(CHAIN, "a", "new"))
    assert str(refused.value) == "“B” has changed since that run, so it has to run first. Run to here instead."
    nothing = Played(first.end, [], CHAIN, first.stage)
    for sort in ("only", "from"):
        with pytest.raises(CannotReuse) as refused:
            decided(nothing, Wish(sort, "c"))
        said = "“B” has to run first: there is nothing of it to take over. Run to here instead."
        assert str(refused.value) == said
    with pytest.raises(CannotReuse, match="There is no step `gone` in this flow"):
        decided(first, Wish("only", "gone"))


async def test_running_from_a_step_runs_what_comes_after_it_and_what_that_lacks() -> None:
    made = flow("a.value -> b.value", "b.value -> d.a", "side.value -> d.b", a=step("say", text="x"), b=step("say"),
                side=step("say", text="side"), d=step("both"), other=step("say"))  # fmt: skip
    first = await play(made)
    cut = Played(first.end, [each for each in first.events if each.step in ("a", "b")], made, first.stage)
    played = await again(cut, Wish("from", "b"))
    assert fresh(played) == ["side finished", f"other {NOT_ASKED}", "b finished", "d finished", "done"]


async def test_pinned_and_switched_off_steps_need_not_have_run() -> None:
    made = flow("p.value -> b.value", "off -> b", p=step("fail", pinned={"value": "pinned"}), b=step("say"),
                off=step("fail", disabled=True))  # fmt: skip
    played = await again(Played((await play(made)).end, [], made, Stage()), Wish("only", "b"))
    assert played.outputs("b") == {"value": "pinned"}


LOOP = flow(
    "items.value -> each.items", "each.results -> after.value",
    items=step("give", value=[1, 2, 3]),
    each=each(body("a.value -> b.value", a=step("say", text="{{ item }}"), b=step("say"), result="b.value")),
    after=step("say"),
)  # fmt: skip


def looped(loop: Step) -> Flow:
    """The same with another loop."""
    return LOOP.model_copy(update={"steps": {**LOOP.steps, "each": loop.model_copy(update={"title": "EACH"})}})


async def test_edited_data_inside_a_round_changes_that_round_and_what_follows() -> None:
    first = await play(LOOP)
    played = await again(first, Wish("changed"), data={"each/1/a": {"value": "by hand"}})
    assert fresh(played) == ["each started", "each/1/b finished", "each finished", "after finished", "done"]
    assert played.outputs("after") == {"value": ["1", "by hand", "3"]}


async def test_a_step_inside_is_run_from_in_all_rounds_or_in_one() -> None:
    first = await play(LOOP)
    played = await again(first, Wish("from", "each/b", rest=True))
    rounds = [f"each/{number}/b finished" for number in range(3)]
    assert fresh(played) == ["each started", *rounds, "each finished", "after finished", "done"]
    played = await again(first, Wish("from", "each/2/a", rest=True))
    assert fresh(played) == [
        "each started", "each/2/a finished", "each/2/b finished", "each finished", "after finished", "done",
    ]  # fmt: skip


async def test_changing_how_rounds_are_played_repeats_none_and_changing_the_items_repeats_all() -> None:
    first = await play(LOOP)
    slower = looped(each(LOOP.steps["each"].body or body(), on_item_error="skip"))
    played = await again(first, Wish("changed"), now=slower)
    assert fresh(played) == ["each started", "each finished", "after finished", "done"]
    played = await again(first, Wish("changed"), data={"items": {"value": [3, 4]}})
    assert played.outputs("after") == {"value": ["3", "4"]}
    assert "each/0/a finished" in fresh(played)


async def test_what_is_taken_over_whole_keeps_all_that_happened_inside() -> None:
    inside = body("a -> b", a=step("fail_on", bad=2, value="{{ item }}"), b=step("say", text="b"), result="b.value")
    made = looped(each(inside, on_item_error="collect"))
    first = await play(made)
    played = await again(first, Wish("from", "after", rest=True))
    assert fresh(played) == [
        "each/1/a failed: 2 is bad",
        "each/1/b skipped: “A” did not finish.",
        "after finished",
        "done",
    ]
    assert taken(played.events) == ["items", "each/0/a", "each/0/b", "each/2/a", "each/2/b", "each"]


@pytest.mark.parametrize("on_item_error", ["stop", "skip", "collect"])
async def test_only_the_failed_rounds_are_tried_again(tmp_path: Path, on_item_error: str) -> None:
    there = tmp_path / "there"
    inside = body(
        "w -> a", "a -> b",
        w=step("write", ledger=str(tmp_path / "l"), text="w{{ item }}"),
        a=step("missing", path=f"{{{{ '{there}' if item == 2 else '{tmp_path}' }}}}"),
        b=step("write", ledger=str(tmp_path / "l"), text="b{{ item }}"),
        result="b.value",
    )  # fmt: skip
    made = looped(each(inside, on_item_error=on_item_error))
    first = await play(made)
    there.touch()
    played = await again(first, Wish("rounds", "each"))
    assert played.outputs("after") == {"value": ["b1", "b2", "b3"]}
    assert sorted(lines(tmp_path / "l")) == ["b1", "b2", "b3", "w1", "w2", "w3"]
    assert [line for line in fresh(played) if line.startswith("each/0/")] == []
    with pytest.raises(CannotReuse) as refused:
        decided(played, Wish("rounds", "each"))
    assert str(refused.value) == "No round of “EACH” failed in this run. There is nothing to try again."


async def test_failed_rounds_of_a_loop_inside_a_loop_are_tried_again(tmp_path: Path) -> None:
    there = tmp_path / "there"
    inner = each(
        body(a=step("missing", path=f"{{{{ '{there}' if item == 'x' else '{tmp_path}' }}}}"), result="index"),
        on_item_error="skip",
    )
    outer = each(body("l.value -> inner.items", "inner -> s", l=step("give", value="{{ item }}"), inner=inner,
                      s=step("say", text="s"), result="inner.results"))  # fmt: skip
    made = flow("items.value -> outer.items", items=step("give", value=[["a", "x"], ["b"], ["x"]]), outer=outer)
    first = await play(made)
    assert first.outputs("outer")["results"] == [[0], [0], []]
    there.touch()
    one = await again(first, Wish("rounds", "outer/0/inner"))
    assert one.outputs("outer")["results"] == [[0, 1], [0], []]
    everything = await again(first, Wish("rounds", "outer/inner"))
    assert everything.outputs("outer")["results"] == [[0, 1], [0], [0]]
    assert not [line for line in fresh(everything) if line.startswith("outer/1/")]


async def test_one_step_of_one_round_runs_alone_with_the_names_of_its_round() -> None:
    first = await play(LOOP)
    stage = first.stage
    edited = each(body("a.value -> b.value", a=step("say", text="{{ item }}"), b=step("say", text="", pinned=None),
                       result="b.value"))  # fmt: skip
    now = looped(edited)
    played = await again(first, Wish("only", "each/1/b"), now=now)
    assert [line for line in fresh(played) if NOT_ASKED not in line] == [
        "each started", "each/1/b finished", "each stopped", "done",
    ]  # fmt: skip
    assert played.outputs("each/1/b") == {"value": "2"}
    assert stage is played.stage
    with pytest.raises(CannotReuse) as refused:
        decided(first, Wish("only", "each/b"))
    assert str(refused.value) == "“B” runs once in each round of “EACH”. Choose a round first."
    with pytest.raises(CannotReuse) as refused:
        decided(played, Wish("only", "after"))
    assert "has to run first" in str(refused.value)


async def test_a_step_alone_that_fails_says_so() -> None:
    first = await play(LOOP)
    inside = body("a.value -> b.value", a=step("say", text="{{ item }}"), b=step("fail"), result="b.value")
    now = looped(each(inside, on_item_error="skip"))
    played = await again(first, Wish("only", "each/1/b"), now=now)
    assert (played.end.status, played.end.message) == ("failed", "“B” failed: No such page")


async def test_a_step_in_doubt_stays_a_question_also_through_a_run_that_did_not_ask_for_it(tmp_path: Path) -> None:
    made = flow("a -> w", a=step("say", text="x"), w=step("write_then", ledger=str(tmp_path / "l"), then="hang"),
                aside=step("say", text="y"))  # fmt: skip
    first = Playing(made)
    await first.stage.gate("w wrote").wait()
    stopped = await first.stop()
    since = next(each.at for each in stopped.events if isinstance(each, Started))
    between = await again(stopped, Wish("to", "aside"))
    assert f"w {NOT_ASKED}" in fresh(between)
    played = await again(between, Wish("from", "a", rest=True), answer="It happened")
    assert fresh(played) == [
        "a finished",
        "w asks: Did “W” happen?",
        "w is answered: It happened",
        "w finished",
        "done",
    ]
    assert next(each.at for each in played.events if isinstance(each, Started)) == since
    assert lines(tmp_path / "l") == ["w"]


async def test_a_step_that_was_cut_off_goes_on_with_what_it_knew_and_one_that_is_done_again_knows_nothing() -> None:
    made = flow("a -> o", a=step("say", text="x"), o=step("once"), q=step("ask"))
    playing = Playing(made, answer="Yes")
    played = await playing.ended()
    assert sorted(played.stage.calls) == ["answered Yes", "worked out"]
    worked_out = next({"value": each.value} for each in played.events if isinstance(each, Once))
    played.stage.gate("open").set()
    on = await again(played, Wish("changed"))
    assert (on.outputs("o"), on.stage.calls) == (worked_out, played.stage.calls[:2])
    assert not [each for each in on.events if isinstance(each, Answered)]
    anew = await again(played, Wish("from", "a", rest=True))
    assert anew.outputs("o") != worked_out


async def test_a_value_that_an_ended_step_did_without_does_not_change_it(tmp_path: Path) -> None:
    made = flow("quick.value -> m.ways", "slow.value -> m.ways", "m.value -> w.value", quick=step("say", text="q"),
                slow=step("gated"), m=step("control.merge", how="first"),
                w=step("write", ledger=str(tmp_path / "l"), text="w"))  # fmt: skip
    playing = Playing(made)
    await playing.until("w finished")
    stopped = await playing.stop()
    stopped.stage.gate("").set()
    played = await again(stopped, Wish("changed"))
    assert "slow finished" in fresh(played)
    assert lines(tmp_path / "l") == ["w"]


async def test_ten_thousand_rounds_are_decided_upon_in_a_moment() -> None:
    made = LOOP.model_copy(update={"steps": {**LOOP.steps, "items": step("give", value=list(range(3000)))}})
    first = await play(made)
    began = asyncio.get_running_loop().time()
    reuse = decided(first, Wish("from", "each/2999/b", rest=True))
    rows = beginning(reuse, 1.0)
    assert len(past_of_reuse(rows, reuse).outputs) == 6000
    assert asyncio.get_running_loop().time() - began < 3, "Some 0.1 s on a free machine."
    assert plain(rows[1][2]) == "each/a"


async def test_a_step_in_doubt_is_asked_about_with_the_key_it_carried_in_its_own_run(tmp_path: Path) -> None:
    made = flow(w=step("write_then", ledger=str(tmp_path / "l"), then="hang"))
    first = Playing(made)
    await first.stage.gate("w wrote").wait()
    stopped = await first.stop()
    reuse = decided(stopped, Wish("changed"))
    past = past_of_reuse(beginning(reuse, 1.0), reuse)
    assert (set(past.doubt), dict(past.keys)) == ({"w"}, {"w": key_of("old", "w", 0)})


async def test_a_flow_that_runs_as_a_step_is_taken_over_step_by_step_and_anew_where_it_has_changed() -> None:
    inner = flow("a.value -> b.value", a=step("say", text="{{ inputs.x }}"), b=step("say"), result="b.value")
    inner = inner.model_copy(update={"id": "inner", "inputs": {"x": Input(default="1")}})
    made = flow("go.value -> after.value", go=step("control.run_flow", flow="inner"), after=step("say"))
    parts = {"inner": inner}
    first = await play(made, parts=parts)
    assert first.end.result == {"value": "1"}
    same = await again(first, Wish("from", "after", rest=True), parts=parts)
    assert fresh(same) == ["after finished", "done"]
    edited = {"inner": inner.model_copy(update={"steps": {**inner.steps, "b": step("say", text="unused")}})}
    changed = await again(first, Wish("changed"), parts=parts, edited=edited)
    lines_of = [line for line in fresh(changed) if line.endswith("finished")]
    assert [line.rpartition("/")[2] for line in lines_of] == ["b finished", "go finished", "after finished"]
