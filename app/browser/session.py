"""One browser session of a run: its cookies, its pages, and the state that outlives a crash."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from typing_extensions import TypedDict

from app.browser.downloads import refuse, save
from app.browser.notices import Notice, Report
from app.browser.reading_only import HeldBack, only_reads

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Dialog, Download, Page, StorageState

    from app.browser.running import Running

CLOSES_WITHIN = 2.0
STATE_WITHIN = 3.0
BACK_WITHIN = 30.0
ASK_FOR_TAB_STORAGE = "() => JSON.stringify(Object.entries(sessionStorage))"
GIVE_TAB_STORAGE = """
if (location.origin === {origin} && window.top === window && !sessionStorage.length)
  for (const [name, value] of {entries}) sessionStorage.setItem(name, value);
"""


class SessionState(TypedDict):
    """Cookies and storage, the page's address, and what its tab had stored. Secret: it may sign in as the person."""

    url: str
    storage: dict[str, Any]
    tab: list[list[str]]


class Session:
    """A browser context and the page in front. A popup comes to the front when it opens, and leaves when it closes."""

    def __init__(
        self, context: BrowserContext, report: Report, downloads: Path | None, only_reads: bool = False
    ) -> None:
        self._only_reads = only_reads
        self._context = context
        self._report = report
        self._downloads = downloads
        self._pages: list[Page] = []
        self._saving: set[asyncio.Task[None]] = set()
        context.on("page", self._opened)

    @classmethod
    async def open(
        cls,
        running: Running,
        *,
        report: Report,
        proxy: str | None = None,
        downloads: Path | None = None,
        state: SessionState | None = None,
        held_back: HeldBack | None = None,
    ) -> Session:
        """A new session, with the cookies and storage of `state`; `restore` brings its page back too."""
        context = await running.browser.new_context(
            accept_downloads=downloads is not None,
            proxy={"server": proxy} if proxy else None,
            storage_state=cast("StorageState", state["storage"]) if state else None,
            # What a worker of the page sends passes no route.
            service_workers="block" if held_back else "allow",
        )
        if held_back is not None:
            await only_reads(context, held_back)
        return cls(context, report, downloads, only_reads=held_back is not None)

    async def page(self, patience: float | None = None) -> Page:
        """The page in front; a new one where there is none. `patience`: seconds, for whatever is done on it."""
        if patience is not None:
            self._context.set_default_timeout(patience * 1000)
            self._context.set_default_navigation_timeout(patience * 1000)
        if not self._pages:
            await self._context.new_page()  # `_opened` puts it in front.
        return self._pages[-1]

    async def state(self) -> SessionState:
        """What a later session needs to go on from here. Fails, in time, where the page is stuck."""
        from playwright.async_api import Error

        async with asyncio.timeout(STATE_WITHIN):
            try:
                storage = await self._context.storage_state(indexed_db=True)
            except Error:  # Some databases of pages hold what has no JSON.
                storage = await self._context.storage_state()
            url, tab = "", []
            if self._pages:
                url = self._pages[-1].url
                with contextlib.suppress(Error):
                    tab = json.loads(await self._pages[-1].evaluate(ASK_FOR_TAB_STORAGE))
        return {"url": url, "storage": cast("dict[str, Any]", storage), "tab": tab}

    async def close(self) -> bool:
        """Close every page; False where the browser did not do it in time."""
        from playwright.async_api import Error

        for task in self._saving:
            task.cancel()
        try:
            async with asyncio.timeout(CLOSES_WITHIN):
                if self._only_reads:
                    # What a page sends while it is closed passes no route any more.
                    await self._context.set_offline(True)
                await self._context.close()
            return True
        except TimeoutError:
            return False
        except Error:
            return True  # It was gone already.

    async def restore(self, state: SessionState) -> None:
        """Open the page that was in front again, with what its tab had stored."""
        from playwright.async_api import Error

        address = urlsplit(state["url"])
        if address.scheme not in ("http", "https"):
            return
        if state["tab"]:
            origin, entries = json.dumps(f"{address.scheme}://{address.netloc}"), json.dumps(state["tab"])
            await self._context.add_init_script(GIVE_TAB_STORAGE.format(origin=origin, entries=entries))
        page = await self.page()
        try:
            await page.goto(state["url"], wait_until="domcontentloaded", timeout=BACK_WITHIN * 1000)
            said = f"The page {state['url']} was opened again, with its cookies and storage."
        except Error as error:
            said = f"The page {state['url']} could not be opened again: {error.message.splitlines()[0]}"
        self._report(Notice("restored", said, state["url"]))

    def _opened(self, page: Page) -> None:
        followed = bool(self._pages)
        self._pages.append(page)
        page.on("close", self._gone)
        page.on("crash", self._crashed)
        page.on("dialog", self._asked)
        page.on("download", self._offered)
        if followed:
            self._report(Notice("popup", "The page opened another page; the next steps work on that one.", page.url))

    def _gone(self, page: Page) -> None:
        if page in self._pages:
            self._pages.remove(page)

    def _crashed(self, page: Page) -> None:
        self._gone(page)
        self._report(Notice("crash", f"The page {page.url} crashed.", page.url))
        self._aside(page.close())

    async def _asked(self, dialog: Dialog) -> None:
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            if dialog.type == "beforeunload":
                await dialog.accept()  # The flow said to leave this page.
                return
            await dialog.dismiss()
        what = {"alert": "a message", "confirm": "a question", "prompt": "a question to type into"}[dialog.type]
        url = dialog.page.url if dialog.page else ""
        self._report(Notice("dialog", f"The page showed {what}, which was dismissed: “{dialog.message[:300]}”", url))

    def _offered(self, download: Download) -> None:
        if self._downloads is None:
            self._report(refuse(download))
        else:
            self._aside(save(download, self._downloads, self._report))

    def _aside(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)
