"""The list of all keys, opened by its own key: find one, change it by pressing another, or take that back."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.ui.commands.here import Here
from app.ui.commands.saying import written
from app.ui.commands.table import BY_ID, GESTURES, groups
from app.ui.dialogs import said


class Keyboard(ui.element, component="keyboard.js"):
    """`show` it; what is changed counts at once, in every window, and after a restart."""

    def __init__(self, window: Here) -> None:
        super().__init__()
        self._window = window
        self.on("pressed", self._pressed)
        self.on("reset", self._reset)

    def show(self) -> None:
        """Open the list, with the commands of this page first."""
        self.run_method("show", self._groups(), self._window.keymap.any_changed)

    async def _pressed(self, event: GenericEventArguments) -> None:
        id, chord, take = str(event.args["id"]), str(event.args["chord"]), bool(event.args["take"])
        keymap = self._window.keymap
        if id not in BY_ID or BY_ID[id].fixed:
            return
        with said():
            others = keymap.clashes(id, chord)
            if why := keymap.why_not(id, chord):
                self._fill(id, why)
            elif others and not take:
                names = " and ".join(f"“{other.title}”" for other in others)
                self._fill(
                    id, f"{written(chord)} is the key of {names}. Should it be for “{BY_ID[id].title}” instead?", chord
                )
            else:
                await keymap.bind(id, chord)
                without = [other for other in others if not keymap.keys(other.id)]
                told = f"Done. “{without[0].title}” has no key now." if without else ""
                self._fill(id, told)

    async def _reset(self, event: GenericEventArguments) -> None:
        with said():
            keymap = self._window.keymap
            if event.args:
                await keymap.reset(str(event.args))
            else:
                await keymap.reset_all()
            self._fill()

    def _fill(self, id: str = "", text: str = "", chord: str = "") -> None:
        told = {"id": id, "text": text, "chord": chord} if text else None
        self.run_method("fill", self._groups(), self._window.keymap.any_changed, told)

    def _groups(self) -> list[dict[str, Any]]:
        keymap = self._window.keymap
        found = []
        for title, commands in groups().items():
            rows: list[dict[str, Any]] = [
                {
                    "id": "" if each.fixed else each.id,
                    "title": each.title,
                    "words": each.words,
                    "keys": [each.shown] if each.shown else [written(key) for key in keymap.keys(each.id)],
                    "changed": keymap.is_changed(each.id),
                }
                for each in commands
            ]
            rows += [
                {"id": "", "title": what, "words": "mouse", "keys": [keys], "changed": False}
                for keys, what, group in GESTURES
                if group == title
            ]
            here = any(each.id in self._window.offers for each in commands)
            found.append({"title": title, "rows": rows, "here": here})
        return sorted(found, key=lambda group: not group["here"])
