"""Who else has a flow open: the other windows, what they have selected, and where their pointer is. In memory only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Place = tuple[float, float]


@dataclass(frozen=True)
class Here:
    """A window that shows the flow. Its number is the lowest that was free when it came."""

    window: str
    number: int
    selected: tuple[str, ...] = ()
    pointer: Place | None = None


class Presence:
    """The windows that are here. Each hears when something about the others has changed."""

    def __init__(self) -> None:
        self._here: dict[str, Here] = {}
        self._listeners: dict[str, Callable[[], None]] = {}

    def come(self, window: str, heard: Callable[[], None]) -> None:
        """A window is here, or is here again."""
        if window not in self._here:
            taken = {each.number for each in self._here.values()}
            number = next(number for number in range(1, len(taken) + 2) if number not in taken)
            self._here[window] = Here(window, number)
        self._listeners[window] = heard
        self._tell(window)
        if self.others(window):
            heard()

    def go(self, window: str) -> None:
        """A window is not here any more."""
        self._listeners.pop(window, None)
        if self._here.pop(window, None) is not None:
            self._tell(window)

    def select(self, window: str, paths: Sequence[str]) -> None:
        """A window has selected these steps."""
        self._put(window, selected=tuple(paths))

    def point(self, window: str, at: Place | None) -> None:
        """The pointer of a window is here on the canvas, or nowhere."""
        self._put(window, pointer=at)

    def number(self, window: str) -> int:
        """What a window is called; 0 for one that is not here."""
        return self._here[window].number if window in self._here else 0

    def others(self, window: str) -> list[Here]:
        """All windows but this one, by their number."""
        return sorted((each for each in self._here.values() if each.window != window), key=lambda each: each.number)

    def _put(self, window: str, **fields: object) -> None:
        before = self._here.get(window)
        if before is not None and (after := replace(before, **fields)) != before:  # type: ignore[arg-type]  # its own
            self._here[window] = after
            self._tell(window)

    def _tell(self, window: str) -> None:
        for other, heard in tuple(self._listeners.items()):
            if other != window:
                heard()
