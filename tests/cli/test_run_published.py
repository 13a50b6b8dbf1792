"""`weft run --published`: what runs is the published version, whatever the draft has become."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.desk.history import History
from app.studio import open_studio
from flows.edits import Replace, Set
from flows.text import read_flow
from tests.cli.flows import HELLO, put
from tests.cli.weft import weft


async def prepared(home: Path, *, publish: bool) -> None:
    """A flow made here whose draft says something else than the version that was published."""
    studio = await open_studio(home)
    flow = read_flow(HELLO.encode()).flow
    opened = await studio.shelf.open((await studio.shelf.new("Greeting")).id)
    await opened.edit(Replace(flow=flow.model_copy(update={"name": "Greeting"})))
    if publish:
        history = History(studio.database, studio.catalog)
        await history.keep(opened.flow, "Polite")
        await history.publish(opened.flow.id, (await history.entries(opened.flow.id))[0])
    await opened.edit(Set(path=next(iter(opened.flow.steps)), settings={"text": "Oi!"}))
    await studio.close()


def test_the_published_version_runs_and_the_draft_does_not(tmp_path: Path) -> None:
    asyncio.run(prepared(tmp_path, publish=True))
    assert weft(tmp_path, "run", "Greeting", "-i", "who=Ada").out == "Oi!\n"
    told = weft(tmp_path, "run", "Greeting", "-i", "who=Ada", "--published")
    assert (told.status, told.out) == (0, "Hello, Ada!\n")


def test_without_a_published_version_nothing_runs_and_the_way_to_one_is_said(tmp_path: Path) -> None:
    asyncio.run(prepared(tmp_path, publish=False))
    told = weft(tmp_path, "run", "Greeting", "-i", "who=Ada", "--published")
    assert (told.status, told.err.splitlines()) == (
        2,
        ["“Greeting” has no published version.", "Publish one on its History page."],
    )
    file = weft(tmp_path, "run", put(tmp_path, "hello", HELLO), "--published")
    assert (file.status, file.err.splitlines()[0]) == (2, "A flow in a file has no published version.")
