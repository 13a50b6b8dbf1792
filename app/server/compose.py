"""The studio as one ASGI app: NiceGUI with its limits and cookies set, still without the guard."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.types import Lifespan

from app.server.guard import origins
from app.server.memory import kept_secret, nicegui_in

MESSAGE_LIMIT = 8 * 1024 * 1024
RECONNECT_WITHIN = 30.0


def compose(
    pages: Callable[[], None],
    *,
    folder: Path,
    port: int,
    lifespan: Lifespan[FastAPI] | None = None,
    favicon: str | Path | None = None,
) -> FastAPI:
    """Every page, route and socket of the studio; `pages` registers the pages."""
    nicegui_in(folder)
    from nicegui import core, ui

    core.app.config.quasar_config["loadingBar"]["aria-label"] = "Loading"
    core.sio.eio.max_http_buffer_size = MESSAGE_LIMIT
    core.sio.eio.cors_allowed_origins = list(origins(port))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    pages()
    ui.run_with(
        app,
        title="Weft",
        favicon=favicon,
        dark=None,
        language="en-US",
        tailwind=False,  # The theme needs none of it, and it looks through the page at every change of it.
        reconnect_timeout=RECONNECT_WITHIN,
        gzip_middleware_factory=None,  # On the same computer, packing costs more than it saves.
        show_welcome_message=False,
        storage_secret=kept_secret(folder),
        # All ports of a host share their cookies, so that the name has to tell two studios apart.
        session_middleware_kwargs={"session_cookie": f"session_{port}", "same_site": "strict"},
    )
    return app
