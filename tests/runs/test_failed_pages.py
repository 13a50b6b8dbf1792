"""When a step fails in the browser: the reason that only the gate knows, and a picture of the page it failed on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.browser.browsers import Browsers
from app.engine.events import Failed, Logged, Pictured, Retried
from app.engine.gate import Grant
from app.runs.reading.details import Details
from app.runs.reading.picture import Picture
from flows.model import Retry, Step
from nodes import Context, Json, NodeError
from tests.runs.conftest import Parts
from tests.runs.playing import Played, Wish, play
from tests.runs.test_pages import page_of
from tests.runs.test_web import Server, here, sent_on

OWN = Grant(own=True)
FORM = "<title>Sign in</title><input name={name}><p>text"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await made.listen()
    yield made
    listening.close()


@pytest.fixture
async def other() -> AsyncIterator[Server]:
    made = Server()
    listening = await made.listen()
    yield made
    listening.close()


@pytest.fixture(autouse=True)
def _the_browser_is_as_slow_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a connection is for is told late on a computer with much to do."""
    monkeypatch.setattr("app.runs.world.pages.SEEN_WITHIN", 5.0)


def url_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/"


def fails_on(url: str, script: str = "") -> Wish:
    """Opens a page, and fails there."""

    async def wish(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(url)
        if script:
            await page.evaluate(script)
        raise NodeError("Nothing matched.", hint="Look.")

    return wish


def opens(url: str) -> Wish:
    """Opens a page, and says in its own words that it could not."""

    async def wish(ctx: Context) -> Json:
        from playwright.async_api import Error

        page = await ctx.page()
        try:
            await page.goto(url, timeout=5000)
        except Error as error:
            raise NodeError("The site sent nothing back.") from error
        return None

    return wish


def pictures(played: Played) -> list[Pictured]:
    return [each for each in played.events if isinstance(each, Pictured)]


async def test_the_page_is_pictured_with_its_title_and_address(parts: Parts, server: Server) -> None:
    server.says(page_of(FORM))
    played = await play(parts.world(OWN), fails_on(url_of(server)), kind="test.browse")
    assert played.failure == "Nothing matched."
    after = played.events[next(at for at, each in enumerate(played.events) if isinstance(each, Failed)) + 1 :]
    line, picture, _ = after
    assert isinstance(line, Logged)
    assert isinstance(picture, Pictured)
    assert line.text == f"The page when it failed: “Sign in” ({url_of(server)})"
    assert (picture.name, picture.media_type) == ("page-when-it-failed.jpg", "image/jpeg")
    assert (picture.step, picture.title, picture.url) == ("it", "Sign in", url_of(server))
    jpeg = parts.artifacts.read(picture.sha256)
    assert (len(jpeg), jpeg[:3]) == (picture.size, b"\xff\xd8\xff")


async def test_whoever_watches_the_step_is_told_of_the_picture_and_a_new_try_takes_it_away(
    parts: Parts, server: Server
) -> None:
    played = await play(parts.world(OWN), fails_on(url_of(server)), kind="test.browse")
    (pictured,) = pictures(played)
    picture, details = Picture(), Details("it")
    picture.take_all(played.events[: played.events.index(pictured)])
    assert picture.take(pictured) == ("it",)
    assert picture.lights["it"].picture.startswith(f"{pictured.sha256}/")
    for each in played.events:
        details.take(each)
    assert details.page == pictured
    details.take(played.events[0])
    assert details.page is None


async def test_no_secret_can_be_read_in_the_picture(parts: Parts, server: Server) -> None:
    async def seen(name: str, typed: str) -> str:
        server.says(page_of(FORM.format(name=name)))
        script = f"() => {{ document.querySelector('input').value = '{typed}' }}"
        (picture,) = pictures(await play(parts.world(OWN), fails_on(url_of(server), script), kind="test.browse"))
        return picture.sha256

    assert await seen("password", "first") == await seen("password", "other")
    assert await seen("city", "first") != await seen("city", "other")


async def test_only_the_last_of_several_tries_is_pictured(parts: Parts, server: Server) -> None:
    server.says(page_of(FORM), page_of(FORM))
    it = Step(kind="test.browse", title="It", retry=Retry(times=1, wait=0))
    played = await play(parts.world(OWN), fails_on(url_of(server)), steps={"it": it})
    kinds = [type(each) for each in played.events if isinstance(each, Failed | Pictured | Retried)]
    assert kinds == [Retried, Failed, Pictured]


async def test_a_fault_of_the_node_is_pictured_too(parts: Parts, server: Server) -> None:
    async def wish(ctx: Context) -> Json:
        await (await ctx.page()).goto(url_of(server))
        return int(1 / 0)

    played = await play(parts.world(OWN), wish, kind="test.browse")
    assert played.failure.startswith("The node `test.browse` has a fault: ZeroDivisionError")
    assert len(pictures(played)) == 1


async def test_where_there_is_nothing_to_see_there_is_no_picture(parts: Parts, server: Server) -> None:
    async def blank(ctx: Context) -> Json:
        await ctx.page()
        raise NodeError("Nothing is open.")

    async def closed(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(url_of(server))
        await page.close()
        raise NodeError("It is gone.")

    async def well(ctx: Context) -> Json:
        await (await ctx.page()).goto(url_of(server))
        return None

    async def none(ctx: Context) -> Json:
        raise NodeError("No browser.")

    world = parts.world(OWN)
    for wish in (none, blank, well, none, closed):
        assert pictures(await play(world, wish, kind="test.browse")) == []


async def test_a_picture_that_cannot_be_kept_changes_nothing(parts: Parts, server: Server) -> None:
    parts.artifacts.root = Path(__file__)
    played = await play(parts.world(OWN), fails_on(url_of(server)), kind="test.browse")
    assert (played.failure, pictures(played)) == ("Nothing matched.", [])


STUCK = "() => { setTimeout(() => { while (true) {} }, 0) }"


async def test_a_page_that_is_stuck_holds_nothing_up(parts: Parts, server: Server) -> None:
    played = await play(parts.world(OWN), fails_on(url_of(server), STUCK), kind="test.browse")
    failed = next(each for each in played.events if isinstance(each, Failed))
    assert (failed.message, pictures(played)) == ("Nothing matched.", [])
    assert played.events[-1].at - failed.at < 5


async def test_stop_does_not_wait_for_the_picture(parts: Parts, server: Server) -> None:
    failing = asyncio.Event()

    async def wish(ctx: Context) -> Json:
        try:
            return await fails_on(url_of(server), STUCK)(ctx)
        finally:
            failing.set()

    playing = asyncio.create_task(play(parts.world(OWN), wish, kind="test.browse"))
    await failing.wait()
    await asyncio.sleep(0.2)
    assert not playing.done()
    began = asyncio.get_running_loop().time()
    playing.cancel()
    assert (await playing).end.status == "stopped"
    assert asyncio.get_running_loop().time() - began < 1


async def test_a_refused_site_is_named_with_the_answer_that_was_given(parts: Parts, server: Server) -> None:
    it = Step(kind="test.browse", title="It", retry=Retry(times=3, wait=0))
    played = await play(parts.world(Grant()), opens(url_of(server)), steps={"it": it})
    assert played.failure == f"You refused this: May “It” contact 127.0.0.1:{server.port}?"
    assert [each for each in played.events if isinstance(each, Retried)] == []


async def test_so_is_one_that_a_page_leads_to(parts: Parts, server: Server, other: Server) -> None:
    refused = f"You refused this: May “It” contact 127.0.0.1:{other.port}?"
    server.says(sent_on(url_of(other)))
    played = await play(parts.world(Grant(here(server))), opens(url_of(server)), kind="test.browse")
    assert played.failure == refused

    async def click(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(url_of(server))
        await page.click("a")
        await page.wait_for_url("chrome-error:**")
        raise NodeError("It was clicked, but “Thanks” did not come.")

    server.says(page_of(f"<a href={url_of(other)}>Buy</a>"))
    played = await play(parts.world(Grant(here(server))), click, kind="test.browse")
    assert (played.failure, other.heard) == (refused, [])


async def test_a_step_keeps_its_own_words_where_another_part_was_refused(
    parts: Parts, server: Server, other: Server
) -> None:
    server.says(page_of(f"<p>text<iframe src={url_of(other)}></iframe>"))
    played = await play(parts.world(Grant(here(server))), fails_on(url_of(server)), kind="test.browse")
    assert (len(played.questions), played.failure) == (1, "Nothing matched.")


async def test_what_the_gate_could_not_reach_is_said_as_it_is(parts: Parts) -> None:
    gone = Server()
    listening = await gone.listen()
    listening.close()
    await listening.wait_closed()
    played = await play(parts.world(Grant(here(gone))), opens(url_of(gone)), kind="test.browse")
    assert played.failure == "127.0.0.1 does not answer."


async def test_wefts_own_window_is_refused_with_that_reason(parts: Parts, server: Server) -> None:
    for grant in (OWN, Grant(here(server))):
        parts.browsers = Browsers("test", never=[server.port])
        world = parts.world(grant, own_port=server.port)
        played = await play(world, opens(url_of(server)), kind="test.browse", answer="Allow")
        assert played.failure == "A flow cannot open Weft's own window."
    assert server.heard == []


async def test_an_error_that_a_node_leaves_to_the_browser_is_a_sentence(parts: Parts, server: Server) -> None:
    async def wish(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(url_of(server))
        await page.click("#buy", timeout=300)
        return None

    played = await play(parts.world(OWN), wish, kind="test.browse")
    assert played.failure == 'After 0.3 s the page still did not have locator("#buy").'
    assert [each.defect for each in played.events if isinstance(each, Failed)] == [False]
