"""The command palette: every command, flow, recent run and setting, found by a few letters of any word for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.studio import Studio
from app.ui.commands.choices import choices
from app.ui.commands.here import Here
from app.ui.commands.settings import SETTINGS
from app.ui.dialogs import said


class CommandPalette(ui.element, component="palette.js", esm={"weft-ranking": "ranking"}):
    """Opened by its key, in the browser; `look` turns the window light or dark."""

    def __init__(self, studio: Studio, window: Here, look: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._studio, self._window, self._look = studio, window, look
        self.on("opened", self._opened, args=[])
        self.on("chosen", self._chosen)

    async def _opened(self) -> None:
        with said():
            self.run_method("fill", await choices(self._studio, self._window))

    async def _chosen(self, event: GenericEventArguments) -> None:
        kind, _, id = str(event.args).partition(":")
        match kind:
            case "command":
                await self._window.press(id)
                if not self._window.is_deleted:
                    self._window.run_method("answered")
            case "flow":
                ui.navigate.to(f"/flow/{id}")
            case "run":
                ui.navigate.to(f"/run/{id}")
            case "setting":
                setting = SETTINGS[int(id)]
                if setting.place:
                    ui.navigate.to(setting.place)
                else:
                    with said():
                        await self._look(setting.put)
