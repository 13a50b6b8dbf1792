"""The Open page node."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator
from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Need, Node, NodeError, Touches, host_of
from nodes.browser._page import OptionalTarget, Session, all_of, plainly, reason
from nodes.settings import check_url, widget
from nodes.web._send import BUSY, SLOW, asked_to_wait

BLANK = "about:blank"
Address = Annotated[str, AfterValidator(lambda url: BLANK if url.strip() == BLANK else check_url(url)), widget("url")]
"""A web address, or the empty page."""


class Opened(TypedDict):
    """The page that came."""

    title: str
    url: str
    status: int | None


class OpenPage(
    Node,
    kind="browser.open",
    label="Open page",
    icon="open_in_browser",
    words=("go to", "visit", "navigate", "website", "url", "address"),
    needs={Need.BROWSER},
    effect=Effect.READ,
    sentence="Open {url}",
    more=("until", "wait", "allow_errors", "session"),
):
    """Open a web page in the browser."""

    url: Address = Field(description="The address of the page; about:blank is an empty one.")
    until: Literal["loaded", "readable"] = Field(
        "loaded",
        description="Go on once everything is loaded, pictures too, or as soon as the text is there to be read.",
    )
    expect: OptionalTarget = Field("", description="Also wait until this is on the page. May be left empty.")
    wait: float = Field(30, ge=1, le=600, description="Seconds the page may take.")
    allow_errors: bool = Field(
        False, description="Go on even if the site says that the page is missing or broken (status 400 and above)."
    )
    session: Session = "main"

    def touches(self) -> Touches:
        return Touches() if self.url.strip() == BLANK else Touches(hosts=(host_of(self.url),))

    async def run(self, ctx: Context) -> Opened:
        from playwright.async_api import Error, TimeoutError

        page = await ctx.page(self.session)
        try:
            response = await page.goto(
                self.url, wait_until="load" if self.until == "loaded" else "domcontentloaded", timeout=self.wait * 1000
            )
        except TimeoutError as error:
            raise NodeError(
                f"{self.url} took longer than {self.wait:g} s.",
                hint="Raise the wait, or go on as soon as the text is readable.",
                trouble="timeout",
            ) from error
        except Error as error:
            why, hint = why_not(error.message)
            # Only what is of the network itself may pass by itself.
            of_the_network = any(mark in error.message for mark in UNREACHABLE)
            raise NodeError(
                f"{self.url} could not be opened: {why}.",
                hint=hint,
                trouble="unreachable" if of_the_network else "other",
            ) from error
        status = response.status if response else None
        async with plainly(page, "read what came"):
            title = (await page.title()).strip()
            if status is not None and status >= 400 and not self.allow_errors:
                raise NodeError(
                    f"{self.url} answered with status {status}{f', “{title[:100]}”' if title else ''}.",
                    hint=STATUS.get(status, "Try again later, or allow errors in this step if you expect them."),
                    trouble="busy" if status in BUSY else "timeout" if status in SLOW else "other",
                    retry_after=asked_to_wait(response.headers.get("retry-after", "")) if response else None,
                )
            if self.expect:
                await all_of(page, self.expect, self.wait)
            return {"title": await page.title(), "url": page.url, "status": status}


STATUS = {
    401: "The site wants a name and a password in a window of its own, which Weft cannot fill in yet.",
    403: "The site does not let you in. Sign in first, or open it by hand to see what it wants.",
    404: "Check the address: there is no such page on this site.",
    429: "The site wants fewer requests. Wait, then try again, or give the step a retry with a long wait.",
}


UNREACHABLE = (
    "ERR_NAME_NOT_RESOLVED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_",
    "ERR_EMPTY_RESPONSE",
    "ERR_ADDRESS_UNREACHABLE",
    "ERR_NETWORK_CHANGED",
    "ERR_TIMED_OUT",
)
"""How the browser says that nothing answered."""


def why_not(message: str) -> tuple[str, str]:
    """Why an address could not be opened, and what to do."""
    for mark, why, hint in NETWORK:
        if mark in message:
            return why, hint
    return reason(message)


NETWORK = (
    ("ERR_NAME_NOT_RESOLVED", "there is no site of that name", "Check its spelling and your internet connection."),
    ("ERR_INTERNET_DISCONNECTED", "this computer is not connected to the internet", "Connect it and try again."),
    ("ERR_CONNECTION_REFUSED", "nothing answers there", "Check the address and its port."),
    ("ERR_CONNECTION_RESET", "the site broke off the connection", "Try again later."),
    ("ERR_EMPTY_RESPONSE", "the site sent nothing back", "Try again later."),
    ("ERR_CONNECTION_TIMED_OUT", "the site does not answer", "Try again later."),
    ("ERR_ADDRESS_UNREACHABLE", "there is no way to it from here", "Check your connection."),
    ("ERR_CERT_", "its certificate is not valid, so it may not be what it says", "Check the address."),
    ("ERR_SSL_", "it offers no secure connection that works", "Check the address; perhaps it is http:// only."),
    ("ERR_TOO_MANY_REDIRECTS", "it sends the browser round in circles", "Sign in first, or check the address."),
    ("ERR_TUNNEL_CONNECTION_FAILED", "it cannot be reached, or this flow may not contact it", "See the step's log."),
    ("ERR_UNSAFE_PORT", "browsers do not open pages on this port", "Use another port."),
    ("ERR_BLOCKED_BY_CLIENT", "this flow may not contact that site", "Allow the site for this flow, then run again."),
    ("ERR_INVALID_AUTH", "it wants a kind of sign-in that the browser does not know", ""),
    ("Download is starting", "it is a file to download, not a page", "Use a Get from the web step."),
    ("ERR_ABORTED", "it is a file to download, or the site broke off", "For a file use a Get from the web step."),
    ("interrupted by another navigation", "the page went somewhere else at once", "Open that address instead."),
)
