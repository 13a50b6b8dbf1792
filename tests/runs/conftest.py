"""A world with real parts in a folder of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.browser.browsers import Browsers
from app.engine.gate import Grant
from app.practice import PracticeSite
from app.runs.world.real import RealWorld
from app.secrets.secrets import Secrets
from app.store.artifacts import Artifacts
from app.store.connections import Connections
from app.store.database import Database
from nodes.values import Touches


class Parts:
    """What worlds are made of, and what was added to their grants."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.secrets = Secrets(database, environment={})
        self.connections = Connections(database)
        self.artifacts = Artifacts(folder / "artifacts")
        self.shop = PracticeSite()
        self.browsers = Browsers("test")
        self.remembered: list[Touches] = []
        self.worlds: list[RealWorld] = []

    def world(self, grant: Grant, *, run_id: str = "r", **more: Any) -> RealWorld:
        """A world with this grant."""
        made = RealWorld(
            flow_id="f",
            run_id=run_id,
            grant=grant,
            folder=self.folder,
            browsers=self.browsers,
            shop=self.shop,
            secrets=self.secrets,
            connections=self.connections,
            artifacts=self.artifacts,
            remember=self._remember,
            **more,
        )
        self.worlds.append(made)
        return made

    async def _remember(self, more: Touches) -> None:
        self.remembered.append(more)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    folder = tmp_path / "weft"
    folder.mkdir()
    database = Database(folder / "weft.db")
    await database.open()
    made = Parts(folder, database)
    yield made
    for world in made.worlds:
        await world.close()
    await made.browsers.close()
    await made.shop.stop()
    await database.close()
