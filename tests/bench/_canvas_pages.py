"""The same 1,000 steps on Weft's canvas and on React Flow as it comes, in two pages. Its argument is the port."""

import sys
from itertools import islice
from pathlib import Path

import orjson
from nicegui import app, ui

from app.ui.canvas import Canvas, FlowShape
from tests.ui.flows_to_draw import grid, wire

FOLDER = Path(__file__).parent / "_bare_canvas"
THEME = Path(__file__).parents[2] / "assets" / "theme"
STEPS = 1000
ROW = 40

app.add_static_files("/theme", THEME)


class BareCanvas(ui.element, component=FOLDER / "bare_canvas.js", esm={"bare-canvas": str(FOLDER / "dist")}):
    """React Flow with nothing of ours."""


def whole_window() -> None:
    ui.query(".nicegui-content").style("padding: 0; gap: 0; height: 100vh")


def drawn(steps: int) -> FlowShape:
    """A grid with half as many wires again as it has steps, as 1,000 steps and 1,500 wires."""
    flow = grid(steps)
    more = (wire(f"s{n}", f"s{n + ROW}") for n in range(steps - ROW))
    return {**flow, "wires": [*flow["wires"], *islice(more, max(0, steps * 3 // 2 - len(flow["wires"])))]}


@ui.page("/canvas")
def canvas(zoom: float = 1, steps: int = STEPS) -> None:
    ui.add_head_html('<link rel="stylesheet" href="/theme/tokens.css">')
    whole_window()
    Canvas().load({**drawn(steps), "viewport": {"x": 64, "y": 64, "zoom": zoom}})


@ui.page("/bare")
def bare(map: bool = False, zoom: float = 1, steps: int = STEPS) -> None:
    whole_window()
    BareCanvas().run_method("load", orjson.dumps(drawn(steps)).decode(), map, zoom)


@ui.page("/answer")
def answer() -> None:
    ui.button("Ask", on_click=lambda: ui.label("Answered"))


if __name__ == "__main__":
    # A page that is kept busy must not be taken for one that is gone: it would be loaded again in the middle.
    port = int(sys.argv[1])
    ui.run(host="127.0.0.1", port=port, reload=False, show=False, show_welcome_message=False, reconnect_timeout=120)
