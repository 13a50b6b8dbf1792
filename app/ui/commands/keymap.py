"""Which keys each command has in this studio: those of the table, but for what the person has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from app.language import tr
from app.store.settings import Settings
from app.ui.commands.saying import listed, written
from app.ui.commands.table import BY_ID, COMMANDS, Command

SETTING = "keys"
BROWSERS = {
    *(f"ctrl+{key}" for key in ("l", "n", "p", "q", "r", "t", "w", "tab", "+", "-", "0")),
    *(f"ctrl+shift+{key}" for key in ("c", "i", "j", "n", "p", "q", "r", "t", "w", "tab")),
    *("f5", "f11", "f12", "alt+f4", "alt+arrowleft", "alt+arrowright", "ctrl+f5", "shift+f5"),
}
"""What a browser keeps for itself, or what a person would miss."""


class Keymap:
    """The same for all windows. `load` it once; `when_changed` hears of every change."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._changed: dict[str, tuple[str, ...]] = {}
        self._loaded = settings is None
        self._heard: list[Callable[[], None]] = []

    async def load(self) -> None:
        """Read what was changed; of commands and keys that are no more, nothing."""
        if not self._loaded and self._settings is not None:
            self._take(await self._settings.get(SETTING, {}))

    def _take(self, kept: object) -> None:
        if self._loaded:
            return  # Another window was quicker.
        self._loaded = True
        if isinstance(kept, dict):
            self._changed = {
                id: tuple(key for key in keys if isinstance(key, str))
                for id, keys in kept.items()
                if id in BY_ID and not BY_ID[id].fixed and isinstance(keys, list)
            }

    def keys(self, id: str) -> tuple[str, ...]:
        """The keys that a command has now."""
        return self._changed.get(id, BY_ID[id].keys)

    def shown(self, id: str) -> str:
        """The keys that a command has now, as people read them."""
        return tr(BY_ID[id].shown) or listed(self.keys(id))

    def first(self, id: str) -> str:
        """The first of its keys, for a tooltip; empty where it has none."""
        keys = self.keys(id)
        return tr(BY_ID[id].shown) or (written(keys[0]) if keys else "")

    def is_changed(self, id: str) -> bool:
        """True where a command has other keys than the table gives it."""
        return id in self._changed

    @property
    def any_changed(self) -> bool:
        """True where any command has other keys than the table gives it."""
        return bool(self._changed)

    def clashes(self, id: str, chord: str) -> list[Command]:
        """The other commands that have this key on a page where this command is too."""
        pages = {*BY_ID[id].pages}
        return [each for each in COMMANDS if each.id != id and chord in self.keys(each.id) and pages & {*each.pages}]

    def why_not(self, id: str, chord: str) -> str:
        """Why a command cannot have this key, in words; empty where it can."""
        if chord in BROWSERS:
            return tr("The browser keeps {key} for itself. Press another key.", key=written(chord))
        fixed = next((each for each in self.clashes(id, chord) if each.fixed), None)
        if fixed is not None:
            means = tr(fixed.title)
            return tr("{key} always means “{title}”. Press another key.", key=written(chord), title=means)
        return ""

    async def bind(self, id: str, chord: str) -> None:
        """Give a command this key in place of those it has; whoever had it on the same page has it no more."""
        changed = dict(self._changed)
        for other in self.clashes(id, chord):
            changed[other.id] = tuple(key for key in self.keys(other.id) if key != chord)
        changed[id] = (chord,)
        await self._keep(changed)

    async def reset(self, id: str) -> None:
        """Give a command the keys of the table again; whoever got one of them meanwhile loses it."""
        changed = {other: keys for other, keys in self._changed.items() if other != id}
        for key in BY_ID[id].keys:
            for other in self.clashes(id, key):
                if other.id in changed:
                    changed[other.id] = tuple(each for each in changed[other.id] if each != key)
        await self._keep(changed)

    async def reset_all(self) -> None:
        """Give every command the keys of the table again."""
        await self._keep({})

    def on_canvas(self) -> dict[str, dict[str, str]]:
        """What each key means to a canvas: while its flow is edited, and while it is only looked at."""
        return {"edit": self._of("canvas", "view"), "view": self._of("view")}

    def _of(self, *where: str) -> dict[str, str]:
        return {key: each.id for each in COMMANDS if each.where in where for key in self.keys(each.id)}

    def when_changed(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` after every change; what comes back ends that."""
        self._heard.append(heard)
        return lambda: self._heard.remove(heard) if heard in self._heard else None

    async def _keep(self, changed: Mapping[str, tuple[str, ...]]) -> None:
        as_ever = {id for id, keys in changed.items() if keys == BY_ID[id].keys}
        self._changed = {id: keys for id, keys in changed.items() if id not in as_ever}
        if self._settings is not None:
            await self._settings.put(SETTING, {id: list(keys) for id, keys in self._changed.items()})
        for heard in tuple(self._heard):
            heard()


_KEYMAPS: WeakKeyDictionary[Settings, Keymap] = WeakKeyDictionary()


def the_keymap() -> Keymap:
    """The keymap of the only studio there is in a process; without one, the keys of the table."""
    return next(iter(_KEYMAPS.values()), Keymap())


def keymap_of(settings: Settings) -> Keymap:
    """The keymap of the studio with these settings."""
    if settings not in _KEYMAPS:
        _KEYMAPS[settings] = Keymap(settings)
    return _KEYMAPS[settings]
