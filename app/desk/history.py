"""The history of a flow: keep a version, find the earlier ones, and go back to one without losing anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from app.desk.open_flow import OpenFlow
from app.store.database import Database
from app.store.published import PublishedVersions
from app.store.versions import Kept, Used, Versions, hash_of
from flows.diff import Difference, diff
from flows.edits import Replace
from flows.model import Flow
from nodes.catalog import Catalog
from nodes.checks import holds_expressions


@dataclass(frozen=True)
class Entry:
    """A version in the history: one that a person has kept, one that runs have used, or both."""

    hash: str
    at: float
    kept: Kept | None
    used: Used | None
    published: bool = False
    """It is what runs where nobody sits before it."""

    @property
    def name(self) -> str:
        """What a person called it."""
        return self.kept.name if self.kept is not None else ""


class History:
    """The versions of all flows of a studio."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._versions = Versions(database)
        self._published = PublishedVersions(database)
        self._catalog = catalog

    async def entries(self, flow_id: str) -> list[Entry]:
        """Every version of a flow, the newest first. Runs that used a kept version are told with it."""
        used = {each.hash: each for each in await self._versions.used(flow_id)}
        published = await self._published.get(flow_id)
        found = []
        for kept in await self._versions.kept(flow_id):
            found.append(Entry(kept.hash, kept.at, kept, used.pop(kept.hash, None), kept.hash == published))
            published = None if kept.hash == published else published  # The newest of those with this content.
        found += [Entry(each.hash, each.at, None, each) for each in used.values()]
        return sorted(found, key=lambda entry: entry.at, reverse=True)

    async def flow(self, hash: str) -> Flow:
        """The flow of a version. VersionMissing where it is gone."""
        return await asyncio.to_thread(Flow.model_validate_json, await self._versions.document(hash))

    async def compare(self, before: Flow, after: Flow) -> Difference:
        """What is different between two flows."""
        return await asyncio.to_thread(diff, before, after, partial(holds_expressions, self._catalog))

    async def keep(self, flow: Flow, name: str = "", note: str = "") -> Kept:
        """Keep a flow as it is now, and note how much has changed since the version kept before."""
        last = next(iter(await self._versions.kept(flow.id)), None)
        changes = None
        if last is not None:
            changes = len((await self.compare(await self.flow(last.hash), flow)).changes)
        return await self._versions.keep(flow.id, flow.model_dump_json(), name=name, note=note, changes=changes)

    async def publish(self, flow_id: str, entry: Entry) -> None:
        """Make this version the published one; one that only runs have used is kept from now on."""
        if entry.kept is None:
            document = await self._versions.document(entry.hash)
            await self._versions.keep(flow_id, document, name="Published")
        await self._published.put(flow_id, entry.hash)

    async def unpublish(self, flow_id: str) -> None:
        """Publish no version."""
        await self._published.take_back(flow_id)

    async def published(self, flow_id: str) -> Flow | None:
        """The published version of a flow; None where none is."""
        hash = await self._published.get(flow_id)
        return None if hash is None else await self.flow(hash)

    async def since_published(self, flow: Flow) -> Difference | None:
        """What has changed since the published version; None where none is published."""
        published = await self.published(flow.id)
        return None if published is None else await self.compare(published, flow)

    async def go_back(self, opened: OpenFlow, entry: Entry, *, name: str, by: str = "") -> bool:
        """Make the flow what it was, as an edit that can be undone; False where it is so already.

        What is there now is kept first, unless the history has it. `name` is how the version is called in words.
        """
        flow, now = await self.flow(entry.hash), opened.flow
        if flow.model_copy(update={"id": now.id}) == now:
            return False
        if hash_of(now.model_dump_json()) not in {each.hash for each in await self.entries(now.id)}:
            await self.keep(now, f"Before going back to {name}"[:200])
        await opened.edit(Replace(flow=flow), by=by)
        return True
