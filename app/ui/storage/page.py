"""The Storage page: what takes space, how long runs are kept, and what each flow's runs take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from nicegui import background_tasks, context, ui

from app.language import tr
from app.studio import Studio
from app.ui.dialogs import said
from app.ui.storage.flows import FlowTable
from app.ui.storage.limits import GeneralLimits
from app.ui.storage.places import Places


async def storage_page(studio: Studio) -> None:
    """Show what takes space."""
    page = StoragePage(studio)
    await page.refresh(look=False)
    context.client.on_delete(studio.keeping.when_removed(page.changed))
    context.client.on_delete(studio.keeping.when_cleaned(page.changed))
    # Files are counted after the page is there: there may be many.
    ui.timer(0, page.refresh, once=True)


class StoragePage:
    """One window on the storage."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._again = False
        self._refreshing = asyncio.Lock()
        with ui.element("div").classes("weft-page weft-page-storage") as self._page:
            with ui.element("header").classes("weft-page-head"), ui.element("div"):
                ui.label(tr("Storage")).classes("weft-title").props("role=heading aria-level=1")
                where = tr("All of it is on this computer, in {folder}.", folder=studio.folder)
                ui.label(where).classes("weft-subtitle weft-anywhere")
            self._places = Places(studio, self.refresh)
            self._limits = GeneralLimits(studio, self.refresh)
            self._flows = FlowTable(studio, self.refresh)

    async def refresh(self, look: bool = True) -> None:
        """Show everything as it is now; without a look, what is known at once."""
        async with self._refreshing:
            with said():
                space = await self._studio.keeping.in_database()
                policy = await self._studio.keeping.policy()
                disk = await self._studio.keeping.on_disk() if look else None
                if self._page.is_deleted:
                    return
                self._places.show(space, disk)
                self._flows.show(space.flows, policy)
                await self._limits.refresh(look)

    def changed(self, _ids: Sequence[str] = ()) -> None:
        """Runs went, by themselves or in another window, or Weft has cleaned up."""
        if not self._again:
            self._again = True
            background_tasks.create(self._soon(), name="storage page: runs were removed")

    async def _soon(self) -> None:
        await asyncio.sleep(1)
        self._again = False
        if not self._page.is_deleted:
            with self._page:
                await self.refresh()
