"""Everything the studio is made of, apart from its window: the same for the window and for the terminal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from app.browser.browsers import Browsers
from app.desk.shelf import Shelf
from app.practice.site import PracticeSite
from app.runs.service import RunService
from app.runs.world import RealWorld
from app.secrets import Secrets
from app.store.artifacts import Artifacts
from app.store.connections import Connections
from app.store.database import Database
from app.store.home import room
from app.store.runs import Runs
from app.store.settings import Settings
from flows.model import Flow
from nodes.catalog import Catalog, built_in, from_folder, from_plugins
from nodes.values import Touches

EXAMPLES_PLACED = "examples_placed"


@dataclass(frozen=True)
class Studio:
    """The parts, joined. Made by `open_studio`, given back by `close`."""

    folder: Path
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

    async def close(self) -> None:
        """Interrupt what runs and put everything away, within 5 s."""
        await self.runs.close()
        await self.browsers.close()
        await self.shop.stop()
        await self.database.close()


async def open_studio(
    folder: Path, *, own_port: int | None = None, headed: bool = False
) -> Studio:
    """The studio on this data folder, with the example flows on a new shelf. StoreTrouble where it cannot be."""
    database = Database(folder / "weft.db")
    await database.open()
    boot = secrets.token_hex(8)
    catalog = built_in() | from_plugins() | from_folder(folder / "nodes")
    artifacts = Artifacts(room("artifacts", folder))
    settings = Settings(database)
    connections = Connections(database)
    keys = Secrets(database)
    shelf = Shelf(database, catalog)
    browsers = Browsers(boot, never=[own_port] if own_port else [])
    browsers.clear_up()
    shop = PracticeSite()

    async def world(flow: Flow, run_id: str, sessions: str) -> RealWorld:
        async def remember(more: Touches) -> None:
            await shelf.allow(flow, more)

        return RealWorld(
            flow_id=flow.id,
            run_id=run_id,
            grant=await shelf.grant(flow),
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
        )

    runs = RunService(
        database=database, artifacts=artifacts, runs=Runs(database, boot), catalog=catalog, open_world=world
    )
    if not await settings.get(EXAMPLES_PLACED, False):
        await shelf.add_examples()
        await settings.put(EXAMPLES_PLACED, True)
    return Studio(folder, catalog, database, artifacts, settings, connections, keys, shelf, runs, browsers, shop)
