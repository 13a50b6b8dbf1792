"""Merge: several ways become one, and it says in words why it has or has not gone on."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.checks import problems_of
from app.engine.events import Finished
from flows.model import Flow, Step
from tests.engine.steps import CATALOG
from tests.engine.story import Playing, body, each, flow, flow_of, past_until, play, step, story

NO_KEY = "Key is missing: a join needs the field by which records belong together."


def merging(*wires: str, how: str = "all", **steps: Step) -> Flow:
    """Steps whose values meet in `m`."""
    return flow_of({**steps, "m": step("control.merge", how=how)}, *wires)


def note(played: Any) -> str:
    """Why the merge went on."""
    return next(one.note for one in played.events if isinstance(one, Finished) and one.step == "m")


async def test_all_gives_the_values_in_the_order_of_the_wires() -> None:
    made = merging("b.value -> m.ways", "a.value -> m.ways", a=step("say", text="a"), b=step("say", text="b"))
    played = await play(made)
    assert played.outputs("m") == {"value": ["b", "a"]}
    assert note(played) == "“B” and “A” were there."


async def test_all_waits_only_for_ways_that_can_still_be_taken() -> None:
    made = merging(
        "fork.left -> a.value", "fork.right -> b.value", "a.value -> m.ways", "b.value -> m.ways",
        fork=step("fork", way="left"), a=step("say"), b=step("say"),
    )  # fmt: skip
    played = await play(made)
    assert played.outputs("m") == {"value": ["l"]}
    assert note(played) == "“A” was there; “B” was skipped."


async def test_a_merge_that_nothing_reaches_names_each_way() -> None:
    made = merging(
        "fork.left -> m.ways", "fork.right -> b.value", "b.value -> m.ways", "m -> after",
        fork=step("fork", way=""), b=step("say"), after=step("say"),
    )  # fmt: skip
    assert (await story(made))[-4:] == [
        "b skipped: “FORK” did not go the way “right”.",
        "m skipped: “FORK” did not go the way “left”; “B” was skipped.",
        "after skipped: “M” was skipped.",
        "done",
    ]


async def test_first_goes_on_with_what_comes_first_and_once_only() -> None:
    made = merging(
        "slow.value -> m.ways", "quick.value -> m.ways", "m.value -> after.value",
        how="first", slow=step("gated", gate="slow"), quick=step("gated", gate="quick"), after=step("say"),
    )  # fmt: skip
    playing = Playing(made)
    await playing.until("slow started", "quick started")
    playing.stage.gate("quick").set()
    await playing.until("after finished")
    assert "slow finished" not in playing.story
    playing.stage.gate("slow").set()
    played = await playing.ended()
    assert played.outputs("after") == {"value": "quick"}
    assert note(played) == "“QUICK” was there first."
    assert [line for line in played.story if line.startswith(("m ", "after ", "slow f"))] == [
        "m finished", "after finished", "slow finished",
    ]  # fmt: skip


async def test_first_of_quick_steps_is_the_one_that_ran_first_whatever_the_wires_say() -> None:
    made = merging("b.value -> m.ways", "a.value -> m.ways", how="first", a=step("say", text="a"), b=step("say"))
    assert (await play(made)).outputs("m") == {"value": "a"}


async def test_first_also_waits_for_what_its_settings_and_other_wires_need() -> None:
    made = merging(
        "a.value -> m.ways", "slow.value -> m.ways", "before -> m", how="first",
        a=step("say", text="a"), slow=step("gated", gate="slow"), before=step("gated", gate="before"),
    )  # fmt: skip
    playing = Playing(made)
    await playing.until("before started", "slow started", "a finished")
    assert "m finished" not in playing.story
    playing.stage.gate("before").set()
    await playing.until("m finished")
    playing.stage.gate("slow").set()
    assert (await playing.ended()).outputs("m") == {"value": "a"}


async def test_a_failed_way_does_not_keep_first_from_another() -> None:
    made = merging(
        "bad.value -> m.ways", "good.value -> m.ways", how="first", bad=step("fail"), good=step("gated", gate="go")
    )
    playing = Playing(made)
    await playing.until("bad failed: No such page")
    playing.stage.gate("go").set()
    played = await playing.ended()
    assert played.outputs("m") == {"value": "go"}
    assert played.end.message == "“BAD” failed: No such page"


@pytest.mark.parametrize(
    ("how", "reason"),
    [("first", "“BAD” did not finish; “FORK” did not go the way “left”."), ("all", "“BAD” did not finish.")],
)
async def test_a_merge_that_fails_says_why(how: str, reason: str) -> None:
    made = merging(
        "bad.value -> m.ways", "fork.left -> m.ways", "m -> after",
        how=how, bad=step("fail"), fork=step("fork", way=""), after=step("say"),
    )  # fmt: skip
    assert {f"m skipped: {reason}", "after skipped: “M” did not finish."} <= set(await story(made))


async def test_a_resumed_run_does_not_merge_twice() -> None:
    made = merging(
        "slow.value -> m.ways", "quick.value -> m.ways", "m.value -> w.value",
        how="first", slow=step("gated", gate="slow"), quick=step("say", text="quick"), w=step("gated", gate="w"),
    )  # fmt: skip
    playing = Playing(made)
    await playing.until("slow started", "m finished", "w started")
    past = past_until(made, playing.notebook.events)
    await playing.stop()
    again = Playing(made, past=past)
    for gate in ("slow", "w"):
        again.stage.gate(gate).set()
    played = await again.ended()
    assert sorted(played.story) == ["done", "slow finished", "slow started", "w finished", "w started"]
    assert played.end.result == {"value": "w"}


async def test_a_merge_in_a_loop_merges_in_every_round() -> None:
    inside = body(
        "fork.left -> m.ways", "fork.right -> b.value", "b.value -> m.ways",
        fork=step("fork", way="{{ 'left' if item else 'right' }}"), b=step("say"),
        m=step("control.merge", how="first"), result="m.value",
    )  # fmt: skip
    made = flow("items.value -> each.items", items=step("give", value=[0, 1]), each=each(inside))
    assert (await play(made)).outputs("each")["results"] == ["r", "l"]


MUGS = [{"id": 1, "name": "moon"}, {"id": 2, "name": "sun"}, {"id": 4, "name": "rain"}]
STOCK = [
    {"id": "1", "left": 3, "name": "Moon"},
    {"id": "3", "left": 9, "name": "Star"},
    {"id": 1, "left": 5, "name": "M2"},
]


async def joined(*lists: Any, **settings: Any) -> Any:
    """What a join of these lists gives."""
    names = [f"l{number}" for number in range(len(lists))]
    steps = {name: step("give", value=each) for name, each in zip(names, lists, strict=True)}
    made = flow_of(
        {**steps, "m": step("control.merge", how="join", **settings)}, *(f"{name}.value -> m.ways" for name in names)
    )
    played = await play(made)
    return played.outputs("m")["value"] if played.end.status == "done" else played.failure("m").message


@pytest.mark.parametrize(
    ("keep", "rows"),
    [
        ("matching", [(1, "moon", 3, "Moon"), (1, "moon", 5, "M2")]),
        (
            "first_list",
            [(1, "moon", 3, "Moon"), (1, "moon", 5, "M2"), (2, "sun", None, None), (4, "rain", None, None)],
        ),
        (
            "everything",
            [
                (1, "moon", 3, "Moon"),
                (1, "moon", 5, "M2"),
                (2, "sun", None, None),
                (4, "rain", None, None),
                ("3", None, 9, "Star"),
            ],
        ),
    ],
)
async def test_lists_are_joined_by_a_field(keep: str, rows: list[Any]) -> None:
    found = await joined(MUGS, STOCK, key="id", keep=keep)
    assert [(row["id"], row["name"], row["left"], row["name_2"]) for row in found] == rows
    assert all(list(row) == ["id", "name", "left", "name_2"] for row in found)


async def test_three_lists_and_a_key_of_another_name() -> None:
    prices = [{"mug": 1, "name": "x", "price": 7}]
    assert await joined([{"id": 1, "name": "a"}], prices, prices, key="id", other_key="mug") == [
        {"id": 1, "name": "a", "name_2": "x", "price": 7, "name_3": "x", "price_3": 7}
    ]


async def test_a_join_needs_records_and_a_field_that_they_have() -> None:
    assert await joined(MUGS, STOCK, key="sku") == "No record of list 1 has a field `sku`."
    assert await joined(MUGS, ["x"], key="id") == "Item 1 of list 2 is not a record, so it has no fields to join by."
    assert await joined([], STOCK, key="id") == []


@pytest.mark.parametrize(("how", "said"), [("join", [NO_KEY]), ("all", []), ("first", [])], ids=str)
async def test_a_join_without_a_key_is_told_while_editing_at_its_field(how: str, said: list[str]) -> None:
    made = merging("a.value -> m.ways", how=how, a=step("give", value=MUGS))
    assert [(each.field, each.message) for each in problems_of(made, CATALOG)] == [("key", each) for each in said]


async def test_a_join_needs_every_list() -> None:
    joining = step("control.merge", how="join", key="id")
    made = flow(
        "a.value -> m.ways", "fork.left -> b.needed", "b.value -> m.ways",
        a=step("give", value=MUGS), fork=step("fork", way="right"), b=step("into"), m=joining,
    )  # fmt: skip
    assert "m skipped: “B” was skipped." in await story(made)


async def test_many_wires_may_end_at_a_merge_and_only_there() -> None:
    made = flow("a.value -> b.value", "c.value -> b.value", a=step("say"), b=step("say"), c=step("say"))
    assert [str(each) for each in problems_of(made, CATALOG)] == [
        "2 wires end at `value`, which takes one. Remove one, or bring them together with Merge."
    ]
    assert [str(each) for each in problems_of(merging(a=step("say")), CATALOG)] == [
        "`ways` needs at least one wire. Connect the steps that meet here to it."
    ]
