"""Where the debugger is to stop in a flow: one list for all its windows, kept in this studio, no part of the flow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from app.desk.following import later_paths
from app.store.settings import Settings
from flows.model import Flow, walk

Keep = Callable[[list[str]], Awaitable[None]]


async def _nowhere(_paths: list[str]) -> None:
    return


class Breakpoints:
    """The steps with a breakpoint, by their path. `listen` hears of every change."""

    def __init__(self, paths: Iterable[str] = (), keep: Keep = _nowhere) -> None:
        self.paths = frozenset(paths)
        self._keep = keep
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    async def kept(cls, settings: Settings, flow_id: str) -> Breakpoints:
        """Those of a flow as they were left, kept from now on."""
        key = f"breakpoints:{flow_id}"

        async def keep(paths: list[str]) -> None:
            await (settings.put(key, paths) if paths else settings.forget(key))

        found = await settings.get(key, [])
        return cls((each for each in found if isinstance(each, str)) if isinstance(found, list) else (), keep)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` after every change; the returned function ends that."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    async def turn(self, paths: Iterable[str]) -> bool:
        """Set a breakpoint at these steps, or take it away where all of them have one; True where they have one now."""
        wanted = frozenset(paths)
        has = not wanted <= self.paths
        await self._are(self.paths | wanted if has else self.paths - wanted)
        return has

    async def follow(self, before: Flow, after: Flow) -> None:
        """Go along with the steps that are called otherwise now; those of a removed step wait for its return."""
        if later := later_paths(self.paths, before, after):
            await self._are(frozenset(later.get(path, path) for path in self.paths))

    def in_flow(self, flow: Flow) -> frozenset[str]:
        """Those whose step is in the flow."""
        return frozenset(self.paths & {path for path, _ in walk(flow)})

    async def _are(self, paths: frozenset[str]) -> None:
        self.paths = paths
        for heard in tuple(self._listeners):
            heard()
        await self._keep(sorted(paths))
