"""A flow that is run from a file: its place on the shelf, and what a person has to accept before it runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from typing_extensions import TypedDict

from app.desk.shelf import Review, Shelf
from app.engine.gate import difference, grant_from_json
from app.store.database import Database
from app.store.flows import Flows, StoredFlow
from app.store.grants import Grants
from app.store.refusal import FlowExists, FlowMissing
from app.store.settings import Settings
from flows.model import Flow, content_hash
from nodes.values import Touches

FROM_FILES = "flows_from_files"
"""Setting: id on the shelf → fingerprint of the file that was accepted there last."""


class _About(TypedDict):
    id: str
    name: str
    description: str
    document: str


@dataclass(frozen=True)
class Arrival:
    """The flow of a file as it may run here, once `review` is accepted; None where nothing has to be."""

    flow: Flow
    review: Review | None
    on_shelf: StoredFlow | None


class FlowFiles:
    """Flows in files and on the shelf, without one ever overwriting what a person has made or changed here."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._shelf = shelf
        self._flows = Flows(database)
        self._grants = Grants(database)
        self._settings = Settings(database)

    async def arrive(self, flow: Flow) -> Arrival:
        """What the file is here: a flow of the shelf, a newer version of one that came from a file, or a new one."""
        accepted = await self._settings.get(FROM_FILES, {})
        while True:
            held = await self._held(flow.id)
            if held is None:
                touches = await self._shelf.touches(flow)
                return Arrival(flow, Review(flow, touches, touches, again=False), None)
            there = Flow.model_validate_json(held.document)
            if content_hash(there) == content_hash(flow):
                return Arrival(there, await self._shelf.to_review(flow.id), held)
            untouched = held.revision == 1 or accepted.get(flow.id) == content_hash(there)
            if held.origin == "arrived" and untouched:
                return Arrival(flow, await self._changed(flow), held)
            # What has this id was made here or changed here, so the file is another flow, with an id of its own.
            flow = flow.model_copy(update={"id": str(uuid.uuid5(uuid.NAMESPACE_OID, flow.id))})

    async def accept(self, arrival: Arrival) -> None:
        """Put the flow on the shelf as one that arrived and was accepted."""
        flow, held = arrival.flow, arrival.on_shelf
        document = flow.model_dump_json()
        about: _About = {"id": flow.id, "name": flow.name, "description": flow.description, "document": document}
        if held is None:
            try:
                await self._flows.create(**about, origin="arrived")
            except FlowExists:
                # The same file is run twice at the same moment.
                if (await self._flows.get(flow.id)).document != document:
                    raise
        elif held.document != document:
            await self._flows.save(**about, expected=held.revision)
        await self._shelf.accept(flow)
        accepted = await self._settings.get(FROM_FILES, {})
        await self._settings.put(FROM_FILES, {**accepted, flow.id: content_hash(flow)})

    async def _held(self, flow_id: str) -> StoredFlow | None:
        try:
            return await self._flows.get(flow_id)
        except FlowMissing:
            return None

    async def _changed(self, flow: Flow) -> Review:
        touches = await self._shelf.touches(flow)
        grant = await self._grants.get(flow.id)
        before = grant_from_json(grant.grant_json).touches if grant is not None else Touches()
        return Review(flow, touches, difference(touches, before), again=grant is not None)
