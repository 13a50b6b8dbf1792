"""Whatever is edited, a run that takes over what it can gives what a run from the beginning gives."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.engine.events import Finished
from app.engine.reuse import Wish
from flows.model import Body, Flow, Step, Wire
from tests.engine.steps import lines
from tests.engine.story import Played, each, play, step
from tests.engine.test_reuse import again, decided

STEPS = 9


class Maker:
    """Makes flows by chance: texts, forks, failures that are dealt with, loops and writes, wired to what is before."""

    def __init__(self, seed: int, ledger: Path) -> None:
        self._chance = random.Random(seed)
        self._ledger = str(ledger)
        self._words = 0

    def flow(self) -> Flow:
        names = [f"s{number}" for number in range(STEPS)]
        steps: dict[str, Step] = {"list": step("give", value=[1, 2, 3])}
        wires: list[Wire] = []
        for place, name in enumerate(names):
            steps[name] = self._step(name, names[:place])
            if "body" in name or steps[name].body is not None:
                wires.append(Wire.parse(f"list.value -> {name}.items"))
            for source in self._chance.sample(names[:place], min(place, self._chance.choice([0, 1, 1, 2]))):
                wires.append(self._wire(source, steps[source], name, steps[name], wires))
        return Flow(id="f", name="Flow", steps=steps, wires=tuple(dict.fromkeys(wires)))

    def edited(self, made: Flow) -> Flow:
        """The flow with one or two of its steps changed."""
        steps = dict(made.steps)
        for name in self._chance.sample([name for name in steps if name != "list"], self._chance.choice([1, 2])):
            steps[name] = self._changed(steps[name])
        return made.model_copy(update={"steps": steps})

    def _step(self, name: str, before: list[str]) -> Step:
        match self._chance.randrange(8):
            case 0:
                return step("fork", way=self._chance.choice(["left", "right"]))
            case 1:
                return step("fail", on_error=self._chance.choice(["continue", "port"]))
            case 2:
                return step("write", ledger=self._ledger, text=f"{name} {self._word(before)}")
            case 3:
                a, b, c = (f"{name}{letter}" for letter in "abc")
                inside = {
                    a: step("say", text=f"{{{{ item }}}} {self._word(before)}"),
                    b: step("fail_on", bad=self._chance.choice([0, 2]), value="{{ item }}"),
                    c: step("write", ledger=self._ledger, text=f"{c} {{{{ {a}.value }}}}"),
                }
                wires = (Wire.parse(f"{a} -> {b}"), Wire.parse(f"{b} -> {c}"))
                how = self._chance.choice(["skip", "collect"])
                return each(Body(steps=inside, wires=wires, result=f"{c}.value"), on_item_error=how)
            case _:
                return step("say", text=self._word(before))

    def _word(self, before: list[str]) -> str:
        self._words += 1
        if before and self._chance.random() < 0.3:
            return f"w{self._words} {{{{ {self._chance.choice(before)} | default('none') }}}}"
        return f"w{self._words}"

    def _wire(self, source: str, gives: Step, target: str, takes: Step, wires: list[Wire]) -> Wire:
        port = {"t.fork": self._chance.choice(["left", "right"]), "t.fail": "", "control.for_each": "results"}
        out = port.get(gives.kind, "value")
        taken = any(wire.target == target and wire.target_port == "value" for wire in wires)
        into = takes.kind in ("t.say", "t.write") and not taken and out and self._chance.random() < 0.5
        if into:
            return Wire(source=source, source_port=out, target=target, target_port="value")
        return Wire(source=source, source_port=out if gives.kind == "t.fork" else "", target=target)

    def _changed(self, old: Step) -> Step:
        self._words += 1
        settings = dict(old.settings)
        match old.kind:
            case "t.fork":
                settings["way"] = "right" if settings["way"] == "left" else "left"
            case "control.for_each":
                assert old.body is not None
                name = self._chance.choice(list(old.body.steps))
                if old.body.steps[name].kind == "t.fail_on":
                    settings["on_item_error"] = "skip"
                else:
                    inner = {**old.body.steps, name: self._changed(old.body.steps[name])}
                    return old.model_copy(update={"body": old.body.model_copy(update={"steps": inner})})
            case "t.fail":
                return old.model_copy(update={"title": "Other"})
            case _:
                settings["text"] = f"{settings['text']} edited {self._words}"
        return old.model_copy(update={"settings": settings})


def gave(played: Played) -> dict[str, object]:
    return {each.step: each.outputs for each in played.events if isinstance(each, Finished)}


@pytest.mark.parametrize("block", range(4))
async def test_it_gives_what_a_run_from_the_beginning_gives(tmp_path: Path, block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        ledger, fresh_ledger = tmp_path / f"{seed}", tmp_path / f"{seed} fresh"
        maker = Maker(seed, ledger)
        made = maker.flow()
        first = await play(made)
        wrote = lines(ledger)
        edited = maker.edited(made)
        second = await again(first, Wish("changed"), now=edited)
        written = lines(ledger)[len(wrote) :]
        fresh = await play(edited.model_validate_json(edited.model_dump_json().replace(str(ledger), str(fresh_ledger))))
        assert gave(second) == gave(fresh), seed
        assert (second.end.status, second.end.result) == (fresh.end.status, fresh.end.result), seed
        twice = {line.split()[0] for line in {*written} & {*wrote}}
        said = {path.rpartition("/")[2] for path in decided(first, Wish("changed"), now=edited).repeated}
        assert twice <= said, f"{seed}: what is written again was said before"
        assert set(lines(fresh_ledger)) <= set(written) | set(wrote), seed
        third = await again(second, Wish("changed"), now=edited)
        assert lines(ledger)[len(wrote) + len(written) :] == [], f"{seed}: nothing has changed since"
        assert gave(third) == gave(fresh), seed
