"""What is asked before a piece becomes part of a flow, and what is said of references that lead nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.desk.pasting import Pasting, missing_words
from app.desk.shelf import Shelf
from app.store.database import Database
from flows.edits import Paste
from flows.model import Flow, Input, Step
from flows.text import read_piece
from nodes.catalog import built_in

REACHING = 'steps:\n  fetch:\n    kind: web.get\n    settings: {url: "https://a.example/x"}\n'
PURE = 'steps:\n  say:\n    kind: data.compose\n    settings: {text: "Hi"}\n'
STRANGE = "steps:\n  say:\n    kind: somebody.else\n"


@pytest_asyncio.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    database = Database(tmp_path / "weft.db")
    await database.open()
    yield Shelf(database, built_in())
    await database.close()


@pytest.mark.parametrize(
    ("text", "asked"), [(REACHING, True), (PURE, False), (STRANGE, True)], ids=["reaching", "pure", "strange"]
)
async def test_a_piece_from_elsewhere_is_looked_at_where_it_could_reach_anything(
    shelf: Shelf, text: str, asked: bool
) -> None:
    opened = await shelf.open((await shelf.new()).id)
    review = await Pasting(shelf).to_review(read_piece(text).flow, text, opened)
    assert (review is not None) == asked


async def test_what_was_copied_here_is_known_until_a_letter_of_it_is_changed(shelf: Shelf) -> None:
    opened, pasting = await shelf.open((await shelf.new()).id), Pasting(shelf)
    pasting.clippings.copied(REACHING, "other", "made")
    assert await pasting.to_review(read_piece(REACHING).flow, REACHING, opened) is None
    changed = REACHING.replace("a.example", "b.example")
    assert await pasting.to_review(read_piece(changed).flow, changed, opened) is not None


async def test_a_piece_of_a_flow_from_elsewhere_is_at_home_there_only(shelf: Shelf) -> None:
    opened, pasting = await shelf.open((await shelf.new()).id), Pasting(shelf)
    pasting.clippings.copied(REACHING, "arrived-one", "arrived")
    assert await pasting.to_review(read_piece(REACHING).flow, REACHING, opened) is not None
    assert pasting.clippings.is_ours(REACHING, "arrived-one")


async def test_a_flow_with_a_piece_from_elsewhere_is_held_to_what_is_named_in_it(shelf: Shelf) -> None:
    opened = await shelf.open((await shelf.new()).id)
    await Pasting(shelf).hold(opened)
    await opened.edit(Paste(steps=read_piece(REACHING).flow.steps, layout={"fetch": (0, 0)}))
    grant = await shelf.grant(opened.flow)
    assert (grant.own, grant.touches.hosts) == (False, ("a.example",))
    assert await shelf.to_review(opened.flow.id) is None


def test_references_that_lead_nowhere_are_told() -> None:
    edit = Paste(
        steps={"say": Step(kind="data.compose", settings={"text": "{{ shop.name }} {{ inputs.city }} {{ now }}"})}
    )
    assert missing_words(edit, Flow(id="f", name="F"), built_in()) == (
        "What you pasted refers to `shop` and the input `city`, which are not there. "
        "Choose other values in its settings."
    )
    there = Flow(id="f", name="F", steps={"shop": Step(kind="web.get")}, inputs={"city": Input()})
    assert missing_words(edit, there, built_in()) == ""
