"""Decide what a new run takes over of an old one, step by step and round by round. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from app.engine.events import Failed, Finished, Skipped
from app.engine.fingerprint import Traced
from app.engine.past import key_of, plain
from app.engine.ran import Ran
from app.engine.reuse import CannotReuse, Outputs, Reuse, Wish
from nodes.values import Effect

Known = Mapping[str, Traced]
"""The steps of a flow, and of the flows it runs, by their paths."""

Tree = Mapping[str, "Tree"]
"""Steps that are to run anew: under the name of a container its rounds, under a round its steps."""


def reuse_of(ran: Ran, before: Known, now: Known, wish: Wish, data: Mapping[str, Outputs] | None = None) -> Reuse:
    """What a run of the flow as it is `now` takes over of one that `ran` as it was `before`.

    `data` are outputs that a person gave, by the path of the step; it is not run. CannotReuse with a sentence where
    the wish cannot be fulfilled.
    """
    return _Deciding(ran, before, now, wish, data or {}).decide()


class _Deciding:
    def __init__(self, ran: Ran, before: Known, now: Known, wish: Wish, data: Mapping[str, Outputs]) -> None:
        self._ran = ran
        self._before = before
        self._now = now
        self._wish = wish
        self._data = data
        self._scopes: dict[str, list[str]] = {}
        for path in now:
            around, slash, name = path.rpartition("/")
            self._scopes.setdefault(around + slash, []).append(name)
        self._same = {path: path in self._before and self._before[path].print == each.print
                      for path, each in now.items()}  # fmt: skip
        self._after: dict[tuple[str, str], frozenset[str]] = {}
        self._leads_to_data = set(_around(data))
        self._whole: set[str] = set()
        """Steps that are taken over with all that is in them."""
        self._settled: dict[str, Failed] = {}
        self._passed: set[str] = set()
        """Steps that were not run because of the way that was taken, and will not be."""
        self._goes_on: list[str] = []

    def decide(self) -> Reuse:
        for path in self._data:
            if not self._is_in_run(path):
                raise CannotReuse(f"There is no step `{path}` in this flow.", "Choose another one.")
        tree = self._tree()
        changed = self._scope("", "", tree, frozenset(), False)
        only, alone = self._asked(tree)
        outputs, inside = self._taken()
        return Reuse(
            self._ran.run_id,
            outputs,
            {path: dict(given) for path, given in self._data.items()},
            only,
            alone,
            tuple(self._settled.values()),
            tuple(inside),
            tuple(each for path in self._goes_on for each in self._ran.remembered.get(path, ())),
            {path: self._begun(path) for path in self._ran.past.doubt if self._stays_in_doubt(path)},
            next((each for each in reversed(self._ran.sessions.items()) if each[0] in outputs), None),
            self._repeated(outputs, only, alone, changed),
        )

    # What the wish is about

    def _tree(self) -> Tree:
        """The steps that the wish names, in every round that it means."""
        wish, step = self._wish, self._wish.step
        if wish.sort == "changed":
            return {}
        paths = [step]
        if step not in self._now:
            if not self._is_in_run(step):
                raise CannotReuse(f"There is no step `{step}` in this flow.", "Choose another one.")
        elif "/" in step:
            paths = self._in_all_rounds(step)
        if wish.sort == "rounds":
            failed = set(_around(path for path, end in self._ran.ends.items() if isinstance(end, Failed)))
            paths = [path for path in paths if path in failed]
            if not paths:
                name = self._now[step if step in self._now else plain(step)].name
                raise CannotReuse(f"No round of “{name}” failed in this run.", "There is nothing to try again.")
        if not paths:
            paths = [step.split("/")[0]]
        tree: dict[str, Any] = {}
        for path in paths:
            place = tree
            for part in path.split("/"):
                place = place.setdefault(part, {})
        return tree

    def _is_in_run(self, path: str) -> bool:
        return path.count("/") % 2 == 0 and plain(path) in self._now

    def _in_all_rounds(self, step: str) -> list[str]:
        paths = [""]
        for part in step.split("/"):
            inner = [path + part for path in paths]
            paths = [f"{path}/{round}/" for path in inner for round in self._ran.rounds.get(path, ())]
        return inner

    # What becomes of each step

    def _scope(self, prefix: str, where: str, tree: Tree, outer: frozenset[str], forgiven: bool) -> frozenset[str]:
        """Decide on the steps of one playing of a scope. Gives those that will run, or whose outputs were edited."""
        changed: set[str] = set()
        other: set[str] = set()
        """Those of them that had given something before: what has ended without a step does not depend on it."""
        swayed: set[str] = set()
        """Those that may run now and did not, or the other way round."""
        forced = frozenset().union(*(self._descendants(where, name) for name in tree)) if tree else frozenset()
        for name in self._scopes.get(where, ()):
            path, place = prefix + name, where + name
            if path in self._data:
                changed.add(name)
                other.add(name)
                continue
            trace, end = self._now[place], self._ran.ends.get(path)
            if not trace.ways.isdisjoint(other) or not trace.waits.isdisjoint(swayed):
                swayed.add(name)
            touched = name in forced or not trace.takes.isdisjoint(other) or not trace.outside.isdisjoint(outer)
            touched |= name in swayed
            chosen = name in tree and not tree[name] and self._wish.sort != "rounds"
            leads = name in tree or path in self._leads_to_data
            if not touched and not leads and self._same[place] and self._stays(path, trace, changed, forgiven):
                continue
            changed.add(name)
            if isinstance(end, Finished | Skipped):
                other.add(name)
            if not touched and self._same[place] and not isinstance(end, Finished):
                self._goes_on.append(path)
            if name not in forced and not chosen:
                self._rounds(path, place, tree.get(name, {}), other, outer, forgiven)
        return frozenset(changed)

    def _stays(self, path: str, trace: Traced, changed: Collection[str], forgiven: bool) -> bool:
        """True where a step stays as it ended."""
        match self._ran.ends.get(path):
            case Finished():
                self._whole.add(path)
            case Failed() as failed if forgiven or trace.step.on_error != "stop":
                self._settled[path] = failed
            case Skipped() if trace.waits.isdisjoint(changed):
                self._passed.add(path)
            case _:
                return False
        return True

    def _rounds(
        self, path: str, place: str, tree: Tree, other: Collection[str], outer: frozenset[str], forgiven: bool
    ) -> None:
        """Go into the rounds of a container that is played again, where they are about the same as before."""
        trace = self._now[place]
        known = self._before.get(place)
        if not trace.round or known is None or known.round != trace.round or not trace.given.isdisjoint(other):
            return
        step, node = trace.step, trace.node
        tried = self._wish.sort == "rounds" and self._wish.step in (path, place)
        forgiven = not tried and (forgiven or (node is not None and node.forgives(step.settings)))
        for round in self._ran.rounds.get(path, ()):
            self._scope(f"{path}/{round}/", f"{place}/", tree.get(round, {}), outer.union(other), forgiven)

    def _descendants(self, where: str, name: str) -> frozenset[str]:
        """The steps of the scope that wait for this one, and those that wait for them."""
        if (known := self._after.get((where, name))) is None:
            found = {name}
            for each in self._scopes.get(where, ()):
                if not self._now[where + each].waits.isdisjoint(found):
                    found.add(each)
            known = self._after[where, name] = frozenset(found - {name})
        return known

    # What is asked for

    def _asked(self, tree: Tree) -> tuple[frozenset[str] | None, str]:
        wish = self._wish
        if wish.rest or wish.sort in ("changed", "rounds"):
            return None, ""
        top, _, inner = wish.step.partition("/")
        wanted = {top}
        match wish.sort:
            case "only":
                self._need("", "", top)
                if inner:
                    self._need_inside(wish.step)
                    return frozenset(wanted | self._given_anyway("")), wish.step
            case "to":
                wanted |= self._lacking("", "", top)
            case _:
                self._need("", "", top)
                after = self._descendants("", top)
                wanted |= after.union(*(self._lacking("", "", name) for name in after))
        return frozenset(wanted | self._given_anyway("")), ""

    def _need_inside(self, step: str) -> None:
        """CannotReuse unless all that a step in a round needs is there."""
        parts = step.split("/")
        if step in self._now:
            around = self._now[step.rpartition("/")[0]].name
            raise CannotReuse(
                f"“{self._now[step].name}” runs once in each round of “{around}”.", "Choose a round first."
            )
        for depth in range(2, len(parts), 2):
            prefix, where = "/".join(parts[:depth]) + "/", "/".join(parts[:depth:2]) + "/"
            container = where.rstrip("/")
            known = self._before.get(container)
            if known is None or known.round != self._now[container].round:
                raise CannotReuse(
                    f"What “{self._now[container].name}” is given has changed since that run.",
                    "Run it as a whole instead.",
                )
            self._need(prefix, where, parts[depth])

    def _need(self, prefix: str, where: str, name: str) -> None:
        """CannotReuse unless what is before a step is there."""
        for source in self._scopes[where]:
            if source in self._now[where + name].waits and not self._is_there(prefix, where, source):
                said = self._now[where + source].name
                if isinstance(self._ran.ends.get(prefix + source), Finished):
                    why = f"“{said}” has changed since that run, so it has to run first."
                else:
                    why = f"“{said}” has to run first: there is nothing of it to take over."
                raise CannotReuse(why, "Run to here instead.")

    def _lacking(self, prefix: str, where: str, name: str) -> set[str]:
        """The steps before this one that have to run for it."""
        found: set[str] = set()
        open_ones = [name]
        while open_ones:
            for source in self._now[where + open_ones.pop()].waits:
                if source not in found and not self._is_there(prefix, where, source):
                    found.add(source)
                    open_ones.append(source)
        return found

    def _is_there(self, prefix: str, where: str, name: str) -> bool:
        path = prefix + name
        step = self._now[where + name].step
        there = path in self._whole or path in self._settled or path in self._passed or path in self._data
        return there or step.disabled or step.pinned is not None

    def _given_anyway(self, where: str) -> set[str]:
        """Steps that nothing has to run for: how they end is known, and told anew."""
        return {
            name
            for name in self._scopes[where]
            if name not in self._whole and name not in self._data and self._is_there("", where, name)
        }

    # What is taken over

    def _taken(self) -> tuple[dict[str, Finished], list[Failed | Skipped]]:
        """The ends that stay, and what else happened inside of what is taken over as a whole."""
        outputs: dict[str, Finished] = {}
        inside: list[Failed | Skipped] = []
        whole, data = self._whole, self._data
        for path, end in self._ran.ends.items():
            if path in data:
                continue
            if path in whole or not whole.isdisjoint(_around((path,))):
                if isinstance(end, Finished):
                    outputs[path] = end
                else:
                    inside.append(end)
        return outputs, inside

    def _repeated(
        self, outputs: Collection[str], only: frozenset[str] | None, alone: str, changed: Collection[str]
    ) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for path, end in self._ran.ends.items():
            where, top = plain(path), path.partition("/")[0]
            if not isinstance(end, Finished) or path in outputs or path in self._data or where not in self._now:
                continue
            runs = path == alone if alone else top in changed and (only is None or top in only)
            if runs and self._now[where].effect in (Effect.WRITE, Effect.SPEND):
                found[where] = None
        return tuple(found)

    def _stays_in_doubt(self, path: str) -> bool:
        around = {path, *_around((path,))}
        return plain(path) in self._now and self._whole.isdisjoint(around) and around.isdisjoint(self._data)

    def _begun(self, path: str) -> tuple[float, str]:
        past = self._ran.past
        key = past.keys.get(path) or key_of(self._ran.run_id, path, past.redone.get(path, 0))
        return past.since.get(path, 0.0), key


def _around(paths: Iterable[str]) -> Iterator[str]:
    """The containers, by their paths in the run, around these steps."""
    for path in paths:
        at = path.find("/")
        while at >= 0:
            yield path[:at]
            at = path.find("/", path.find("/", at + 1) + 1)
