"""Where the debugger is to stop in a flow: kept in this studio, and no part of the flow itself."""

from __future__ import annotations

from collections.abc import Iterable

from app.store.settings import Settings
from flows.edits import Edit, Many, Rename
from flows.model import Flow, walk


class Breakpoints:
    """The steps with a breakpoint, by their path. `load` first."""

    def __init__(self, settings: Settings, flow_id: str) -> None:
        self._settings = settings
        self._key = f"breakpoints:{flow_id}"
        self.paths: frozenset[str] = frozenset()

    async def load(self) -> None:
        """Read what is kept."""
        kept = await self._settings.get(self._key, [])
        self.paths = (
            frozenset(each for each in kept if isinstance(each, str)) if isinstance(kept, list) else frozenset()
        )

    async def turn(self, paths: Iterable[str]) -> bool:
        """Set a breakpoint at these steps, or take it away where all of them have one; True where they have one now."""
        wanted = frozenset(paths)
        has = not wanted <= self.paths
        await self._keep(self.paths | wanted if has else self.paths - wanted)
        return has

    async def follow(self, edit: Edit) -> None:
        """Go along with a step that has another name now."""
        if (paths := frozenset(_renamed(path, edit) for path in self.paths)) != self.paths:
            await self._keep(paths)

    def in_flow(self, flow: Flow) -> frozenset[str]:
        """Those whose step is in the flow."""
        return frozenset(self.paths & {path for path, _ in walk(flow)})

    async def _keep(self, paths: frozenset[str]) -> None:
        self.paths = paths
        if paths:
            await self._settings.put(self._key, sorted(paths))
        else:
            await self._settings.forget(self._key)


def _renamed(path: str, edit: Edit) -> str:
    match edit:
        case Rename(path=old, id=id):
            new = f"{old.rpartition('/')[0]}/{id}".lstrip("/")
            return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path
        case Many(edits=edits):
            for each in edits:
                path = _renamed(path, each)
            return path
        case _:
            return path
