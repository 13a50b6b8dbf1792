"""Nodes that decide what runs."""

import pytest
from pydantic import JsonValue as Json

from flows.model import Body, Step, Wire
from tests.nodes.studio import StepFailed, Studio, flow_of


async def branch(studio: Studio, condition: Json, value: Json = None) -> dict[str, Json]:
    """What went the way of true and of false, by the step that was reached."""
    flow = flow_of(
        {
            "given": Step(kind="test.given", settings={"value": value}),
            "fork": Step(kind="control.if", settings={"condition": condition}),
            "yes": Step(kind="data.set_fields", settings={"fields": {"way": "{{ fork.true }}"}}),
            "no": Step(kind="data.set_fields", settings={"fields": {"way": "{{ fork.false }}"}}),
        },
        [
            *([Wire.parse("given.value -> fork.value")] if value is not None else []),
            Wire.parse("fork.true -> yes"),
            Wire.parse("fork.false -> no"),
        ],
    )
    played = await studio.play(flow)
    assert not played.failed, played.failed
    return {step: played.outputs[step]["record"] for step in ("yes", "no") if step in played.outputs}


@pytest.mark.parametrize(
    ("condition", "way"),
    [
        ("{{ 3 > 2 }}", "yes"),
        ("{{ 3 < 2 }}", "no"),
        (True, "yes"),
        ("", "no"),
        ("{{ [] }}", "no"),
        ("{{ 0 }}", "no"),
        ("anything", "yes"),
        ("false", "no"),
        (" No ", "no"),
    ],
)
async def test_if_takes_one_way(studio: Studio, condition: Json, way: str) -> None:
    assert list(await branch(studio, condition)) == [way]


async def test_if_passes_its_value_on(studio: Studio) -> None:
    assert await branch(studio, "{{ given.value.price > 20 }}", {"price": 24.5}) == {"yes": {"way": {"price": 24.5}}}
    assert await branch(studio, "{{ given.value.price > 20 }}", {"price": 9}) == {"no": {"way": {"price": 9}}}


async def test_a_comparison_outside_the_braces_is_a_mistake(studio: Studio) -> None:
    with pytest.raises(StepFailed) as failed:
        await studio.step("control.if", {"condition": "{{ 1 + 1 }} > 3"})
    assert failed.value.message == "The condition is the text `2 > 3`, and not a comparison."
    assert failed.value.hint == "Write the whole of it inside the braces, as in {{ page.count > 3 }}."


@pytest.mark.parametrize(("outcome", "status"), [("done", "done"), ("failed", "failed")])
async def test_stop_ends_the_run_with_its_message(studio: Studio, outcome: str, status: str) -> None:
    played = await studio.chain(
        ("control.stop", {"message": "Enough for {{ 2 }} days.", "outcome": outcome}),
        ("data.compose", {"text": "never"}),
    )
    assert (played.status, played.message) == (status, "Enough for 2 days.")
    assert "s2" not in played.outputs


def rounds(body: Body, **settings: Json) -> tuple[dict[str, Step], list[Wire]]:
    return {
        "items": Step(kind="test.given", settings={"value": [3, 1, 2]}),
        "each": Step(kind="control.for_each", settings=settings, body=body),
    }, [Wire.parse("items.value -> each.items")]


DOUBLED = Body(
    steps={"twice": Step(kind="data.set_fields", settings={"fields": {"n": "{{ item * 2 }}", "at": "{{ index }}"}})},
    result="twice.record",
)
CHECKED = Body(
    steps={
        "fork": Step(kind="control.if", settings={"condition": "{{ item > 1 }}"}),
        "stop": Step(kind="files.read", settings={"path": "gone {{ item }}.txt"}),
    },
    wires=(Wire.parse("fork.false -> stop"),),
    result="item",
)


@pytest.mark.parametrize("at_once", [1, 2, 50])
async def test_each_item_gets_a_round_and_results_keep_their_order(studio: Studio, at_once: int) -> None:
    played = await studio.play(flow_of(*rounds(DOUBLED, at_once=at_once)))
    assert played.outputs["each"] == {
        "results": [{"n": 6, "at": 0}, {"n": 2, "at": 1}, {"n": 4, "at": 2}],
        "failed": [],
    }


@pytest.mark.parametrize(
    ("on_item_error", "outputs"),
    [
        ("skip", {"results": [3, 2], "failed": []}),
        (
            "collect",
            {
                "results": [3, 2],
                "failed": [{"index": 1, "item": 1, "message": "“Read file”: There is no file `gone 1.txt`."}],
            },
        ),
    ],
)
async def test_a_failed_round_may_be_skipped_or_collected(studio: Studio, on_item_error: str, outputs: Json) -> None:
    played = await studio.play(flow_of(*rounds(CHECKED, on_item_error=on_item_error)))
    assert played.outputs["each"] == outputs


async def test_a_failed_round_stops_the_others_and_says_which_it_was(studio: Studio) -> None:
    played = await studio.play(flow_of(*rounds(CHECKED)))
    assert played.failed["each"].message == "Item 2 of 3: “Read file”: There is no file `gone 1.txt`."
    assert "each/2/fork" not in played.outputs


async def test_stop_inside_a_round_ends_the_run(studio: Studio) -> None:
    body = Body(steps={"stop": Step(kind="control.stop", settings={"message": "At {{ item }}."})})
    for at_once in (1, 3):
        played = await studio.play(flow_of(*rounds(body, at_once=at_once)))
        assert (played.status, played.message[:3]) == ("done", "At ")
