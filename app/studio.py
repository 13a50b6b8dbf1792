"""Everything the studio is made of, apart from its window: the same for the window and for the terminal."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.browser.browsers import Browsers
from app.desk.shelf import Shelf
from app.practice.site import PracticeSite
from app.runs import parts
from app.runs.keeping import Keeping
from app.runs.service import RunService
from app.secrets import Secrets
from app.store.artifacts import Artifacts
from app.store.boots import Boot
from app.store.connections import Connections
from app.store.database import Database
from app.store.home import room
from app.store.lock import opening
from app.store.runs import Runs
from app.store.settings import Settings
from app.store.sizes import refer
from app.store.starts import Starts
from app.store.trouble import StoreTrouble
from flows.model import Flow
from nodes.catalog import Catalog, built_in, from_folder, from_plugins, later, left_out
from nodes.values import Touches

if TYPE_CHECKING:
    from app.runs.continuing import Continuing
    from app.runs.world.real import RealWorld

EXAMPLES_PLACED = "examples_placed"
DAY, HOUR = 86_400.0, 3600.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Studio:
    """The parts, joined. Made by `open_studio`, given back by `close`."""

    folder: Path
    boot: Boot
    starts: Starts | None
    catalog: Catalog
    database: Database
    artifacts: Artifacts
    settings: Settings
    connections: Connections
    secrets: Secrets
    shelf: Shelf
    runs: RunService
    browsers: Browsers
    shop: PracticeSite
    keeping: Keeping

    @cached_property
    def continuing(self) -> Continuing:
        """What goes on with runs that have ended."""
        from app.runs.continuing import Continuing

        return Continuing(self.database, self.artifacts, self.runs)

    async def keep_house(self, after: float = 2.0) -> None:
        """Until it is cancelled: back the database up once a day, and once an hour clear away what is kept too long."""
        began = time.time()
        await asyncio.sleep(after)  # The first page comes first.
        log.debug("There are %d kinds of steps.", len(self.catalog.kinds))
        from nodes.code._process import end_leftovers

        await asyncio.to_thread(end_leftovers)
        # Nobody else is here who could be writing: what is older than this start is of one that was killed.
        await asyncio.to_thread(self.artifacts.sweep, HOUR if self.boot.others() else time.time() - began + 1)
        while True:
            try:
                await self.database.back_up(at_most_every=DAY)
            except StoreTrouble as trouble:
                log.warning("The daily backup was not made. %s", trouble)
            try:
                await self.keeping.clean()
            except (StoreTrouble, OSError) as trouble:
                log.warning("Runs over the limits were not removed. %s", trouble)
            await asyncio.sleep(HOUR)

    async def close(self) -> None:
        """Interrupt what runs and put everything away, within 5 s."""
        await self.runs.close()
        await self.browsers.close()
        await self.shop.stop()
        await self.database.close()
        self.boot.end()


async def open_studio(
    folder: Path, *, own_port: int | None = None, headed: bool = False, starts: Starts | None = None
) -> Studio:
    """The studio on this data folder, with the example flows on a new shelf. StoreTrouble where it cannot be."""
    async with opening(folder):
        return await _opened(folder, own_port, headed, starts)


def _kinds(own: Path, starts: Starts | None) -> Catalog:
    """All kinds of steps; after two crashes in a row only those that come with Weft."""
    if starts is None:
        return built_in() | from_plugins() | from_folder(own)
    if starts.safe:
        return built_in() | left_out(own)
    return built_in() | from_plugins(starts.doing) | from_folder(own, starts.doing)


async def _opened(folder: Path, own_port: int | None, headed: bool, starts: Starts | None) -> Studio:
    database = Database(folder / "weft.db")
    await database.open()
    boot = Boot(folder)
    if starts is not None:
        starts.named(boot.id)
    catalog = later(lambda: _kinds(folder / "nodes", starts))
    artifacts = Artifacts(room("artifacts", folder))
    settings = Settings(database)
    connections = Connections(database)
    keys = Secrets(database)
    shelf = Shelf(database, catalog)
    browsers = Browsers(boot.id, never=[own_port] if own_port else [])
    browsers.clear_up()
    shop = PracticeSite()

    async def world(flow: Flow, run_id: str, sessions: str) -> RealWorld:
        from app.runs.world.real import RealWorld

        async def remember(more: Touches) -> None:
            await shelf.allow(flow, more)

        async def keep(sha: str) -> None:
            await database.write(lambda connection: refer(connection, artifacts, run_id, [sha]))

        return RealWorld(
            flow_id=flow.id,
            run_id=run_id,
            grant=await shelf.grant(flow, parts.read((await stored.version(await stored.get(run_id)))[1])),
            sessions=sessions,
            folder=folder,
            browsers=browsers,
            shop=shop,
            secrets=keys,
            connections=connections,
            artifacts=artifacts,
            own_port=own_port,
            headed=headed,
            remember=remember,
            keep=keep,
            troubled=lambda sentence: runs.say(run_id, sentence),
        )

    stored = Runs(database, boot.id, lives=boot.lives)
    runs = RunService(
        database=database,
        artifacts=artifacts,
        runs=stored,
        catalog=catalog,
        open_world=world,
        parts_of=shelf.parts_to_run,
        flow_of=shelf.to_run,
        mask=keys.masks.mask_value,
    )
    if not await settings.get(EXAMPLES_PLACED, False):
        await shelf.add_examples()
        await settings.put(EXAMPLES_PLACED, True)
    return Studio(
        folder,
        boot,
        starts,
        catalog,
        database,
        artifacts,
        settings,
        connections,
        keys,
        shelf,
        runs,
        browsers,
        shop,
        Keeping(database, artifacts, settings, folder),
    )
