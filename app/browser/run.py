"""The browser of one run: its sessions, through its gate, restored after a crash, and closed in time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.browser.browsers import Browsers
from app.browser.explain import Unreached, explain, gates_word
from app.browser.gate import Allow, Gate
from app.browser.notices import Notice, Report
from app.browser.reading_only import HeldBack
from app.browser.running import Running
from app.browser.session import Session, SessionState
from nodes.values import NodeError

if TYPE_CHECKING:
    from playwright.async_api import Error, Page

MAIN = "main"
OPENS_WITHIN = 1.0
State = dict[str, SessionState]


class RunBrowser:
    """What `ctx.page` gives comes from here. Nothing is started before the first page is asked for.

    `allow` is asked before a host is contacted; without it, every host but the studio's own address may be.
    `state` is what `save_state` gave in the run that this one continues. With `held_back` pages only read: it hears
    what they wanted to send.
    """

    def __init__(
        self,
        browsers: Browsers,
        *,
        report: Report,
        allow: Allow | None = None,
        headed: bool = False,
        downloads: Path | None = None,
        state: Mapping[str, SessionState] | None = None,
        held_back: HeldBack | None = None,
    ) -> None:
        self._held_back = held_back
        self._browsers = browsers
        self._report = report
        self._headed = headed
        self._downloads = downloads
        self._kept: State = dict(state or {})
        # In a rehearsal it holds what a page sends when it is closed, which passes no route.
        self._gate = (
            Gate(allow or (lambda _: True), self._denied, browsers.never, reads_only=held_back is not None)
            if allow or held_back
            else None
        )
        self._proxy: str | None = None
        self._running: Running | None = None
        self._sessions: dict[str, Session] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._borrowing = asyncio.Lock()
        self._opening: set[asyncio.Task[Session]] = set()

    async def page(self, session: str = MAIN, *, lane: str = "", patience: float | None = None) -> Page:
        """The page in front of a session; opened, or opened again after a crash, if need be.

        `patience` is in seconds and holds for everything done on the page until the next call. Rounds that run at the
        same time name a `lane` each and so have pages of their own, signed in where the run was when they began.
        """
        from playwright.async_api import Error

        key = _key(lane, session)
        async with self._turns.setdefault(key, asyncio.Lock()):
            running = await self._usable()
            try:
                opened = self._sessions.get(key)
                if opened is None:
                    kept = self._kept.get(key)
                    opened = await self._open(key, running, kept or await self._around(lane, session))
                    if kept:
                        await opened.restore(kept)
                return await opened.page(patience)
            except Error as error:
                raise self._said(error) from error

    async def save_state(self) -> State:
        """Every session's state as JSON, for a resume. A page that is stuck keeps the state it had before."""
        from playwright.async_api import Error

        for key, session in list(self._sessions.items()):
            with contextlib.suppress(Error, TimeoutError):
                self._kept[key] = await session.state()
        return dict(self._kept)

    async def leave(self, lane: str) -> None:
        """Close the sessions of a lane; their state is not kept."""
        for key in [key for key in (*self._sessions, *self._kept) if key.startswith(_key(lane, ""))]:
            self._kept.pop(key, None)
            self._turns.pop(key, None)
            if session := self._sessions.pop(key, None):
                await self._closed([session])

    async def close(self) -> None:
        """Everything gone within five seconds, whatever hangs. What comes after needs a new RunBrowser."""
        # A run that is stopped while it closes must leave nothing open either.
        await asyncio.shield(asyncio.create_task(self._close()))

    def explain(self, error: Exception) -> NodeError | None:
        """The sentence for an error that Playwright raised in a step; None for an error that is not Playwright's."""
        from playwright.async_api import Error

        if not isinstance(error, Error):
            return None
        return self._said(error)

    def gates_word(self, url: str, code: str = "") -> NodeError | None:
        """Why the browser did not reach an address, where only the gate knows."""
        return gates_word(url, code, unreached=self._unreached, own=self._browsers.never)

    def _said(self, error: Error) -> NodeError:
        return explain(error, unreached=self._unreached, own=self._browsers.never)

    @property
    def _unreached(self) -> Unreached:
        return self._gate.unreached if self._gate else {}

    async def _open(self, key: str, running: Running, state: SessionState | None) -> Session:
        async def opening() -> Session:
            opened = self._sessions[key] = await Session.open(
                running,
                report=self._report,
                proxy=self._proxy,
                downloads=self._downloads,
                state=state,
                held_back=self._held_back,
            )
            return opened

        task = asyncio.create_task(opening())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return await asyncio.shield(task)  # A step that is stopped now must not leave a session nobody closes.

    async def _around(self, lane: str, session: str) -> SessionState | None:
        """What a lane begins with: the state of the session of that name around it."""
        from playwright.async_api import Error

        while lane:
            lane = lane.rpartition("/")[0]
            if outer := self._sessions.get(_key(lane, session)):
                with contextlib.suppress(Error, TimeoutError):
                    return await outer.state()
        return None

    async def _usable(self) -> Running:
        async with self._borrowing:
            if self._running and not await self._running.answers():
                self._report(Notice("crash", "The browser ended unexpectedly; a new one goes on from the last state."))
                self._sessions.clear()
                self._give_back()
            if self._gate and not self._proxy:
                self._proxy = await self._gate.open()
            if not self._running:
                self._running = await self._browsers.borrow(headed=self._headed)
            return self._running

    async def _close(self) -> None:
        if self._opening:
            await asyncio.wait(self._opening, timeout=OPENS_WITHIN)
        if self._gate and self._held_back:
            await self._gate.close()
        sessions = list(self._sessions.values())
        self._sessions.clear()
        await self._closed(sessions)
        self._give_back()
        if self._gate:
            await self._gate.close()

    async def _closed(self, sessions: list[Session]) -> None:
        in_time = await asyncio.gather(*(session.close() for session in sessions))
        if not all(in_time) and self._running:
            # A page that does not let go holds the browser; no other run shall get it.
            self._running.spent = True

    def _give_back(self) -> None:
        if self._running:
            self._browsers.give_back(self._running)
            self._running = None

    def _denied(self, host: str) -> None:
        self._report(Notice("denied", f"The page wanted to contact {host}, which this flow may not.", host))


def _key(lane: str, session: str) -> str:
    return f"{lane}:{session}" if lane else session
