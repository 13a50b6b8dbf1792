"""The list of all keys, opened by its own key: find one, change it by pressing another, or take that back."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.language import tr
from app.ui.commands.here import Here
from app.ui.commands.saying import written
from app.ui.commands.table import BY_ID, GESTURES, groups
from app.ui.dialogs import said
from app.ui.words import quoted


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
                taken = tr(
                    "{key} is the key of {names}. Should it be for “{title}” instead?",
                    key=written(chord),
                    names=tr(" and ").join(quoted(tr(other.title)) for other in others),
                    title=tr(BY_ID[id].title),
                )
                self._fill(id, taken, chord)
            else:
                await keymap.bind(id, chord)
                without = [other for other in others if not keymap.keys(other.id)]
                told = tr("Done. “{title}” has no key now.", title=tr(without[0].title)) if without else ""
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
        keymap, mouse = self._window.keymap, f"mouse {tr('mouse gesture')}"
        found = []
        for title, commands in groups().items():
            rows: list[dict[str, Any]] = [
                {
                    "id": "" if each.fixed else each.id,
                    "title": tr(each.title),
                    "words": f"{each.words} {tr(each.words)} {each.title}",
                    "keys": [tr(each.shown)] if each.shown else [written(key) for key in keymap.keys(each.id)],
                    "changed": keymap.is_changed(each.id),
                }
                for each in commands
            ]
            rows += [
                {
                    "id": "",
                    "title": tr(what),
                    "words": f"{mouse} {what}",
                    "keys": [tr(keys)],
                    "changed": False,
                }
                for keys, what, group in GESTURES
                if group == title
            ]
            here = any(each.id in self._window.offers for each in commands)
            found.append({"title": tr(title), "rows": rows, "here": here})
        return sorted(found, key=lambda group: not group["here"])
