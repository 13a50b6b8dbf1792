"""What every page has around it: the rail on the left, the look, and the choice of light or dark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import ui

from app.language import msg, tr
from app.studio import Studio
from app.ui.commands.everywhere import APPEARANCE, everywhere
from app.ui.commands.here import Here, key_tip
from app.ui.commands.keymap import keymap_of
from app.ui.inbox.badge import Badge
from app.ui.look import Look
from app.ui.speech import speak
from app.ui.styles import link


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    name: str
    icon: str
    path: str


PLACES = (
    Place(msg("Flows"), "account_tree", "/"),
    Place(msg("Inbox"), "inbox", "/inbox"),
    Place(msg("Runs"), "history", "/runs"),
    Place(msg("Keys"), "key", "/keys"),
    Place(msg("Storage"), "hard_drive", "/storage"),
)
LOOKS = {"auto": ("brightness_auto", None), "light": ("light_mode", False), "dark": ("dark_mode", True)}
LOOK_TIPS = {
    "auto": msg("Appearance: auto"),
    "light": msg("Appearance: light"),
    "dark": msg("Appearance: dark"),
}


TOLD_LAST = "addEventListener('beforeunload', () => document.activeElement?.blur(), true)"
"""What is still held back of a text that is being typed is told before its page goes: a field that is left tells it."""


@contextmanager
def frame(studio: Studio, current: str, look: str, title: str = "") -> Iterator[None]:
    """The frame of a page; what is made inside goes beside the rail. `look` is auto, light or dark."""
    if title:
        ui.page_title(tr(title))
    window = Here(keymap_of(studio.settings))
    ui.add_head_html(link())
    ui.add_head_html(f"<script>{TOLD_LAST}</script>")
    shown = Look(LOOKS[look][1])
    with ui.element("div").classes("weft-frame"):
        with ui.element("nav").classes("weft-rail").props('aria-label="Weft"'):
            ui.label("W").classes("weft-rail-brand").props("aria-hidden=true")
            for place in PLACES:
                link_to = _entry(place, is_current=place.path == current)
                if place.path == "/inbox":
                    Badge(studio, link_to)
            ui.element("div").classes("weft-rail-foot")
            _palette_button()
            turn = _look_button(studio, shown, look)
        everywhere(studio, window, turn)
        with ui.element("div").classes("weft-main"):
            yield


def _entry(place: Place, *, is_current: bool) -> ui.link:
    with ui.link(target=place.path).classes("weft-rail-item" + (" is-current" if is_current else "")) as link:
        ui.icon(f"sym_r_{place.icon}")
        ui.label(tr(place.name))
    if is_current:
        link.props("aria-current=page")
    return link


def _palette_button() -> None:
    # In the browser: it opens at once there, and has the keyboard.
    opens = ui.button(icon="sym_r_search").classes("weft-icon-button")
    opens.props(f'flat aria-label="{tr("Find anything")}"').on("click", js_handler="() => weftKeys.local.palette()")
    key_tip(opens, tr("Commands, flows, runs and settings"), "palette")


def _look_button(studio: Studio, shown: Look, look: str) -> Callable[[str], Awaitable[None]]:
    """The button that changes the appearance; what comes back changes it to one that is named, or to the next one."""
    now = [look]

    async def turn(to: str = "") -> None:
        looks = list(LOOKS)
        now[0] = to or looks[(looks.index(now[0]) + 1) % len(looks)]
        icon, dark = LOOKS[now[0]]
        shown.turn(dark)
        button.props(f"icon=sym_r_{icon}")
        tip.set_text(tr(LOOK_TIPS[now[0]]))
        await studio.settings.put(APPEARANCE, now[0])

    button = ui.button(icon=f"sym_r_{LOOKS[look][0]}", on_click=lambda: turn()).classes("weft-icon-button")
    button.props(f'flat aria-label="{tr("Appearance")}"')
    with button:
        tip = ui.tooltip(tr(LOOK_TIPS[look]))
    return turn


async def look_of(studio: Studio) -> str:
    """The appearance the person chose; the page speaks their language from here on."""
    await speak()
    await keymap_of(studio.settings).load()
    look = await studio.settings.get(APPEARANCE, "auto")
    return look if look in LOOKS else "auto"
