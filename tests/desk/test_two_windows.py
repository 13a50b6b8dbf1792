"""Two windows on one flow: whatever both do, however late it arrives, both show what is stored, and no edit is lost."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.desk.open_flow import Edited, OpenFlow
from app.desk.presence import Here, Presence
from app.desk.shelf import Shelf
from app.store.database import Database
from app.store.flows import Flows
from app.ui.editor.redrawing import Drawing, patch
from flows.apply import EditRefused
from flows.edits import Add, AddComment, Configure, Connect, Edit, Many, Move, Pin, Remove, Rename, Set
from flows.model import Body, Comment, Flow, Step, Wire, walk
from nodes.catalog import built_in

CATALOG = built_in()
EDITS = 200
Drawn = dict[str, Any]


class Window:
    """What one window knows: the flow it has heard of last, and the canvas as patches have made it."""

    def __init__(self, opened: OpenFlow, name: str, luck: Random) -> None:
        self.opened, self.name, self.luck = opened, name, luck
        self.flow = opened.flow
        self.canvas = self._drawn(self.flow, drawing := Drawing(CATALOG))
        self._drawing, self._sent = drawing, dict(self.canvas)
        self._late: list[tuple[Flow, Drawn]] = []
        self.is_cut_off = False
        self.waiting: list[tuple[Edit, str]] = []
        self.made = 0
        opened.listen(self._heard)

    def _drawn(self, flow: Flow, drawing: Drawing) -> Drawn:
        return {**drawing.steps(flow, ()), **drawing.wires(flow)}

    def _heard(self, edited: Edited) -> None:
        """The studio sends what has changed; a window that is cut off gets it once it is back."""
        drawn = self._drawn(edited.after, self._drawing)
        self._late.append((edited.after, patch(self._sent, drawn)))
        self._sent = drawn
        self._take()

    def _take(self) -> None:
        while self._late and not self.is_cut_off:
            self.flow, changes = self._late.pop(0)
            for id, change in changes.items():
                if change is None:
                    del self.canvas[id]
                else:
                    self.canvas[id] = {**self.canvas.get(id, {}), **change}

    async def do(self, number: int) -> None:
        """One thing that a person does here, with what they see."""
        if self.luck.random() < 0.04:
            self.is_cut_off = not self.is_cut_off
            if not self.is_cut_off:
                await self.come_back()
        if self.luck.random() < 0.1 and not self.is_cut_off:
            await (self.opened.undo if self.luck.random() < 0.6 else self.opened.redo)(by=self.name)
            return
        with suppress(EditRefused, KeyError, ValueError):
            edit = self._edit(number)
            ticket = f"{self.name}-{number}"
            if self.is_cut_off:
                self.waiting.append((edit, ticket))
            else:
                await self._send(edit, ticket)

    async def come_back(self) -> None:
        """The socket is there again: what was missed is drawn, what was done meanwhile arrives, some of it twice."""
        self.is_cut_off = False
        self._take()
        for edit, ticket in self.waiting:
            for _ in range(self.luck.choice((1, 2))):
                with suppress(EditRefused):
                    await self._send(edit, ticket, again=True)
        self.waiting = []

    async def _send(self, edit: Edit, ticket: str, *, again: bool = False) -> None:
        before = self.opened.flow
        if await self.opened.edit(edit, by=self.name, ticket=ticket, again=again) is not before:
            self.made += 1

    def _edit(self, number: int) -> Edit:
        luck, flow = self.luck, self.flow
        paths = [path for path, _ in walk(flow)]
        id = f"{self.name}{number}"
        if len(paths) < 3 or luck.random() < 0.25:
            boxes = ["", *(path for path, step in walk(flow) if step.body is not None and "/" not in path)]
            parent = luck.choice(boxes)
            is_box = not parent and luck.random() < 0.2
            step = Step(kind="control.for_each", body=Body()) if is_box else COMPOSE
            return Add(id=id, step=step, at=(number, number), parent=parent)
        path = luck.choice(paths)
        name = path.rpartition("/")[2]
        match luck.randrange(9):
            case 0:
                return Remove(steps=(path,))
            case 1:
                return Rename(path=path, id=f"{id}_r")
            case 2:
                return Move(to={path: (luck.randrange(900), luck.randrange(900))})
            case 3:
                return Configure(path=path, title=f"{self.name} {number}", disabled=luck.random() < 0.3)
            case 4:
                return Pin(path=path, outputs={"value": number} if luck.random() < 0.7 else None)
            case 5:
                comment = Comment(text=f"{number}?", who=self.name, at="2026-01-01T00:00:00Z")
                return AddComment(path=path, id=f"c{id}", comment=comment)
            case 6:
                beside = [each for each in paths if each.rpartition("/")[0] == path.rpartition("/")[0] and each != path]
                wire = Wire(source=name, target=luck.choice(beside or [path]).rpartition("/")[2])
                return Connect(wire=wire, parent=path.rpartition("/")[0])
            case 7:
                other = luck.choice(paths).rpartition("/")[2]
                moved = Move(to={path: (number, 0)})
                return Many(edits=(moved, Set(path=path, settings={"text": f"{{{{ {other}.value }}}}"})), title="both")
            case _:
                return Set(path=path, settings={"text": f"{self.name} {number}"})


COMPOSE = Step(kind="data.compose", settings={"text": "x"})


@settings(max_examples=3, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_two_windows_200_random_edits_each_interleaved_both_end_equal_to_the_stored_flow(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(two_windows(Path(folder), seed))


async def two_windows(folder: Path, seed: int) -> None:
    database = Database(folder / "weft.db")
    await database.open()
    shelf = Shelf(database, CATALOG)
    opened = await shelf.open((await shelf.new("Shared")).id)
    windows = [Window(opened, name, Random(f"{seed}{name}")) for name in ("a", "b")]

    async def all_of(window: Window) -> None:
        for number in range(EDITS):
            await window.do(number)
            if window.luck.random() < 0.3:
                await asyncio.sleep(0)

    await asyncio.gather(*map(all_of, windows))
    for window in windows:
        await window.come_back()
    stored = Flow.model_validate_json((await Flows(database).get(opened.flow.id)).document)
    fresh = Drawing(CATALOG)
    drawn = {**fresh.steps(stored, ()), **fresh.wires(stored)}
    for window in windows:
        assert window.flow == stored == opened.flow
        assert window.canvas == drawn
        assert window.made > EDITS / 3
    # What a studio that is started anew finds is the same, with all that can be undone.
    again = await Shelf(database, CATALOG).open(stored.id)
    assert (again.flow, again.undoes, again.redoes) == (stored, opened.undoes, opened.redoes)
    while await again.undo():
        pass
    assert again.flow.steps == {}
    await database.close()


async def test_what_was_done_while_cut_off_is_made_to_the_flow_as_it_is_when_it_arrives(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    shelf = Shelf(database, CATALOG)
    opened = await shelf.open((await shelf.new("Shared")).id)
    here, there = (Window(opened, name, Random(1)) for name in ("a", "b"))
    await opened.edit(Add(id="one", step=COMPOSE, at=(0, 0)), by="a")
    there.is_cut_off = True
    await opened.edit(Set(path="one", settings={"text": "from here"}), by="a")
    there.waiting = [
        (Configure(path="one", title="From there"), "b-1"),
        (Add(id="two", step=COMPOSE, at=(9, 9)), "b-2"),
    ]
    assert there.flow != here.flow == opened.flow
    await there.come_back()
    assert there.flow == here.flow
    assert there.flow.steps["one"] == Step(kind="data.compose", title="From there", settings={"text": "from here"})
    assert list(there.flow.steps) == ["one", "two"]
    await database.close()


def test_windows_hear_of_each_other_and_the_lowest_free_number_is_given_again() -> None:
    presence, heard = Presence(), []
    for name in ("a", "b", "c"):
        presence.come(name, lambda name=name: heard.append(name))  # type: ignore[misc]  # bound at once
    assert [each.number for each in presence.others("c")] == [1, 2]
    heard.clear()
    presence.select("a", ["one"])
    presence.select("a", ["one"])
    assert heard == ["b", "c"]
    presence.go("a")
    assert presence.others("b") == [Here("c", 3)]
    presence.come("d", lambda: None)
    assert presence.number("d") == 1
    presence.point("c", (1.0, 2.0))
    assert [each.pointer for each in presence.others("d")] == [None, (1.0, 2.0)]
