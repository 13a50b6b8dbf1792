"""Every page and its address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from importlib import import_module

from fastapi import Response
from nicegui import app, ui

from app.language import msg
from app.studio import Studio
from app.ui import speech, styles
from app.ui.frame import frame, look_of
from app.ui.kept import kept_file

EDITOR = (
    "app.models",
    "app.runs.world.model",
    "flows.edits",
    "app.ui.forms.values",
    "app.ui.forms.step_form",
    "flows.text",
    "app.desk.history",
    "app.ui.data.view",
    "app.ui.stage",
    "app.ui.opened.open_step",
    "app.ui.editor.running",
    "app.ui.run_panel.in_editor",
    "app.ui.editor.side",
    "app.ui.editor.page",
)
"""What the editor needs, in pieces: each is loaded in less time than anybody notices that nothing else is answered."""

SHOWN_LATER = (
    "app.ui.home.page",
    *EDITOR,
    "app.ui.versions.page",
    "app.runs.continuing",
    "app.engine.run",
    "app.ui.inbox.page",
    "app.ui.history.page",
    "app.ui.history.run_page",
    "app.ui.keys.page",
    "app.ui.storage.page",
)


async def warm(after: float = 1.0) -> None:
    """Load what the pages show soon after the start, so that opening the first one holds nothing up."""
    await asyncio.sleep(after)
    await _load(SHOWN_LATER, 0.02)


async def _load(modules: Iterable[str], pause: float = 0) -> None:
    for module in modules:
        # One at a time, and in the loop: NiceGUI lists an element's parts while it is imported.
        import_module(module)
        await asyncio.sleep(pause)


def register(studio: Callable[[], Studio]) -> None:
    """Tell NiceGUI of every page. Pages import what they show when they are first opened."""
    app.get("/theme.css")(styles.answer)
    app.get("/words/{language}.js")(speech.answer)

    @app.get("/kept/{sha}/{name}")
    def kept(sha: str, name: str) -> Response:
        return kept_file(studio().artifacts, sha, name)

    @ui.page("/", title="Weft")
    async def home() -> None:
        from app.ui.home.page import home_page

        with frame(studio(), "/", await look_of(studio()), msg("Flows · Weft")):
            await home_page(studio())

    @ui.page("/flow/{flow_id}", title="Weft")
    async def flow(flow_id: str) -> None:
        await _load(EDITOR)
        from app.ui.editor.page import editor_page

        with frame(studio(), "", await look_of(studio())):
            await editor_page(studio(), flow_id)

    @ui.page("/flow/{flow_id}/versions", title="Weft")
    async def versions(flow_id: str, before: str = "", after: str = "") -> None:
        from app.ui.versions.page import versions_page

        with frame(studio(), "", await look_of(studio()), msg("History · Weft")):
            await versions_page(studio(), flow_id, before, after)

    @ui.page("/inbox", title="Weft")
    async def inbox() -> None:
        from app.ui.inbox.page import inbox_page

        with frame(studio(), "/inbox", await look_of(studio()), msg("Inbox · Weft")):
            await inbox_page(studio())

    @ui.page("/runs", title="Weft")
    async def runs(flow: str = "", status: str = "") -> None:
        from app.ui.history.page import history_page

        with frame(studio(), "/runs", await look_of(studio()), msg("Runs · Weft")):
            await history_page(studio(), flow=flow, status=status)

    @ui.page("/run/{run_id}", title="Weft")
    async def run(run_id: str) -> None:
        from app.ui.history.run_page import run_page

        with frame(studio(), "/runs", await look_of(studio()), msg("Run · Weft")):
            await run_page(studio(), run_id)

    @ui.page("/keys", title="Weft")
    async def keys() -> None:
        from app.ui.keys.page import keys_page

        with frame(studio(), "/keys", await look_of(studio()), msg("Keys · Weft")):
            await keys_page(studio())

    @ui.page("/storage", title="Weft")
    async def storage() -> None:
        from app.ui.storage.page import storage_page

        with frame(studio(), "/storage", await look_of(studio()), msg("Storage · Weft")):
            await storage_page(studio())
