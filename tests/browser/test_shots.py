"""A picture of a page shows no password."""

import io
import struct
import zlib

from app.browser.browsers import Browsers
from app.browser.run import RunBrowser
from app.browser.shots import shot
from tests.browser.site import Site


def colour_at(png: bytes, x: int, y: int) -> tuple[int, ...]:
    """The colour of one point of a PNG with 8 bits a colour."""
    width, _, _, kind = struct.unpack(">IIBB", png[16:26])
    each = {2: 3, 6: 4}[kind]
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, row, above = io.BytesIO(zlib.decompress(packed)), bytearray(), bytearray(width * each)
    for _ in range(y + 1):
        how, row = raw.read(1)[0], bytearray(raw.read(width * each))
        for i in range(len(row)):
            left, up, corner = row[i - each] if i >= each else 0, above[i], above[i - each] if i >= each else 0
            match how:
                case 1:
                    row[i] = (row[i] + left) & 255
                case 2:
                    row[i] = (row[i] + up) & 255
                case 3:
                    row[i] = (row[i] + (left + up) // 2) & 255
                case 4:
                    guess = left + up - corner
                    nearest = min((left, up, corner), key=lambda value: abs(guess - value))
                    row[i] = (row[i] + nearest) & 255
        above = row
    return tuple(row[x * each : x * each + 3])


PAINTED_OVER = (128, 128, 128)


HIDDEN = {
    "field.type = 'password'": True,
    "field.name = 'user_password'": True,
    "field.id = 'openai-api-key'": True,
    "field.autocomplete = 'one-time-code'": True,
    "field.autocomplete = 'cc-number'": True,
    "field.setAttribute('data-weft-secret', '')": True,
    "field.name = 'city'": False,
}


async def test_secret_fields_are_painted_over(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    seen: dict[str, bool] = {}
    for change in HIDDEN:
        await page.goto(f"{shop.url}/secret")
        await page.evaluate(f"() => {{ const field = document.querySelector('input'); field.value = 'h'; {change} }}")
        pictured = await shot(page)
        seen[change] = colour_at(pictured, 150, 30) == PAINTED_OVER
        assert colour_at(pictured, 500, 300) == (255, 255, 255)
    assert seen == HIDDEN
    await run.close()


async def test_a_picture_is_a_jpeg_or_of_one_element_when_asked(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(f"{shop.url}/secret")
    small, large = await shot(page, kind="jpeg", quality=20), await shot(page, kind="jpeg", quality=90)
    assert small[:3] == large[:3] == b"\xff\xd8\xff"
    one = await shot(page, only=page.locator("#field"))
    assert struct.unpack(">I", one[16:20])[0] in range(300, 320)
    await run.close()
