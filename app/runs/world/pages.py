"""The browser of a run behind its gate: where its pages may go, what is noted of it, and its sealed state."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from app.browser.browsers import Browsers
from app.browser.notices import Notice
from app.engine import gate
from app.engine.context import StepContext
from app.engine.gate import Allowed
from app.engine.hosts import PRACTICE, Place, canonical, place, spelled, split
from app.runs.world.door import Door
from app.runs.world.lookup import LookUp
from app.runs.world.sight import Sight, picture_of, sight_of
from nodes.values import DECIDED_AT_RUN_TIME, NodeError

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Request

    from app.browser.run import RunBrowser

SEEN_WITHIN = 0.4
"""Seconds in which the browser says that a connection it opens is for a page and not for a part of one."""

LANES_REST = 1.0
"""Seconds between two savings of the state while several rounds run at the same time."""

PICTURES = 100
"""Pictures of failed steps that a run keeps; whoever looks at so many is not helped by more."""

NO_PAGE = "chrome-error:"

Shown = Callable[[str, int], str]
"""How a grant spells a host and port; the practice shop has a name of its own."""


class Pages:
    """A run's pages. What is restored comes from `restored`; it is asked for at the first page."""

    def __init__(
        self,
        door: Door,
        browsers: Browsers,
        *,
        shown: Shown,
        look_up: LookUp,
        restored: Callable[[], Awaitable[dict[str, Any]]],
        headed: bool = False,
    ) -> None:
        self._door = door
        self._browsers = browsers
        self._shown = shown
        self._look_up = look_up
        self._restored = restored
        self._headed = headed
        self._browser: RunBrowser | None = None
        self._opening = asyncio.Lock()
        self._last: StepContext | None = None
        self._pages: dict[tuple[str, str], Page] = {}
        self._held: dict[str, Page] = {}
        self._heading: WeakKeyDictionary[Page, str] = WeakKeyDictionary()
        self._refusals: dict[str, NodeError] = {}
        self._pictures = 0
        self._watched: set[BrowserContext] = set()
        self._wanted: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._noted: set[tuple[str, str]] = set()
        self._saved = 0.0
        self.rehearsing = False
        """Nothing but reading: what a page sends otherwise is held back."""

    @property
    def any(self) -> bool:
        """True while a page is open."""
        return bool(self._pages)

    async def page(self, ctx: StepContext, session: str, lane: str) -> Page:
        """The page of a session, once its place and the place this step means to go to are allowed."""
        self._last = ctx
        if not self._door.grant.own:
            await self._check_settings(ctx)
        page = await (await self._open()).page(session, lane=lane)
        self._pages[lane, session] = self._held[ctx.step] = page
        at = self._shown(*goal) if (goal := _goal(page.url)) is not None else ""
        if not self._door.grant.own:
            self._watch(page.context)
            # A page that took itself elsewhere is not acted on before that is allowed.
            if at:
                await self._passes(ctx, at)
        if at:
            # Told before each attempt acts there: what it does may be doubtful after a crash.
            self._noted.add((ctx.step, at))
            ctx.touched("host", at)
        return page

    async def leave(self, lane: str) -> None:
        """Close what a lane has opened."""
        for key in [key for key in self._pages if key[0] == lane]:
            del self._pages[key]
        if self._browser is not None:
            await self._browser.leave(lane)

    async def state(self, ctx: StepContext) -> str | None:
        """Every session's state as JSON; None where there is none, or where rounds at the same time just saved it."""
        if self._browser is None:
            return None
        self._held.pop(ctx.step, None)
        self._note_places(ctx)
        now = asyncio.get_running_loop().time()
        if ctx.lane and now - self._saved < LANES_REST:
            return None
        self._saved = now
        return json.dumps(await self._browser.save_state(), sort_keys=True)

    def why(self, ctx: StepContext, error: Exception) -> NodeError | None:
        """Why a step failed, where the gate knows it or the node does not say it; None where the node knows best."""
        if self._browser is None:
            return None
        for url, code in self._not_reached(ctx, error):
            goal = _goal(url)
            refusal = self._refusals.get(self._shown(*goal)) if goal is not None else None
            if found := refusal or self._browser.gates_word(url, code):
                return found
        return self._browser.explain(error)

    async def seen(self, ctx: StepContext) -> tuple[Sight, bytes] | None:
        """The page on which a step has failed, and a picture of it; None where there is none to be seen."""
        page = self._held.pop(ctx.step, None)
        if page is None or page.is_closed() or _goal(page.url) is None or self._pictures == PICTURES:
            return None
        self._pictures += 1
        sight = await sight_of(page)
        ctx.log(f"The page when it failed: {sight}")
        return sight, await picture_of(page)

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()

    async def _open(self) -> RunBrowser:
        async with self._opening:
            if self._browser is None:
                from app.browser.run import RunBrowser

                self._browser = RunBrowser(
                    self._browsers,
                    report=self._report,
                    allow=None if self._door.grant.own else self._allow,
                    headed=self._headed,
                    held_back=self._held_back if self.rehearsing else None,
                    state=await self._restored(),
                )
            return self._browser

    async def _check_settings(self, ctx: StepContext) -> None:
        """Ask about the sites a step names before it begins: once a page loads, its time limit runs."""
        assert ctx.planned.settings is not None
        for host in ctx.planned.settings.node(ctx.names).touches().hosts:
            if host and host != DECIDED_AT_RUN_TIME:
                name, port = split(host)
                await self._passes(ctx, host if host == PRACTICE else self._shown(name, port or 443))

    async def _passes(self, ctx: StepContext, shown: str) -> None:
        await self._door.passes(ctx, lambda grant, step: gate.host(grant, shown, step))

    def _watch(self, context: BrowserContext) -> None:
        if context not in self._watched:
            self._watched.add(context)
            context.on("request", self._requested)

    def _requested(self, request: Request) -> None:
        if request.is_navigation_request() and (goal := _goal(request.url)) is not None:
            self._wanted[self._shown(*goal)].set()
            self._note_heading(request)

    def _note_heading(self, request: Request) -> None:
        from playwright.async_api import Error

        with suppress(Error):  # Of a page that is about to open nobody knows yet which it is.
            if request.frame.parent_frame is None:
                self._heading[request.frame.page] = request.url

    def _not_reached(self, ctx: StepContext, error: Exception) -> Iterator[tuple[str, str]]:
        """The addresses that a step's page did not come from, with the browser's code for it where there is one."""
        from app.browser.explain import NET_ERROR

        failed = NET_ERROR.search(str(error)) or NET_ERROR.search(str(error.__cause__))
        page = self._held.get(ctx.step)
        if page is not None and (failed or page.url.startswith(NO_PAGE)) and page in self._heading:
            yield self._heading[page], ""
        if failed and failed[2]:
            yield failed[2], failed[1]

    async def _allow(self, url: str) -> bool:
        """Whether the browser may connect to there. A page has to be allowed; its parts come from where they like."""
        ctx, goal = self._last, _goal(url)
        if ctx is None or goal is None:
            return False
        shown = self._shown(*goal)
        try:
            is_page = isinstance(gate.host(self._door.grant, shown, ""), Allowed) or await self._is_page(shown)
            if is_page:
                await self._passes(ctx, shown)
            for at in await self._addresses(*goal):
                if is_page:
                    await self._address_passes(ctx, shown, at, goal[1])
                elif place(at) is not Place.PUBLIC:
                    return False
        except NodeError as refusal:
            self._refusals[shown] = refusal
            return False
        self._refusals.pop(shown, None)
        self._note(ctx, shown)
        return True

    async def _address_passes(self, ctx: StepContext, shown: str, at: str, port: int) -> None:
        never = self._browsers.never
        await self._door.passes(ctx, lambda grant, step: gate.address(grant, shown, at, port, never, step))

    async def _is_page(self, shown: str) -> bool:
        try:
            async with asyncio.timeout(SEEN_WITHIN):
                await self._wanted[shown].wait()
            return True
        except TimeoutError:
            return False

    async def _addresses(self, name: str, port: int) -> list[str]:
        try:
            return await self._look_up(name, port)
        except (OSError, UnicodeError):
            # Behind a company's proxy only the proxy can look names up.
            return []

    def _note_places(self, ctx: StepContext) -> None:
        for page in self._pages.values():
            if not page.is_closed() and (goal := _goal(page.url)) is not None:
                self._note(ctx, self._shown(*goal))

    def _note(self, ctx: StepContext, shown: str) -> None:
        if (ctx.step, shown) not in self._noted:
            self._noted.add((ctx.step, shown))
            ctx.touched("host", shown)

    def _held_back(self, method: str, url: str, body: str) -> None:
        """A page wanted to send something in a rehearsal."""
        if self._last is not None:
            said = f"The page would have sent {method} to {url.partition('?')[0]}."
            self._last.page_held_back(said, {"method": method, "url": url, "body": body})

    def _report(self, notice: Notice) -> None:
        if self._last is not None:
            self._last.log(notice.says, level="warning" if notice.kind in ("denied", "crash", "download") else "info")


def _goal(url: str) -> tuple[str, int] | None:
    """The host and port of a web address; None for what is no place on the web."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443, "ws": 80, "wss": 443}[parts.scheme]
        return (canonical(parts.hostname), port) if parts.hostname else None
    except (KeyError, ValueError):
        return None


def plain(name: str, port: int, practice: str) -> str:
    """How a grant spells a host and port, given the address of the practice shop or nothing."""
    if practice and name in ("127.0.0.1", "localhost") and urlsplit(practice).port == port:
        return PRACTICE
    return spelled(name, port)
