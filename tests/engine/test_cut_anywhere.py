"""Ways, loops, tries and flows in flows, cut off after each single event: what goes on ends in just the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.engine.events import Event, Finished
from flows.model import Flow, Input, Step
from tests.engine.steps import lines
from tests.engine.story import Played, body, each, flow, past_until, play, step


def writes(ledger: Path, text: str) -> Step:
    return step("write", ledger=str(ledger), text=text)


def called(ledger: Path) -> Flow:
    """Writes twice, in rounds of its own."""
    inside = body(c=writes(ledger, "part {{ inputs.name }} {{ index }}"), result="c.value")
    made = flow(rep=step("control.repeat_until", inside, until="{{ index == 1 }}"), result="rep.results")
    return made.model_copy(update={"id": "part", "name": "Part", "inputs": {"name": Input()}})


def everything(ledger: Path) -> Flow:
    """One of each, all of them writing."""
    cases = [{"name": "Odd", "when": "{{ item is odd }}"}, {"name": "Even", "when": True}]
    sorting = body(
        "sort.odd -> odd", "sort.even -> even", "odd.value -> met.ways", "even.value -> met.ways",
        sort=step("control.switch", cases=cases),
        odd=writes(ledger, "odd {{ item }}"), even=writes(ledger, "even {{ item }}"),
        met=step("control.merge", how="first"), result="met.value",
    )  # fmt: skip
    failing = body("t -> bad", t=writes(ledger, "tried"), bad=step("fail"))
    looping = body("l -> last_one", l=writes(ledger, "loop {{ index }}"), last_one=step("say", text="{{ index }}"))
    return flow(
        "items.value -> each.items", "attempt.error -> sorry", "attempt.result -> never", "sorry.value -> all.ways",
        "call.value -> all.ways", "rep.results -> all.ways",
        items=step("give", value=[1, 2]), each=each(sorting),
        attempt=step("control.try", failing), sorry=writes(ledger, "sorry"), never=writes(ledger, "never"),
        rep=step("control.while", looping, condition="{{ index < 2 }}"),
        call=step("control.run_flow", flow="part", inputs={"name": "{{ each.results | join(' ') }}"}),
        all=step("control.merge"), end=writes(ledger, "end {{ all.value | length }}"),
        result='{"each": each.results, "all": all.value, "tried": attempt.always}',
    )  # fmt: skip


def new_ledger(folder: Path) -> Path:
    folder.mkdir()
    return folder / "ledger"


async def played(folder: Path, events: list[Event] | None = None) -> Played:
    """The flow played to its end, after these events of a run before."""
    ledger = new_ledger(folder)
    made, parts = everything(ledger), {"part": called(ledger)}
    more: dict[str, Any] = {} if events is None else {"past": past_until(made, events, parts)}
    return await play(made, parts=parts, answer="Do it again", **more)


def written(events: list[Event]) -> set[str]:
    """The steps that have written, and said so."""
    names = ("/odd", "/even", "/t", "/l", "/c", "sorry", "never", "end")
    return {one.step for one in events if isinstance(one, Finished) and one.step.endswith(names)}


async def test_cut_after_any_event_it_ends_the_same_and_writes_nothing_twice(tmp_path: Path) -> None:
    whole = await played(tmp_path / "whole")
    assert (whole.end.status, "never" in written(whole.events)) == ("done", False)
    assert len(written(whole.events)) == len(lines(tmp_path / "whole" / "ledger")) == 9
    for cut in range(1, len(whole.events)):
        before = whole.events[:cut]
        again = await played(tmp_path / str(cut), before)
        assert again.end == whole.end, f"cut after {before[-1]}"
        done, later = written(before), written(again.events)
        assert (done | later, done & later) == (written(whole.events), set()), f"cut after {before[-1]}"
        assert len(lines(tmp_path / str(cut) / "ledger")) == len(later), f"cut after {before[-1]}"
