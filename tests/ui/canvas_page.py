"""A page with nothing but a canvas on it, as a program: the tests tell it what to show and read what it heard."""

from __future__ import annotations

import argparse
from typing import Any

from nicegui import app, ui
from starlette.requests import Request

from app.ui import styles
from app.ui.canvas import Canvas
from tests.ui.flows_to_draw import shop

app.get("/theme.css")(styles.answer)

canvases: list[Canvas] = []
heard: list[dict[str, Any]] = []


@ui.page("/")
def page(dark: bool = False, view: bool = False, empty: bool = False) -> None:
    ui.add_head_html(styles.link())
    ui.dark_mode(dark)
    ui.query(".nicegui-content").style("padding: 0; gap: 0; height: 100vh")
    with ui.row().style("position: absolute; z-index: 9; top: 8px; left: 8px"):
        ui.input("Name").style("width: 120px")
        ui.label("Click").props("draggable=true").on(
            "dragstart", js_handler="(e) => e.dataTransfer.setData('application/x-weft-node', 'browser.click')"
        )
    canvas = Canvas(
        on_gesture=lambda said: heard.append({"gesture": said["edits"]}),
        on_select=lambda said: heard.append({"select": said}),
        on_open=lambda said: heard.append({"open": said["step"]}),
        on_command=lambda said: heard.append({"command": said}),
    )
    canvas.when_chosen(lambda said: heard.append({"round": said}))
    canvas.when_retried(lambda said: heard.append({"retry": said["step"]}))
    canvas.when_handled(lambda said: heard.append({"hand": said}))
    canvas.when_aimed(lambda said: heard.append({"sample": said["wire"]}))
    flow = shop()
    if empty:
        flow = {**flow, "steps": [], "wires": []}
    canvas.load({**flow, "mode": "view" if view else "edit"})
    canvases.append(canvas)


@app.post("/tell")
async def tell(request: Request) -> None:
    """Call a method of the newest canvas: {"call": "patch", "with": [...]}."""
    said = await request.json()
    with canvases[-1].client:
        getattr(canvases[-1], said["call"])(*said["with"], **said.get("named", {}))


@app.get("/heard")
def events() -> list[dict[str, Any]]:
    """Everything the canvas has said since the last time."""
    told = list(heard)
    heard.clear()
    return told


if __name__ in {"__main__", "__mp_main__"}:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    ui.run(
        host="127.0.0.1", port=options.parse_args().port, show=False, reload=False, title="Canvas", reconnect_timeout=60
    )
