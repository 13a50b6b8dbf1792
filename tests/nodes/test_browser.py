"""Browser nodes, on the practice shop in real Chromium."""

import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import JsonValue as Json

from flows.model import Retry, Step, Wire
from tests.browser.site import site
from tests.nodes.studio import StepFailed, Studio, flow_of, outcome
from tests.runs.test_web import Server, answer

SEARCH = 'get_by_label("What are you looking for?")'


async def failure(studio: Studio, path: str, kind: str, **settings: object) -> StepFailed:
    with pytest.raises(StepFailed) as failed:
        await studio.on(path, (kind, settings))
    assert not failed.value.defect, failed.value.message
    message = failed.value.message.replace(await studio.shop.start(), "SHOP")
    failed.value.message = message.replace(" \u2013 Practice shop", "")
    return failed.value


async def test_a_page_is_opened(studio: Studio) -> None:
    shop = await studio.shop.start()
    assert await studio.on("/mugs") == {"title": "Mugs \u2013 Practice shop", "url": f"{shop}/mugs", "status": 200}


async def test_a_page_that_is_missing_fails_unless_that_is_allowed(studio: Studio) -> None:
    shop = await studio.shop.start()
    with pytest.raises(StepFailed) as failed:
        await studio.on("/nothing")
    assert failed.value.message == f"{shop}/nothing answered with status 404, “Not here \u2013 Practice shop”."
    assert failed.value.hint == "Check the address: there is no such page on this site."
    given = await studio.step("browser.open", {"url": f"{shop}/nothing", "allow_errors": True})
    assert given["status"] == 404


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1/", "port"),
        ("http://nowhere.invalid/", "there is no site of that name"),
        ("http://127.0.0.1:{closed}/", "nothing answers there"),
    ],
)
async def test_an_address_that_cannot_be_opened_says_why(studio: Studio, url: str, why: str) -> None:
    with pytest.raises(StepFailed, match=why) as failed:
        await studio.step("browser.open", {"url": url.replace("{closed}", str(closed_port()))})
    assert not failed.value.defect


async def test_a_slow_page_fails_at_its_wait(studio: Studio) -> None:
    shop = await studio.shop.start()
    with pytest.raises(StepFailed, match=r"slow\?seconds=5 took longer than 1 s"):
        await studio.step("browser.open", {"url": f"{shop}/slow?seconds=5", "wait": 1})


async def test_a_page_may_be_waited_for_until_something_is_on_it(studio: Studio) -> None:
    shop = await studio.shop.start()
    late = 'get_by_role("button", name="Show the offer")'
    played = await studio.chain(
        ("browser.open", {"url": f"{shop}/changing", "expect": late}),
        ("browser.read_text", {"target": late, "wait": 0}),
    )
    assert outcome(played, "s2")["text"] == "Show the offer"


async def test_a_click_says_what_was_clicked_and_is_checked(studio: Studio) -> None:
    shop = await studio.shop.start()
    assert await studio.on(
        "/mugs/moss-mug",
        (
            "browser.click",
            {"target": 'get_by_role("button", name="Add to cart")', "expect": 'get_by_text("is in your cart")'},
        ),
    ) == {"clicked": 'button "Add to cart"', "url": f"{shop}/mugs/moss-mug"}


async def test_a_click_on_something_missing_names_the_closest(studio: Studio) -> None:
    failed = await failure(studio, "/login", "browser.click", target='get_by_role("button", name="Log in")', wait=0.3)
    assert failed.message == (
        'Nothing on “Sign in” (SHOP/login) matched `get_by_role("button", name="Log in")` within 0.3 s.'
    )
    assert failed.hint.startswith('The closest there: get_by_role("button", name="Sign in")')


async def test_a_click_among_twins_fails_and_tells_them_apart(studio: Studio) -> None:
    failed = await failure(studio, "/", "browser.click", target='get_by_role("listitem").get_by_role("link")', wait=0)
    assert failed.message == (
        '4 elements on “Welcome” (SHOP/) match `get_by_role("listitem").get_by_role("link")`: '
        "1. “Moon mug” in “Moon mug 24.50”; 2. “Harbour mug” in “Harbour mug 18.00”; "
        "3. “Moss mug” in “Moss mug 16.50”; 4. “Brick mug” in “Brick mug 12.00”."
    )


async def test_a_click_that_changes_nothing_fails_its_check(studio: Studio) -> None:
    failed = await failure(
        studio,
        "/login",
        "browser.click",
        target='get_by_role("heading", name="Sign in")',
        expect='get_by_role("heading", name="Hello, Ada")',
        wait=0.5,
    )
    assert failed.message == (
        'heading "Sign in" was clicked, but `get_by_role("heading", name="Hello, Ada")` was not on '
        "“Sign in” (SHOP/login) within 0.5 s."
    )


@pytest.mark.parametrize(
    ("target", "expect", "tries"),
    [
        ('get_by_role("button", name="Log in")', "", 3),
        ('get_by_role("heading", name="Sign in")', 'get_by_role("heading", name="Hello, Ada")', 1),
    ],
    ids=["nothing was clicked", "it was clicked"],
)
async def test_r05_a_click_is_tried_again_only_where_nothing_was_clicked(
    studio: Studio, target: str, expect: str, tries: int
) -> None:
    steps = {
        "open": Step(kind="browser.open", settings={"url": "{{ practice }}/login"}),
        "click": Step(
            kind="browser.click",
            settings={"target": target, "expect": expect, "wait": 0.3},
            retry=Retry(times=2, wait=0),
        ),
    }
    played = await studio.play(flow_of(steps, [Wire(source="open", target="click")]))
    assert (played.status, len(played.waits)) == ("failed", tries - 1)


async def test_a_site_that_is_busy_says_when_to_come_again(studio: Studio) -> None:
    server = Server()
    listening = await server.listen()
    server.says(answer(b"later", "429 Too Many Requests", "Retry-After: 1"), answer(b"here"))
    url = f"http://127.0.0.1:{server.port}/"
    again = Retry(times=2, wait=0, only=("busy",))
    played = await studio.play(flow_of({"it": Step(kind="browser.open", settings={"url": url}, retry=again)}))
    listening.close()
    assert (played.status, len(played.waits)) == ("done", 1)
    assert played.waits[0] >= 1


async def test_a_button_that_is_switched_off_is_not_clicked(studio: Studio) -> None:
    failed = await failure(studio, "/mugs/rain-cup", "browser.click", target="article button", wait=0.5)
    assert failed.message == (
        'Could not click button "Sold out" on “Rain cup” (SHOP/mugs/rain-cup): it is switched off.'
    )


async def test_a_check_that_was_already_true_is_said(studio: Studio) -> None:
    shop = await studio.shop.start()
    played = await studio.chain(
        ("browser.open", {"url": f"{shop}/mugs"}),
        ("browser.click", {"target": "h1", "expect": "h1"}),
    )
    assert played.log == ["`h1` was there before the click, so seeing it proves little."]


async def test_the_step_after_a_click_sees_the_next_page(studio: Studio) -> None:
    given = await studio.on(
        "/orders",
        ("browser.click", {"target": 'get_by_role("link", name="Next")'}),
        ("browser.read_table", {"target": 'get_by_role("table", name="Orders")', "at_most": 1}),
    )
    assert given["rows"] == [
        {"order": 1016, "day": "2026-03-16", "customer": "Edsger", "item": "Night mug", "pieces": 1, "total": 32.0,
         "state": "Sent"}
    ]  # fmt: skip


async def test_filling_in_reads_back_and_enter_sends(studio: Studio) -> None:
    shop = await studio.shop.start()
    played = await studio.chain(
        ("browser.open", {"url": f"{shop}/search"}),
        ("browser.fill", {"target": SEARCH, "text": "white", "press_enter": True}),
        ("browser.read_text", {"target": 'get_by_role("list", name="Results").locator("strong")'}),
    )
    assert outcome(played, "s2") == {"field": 'searchbox "What are you looking for?"', "value": "white"}
    assert played.outputs["s3"] == {"texts": ["Moon mug", "Winter teapot"], "text": "Moon mug", "count": 2}


async def test_a_field_that_keeps_less_than_was_written_fails(studio: Studio) -> None:
    failed = await failure(studio, "/search", "browser.fill", target=SEARCH, text="x" * 101)
    assert failed.message == f'searchbox "What are you looking for?" was filled in, but now holds `{"x" * 80}`.'


async def test_what_is_no_field_is_not_filled(studio: Studio) -> None:
    failed = await failure(studio, "/search", "browser.fill", target="h1", text="a")
    assert "it is not a field that takes text" in failed.message
    failed = await failure(studio, "/search", "browser.fill", target="main button", text="a")
    assert failed.message == 'button "Search" takes no text.'


async def test_a_password_is_nowhere_to_be_read(studio: Studio) -> None:
    await studio.secrets.put("shop", "practice")
    shop = await studio.shop.start()
    played = await studio.chain(
        ("browser.open", {"url": f"{shop}/login"}),
        ("browser.fill", {"target": 'get_by_label("Name")', "text": "ada"}),
        ("browser.fill", {"target": 'get_by_label("Password")', "secret": "shop"}),
        ("browser.read_text", {"target": 'get_by_label("Password")'}),
        ("browser.click", {"target": 'get_by_role("button", name="Sign in")', "expect": 'get_by_text("Hello, Ada")'}),
    )
    assert outcome(played, "s3") == {"field": 'textbox "Password"', "value": "••••••"}
    assert played.outputs["s4"] == {"texts": [""], "text": "", "count": 1}
    assert played.status == "done"


async def test_a_text_and_a_key_at_once_are_too_much(studio: Studio) -> None:
    failed = await failure(studio, "/login", "browser.fill", target="#name", text="a", secret="shop")
    assert failed.message == "This step has a text and a key."


async def test_a_key_that_is_not_kept_is_said(studio: Studio) -> None:
    failed = await failure(studio, "/login", "browser.fill", target="#password", secret="gone")
    assert "gone" in failed.message


async def test_reading_stops_at_its_limit_and_counts_all(studio: Studio) -> None:
    assert await studio.on("/mugs", ("browser.read_text", {"target": "tbody a", "at_most": 2})) == {
        "texts": ["Moon mug", "Harbour mug"],
        "text": "Moon mug",
        "count": 12,
    }


async def test_reading_what_is_not_there_fails_unless_that_is_allowed(studio: Studio) -> None:
    failed = await failure(studio, "/mugs", "browser.read_text", target="tfoot", wait=0)
    assert failed.message == "Nothing on “Mugs” (SHOP/mugs) matched `tfoot` within 0 s."
    given = await studio.on("/mugs", ("browser.read_text", {"target": "tfoot", "wait": 0, "may_be_missing": True}))
    assert given == {"texts": [], "text": "", "count": 0}


async def test_a_table_becomes_records_with_numbers(studio: Studio) -> None:
    given = await studio.on("/mugs", ("browser.read_table", {"target": 'get_by_role("table", name="Mugs")'}))
    assert given["columns"] == ["name", "price", "stock"]
    assert given["count"] == 12
    rows = given["rows"]
    assert isinstance(rows, list)
    assert rows[:2] == [
        {"name": "Moon mug", "price": 24.5, "stock": 7},
        {"name": "Harbour mug", "price": 18.0, "stock": 12},
    ]


async def test_a_table_can_be_read_with_its_links_and_without_a_header(studio: Studio) -> None:
    shop = await studio.shop.start()
    given = await studio.on("/mugs", ("browser.read_table", {"target": "table", "links": True, "at_most": 1}))
    assert given["rows"] == [{"name": "Moon mug", "price": 24.5, "stock": 7, "link": f"{shop}/mugs/moon-mug"}]
    given = await studio.on("/mugs", ("browser.read_table", {"target": "table", "header": False, "at_most": 2}))
    assert given["rows"] == [
        {"column_1": "Name", "column_2": "Price", "column_3": "Stock"},
        {"column_1": "Moon mug", "column_2": "24.50", "column_3": "7"},
    ]


async def test_what_is_no_table_is_not_read_as_one(studio: Studio) -> None:
    failed = await failure(studio, "/mugs", "browser.read_table", target="h1")
    assert failed.message == "`h1` on “Mugs” (SHOP/mugs) is not a table."


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("a[", "this is not a CSS selector"),
        ("foo=bar", "this is not a selector"),
        ("//a[", "this is not an XPath"),
        ("text=/(/", "this is not a regular expression"),
        ('frame_locator("iframe")', "A target has to end at something inside the frame"),
    ],
)
async def test_a_target_that_cannot_be_one_is_said(studio: Studio, target: str, why: str) -> None:
    failed = await failure(studio, "/mugs", "browser.click", target=target)
    assert why in failed.message


async def test_without_a_page_there_is_nothing_to_act_on(studio: Studio) -> None:
    with pytest.raises(StepFailed, match="No page is open in this browser yet") as failed:
        await studio.step("browser.click", {"target": "h1"})
    assert failed.value.hint.startswith("Put an Open page step before this one.")


async def test_two_sessions_are_two_browsers(studio: Studio) -> None:
    shop = await studio.shop.start()
    played = await studio.chain(
        ("browser.open", {"url": f"{shop}/mugs/moss-mug"}),
        ("browser.click", {"target": "article button", "expect": 'get_by_text("is in your cart")'}),
        ("browser.open", {"url": f"{shop}/", "session": "other"}),
        ("browser.read_text", {"target": ".cart", "session": "other"}),
        ("browser.read_text", {"target": ".cart"}),
    )
    assert [outcome(played, step)["text"] for step in ("s4", "s5")] == ["Cart (0)", "Cart (1)"]


async def test_a_picture_of_the_page_is_kept(studio: Studio) -> None:
    given = await studio.on("/mugs", ("browser.screenshot", {}))
    picture = studio.artifacts.read(kept(given)["sha256"])
    assert picture.startswith(b"\x89PNG")
    assert {**kept(given), "sha256": ""} == {
        "name": "Mugs Practice shop.png", "sha256": "", "size": len(picture), "media_type": "image/png",
    }  # fmt: skip
    given = await studio.on("/mugs", ("browser.screenshot", {"target": "h1", "format": "jpeg"}))
    assert studio.artifacts.read(kept(given)["sha256"]).startswith(b"\xff\xd8")
    assert kept(given)["name"] == "Mugs Practice shop.jpg"


async def test_a_picture_shows_no_password(studio: Studio) -> None:
    await studio.secrets.put("key", "1234567")
    page = "<title>Key</title><input style='width:300px' aria-label=Key>"

    async def picture(address: str, **fill: str) -> str:
        played = await studio.chain(
            ("browser.open", {"url": address}), ("browser.fill", fill), ("browser.screenshot", {})
        )
        return str(kept(outcome(played, "s3"))["sha256"])

    login = await studio.shop.start() + "/login"
    assert await picture(login, target="#name", text="a") != await picture(login, target="#name", text="bbbb")
    assert await picture(login, target="#password", text="a") == await picture(login, target="#password", text="bbbb")
    with site() as opened:
        shown = f"{opened.url}/page?{quote(page)}"
        assert await picture(shown, target="input", text="1234567") != await picture(shown, target="input", text="1")
        hidden = await picture(shown, target="input", secret="key")
        await studio.secrets.put("key", "another")
        assert hidden == await picture(shown, target="input", secret="key")


ODD_TABLE = """<table><thead><tr><th colspan=3>Shelf</th></tr><tr><th>Unit price<th>Unit price<th></tr></thead>
<tr><td rowspan=2>$1,200<td>a<td>x</tr><tr><td>b <b>bold</b></tr><tr style="display:none"><td>$5<td>hidden</tr>
<tr><td>$3<td colspan=2>c</tr><tfoot><tr><td>$1,203</tr></tfoot></table>"""

GRID = """<div role=grid><div role=row><span role=columnheader>2026</span><span role=columnheader>No.</span></div>
<div role=row><span role=gridcell>1,5</span><span role=gridcell>007</span></div></div>"""


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        (
            ODD_TABLE,
            [
                {"unit_price": 1200, "unit_price_2": "a", "column_3": "x"},
                {"unit_price": 1200, "unit_price_2": "b bold", "column_3": ""},
                {"unit_price": 3, "unit_price_2": "c", "column_3": "c"},
            ],
        ),
        (GRID, [{"_2026": 1.5, "no": "007"}]),
        ("<table><tr><td>Name<td>Day</tr><tr><td>Ada<td>Mon</tr></table>", [{"name": "Ada", "day": "Mon"}]),
        ("<table><tr><th>Name<th>Day</tr></table>", []),
    ],
    ids=["spans", "grid", "no head", "no rows"],
)
async def test_odd_tables_are_read_as_a_person_sees_them(studio: Studio, html: str, rows: list[object]) -> None:
    with site() as opened:
        played = await studio.chain(
            ("browser.open", {"url": f"{opened.url}/page?{quote(html)}"}),
            ("browser.read_table", {"target": "table, [role=grid]"}),
        )
    assert outcome(played, "s2")["rows"] == rows


FORM = """<select aria-label=Size><option value=s>Small<option value=l>Large cup</select>
<input aria-label=Phone oninput="this.value = this.value.replace(/(\\d{3})(\\d+)/, '($1) $2')"><input type=checkbox>
<p contenteditable aria-label=Note></p><input aria-label=Day type=date><li>item</li>"""


@pytest.mark.parametrize(
    ("target", "text", "stands"),
    [
        ("select", "Large cup", "Large cup"),
        ("select", "l", "Large cup"),
        ('get_by_label("Phone")', "555123", "(555) 123"),
        ('get_by_label("Note")', "two\nlines", "two\nlines"),
        ('get_by_label("Day")', "2026-03-24", "2026-03-24"),
    ],
)
async def test_every_sort_of_field_is_filled_in(studio: Studio, target: str, text: str, stands: str) -> None:
    with site() as opened:
        played = await studio.chain(
            ("browser.open", {"url": f"{opened.url}/page?{quote(FORM)}"}),
            ("browser.fill", {"target": target, "text": text}),
        )
    assert outcome(played, "s2")["value"] == stands


@pytest.mark.parametrize(
    ("target", "text", "why"),
    [
        ("select", "Huge", 'combobox "Size" has no entry `Huge`. | It has: Small, Large cup.'),
        ("[type=checkbox]", "yes", "checkbox takes no text. | Use a Click step for it."),
        ('get_by_label("Day")', "24.3.2026", "now holds nothing. | Dates are written 2026-03-24 here"),
    ],
)
async def test_what_a_field_does_not_take_is_said(studio: Studio, target: str, text: str, why: str) -> None:
    with site() as opened:
        played = await studio.chain(
            ("browser.open", {"url": f"{opened.url}/page?{quote(FORM)}"}),
            ("browser.fill", {"target": target, "text": text}),
        )
    assert why in str(played.failed["s2"])


async def test_something_in_the_way_of_a_click_is_said(studio: Studio) -> None:
    html = "<button>Buy</button><div style='position:fixed;inset:0'>Cookies?</div>"
    with site() as opened:
        played = await studio.chain(
            ("browser.open", {"url": f"{opened.url}/page?{quote(html)}"}),
            ("browser.click", {"target": "button", "wait": 1}),
        )
    assert 'Could not click button "Buy"' in str(played.failed["s2"])
    assert "something else covers it" in str(played.failed["s2"])


async def test_a_download_is_no_page(studio: Studio) -> None:
    with site() as opened, pytest.raises(StepFailed, match="it is a file to download"):
        await studio.step("browser.open", {"url": f"{opened.url}/file"})


def kept(outputs: Mapping[str, Json]) -> dict[str, Any]:
    """The file that a step gave."""
    file = outputs["value"]
    assert isinstance(file, dict)
    return file


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
