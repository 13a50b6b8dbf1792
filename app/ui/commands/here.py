"""The commands of one window: what each does here, why it cannot be done now, and the keys that mean it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from nicegui import Client, context, ui
from nicegui.events import GenericEventArguments

from app.ui.commands.keymap import Keymap, the_keymap
from app.ui.commands.table import COMMANDS
from app.ui.dialogs import said

Pressed = Callable[[], Awaitable[object] | object]
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Offer:
    """What a command does in this window; `why_not` says why it cannot be done now, and nothing where it can."""

    does: Pressed
    why_not: Callable[[], str] = lambda: ""
    on_canvas: bool = False
    """Its key is heard by the canvas."""


class Here(ui.element, component="here.js"):
    """Made once on each page, before anything that offers commands."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self.offers: dict[str, Offer] = {}
        self.puts: dict[str, Callable[[str], Awaitable[None]]] = {}
        """What changes a setting in this window at once, by its key; the others are kept for the next page."""
        ui.add_head_html(f"<script>{early()}\nweftKeys.bind({_commands(keymap)}, {_on_canvas(keymap)})</script>")
        self.on("command", self._pressed)
        self.client.on_delete(keymap.when_changed(self._bound))
        _HERE[self.client] = self

    def offer(self, offers: Mapping[str, Pressed | Offer]) -> None:
        """Take these commands, by their id, from now on."""
        made = {id: each if isinstance(each, Offer) else Offer(each) for id, each in offers.items()}
        self.offers |= made
        heard = [id for id, each in made.items() if not each.on_canvas]
        ui.add_head_html(f"<script>weftKeys.offer({json.dumps(heard)})</script>")

    def why_not(self, id: str) -> str:
        """Why a command of this window cannot be done now, in a sentence."""
        return self.offers[id].why_not()

    async def press(self, id: str) -> None:
        """Do a command, as its key would."""
        offer = self.offers.get(id)
        if offer is None:
            return
        with said():
            waits = offer.does()
            if inspect.isawaitable(waits):
                await waits

    def answered(self) -> None:
        """Say that a command is done, so that what was typed meanwhile waits for nothing any more."""
        if not self.is_deleted:
            self.run_method("answered")

    async def _pressed(self, event: GenericEventArguments) -> None:
        await self.press(str(event.args))
        self.answered()

    def _bound(self) -> None:
        if not self.is_deleted:
            self.run_method("bind", json.loads(_commands(self.keymap)), json.loads(_on_canvas(self.keymap)))


_HERE: WeakKeyDictionary[Client, Here] = WeakKeyDictionary()


def here() -> Here | None:
    """The commands of the window that is built or answered now; None where there is no window, as in some tests."""
    try:
        return _HERE.get(context.client)
    except RuntimeError:
        return None


def offer(offers: Mapping[str, Pressed | Offer]) -> None:
    """Take these commands in this window, by their id."""
    window = here()
    assert window is not None, "A page that offers commands is made within `frame`."
    window.offer(offers)


def keymap() -> Keymap:
    """The keymap of this window; where there is none, that of the studio."""
    window = here()
    return the_keymap() if window is None else window.keymap


def with_key(text: str, id: str) -> str:
    """A text for a tooltip, with the key of its command: `Run the flow (Ctrl+Enter)`."""
    key = keymap().first(id)
    return f"{text} ({key})" if key else text


def key_tip(element: ui.element, text: str, id: str) -> None:
    """Give an element a tooltip with the key of its command, also when that is another one later."""
    with element:
        tip = ui.tooltip(with_key(text, id))

    def bound() -> None:
        if not tip.is_deleted:
            with tip:
                tip.set_text(with_key(text, id))

    tip.client.on_delete(keymap().when_changed(bound))


@cache
def early() -> str:
    """The program that hears the keyboard before the page is there."""
    chord = (FOLDER / "chord.js").read_text("utf-8").replace("export function", "function")
    return (FOLDER / "early.js").read_text("utf-8").replace("/* CHORD */", chord)


def _commands(keymap: Keymap) -> str:
    """What the browser has to know of each command that a page may offer."""
    found = {
        each.id: {"keys": keymap.keys(each.id), "typing": each.typing, "asks": each.asks, "repeats": each.repeats}
        for each in COMMANDS
    }
    return json.dumps(found)


def _on_canvas(keymap: Keymap) -> str:
    return json.dumps(keymap.on_canvas()["edit"])
