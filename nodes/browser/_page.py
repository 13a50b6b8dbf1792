"""What the browser steps share: finding what a target means, and saying in words what kept a page from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from nodes import Context, Field, NodeError
from nodes.browser._closest import closest
from nodes.settings import widget
from nodes.targets import check_target, find

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

Session = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="Which browser window. Steps that name the same one share its page and its sign-ins.",
    ),
]
Wait = Annotated[float, Field(ge=0, le=600, description="Seconds to wait for it to appear.")]
OptionalTarget = Annotated[str, AfterValidator(lambda text: check_target(text) if text else ""), widget("target")]
"""Like `Locator`; it may be left empty."""

ONE_LOOK = 250
"""Milliseconds that looking takes at most where nothing is to be waited for."""

NO_PAGE = "Put an Open page step before this one. If the run was interrupted, continue it from that step."
"""Where no key is there to keep a browser's pages with, they are gone after an interruption."""

TWINS_SETTLE = 0.5
"""A page that is being drawn anew may show the old and the new at once for this many seconds."""


async def all_of(page: Page, target: str, wait: float) -> Locator:
    """All visible elements that a target means; at least one is there. NodeError with the closest otherwise."""
    from playwright.async_api import TimeoutError

    if page.url == "about:blank":
        raise NodeError("No page is open in this browser yet.", hint=NO_PAGE)
    found = found_by(page, target)
    seen = found.filter(visible=True)
    async with plainly(page, f"look for `{target}`", only_looks=True):
        try:
            await seen.first.wait_for(timeout=max(wait * 1000, ONE_LOOK))
        except TimeoutError as error:
            raise await _missing(page, found, target, wait) from error
    return seen


async def the_one(page: Page, target: str, wait: float) -> Locator:
    """The one visible element that a target means. NodeError with the count or the closest otherwise."""
    seen = await all_of(page, target, wait)
    async with plainly(page, f"look for `{target}`", only_looks=True):
        if (count := await seen.count()) > 1:
            await asyncio.sleep(min(wait, TWINS_SETTLE))
            count = await seen.count()
        if count > 1:
            raise NodeError(
                f"{count} elements on {await where(page)} match `{target}`: {'; '.join(await _told_apart(seen))}.",
                hint="Say which one: give more of its name, put .filter(has_text=…) or .nth(0) at the end, "
                "or start at what surrounds it.",
                retryable=True,
            )
    return seen


def found_by(page: Page, target: str) -> Locator:
    """The locator that a target means, hidden elements included."""
    try:
        return find(page, target)
    except ValueError as error:
        raise NodeError(str(error), retryable=False) from None


async def name_of(one: Locator) -> str:
    """What an element is called, as a person hears it: `button "Save"`. Never what was typed into it."""
    from playwright.async_api import Error

    from nodes.browser._closest import NAMED

    try:
        first = (await one.aria_snapshot(timeout=2000)).split("\n", 1)[0]
    except Error:
        return "element"
    match = NAMED.match(first)
    return f'{match["role"]} "{match["name"]}"' if match and match["name"] else match["role"] if match else "element"


TEXT_OF = """element => {
    switch (element.tagName) {
        case 'INPUT': return element.type === 'password' ? '' : element.value;
        case 'TEXTAREA': return element.value;
        case 'SELECT': return element.selectedOptions[0]?.label ?? '';
        default: return element.innerText ?? element.textContent;
    }
}"""
"""What a person reads in an element, what was typed into a field included."""


async def settle(ctx: Context, page: Page, wait: float) -> None:
    """Let a page that was just asked for be read in, so that the next step does not see half of it."""
    from playwright.async_api import TimeoutError

    try:
        await page.wait_for_load_state("domcontentloaded", timeout=max(wait * 1000, 1000))
    except TimeoutError:
        ctx.log(f"{page.url} is still loading.", level="warning")


async def where(page: Page) -> str:
    """The page as a person knows it: its title and its address."""
    from playwright.async_api import Error

    address = page.url if len(page.url) <= 200 else page.url[:199] + "…"
    try:
        title = (await page.title()).strip()
    except Error:
        title = ""
    return f"“{title[:100]}” ({address})" if title else address


@asynccontextmanager
async def plainly(page: Page, wish: str, *, only_looks: bool = False) -> AsyncIterator[None]:
    """A Playwright error inside becomes a sentence: what was wished for, and why it could not be.

    Where it `only_looks`, or Playwright says that it did not come to act, nothing was done on the page.
    """
    from playwright.async_api import Error

    try:
        yield
    except Error as error:
        why, hint = reason(error.message)
        raise NodeError(
            f"Could not {wish} on {await where(page)}: {why}.",
            hint=hint,
            retryable=True if only_looks or why in NOT_DONE else None,
            trouble="timeout" if "Timeout" in error.message else "other",
        ) from error


def reason(message: str) -> tuple[str, str]:
    """Why, in words, and what to do, for the message of a Playwright error."""
    for mark, why, hint in REASONS:
        if mark in message:
            return why, hint
    line = message.split("\n", 1)[0].partition(": ")
    return (line[2] or line[0]).strip().rstrip("."), ""


REASONS = (
    ("strict mode violation", "more than one element matches by now", "Say which one, such as with .nth(0)."),
    ("intercepts pointer events", "something else covers it", "Close what covers it first, such as a cookie notice."),
    ("waiting for scheduled navigations", "it was clicked, and the page that follows did not answer in time",
     "Raise the wait."),
    ("element is not enabled", "it is switched off", "Look at what the page wants filled in first."),
    ("element is not editable", "it can be read but not changed", ""),
    ("element is not stable", "it keeps moving", "Raise the wait."),
    ("outside of the viewport", "it lies outside the window", ""),
    ("element is not visible", "it is hidden", "Open what hides it first."),
    ("not attached to the DOM", "the page took it away meanwhile", "Try again: give the step a retry."),
    ("Element is not an <input>", "it is not a field that takes text", "Choose the field itself."),
    ("cannot be filled", "it is not a field that takes text", "Use a Click step for it."),
    ("Cannot type text into input[type=number]", "the field takes only a number", ""),
    ("parsing css selector", "this is not a CSS selector", "Check its brackets, or use get_by_role, get_by_text."),
    ("Unknown engine", "this is not a selector", "Use get_by_role, get_by_label, get_by_text or a CSS selector."),
    ("not a valid selector", "this is not a CSS selector", "Check its brackets, or use get_by_role, get_by_text."),
    ("not a valid XPath", "this is not an XPath", "Check its brackets."),
    ("Invalid regular expression", "this is not a regular expression", "Check its brackets."),
    ("Target page, context or browser has been closed", "the browser was closed", ""),
    ("Target crashed", "the page crashed", "Try again: give the step a retry."),
    ("Frame was detached", "the part of the page it is in went away", ""),
    ("Execution context was destroyed", "another page came meanwhile", "Wait for the new page first."),
    ("Timeout", "it took too long", "Raise the wait."),
)  # fmt: skip


NOT_DONE = frozenset(
    why
    for _, why, _ in REASONS
    if why.startswith(("something else covers", "it is switched", "it keeps moving", "it lies outside", "it is hid"))
)
"""What keeps Playwright from acting at all."""


async def _missing(page: Page, found: Locator, target: str, wait: float) -> NodeError:
    from playwright.async_api import Error

    try:
        hidden = await found.count()
    except Error:
        hidden = 0
    if hidden:
        return NodeError(
            f"`{target}` is on {await where(page)}, but stayed hidden for {wait:g} s.",
            hint="Open what hides it first, or raise the wait.",
            retryable=True,
            trouble="timeout",
        )
    near = await closest(page, target)
    return NodeError(
        f"Nothing on {await where(page)} matched `{target}` within {wait:g} s.",
        hint=f"The closest there: {', '.join(near)}." if near else "Raise the wait, or check the target.",
        retryable=True,
        trouble="timeout",
    )


async def _told_apart(seen: Locator) -> list[str]:
    """The first of several matches, each in a few words."""
    words: list[str] = await seen.evaluate_all(
        """elements => elements.slice(0, 4).map(element => {
            const short = text => (text || '').replace(/\\s+/g, ' ').trim().slice(0, 50);
            const name = short(element.getAttribute('aria-label') || element.innerText || element.alt || element.title
                || element.placeholder) || element.tagName.toLowerCase();
            const around = element.parentElement?.closest('tr, li, article, [role=row], section, form, nav');
            const place = around && short(around.innerText);
            return place && place !== name ? `“${name}” in “${place}”` : `“${name}”`;
        })"""
    )
    return [f"{number}. {each}" for number, each in enumerate(words, 1)]
