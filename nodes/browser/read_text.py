"""The Read text node."""

from __future__ import annotations

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Locator, Need, Node
from nodes.browser._page import ONE_LOOK, TEXT_OF, Session, Wait, all_of, found_by, plainly


class Texts(TypedDict):
    """The text of every element that was read, the first one alone, and how many match."""

    texts: list[str]
    text: str
    count: int


class ReadText(
    Node,
    kind="browser.read_text",
    icon="text_snippet",
    words=("get", "extract", "scrape", "copy", "content", "count"),
    needs={Need.BROWSER},
    effect=Effect.READ,
    sentence="Read {target}",
    more=("at_most", "may_be_missing", "wait", "session"),
):
    """Read the text of everything on the page that matches."""

    target: Locator = Field(description="What to read.")
    at_most: int = Field(50, ge=1, le=10_000, description="Read no more than this many.")
    may_be_missing: bool = Field(
        False, description="Go on with no text where nothing matches, instead of failing after the wait."
    )
    wait: Wait = 10
    session: Session = "main"

    async def run(self, ctx: Context) -> Texts:
        from playwright.async_api import TimeoutError

        page = await ctx.page(self.session)
        if self.may_be_missing:
            seen = found_by(page, self.target).filter(visible=True)
            async with plainly(page, f"look for `{self.target}`"):
                try:
                    await seen.first.wait_for(timeout=max(self.wait * 1000, ONE_LOOK))
                except TimeoutError:
                    return {"texts": [], "text": "", "count": 0}
        else:
            seen = await all_of(page, self.target, self.wait)
        async with plainly(page, f"read `{self.target}`"):
            count, texts = await seen.evaluate_all(
                f"(all, most) => {{ const text = {TEXT_OF};"
                " return [all.length, all.slice(0, most).map(element => text(element).trim())] }",
                self.at_most,
            )
        return {"texts": texts, "text": texts[0] if texts else "", "count": count}
