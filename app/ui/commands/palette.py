"""The command palette: every command, flow, recent run and setting, found by a few letters of any word for it."""

from __future__ import annotations

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.language import tr
from app.studio import Studio
from app.ui.commands.choices import choices, remember
from app.ui.commands.here import Here
from app.ui.commands.settings import SETTINGS, Setting
from app.ui.dialogs import said


class CommandPalette(ui.element, component="palette.js", esm={"weft-ranking": "ranking"}):
    """Opened by its key, in the browser."""

    def __init__(self, studio: Studio, window: Here) -> None:
        super().__init__()
        self._studio, self._window = studio, window
        self.on("opened", self._opened, args=[])
        self.on("chosen", self._chosen)

    async def _opened(self) -> None:
        with said():
            self.run_method("fill", await choices(self._studio, self._window))

    async def _chosen(self, event: GenericEventArguments) -> None:
        kind, _, id = str(event.args).partition(":")
        with said():
            await remember(self._studio, str(event.args))
        match kind:
            case "command":
                await self._window.press(id)
                self._window.answered()
            case "flow":
                ui.navigate.to(f"/flow/{id}")
            case "run":
                ui.navigate.to(f"/run/{id}")
            case "setting":
                with said():
                    await self._set(SETTINGS[int(id)])

    async def _set(self, setting: Setting) -> None:
        if setting.place:
            ui.navigate.to(setting.place)
            return
        put = self._window.puts.get(setting.key)
        if put is not None:
            await put(setting.put)
        else:
            await self._studio.settings.put(setting.key, setting.put)
        ui.notify(f"{tr(setting.about)}: {tr(setting.title)}.")
