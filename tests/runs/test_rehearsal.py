"""A rehearsal behind the real gate: steps that lie about what they do reach no server, no file, no model."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.engine.gate import Grant
from app.runs.reading.rehearsal import Would, report, report_of
from app.studio import open_studio
from flows.model import Retry, Step, Wire, walk
from nodes import Context, Effect, Json, NodeError
from tests.engine.steps import lines
from tests.engine.story import flow, step
from tests.runs.conftest import Parts
from tests.runs.playing import Played, Wish, play
from tests.runs.studio import RunStudio
from tests.runs.test_pages import page_of, visit
from tests.runs.test_web import Server, answer

OWN = Grant(own=True)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await made.listen()
    yield made
    listening.close()


async def rehearse(parts: Parts, wish: Wish | None = None, **more: Any) -> Played:
    world = parts.world(OWN)
    world.rehearse()
    return await play(world, wish, rehearsing=True, answer="Allow", **more)


def writing(server: Server) -> list[str]:
    """What was sent that is no reading."""
    return [head.split("\r\n")[0] for head in server.heard if not head.startswith(("GET ", "HEAD ", "OPTIONS "))]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "BREW"])
async def test_a_step_that_says_it_only_reads_sends_nothing_that_writes(
    parts: Parts, server: Server, method: str
) -> None:
    url = f"http://127.0.0.1:{server.port}/orders?key=1"

    async def lies(ctx: Context) -> Json:
        await ctx.http.request(method, url, content=b"two mugs")
        return "sent"

    played = await rehearse(parts, lies)
    assert server.heard == []
    where = f"http://127.0.0.1:{server.port}/orders"
    assert report_of(played.events) == [
        Would(
            "it",
            "write",
            f"Would have sent {method.upper()} to {where}.",
            {"method": method.upper(), "url": url, "body": "two mugs"},
        )
    ]
    assert (played.end.status, played.end.result) == ("done", {"value": "made up"})


async def test_a_step_cannot_hide_what_it_wanted_by_going_on_all_the_same(parts: Parts, server: Server) -> None:
    async def hides(ctx: Context) -> Json:
        try:
            await ctx.http.post(f"http://127.0.0.1:{server.port}/")
        except NodeError:
            return "nothing happened"
        return "sent"

    played = await rehearse(parts, hides)
    assert (server.heard, [each.effect for each in report_of(played.events)]) == ([], ["write"])


async def test_a_redirect_does_not_turn_into_something_that_writes(parts: Parts, server: Server) -> None:
    server.says(answer(b"", "307 Temporary Redirect", "Location: /other"), answer(b"here"))

    async def reads(ctx: Context) -> Json:
        return (await ctx.http.get(f"http://127.0.0.1:{server.port}/")).text

    played = await rehearse(parts, reads)
    assert (played.result, len(server.heard), writing(server)) == ("here", 2, [])


async def test_no_file_is_written_and_the_report_has_its_text(parts: Parts) -> None:
    async def lies(ctx: Context) -> Json:
        await ctx.write("out.txt", b"a line", append=True)
        return "written"

    played = await rehearse(parts, lies)
    assert not (parts.folder / "files" / "out.txt").exists()
    given: dict[str, Json] = {"path": "out.txt", "text": "a line", "bytes": 6, "append": True}
    assert report_of(played.events) == [Would("it", "write", "Would have written the file out.txt.", given)]


async def test_no_model_is_asked(parts: Parts) -> None:
    async def lies(ctx: Context) -> Json:
        return (await (await ctx.model("", "big")).ask("?")).text

    played = await rehearse(parts, lies)
    assert [(each.effect, each.payload) for each in report_of(played.events)] == [("spend", {"model": "big"})]


async def test_no_code_is_run(parts: Parts) -> None:
    played = await rehearse(parts, kind="test.compute", settings={"code": "return 1"})
    assert [each.sentence for each in report_of(played.events)] == ["Would have run its code."]


async def test_what_is_held_back_is_not_tried_again(parts: Parts, server: Server) -> None:
    async def lies(ctx: Context) -> Json:
        await ctx.http.post(f"http://127.0.0.1:{server.port}/")
        return None

    steps = {"it": Step(kind="test.try", title="It", retry=Retry(times=5, wait=0))}
    played = await rehearse(parts, lies, steps=steps)
    assert len(report_of(played.events)) == 1


SENDS = """<body>page<script>
const at = (path) => `/${path}`;
window.sent = [];
(async () => {
  navigator.sendBeacon(at("beacon"), "a");
  try { await fetch(at("fetch"), {method: "POST", body: "b"}); } catch (error) { sent.push("fetch"); }
  try { await fetch(at("alive"), {method: "PUT", body: "c", keepalive: true}); } catch (error) { sent.push("alive"); }
  const old = new XMLHttpRequest();
  old.onerror = () => sent.push("xhr");
  old.open("DELETE", at("xhr")); old.send();
  try {
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.onopen = () => socket.send("hello");
  } catch (error) { sent.push("socket"); }
  try { await navigator.serviceWorker.register(at("worker.js")); } catch (error) { sent.push("worker"); }
  const worker = new Worker(URL.createObjectURL(new Blob(
    [`fetch("${location.origin}/from-worker", {method: "POST", body: "d"})
      .then(() => postMessage("sent"), () => postMessage("held"))`])));
  worker.onmessage = (said) => {
    sent.push(`worker ${said.data}`);
    document.body.append(document.createElement("hr"));
  };
  addEventListener("pagehide", () => navigator.sendBeacon(at("at-the-end"), "e"));
  addEventListener("unload", () => fetch(at("at-the-end-2"), {method: "POST", keepalive: true, body: "f"}));
  document.body.insertAdjacentHTML("beforeend", `<form method="post" action="/form"><button>Go</button></form>`);
})();
</script></body>"""


async def test_a_page_sends_nothing_whatever_it_tries(parts: Parts, server: Server) -> None:
    server.says(page_of(SENDS))

    async def browses(ctx: Context) -> Json:
        from playwright.async_api import Error

        page = await ctx.page()
        await page.goto(f"http://127.0.0.1:{server.port}/")
        await page.locator("hr").wait_for(state="attached", timeout=20_000)
        await page.locator("form").wait_for(state="attached", timeout=20_000)
        sent: Json = await page.evaluate("sent")
        try:
            # The step is no better than its page: it clicks although it has only declared to read.
            await page.locator("button").click(timeout=5000)
        except Error:
            ctx.log("The click was held.")
        return sent

    played = await rehearse(parts, browses, kind="test.browse")
    await parts.worlds[-1].close()
    await asyncio.sleep(0.3)
    assert writing(server) == []
    assert [head for head in server.heard if "/socket" in head] == []
    found = {each.sentence.rsplit("/", 1)[-1].removesuffix(".") for each in report_of(played.events)}
    assert {"beacon", "fetch", "alive", "xhr", "form"} <= found
    assert isinstance(played.result, list)
    assert "worker held" in played.result


async def test_what_is_missing_on_a_page_that_could_not_send_is_not_known(parts: Parts, server: Server) -> None:
    server.says(page_of("<body>a<script>fetch('/more', {method: 'POST'}).finally(() => document.title = 'b')</script>"))

    async def browses(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(f"http://127.0.0.1:{server.port}/")
        await page.wait_for_function("document.title === 'b'", timeout=20_000)
        raise NodeError("There are no rows.")

    played = await rehearse(parts, browses, kind="test.browse")
    assert (played.end.status, writing(server)) == ("done", [])
    assert report_of(played.events)[-1].sentence == "Not known: it depends on what its page would have sent."


async def test_what_follows_from_a_step_that_was_held_back_is_not_known(parts: Parts, server: Server) -> None:
    async def hides(ctx: Context) -> Json:
        if ctx.step == "it":
            with contextlib.suppress(NodeError):
                await ctx.http.post(f"http://127.0.0.1:{server.port}/")
            return "nothing happened"
        raise NodeError("It has no number.")

    steps = {"it": Step(kind="test.try", title="It"), "then": Step(kind="test.try", title="Then")}
    played = await rehearse(parts, hides, steps=steps, wires=(Wire(source="it", target="then"),))
    assert played.end.status == "done"
    assert report_of(played.events)[-1].sentence == "Not known: it depends on what “It” would have done."


async def test_what_a_page_reads_is_read(parts: Parts, server: Server) -> None:
    page = page_of(
        "<body>a<script>fetch('/more').then(r => r.text()).then(t => document.body.append(t))</script></body>"
    )
    server.says(page, answer(b" b"))
    played = await rehearse(parts, visit(f"http://127.0.0.1:{server.port}/"), kind="test.browse")
    assert str(played.result).startswith("a")
    assert writing(server) == []


async def test_a_rehearsed_run_is_done_says_so_and_stays_one_after_a_restart(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    made = flow("slow -> w", slow=step("gated", gate="go"), w=step("write", ledger=str(ledger), text="line"))
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(made, {}, rehearse=True)
        await studio.until(run_id, "slow started")
    async with RunStudio(tmp_path) as studio:
        studio.stage.gate("go").set()
        await studio.runs.recover()
        await studio.runs.resume(run_id)
        record = await studio.runs.wait(run_id)
        assert (record.status, record.trigger, lines(ledger)) == ("done", "rehearsal", [])
        assert studio.worlds[-1].rehearsing
        found = await report(studio.database, studio.artifacts, run_id)
        assert [(each.step, each.effect) for each in found] == [("w", "write")]


async def test_every_example_that_writes_or_spends_can_be_rehearsed(tmp_path: Path) -> None:
    studio = await open_studio(tmp_path)
    wrong: dict[str, str] = {}
    try:
        for card in await studio.shelf.cards():
            made = (await studio.shelf.open(card.id)).flow
            effects = {studio.catalog.kinds[each.kind].spec.effect for _, each in walk(made)}
            if not effects & {Effect.WRITE, Effect.SPEND}:
                continue
            record = await studio.runs.wait(await studio.runs.start(made, {}, rehearse=True))
            if record.status != "done":
                wrong[made.name] = f"{record.status}: {record.message}"
    finally:
        await studio.close()
    written = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert (wrong, written) == ({}, [])
