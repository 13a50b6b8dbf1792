"""The example that joins the halves: a table in the browser, a model for each mug, a report on the disk."""

import asyncio
from collections import Counter
from pathlib import Path

from app.engine.events import Finished
from app.runs.reading.journal import events_of
from app.studio import open_studio
from tests.model_server import ModelServer

REPORT = """\
# Morning prices

2 of 12 cost 40 or more.

- **Winter teapot**, 58.00: A line about it.
- **Garden teapot**, 49.00: A line about it.
"""


async def test_without_a_model_it_stops_there_and_goes_on_once_there_is_one(tmp_path: Path) -> None:
    studio = await open_studio(tmp_path)
    try:
        flow = (await studio.shelf.find("Morning prices")).flow
        run = await studio.runs.start(flow, {"at_least": 40})
        stopped = await studio.runs.wait(run)
        assert stopped.status == "failed"
        # Both items are under way at once, and either may fail first.
        assert stopped.message in {
            f"“For each mug” failed: Item {number} of 2: “One line about it”: "
            "This step asks a language model, but no model is connected yet."
            for number in (1, 2)
        }
        with ModelServer() as models:
            models.script("A line about it.", "A line about it.")
            await studio.connections.add(
                name="Local", provider="compatible", base_url=models.openai, default_model="practice-1"
            )
            await studio.runs.resume(run)
            ended = await studio.runs.wait(run)
        assert (ended.status, ended.message or "") == ("done", "")
        report = tmp_path / "files" / "morning-prices.md"
        assert await asyncio.to_thread(report.read_text, "utf-8") == REPORT
        events, _ = await events_of(studio.database, studio.artifacts, run)
        assert Counter(each.step for each in events if isinstance(each, Finished)) == dict.fromkeys(
            ("open", "shelf", "dear", "each/0/line", "each/1/line", "each", "report", "save"), 1
        )
    finally:
        await studio.close()
