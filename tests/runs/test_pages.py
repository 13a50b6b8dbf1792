"""The browser of a run behind its gate, in real Chromium."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.browser.browsers import Browsers
from app.engine.events import Kept, Logged
from app.engine.gate import Grant
from app.engine.reuse import SEALED_FOR
from flows.model import Body, Step, Wire
from nodes import Context, Json, NodeError, Touches
from tests.runs.conftest import Parts
from tests.runs.playing import Played, Wish, play
from tests.runs.test_web import Server, answer, here, sent_on

OWN = Grant(own=True)


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


def page_of(content: str) -> bytes:
    return answer(content.encode(), "200 OK", "Content-Type: text/html")


def visit(url: str, within: float = 10) -> Wish:
    async def wish(ctx: Context) -> Json:
        from playwright.async_api import Error

        page = await ctx.page()
        try:
            await page.goto(url, timeout=within * 1000)
        except Error as error:
            raise NodeError(error.message.splitlines()[0]) from None
        return str(await page.inner_text("body"))

    return wish


async def browse(parts: Parts, grant: Grant, url: str, *, answer: str = "Refuse", **more: Any) -> Played:
    return await play(parts.world(grant, **more), visit(url), kind="test.browse", settings={"url": url}, answer=answer)


def pages(server: Server) -> list[str]:
    return [head.split(" ")[1] for head in server.heard if "favicon" not in head]


async def test_a_flow_made_here_goes_where_it_says(parts: Parts, server: Server) -> None:
    played = await browse(parts, OWN, f"http://127.0.0.1:{server.port}/")
    assert (played.result, played.questions) == ("hello", [])
    assert played.touched == [f"host: 127.0.0.1:{server.port}"]


async def test_the_shop_has_a_name_of_its_own(parts: Parts) -> None:
    world = parts.world(Grant(Touches(hosts=("practice",))))
    url = f"{await world.practice()}/mugs"
    played = await play(world, visit(url), kind="test.browse", settings={"url": url})
    assert "Moon mug" in str(played.result)
    assert (played.questions, played.touched) == ([], ["host: practice"])


@pytest.mark.parametrize("grant", [OWN, Grant(Touches(hosts=("127.0.0.1", "localhost")))])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_weft_itself_is_never_opened(parts: Parts, server: Server, grant: Grant, host: str) -> None:
    parts.browsers = Browsers("test", never=[server.port])
    played = await browse(parts, grant, f"http://{host}:{server.port}/", answer="Allow", own_port=server.port)
    assert played.end.status == "failed"
    assert server.heard == []


async def test_an_arrived_flow_asks_before_it_opens_another_site(parts: Parts, server: Server) -> None:
    played = await browse(parts, Grant(), f"http://127.0.0.1:{server.port}/")
    assert played.questions == [f"May “It” contact 127.0.0.1:{server.port}?"]
    assert server.heard == []


async def test_what_is_allowed_is_opened_and_remembered(parts: Parts, server: Server) -> None:
    played = await browse(parts, Grant(), f"http://127.0.0.1:{server.port}/", answer="Allow")
    assert played.result == "hello"
    assert (len(played.questions), parts.remembered) == (1, [here(server)])


async def test_thinking_about_the_answer_takes_nothing_from_the_steps_time(parts: Parts, server: Server) -> None:
    url = f"http://127.0.0.1:{server.port}/"
    wish, settings = visit(url, within=1.5), {"url": url}
    world = parts.world(Grant())
    played = await play(world, wish, kind="test.browse", settings=settings, answer="Allow", answer_after=2)
    assert played.result == "hello"


async def test_a_page_that_sends_the_browser_elsewhere_is_held_up(parts: Parts, server: Server, other: Server) -> None:
    server.says(sent_on(f"http://127.0.0.1:{other.port}/"))
    played = await browse(parts, Grant(here(server)), f"http://127.0.0.1:{server.port}/")
    assert played.questions == [f"May “It” contact 127.0.0.1:{other.port}?"]
    assert (played.end.status, other.heard) == ("failed", [])


async def test_a_part_of_a_page_from_the_own_network_is_left_out_without_a_question(
    parts: Parts, server: Server, other: Server
) -> None:
    server.says(page_of(f'<p>text<img src="http://127.0.0.1:{other.port}/pixel">'))
    played = await browse(parts, Grant(here(server)), f"http://127.0.0.1:{server.port}/")
    assert (played.result, played.questions, other.heard) == ("text", [], [])
    assert [each.text for each in played.events if isinstance(each, Logged)] == [
        "The page wanted to contact 127.0.0.1, which this flow may not."
    ]


async def test_a_frame_with_another_site_is_asked_about(parts: Parts, server: Server, other: Server) -> None:
    server.says(page_of(f'<p>text<iframe src="http://127.0.0.1:{other.port}/"></iframe>'))
    played = await browse(parts, Grant(here(server)), f"http://127.0.0.1:{server.port}/")
    assert played.questions == [f"May “It” contact 127.0.0.1:{other.port}?"]
    assert other.heard == []


async def test_a_dialog_is_closed_and_noted_on_the_step(parts: Parts, server: Server) -> None:
    server.says(page_of("<p>text<script>alert('Buy now')</script>"))
    played = await browse(parts, OWN, f"http://127.0.0.1:{server.port}/")
    assert played.result == "text"
    assert "Buy now" in next(each.text for each in played.events if isinstance(each, Logged))


def sign_in(shop: str) -> Wish:
    async def wish(ctx: Context) -> Json:
        page = await ctx.page()
        await page.goto(f"{shop}/login")
        await page.get_by_label("Name").fill("ada")
        await page.get_by_label("Password").fill("practice")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_text("Hello, Ada").wait_for()
        return page.url

    return wish


async def where(ctx: Context) -> Json:
    page = await ctx.page()
    return f"{page.url} {await page.inner_text('body')}"


async def test_a_resumed_run_finds_its_page_signed_in_and_another_run_cannot_open_it(parts: Parts) -> None:
    await parts.secrets.use_passphrase("correct horse battery")
    first = parts.world(OWN, run_id="one")
    played = await play(first, sign_in(await first.practice()), kind="test.browse")
    await first.close()
    sealed = next(each.sealed for each in played.events if isinstance(each, Kept))
    assert "ada" not in sealed
    again = await play(parts.world(OWN, run_id="one", sessions=sealed), where, kind="test.browse")
    assert str(again.result).startswith(str(played.result))
    assert "Hello, Ada" in str(again.result)
    stranger = await play(parts.world(OWN, run_id="two", sessions=sealed), where, kind="test.browse")
    assert stranger.result == "about:blank "
    went_on = parts.world(OWN, run_id="two", sessions=f"one{SEALED_FOR}{sealed}")
    assert "Hello, Ada" in str((await play(went_on, where, kind="test.browse")).result), "It goes on from that run."


async def test_without_a_place_for_keys_no_session_is_kept(parts: Parts) -> None:
    await parts.secrets.use_session()
    world = parts.world(OWN)
    played = await play(world, sign_in(await world.practice()), kind="test.browse")
    assert not any(isinstance(each, Kept) for each in played.events)


async def test_closing_is_quick_while_a_page_loads(parts: Parts) -> None:
    world = parts.world(OWN)
    shop = await world.practice()
    playing = asyncio.create_task(play(world, visit(f"{shop}/slow?seconds=30"), kind="test.browse"))
    await asyncio.sleep(2)
    began = asyncio.get_running_loop().time()
    playing.cancel()
    await asyncio.wait([playing])
    await world.close()
    assert asyncio.get_running_loop().time() - began < 5


async def test_rounds_at_the_same_time_have_a_page_each_signed_in_like_the_run(parts: Parts) -> None:
    world = parts.world(OWN)
    shop = await world.practice()
    both_there = asyncio.Barrier(2)

    async def wish(ctx: Context) -> Json:
        if ctx.step == "first":
            await sign_in(shop)(ctx)
            return [1, 2]
        page = await ctx.page()
        await page.goto(f"{shop}/account?round={ctx.step}")
        await both_there.wait()
        return [page.url.partition("round=")[2], "Hello, Ada" in await page.inner_text("body")]

    body = Body(steps={"look": Step(kind="test.browse")})
    played = await play(
        world,
        wish,
        steps={
            "first": Step(kind="test.browse"),
            "each": Step(kind="control.for_each", settings={"at_once": 2}, body=body),
        },
        wires=(Wire(source="first", source_port="value", target="each", target_port="items"),),
    )
    assert played.end.result == {
        "results": [{"value": ["each/0/look", True]}, {"value": ["each/1/look", True]}],
        "failed": [],
    }
