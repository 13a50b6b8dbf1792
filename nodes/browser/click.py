"""The Click node."""

from __future__ import annotations

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Locator, Need, Node, NodeError
from nodes.browser._page import (
    OptionalTarget,
    Session,
    Wait,
    all_of,
    found_by,
    name_of,
    plainly,
    settle,
    the_one,
    where,
)


class Clicked(TypedDict):
    """What was clicked, and the page that is open afterwards."""

    clicked: str
    url: str


class Click(
    Node,
    kind="browser.click",
    icon="ads_click",
    words=("press", "tap", "button", "link", "choose"),
    needs={Need.BROWSER},
    effect=Effect.WRITE,
    sentence="Click {target}",
    more=("wait", "session"),
):
    """Click something on the page. It has to be there exactly once."""

    target: Locator = Field(description="What to click.")
    expect: OptionalTarget = Field(
        "", description="What has to be on the page afterwards; without it the step fails. May be left empty."
    )
    wait: Wait = 10
    session: Session = "main"

    async def run(self, ctx: Context) -> Clicked:
        page = await ctx.page(self.session)
        one = await the_one(page, self.target, self.wait)
        clicked = await name_of(one)
        async with plainly(page, f"click {clicked}"):
            if self.expect and await found_by(page, self.expect).filter(visible=True).count():
                ctx.log(f"`{self.expect}` was there before the click, so seeing it proves little.", level="warning")
            await one.click(timeout=max(self.wait * 1000, 1000))
        await settle(ctx, page, self.wait)
        if self.expect:
            try:
                await all_of(page, self.expect, self.wait)
            except NodeError as error:
                raise NodeError(
                    f"{clicked} was clicked, but `{self.expect}` was not on {await where(page)} "
                    f"within {self.wait:g} s.",
                    hint=error.hint,
                ) from error
        return {"clicked": clicked, "url": page.url}
