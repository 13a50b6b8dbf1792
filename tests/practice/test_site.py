"""The practice shop over HTTP: what it shows, what it remembers, whom it answers."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from app.practice import PracticeSite

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    site = PracticeSite()
    yield await site.start()
    await site.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def shop(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, follow_redirects=True, trust_env=False) as client:
        yield client


async def test_starting_twice_gives_the_same_shop_and_stopping_twice_is_fine() -> None:
    site = PracticeSite()
    first, second = await asyncio.gather(site.start(), site.start())
    assert first == second
    assert first.startswith("http://127.0.0.1:")
    await site.stop()
    await site.stop()
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(first)
        assert (await client.get(await site.start())).status_code == 200
    await site.stop()


async def test_the_shop_never_holds_up_the_loop_it_lives_in(shop: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(shop.get("/slow?seconds=0.5"))
    began = time.monotonic()
    assert (await shop.get("/mugs")).status_code == 200
    assert time.monotonic() - began < 0.4
    assert "0.5 s" in (await waiting).text


async def test_closing_does_not_wait_for_a_slow_page() -> None:
    site = PracticeSite()
    async with httpx.AsyncClient(base_url=await site.start(), trust_env=False) as client:
        waiting = asyncio.create_task(client.get("/slow?seconds=30"))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await site.stop()
        assert time.monotonic() - began < 2
        assert (await waiting).status_code == 503


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}"])
async def test_another_host_name_reaches_nothing(shop: httpx.AsyncClient, host: str) -> None:
    answer = await shop.get("/mugs", headers={"host": host.format(port=shop.base_url.port)})
    assert (answer.status_code, answer.text) == (421, "This address does not serve that host.\n")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/", 200, "Mugs, cups and teapots"),
        ("/mugs", 200, '<table aria-label="Mugs">'),
        ("/mugs/moon-mug", 200, '<h1 id="name">Moon mug</h1>'),
        ("/mugs/rain-cup", 200, "<button disabled>Sold out</button>"),
        ("/mugs/none", 404, "This page is not here"),
        ("/cart", 200, "The cart is empty."),
        ("/search", 200, "What are you looking for?"),
        ("/search?q=white+teapot", 200, "1 found for"),
        ("/search?q=<script>", 200, "Nothing found for “&lt;script&gt;”"),
        ("/login", 200, '<label for="password">Password</label>'),
        ("/account", 200, "<h1>Sign in</h1>"),
        ("/orders?page=2", 200, "Page 2 of 3"),
        ("/orders?page=99", 200, "Page 3 of 3"),
        ("/orders?page=x", 200, "Page 1 of 3"),
        ("/slow?seconds=0", 200, "This page took its time: 0 s."),
        ("/slow?seconds=-5", 200, "This page took its time: 0 s."),
        ("/changing", 200, "Offers of this minute"),
        ("/missing", 404, "This page is not here"),
        ("/static/../shop.py", 404, "This page is not here"),
        ("/mugs/moon-mug/cart", 405, "status 405"),
    ],
)
async def test_every_page_says_what_it_is(shop: httpx.AsyncClient, path: str, status: int, said: str) -> None:
    answer = await shop.get(path)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_the_shelf_is_the_same_as_json(shop: httpx.AsyncClient) -> None:
    wares = (await shop.get("/api/mugs.json")).json()
    assert len(wares) == 12
    assert wares[0] == {
        "slug": "moon-mug",
        "name": "Moon mug",
        "sort": "mug",
        "price": 24.5,
        "stock": 7,
        "colour": "white",
        "about": "Thrown thin, with a grey moon at the bottom.",
    }
    assert [ware["name"] for ware in wares if ware["price"] > 20] == [
        "Moon mug",
        "Night mug",
        "Winter teapot",
        "Garden teapot",
        "Copper jug",
        "Cloud jug",
    ]


async def test_the_echo_gives_back_what_it_was_told(shop: httpx.AsyncClient) -> None:
    answer = (await shop.post("/api/echo?a=1", json={"mug": "ü"}, headers={"x-note": "n"})).json()
    assert (answer["query"], answer["json"], answer["headers"]["x-note"]) == ({"a": "1"}, {"mug": "ü"}, "n")
    plain = (await shop.post("/api/echo", content=b"no json")).json()
    assert (plain["text"], plain["json"]) == ("no json", None)
    assert (await shop.post("/api/echo", content=b"x" * 1_000_001)).status_code == 413


async def test_a_visit_never_looks_like_the_one_before(shop: httpx.AsyncClient) -> None:
    assert (await shop.get("/changing")).text != (await shop.get("/changing")).text


async def test_the_stock_bounds_what_fits_in_the_cart(shop: httpx.AsyncClient) -> None:
    said = [(await shop.post("/mugs/night-mug/cart")).text for _ in range(3)]
    assert "Night mug is in your cart." in said[1]
    assert "There is no more Night mug in stock." in said[2]
    assert "Cart (2)" in said[2]
    assert "64.00" in (await shop.get("/cart")).text
    assert "The cart is empty." in (await shop.post("/cart/empty")).text


async def test_the_account_opens_with_the_right_words_only(shop: httpx.AsyncClient) -> None:
    wrong = await shop.post("/login", data={"name": "ada", "password": "<wrong>"})
    assert wrong.status_code == 401
    assert "That name and password do not belong together." in wrong.text
    right = await shop.post("/login", data={"name": "ada", "password": "practice"})
    assert "Hello, Ada" in right.text
    assert "Hello, Ada" in (await shop.get("/account")).text
    await shop.post("/logout")
    assert "Hello, Ada" not in (await shop.get("/account")).text
