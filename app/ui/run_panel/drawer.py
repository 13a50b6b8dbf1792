"""A drawer with tabs at the bottom of a page. How high it is, and which tab was open, is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from app.language import tr
from app.language.speaking import grouped
from app.store.settings import Settings
from app.ui.commands.here import key_tip

KEPT = "run_panel"
HEIGHT = 240


class Drawer(ui.element, component="drawer.js"):
    """`add` pages, then `load` how it was left. `turned` hears which tab is shown, and none while it is shut."""

    def __init__(self, settings: Settings, turned: Callable[[str], None]) -> None:
        super().__init__()
        self._settings = settings
        self._turned = turned
        self._tab = ""
        self._pages: dict[str, ui.element] = {}
        self._tabs: dict[str, tuple[ui.element, ui.label]] = {}
        self.is_open = False
        self.props["open"] = False
        self.props["height"] = HEIGHT
        self.on("height", self._sized)
        self.props["heard"] = 0
        self.on("toggle", self._by_key)
        with self, ui.element("div").classes("weft-drawer-head"):
            self._list = ui.element("div").classes("weft-drawer-tabs")
            self._list.props(f'role=tablist aria-label="{tr("Run panel")}"')
            ui.element("div").classes("weft-push")
            self._extra = ui.element("div").classes("weft-row")
            self._fold = ui.button(icon="sym_r_keyboard_arrow_up", on_click=self.toggle).classes("weft-icon-button")
            self._fold.props("flat dense")
            key_tip(self._fold, tr("Show the run panel, or hide it"), "panel")

    @property
    def shown(self) -> str:
        """The tab that can be seen; empty while the drawer is shut."""
        return self._tab if self.is_open else ""

    @contextmanager
    def add(self, name: str) -> Iterator[ui.element]:
        """A page, with what is made inside it."""
        id = f"{self.html_id}-{name}".lower()
        with self._list:
            tab = ui.element("button").classes("weft-drawer-tab").on("click", partial(self.show, name), args=[])
            tab.props(f'type=button role=tab id="{id}-tab" aria-controls="{id}" data-tab="{name}"')
            with tab:
                ui.label(tr(name))
                count = ui.label("").classes("weft-drawer-count")
        with self, ui.element("div").classes("weft-drawer-page") as page:
            page.props(f'role=tabpanel id="{id}" aria-labelledby="{id}-tab" data-page="{name}"')
            self._tabs[name], self._pages[name] = (tab, count), page
            yield page
        self._tab = self._tab or name
        self._draw()

    async def load(self) -> None:
        """Stand as it was left."""
        kept = await self._settings.get(KEPT, {})
        kept = kept if isinstance(kept, dict) else {}
        height, tab = kept.get("height"), kept.get("tab")
        self.props["height"] = height if isinstance(height, int) else HEIGHT
        self._tab = tab if tab in self._tabs else self._tab
        self.is_open = kept.get("open") is True
        self._draw()
        if self.is_open:
            self._turned(self._tab)

    def show(self, name: str, *, focus: bool = False, press: int = 0) -> None:
        """Open it at a tab; `press` is which press of its key asked for that, and has moved the keyboard already."""
        changed = self.shown != name
        self._tab, self.is_open = name, True
        self._draw()
        if focus:
            self.run_method("enter", name, press)
        if changed:
            self._keep()
            self._turned(name)

    def hide(self, *, press: int = 0) -> None:
        """Shut it; the keyboard goes back to the canvas where it was in here."""
        self.is_open = False
        self._draw()
        if not press:
            self.run_method("leave")
        self._keep()
        self._turned("")

    def toggle(self) -> None:
        """Open it, with the keyboard in it, or shut it."""
        self._turn(not self.is_open)

    def _by_key(self, event: GenericEventArguments) -> None:
        self.props["heard"] = press = int(event.args["number"])
        self._turn(event.args["open"] is True, press)

    def _turn(self, open_: bool, press: int = 0) -> None:
        if open_:
            self.show(self._tab, focus=True, press=press)
        else:
            self.hide(press=press)

    def count(self, name: str, count: int, tone: str = "") -> None:
        """Write a number beside the name of a tab; 0 is none."""
        _, label = self._tabs[name]
        text = "" if not count else grouped(count) if count < 10_000 else f"{grouped(count // 1000)}k"
        if label.text != text:
            label.set_text(text)
        label.classes(replace=f"weft-drawer-count {tone}".strip())

    def _draw(self) -> None:
        self.props["open"] = self.is_open
        for name, (tab, _) in self._tabs.items():
            current = self.is_open and name == self._tab
            tab.props(f"aria-selected={str(current).lower()} tabindex={0 if name == self._tab else -1}")
            tab.classes(add="is-current" if current else "", remove="" if current else "is-current")
            self._pages[name].set_visibility(current)
        words = tr("Hide the run panel") if self.is_open else tr("Show the run panel")
        self._fold.props(f'icon=sym_r_keyboard_arrow_{"down" if self.is_open else "up"} aria-label="{words}"')
        self._fold.props(f"aria-expanded={str(self.is_open).lower()}")

    def _sized(self, event: GenericEventArguments) -> None:
        self.props["height"] = int(event.args)
        self._keep()

    def _keep(self) -> None:
        kept = {"open": self.is_open, "height": self.props["height"], "tab": self._tab}
        background_tasks.create(self._settings.put(KEPT, kept), name="run panel: remember")
