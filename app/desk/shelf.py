"""All flows: new, copied, brought in from outside, given away, and whether each may run yet."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.clippings import Clippings
from app.engine.gate import Grant, difference, grant_from_json, grant_to_json, review
from app.engine.parts import Parts, called_by
from app.engine.plan import Unrunnable
from app.store.database import Database
from app.store.flows import FlowCard, Flows
from app.store.grants import Grants
from app.store.refusal import FlowMissing, NotPublished
from app.store.settings import Settings
from flows.model import Flow, content_hash
from flows.placing import placed
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.values import Touches

if TYPE_CHECKING:
    from app.desk.open_flow import OpenFlow

FIRST = "mugs-report.flow.yaml"
"""The example that shows the whole of Weft."""

EXAMPLES = Path(__file__).parents[2] / "flows" / "examples"


@dataclass(frozen=True)
class Review:
    """What a flow from outside touches, for a person to accept; `new` is what was not accepted before."""

    flow: Flow
    all: Touches
    new: Touches
    again: bool


class Shelf:
    """The flows of this studio. What only an open one or a file needs is imported then: the first page comes sooner."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self.catalog = catalog
        self._flows = Flows(database)
        self._grants = Grants(database)
        self._settings = Settings(database)
        self._database = database
        self._open: dict[str, OpenFlow] = {}
        self._away: dict[str, OpenFlow] = {}
        self.clippings = Clippings()

    async def cards(self, search: str = "") -> list[FlowCard]:
        """The flows whose name or description holds these words, the last changed first."""
        return await self._flows.cards(search)

    async def open(self, flow_id: str) -> OpenFlow:
        """The flow, shared by everything that has it open. FlowMissing where there is none."""
        from app.desk.breakpoints import Breakpoints
        from app.desk.open_flow import OpenFlow

        if flow_id not in self._open:
            past = await self._flows.pasts.all(flow_id)
            breakpoints = await Breakpoints.kept(self._settings, flow_id)
            stored = await self._flows.get(flow_id)
            # Beside the loop: all the expressions of a large flow are read for the first time.
            opened = await asyncio.to_thread(
                OpenFlow,
                stored,
                self._flows,
                self.catalog,
                self._edited_here,
                parts=self.parts,
                past=past,
                breakpoints=breakpoints,
            )
            self._open.setdefault(flow_id, opened)
        found = self._open[flow_id]
        await found.look_again()  # The flows that it runs may have been edited meanwhile.
        return found

    async def find(self, text: str) -> OpenFlow:
        """The flow with this id or name. FlowMissing where there is none or several."""
        return await self.open((await self._flows.find(text)).id)

    async def new(self, name: str = "New flow") -> Flow:
        """An empty flow, made here."""
        return await self._put(Flow(id=str(uuid.uuid4()), name=name), "made")

    async def duplicate(self, flow_id: str) -> Flow:
        """A copy with an id of its own; it may do what the first one may."""
        first = await self.open(flow_id)
        copy = first.flow.model_copy(update={"id": str(uuid.uuid4()), "name": f"{first.flow.name} (copy)"})
        await self._put(copy, first.origin)
        if (grant := await self._grants.get(flow_id)) is not None and grant.content_hash == content_hash(first.flow):
            await self._grants.accept(copy.id, content_hash(copy), grant.grant_json)
        return copy

    async def delete(self, flow_id: str) -> None:
        """Take a flow from the shelf; `restore` brings it back."""
        await self._flows.delete(flow_id)
        if (opened := self._open.pop(flow_id, None)) is not None:
            self._away[flow_id] = opened

    async def restore(self, flow_id: str) -> None:
        """Bring a deleted flow back."""
        await self._flows.undelete(flow_id)
        # Windows that still show it go on with the same one: two would undo each other's edits.
        if (opened := self._away.pop(flow_id, None)) is not None:
            self._open.setdefault(flow_id, opened)

    async def bring_in(self, content: bytes, file_name: str) -> Flow:
        """A flow from a file, as one that arrived: nothing of it runs before its review. FlowFileError otherwise."""
        from flows.text import read_flow

        flow = await asyncio.to_thread(lambda: placed(read_flow(content, file_name).flow))
        known = {card.id for card in await self._flows.cards()}
        if flow.id in known:
            flow = flow.model_copy(update={"id": str(uuid.uuid4())})
        return await self._put(flow, "arrived")

    async def give_away(self, flow_id: str) -> tuple[str, str]:
        """A file name and the flow's text."""
        from flows.text import write_flow

        flow = (await self.open(flow_id)).flow
        plain = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in flow.name).strip()
        return f"{plain or 'flow'}.flow.yaml", await asyncio.to_thread(write_flow, flow)

    async def add_examples(self) -> int:
        """Put the example flows on an empty shelf; gives how many."""
        from flows.text import read_flow

        added = 0
        # The newest comes first on the shelf, so the one to begin with is put there last.
        paths = sorted(EXAMPLES.glob("*.flow.yaml"), reverse=True)
        for path in sorted(paths, key=lambda path: path.name == FIRST):
            await self._put(read_flow(path.read_bytes(), path.name).flow, "example")
            added += 1
        return added

    async def example(self, flow: Flow) -> str:
        """The id of an example flow, which is put back on the shelf where it was taken from it."""
        try:
            await self._flows.get(flow.id)
        except FlowMissing:
            try:
                await self.restore(flow.id)
            except FlowMissing:
                await self._put(flow, "example")
        return flow.id

    async def parts(self, flow: Flow) -> Parts:
        """The flows that a flow runs as its steps, and those that they run, by id; one that is not here is left out."""
        found: dict[str, Flow] = {}
        waiting = [*called_by(flow, self.catalog)]
        for called in waiting:
            if called in found or called == flow.id:
                continue
            try:
                found[called] = await self.current(called)
            except FlowMissing:
                continue
            waiting.extend(called_by(found[called], self.catalog))
        return found

    async def parts_to_run(self, flow: Flow) -> Parts:
        """The same for a run. Unrunnable where one of them came from elsewhere and has not been reviewed."""
        parts = await self.parts(flow)
        held = [part.name for part in parts.values() if await self.to_review(part.id) is not None]
        if held:
            hint = "Open it and look at what it touches."
            raise Unrunnable(
                [Problem(f"“{name}” came from elsewhere and was not reviewed.", hint=hint) for name in held]
            )
        return parts

    async def to_run(self, flow_id: str) -> Flow:
        """A flow that nobody sits before when it starts. FlowMissing, or Unrunnable where it was not reviewed."""
        flow = await self.current(flow_id)
        if await self.to_review(flow_id) is not None:
            hint = "Open it and look at what it touches."
            raise Unrunnable([Problem(f"“{flow.name}” came from elsewhere and was not reviewed.", hint=hint)])
        return flow

    async def published(self, flow_id: str) -> Flow:
        """The published version, for what runs where nobody sits before it.

        FlowMissing where there is no flow, NotPublished where it has no such version, and Unrunnable where it came from
        elsewhere and wants more than was accepted.
        """
        from app.desk.history import History

        name = (await self.current(flow_id)).name
        flow = await History(self._database, self.catalog).published(flow_id)
        if flow is None:
            raise NotPublished(f"“{name}” has no published version.", "Publish one on its History page.")
        if await self._flows.origin(flow_id) == "arrived":
            accepted = await self._grants.get(flow_id)
            wants = await self.touches(flow)
            if accepted is None or difference(wants, grant_from_json(accepted.grant_json).touches) != Touches():
                hint = "Open the flow, go back to that version, and look at what it touches."
                raise Unrunnable([Problem(f"The published version of “{name}” was not reviewed.", hint=hint)])
        return flow

    async def touches(self, flow: Flow) -> Touches:
        """What a flow means to touch, with the flows that it runs."""
        parts = await self.parts(flow)
        return await asyncio.to_thread(review, flow, self.catalog, parts.values())

    async def grant(self, flow: Flow, parts: Parts | None = None) -> Grant:
        """What this flow may touch: all that its author's own flows do, or what was accepted of one that arrived.

        One made here that runs one which arrived is held to what both of them name. `parts` are the flows that it runs
        as its run has kept them.
        """
        accepted = await self._grants.get(flow.id)
        known = grant_from_json(accepted.grant_json) if accepted is not None else Grant(Touches(), own=False)
        # A flow that was deleted meanwhile is still what its waiting runs go on with.
        if (await self._flows.origin(flow.id) or (await self._flows.get(flow.id)).origin) == "arrived":
            return known
        parts = await self.parts(flow) if parts is None else parts
        wanted = {called for each in (flow, *parts.values()) for called in called_by(each, self.catalog)}
        mine = {id: part for id, part in parts.items() if await self._flows.origin(id) not in ("arrived", None)}
        touches = await asyncio.to_thread(review, flow, self.catalog, mine.values())
        if wanted <= mine.keys():
            return Grant(touches, own=True)
        for id in parts.keys() - mine.keys():
            if (theirs := await self._grants.get(id)) is not None:
                touches |= grant_from_json(theirs.grant_json).touches
        return Grant(touches | known.touches, own=False)

    async def to_review(self, flow_id: str) -> Review | None:
        """What a person has to accept before this flow runs; None where it may run."""
        opened = await self.open(flow_id)
        if opened.origin != "arrived":
            return None
        accepted = await self._grants.get(flow_id)
        flow = opened.flow  # One and the same throughout, however it is edited meanwhile.
        touches = await self.touches(flow)
        if accepted is None:
            return Review(flow, touches, touches, again=False)
        if accepted.content_hash == await asyncio.to_thread(content_hash, flow):
            return None
        new = difference(touches, grant_from_json(accepted.grant_json).touches)
        return Review(flow, touches, new, again=True)

    async def accept(self, flow: Flow) -> None:
        """Remember that a person has accepted what this version of the flow touches."""
        touches = await self.touches(flow)
        await self._grants.accept(flow.id, content_hash(flow), grant_to_json(Grant(touches, own=False)))

    async def allow(self, flow: Flow, more: Touches) -> None:
        """Add to what an arrived flow may touch, or one that runs such a flow."""
        accepted = await self._grants.get(flow.id)
        if accepted is not None:
            grant = grant_from_json(accepted.grant_json)
            wider = Grant(grant.touches | more, own=False)
            await self._grants.accept(flow.id, accepted.content_hash, grant_to_json(wider))
        elif (await self._flows.get(flow.id)).origin != "arrived":
            await self._grants.accept(flow.id, "", grant_to_json(Grant(more, own=False)))

    async def split_off(self, flow: Flow, source: Flow) -> Flow:
        """A flow made of steps of another one; it may do what that one may."""
        origin = await self._flows.origin(source.id) or "made"
        await self._put(flow, "arrived" if origin == "arrived" else "made")
        if (grant := await self._grants.get(source.id)) is not None and grant.content_hash == content_hash(source):
            await self._grants.accept(flow.id, content_hash(flow), grant.grant_json)
        return flow

    async def hold(self, opened: OpenFlow) -> None:
        """Hold a flow that was made here to what is named in it, as if it had arrived and been accepted."""
        await self.accept(opened.flow)
        await self._flows.arrived(opened.flow.id)
        opened.origin = "arrived"

    async def current(self, flow_id: str) -> Flow:
        """The flow as it is now, without opening it. FlowMissing where there is none."""
        if (opened := self._open.get(flow_id)) is not None:
            return opened.flow
        stored = await self._flows.get(flow_id)
        return await asyncio.to_thread(Flow.model_validate_json, stored.document)

    async def _edited_here(self, before: Flow, after: Flow) -> None:
        """An accepted flow that is edited here grows its grant with the edit: the person who edits it wants it so."""
        accepted = await self._grants.get(after.id)
        if accepted is not None and accepted.content_hash == await asyncio.to_thread(content_hash, before):
            wants = await self.touches(after)
            wider = Grant(grant_from_json(accepted.grant_json).touches | wants, own=False)
            await self._grants.accept(after.id, await asyncio.to_thread(content_hash, after), grant_to_json(wider))

    async def _put(self, flow: Flow, origin: str) -> Flow:
        self._away.pop(flow.id, None)
        await self._flows.create(
            id=flow.id,
            name=flow.name,
            description=flow.description,
            document=flow.model_dump_json(),
            origin=origin,
        )
        return flow
