"""The Fill node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Locator, LongText, Need, Node, NodeError, SecretName, Touches
from nodes.browser._page import TEXT_OF, Session, Wait, name_of, plainly, settle, the_one
from nodes.secret_fields import MARK

if TYPE_CHECKING:
    from playwright.async_api import Locator as Element

HIDDEN = "••••••"
CHANGED = "The page changes or shortens what is written there. Write it as the page wants it."
WRITTEN = {
    "date": "Dates are written 2026-03-24 here, whatever the page shows.",
    "time": "Times are written 14:30 here, whatever the page shows.",
    "datetime-local": "It is written 2026-03-24T14:30 here, whatever the page shows.",
    "month": "Months are written 2026-03 here, whatever the page shows.",
    "week": "Weeks are written 2026-W13 here, whatever the page shows.",
    "color": "Colours are written #3f6f9f here.",
}
"""How a value is written for the kinds of field that a browser draws itself."""


class Filled(TypedDict):
    """The field, and what stands in it now; passwords are not shown."""

    field: str
    value: str


class Fill(
    Node,
    kind="browser.fill",
    label="Fill in",
    icon="edit",
    words=("type", "enter", "write", "form", "input", "password", "select"),
    needs={Need.BROWSER},
    effect=Effect.WRITE,
    sentence="Fill in {target}",
    more=("wait", "session"),
):
    """Write something into a field, or choose from a list, and check that it stands there."""

    target: Locator = Field(description="The field.")
    text: LongText = Field("", description="What to write. In a list to choose from, the entry's text.")
    secret: SecretName = Field("", description="For a password: the key on the Keys page to write, instead of a text.")
    press_enter: bool = Field(False, description="Press Enter afterwards, as for a search.")
    wait: Wait = 10
    session: Session = "main"

    def touches(self) -> Touches:
        return Touches(keys=(self.secret,) if self.secret else ())

    async def run(self, ctx: Context) -> Filled:
        if self.secret and self.text:
            raise NodeError("This step has a text and a key.", hint="Empty one of the two.", retryable=False)
        text = await ctx.secret(self.secret) if self.secret else self.text
        page = await ctx.page(self.session)
        one = await the_one(page, self.target, self.wait)
        field = await name_of(one)
        limit = max(self.wait * 1000, 1000)
        async with plainly(page, f"fill in {field}"):
            tag, kind = await one.evaluate("element => [element.tagName, element.type || '']", timeout=limit)
            if self.secret:
                # Screenshots leave out what is marked, also where the page shows a password as plain text.
                await one.evaluate(f"element => element.setAttribute('{MARK}', '')", timeout=limit)
            if kind in ("checkbox", "radio", "file", "button", "submit"):
                raise NodeError(f"{field} takes no text.", hint="Use a Click step for it.", retryable=False)
            if tag == "SELECT":
                await choose(one, field, text, limit)
            else:
                await one.fill(text, timeout=limit)
            stands = await (one.input_value(timeout=limit) if kind == "password" else one.evaluate(TEXT_OF))
            hidden = bool(self.secret) or kind == "password"
            if tag != "SELECT" and not same(stands, text):
                held = "nothing" if not stands else "something else" if hidden else f"`{stands[:80]}`"
                what = f"{field} was filled in, but now holds {held}."
                # Nothing was sent yet, and filling it in again replaces what is there.
                raise NodeError(what, hint=WRITTEN.get(kind, CHANGED), retryable=True)
            if self.press_enter:
                await one.press("Enter", timeout=limit)
                await settle(ctx, page, self.wait)
        return {"field": field, "value": HIDDEN if hidden else stands}


async def choose(one: Element, field: str, text: str, limit: float) -> None:
    """Choose the entry of a list that has this text, or else this value."""
    entries: list[list[str]] = await one.evaluate(
        "element => [...element.options].map(option => [option.label, option.value])", timeout=limit
    )
    wish = " ".join(text.split())
    places = [place for place, (label, _) in enumerate(entries) if " ".join(label.split()) == wish]
    places = places or [place for place, (_, value) in enumerate(entries) if value == text]
    if not places:
        labels = ", ".join(label for label, _ in entries[:8])
        raise NodeError(f"{field} has no entry `{text[:80]}`.", hint=f"It has: {labels}.", retryable=False)
    await one.select_option(index=places[0], timeout=limit)


def same(stands: str, text: str) -> bool:
    """True where a field holds the text, perhaps with the page's own spaces and signs, as in a phone number."""

    def plain(value: str) -> str:
        return "".join(filter(str.isalnum, value)) or "".join(value.split())

    return plain(stands) == plain(text)
