"""Flows as the canvas is given them: a small shop flow with everything a step can show, and large grids."""

from __future__ import annotations

from typing_extensions import TypedDict, Unpack

from app.ui.canvas import FlowShape, KindShape, PortShape, StepShape, WireShape, colour_of

ACCEPTS = {
    "any": ["any", "text", "number", "boolean", "list", "record", "file"],
    "text": ["text", "number", "boolean", "any"],
    "number": ["number", "any"],
    "list": ["list", "any"],
    "record": ["record", "file", "any"],
    "file": ["file", "any"],
}
WORDS = {"any": "anything", "text": "text", "number": "a number", "list": "a list", "file": "a file"}


def port(name: str, kind: str, *, required: bool = False) -> PortShape:
    return {"name": name, "label": name.replace("_", " "), "type": kind, "required": required}


def kind(
    name: str,
    title: str,
    icon: str,
    inputs: tuple[PortShape, ...] = (),
    outputs: tuple[PortShape, ...] = (),
    *,
    body: bool = False,
) -> tuple[str, KindShape]:
    return name, {
        "title": title,
        "color": colour_of(name),
        "icon": icon,
        "inputs": list(inputs),
        "outputs": list(outputs),
        "body": body,
    }


CATALOGUE = dict(
    [
        kind("browser.open", "Open page", "language"),
        kind("browser.click", "Click", "ads_click"),
        kind("browser.read_table", "Read table", "table_rows", outputs=(port("rows", "list"),)),
        kind("control.if", "If", "call_split", (port("value", "any"),), (port("true", "any"), port("false", "any"))),
        kind(
            "control.for_each",
            "For each",
            "repeat",
            (port("items", "list", required=True),),
            (port("results", "list"), port("failed", "list")),
            body=True,
        ),
        kind("ai.ask", "Ask", "auto_awesome", (port("context", "any"),), (port("text", "text"),)),
        kind("data.compose", "Compose text", "notes", (port("values", "any"),), (port("text", "text"),)),
        kind(
            "files.write",
            "Write file",
            "description",
            (port("content", "text", required=True),),
            (port("file", "file"),),
        ),
    ]
)


class More(TypedDict, total=False):
    """What only some steps have."""

    w: float
    h: float
    note: str
    problems: list[str]


def step(path: str, kind: str, title: str, summary: str, x: float, y: float, **more: Unpack[More]) -> StepShape:
    """A step at this place; in a container where its path says so."""
    parent = path.rpartition("/")[0] or None
    plain: StepShape = {
        "path": path,
        "kind": kind,
        "title": title,
        "summary": summary,
        "x": x,
        "y": y,
        "parent": parent,
    }
    return {**plain, **more}


def wire(source: str, target: str, *, faint: bool = False) -> WireShape:
    """The wire that `a.port -> b.port` stands for; steps in a container are `each/line`."""
    (start, _, out), (end, _, into) = source.partition("."), target.partition(".")
    return {
        "id": f"{source} -> {target}{' faint' if faint else ''}",
        "source": start,
        "source_port": out,
        "target": end,
        "target_port": into,
        "faint": faint,
    }


def shop() -> FlowShape:
    """Read the shelf, one line for each mug, a report at the end."""
    return {
        "steps": [
            step("open", "browser.open", "Open the shop", "practice.local/mugs", 0, 120),
            step("shelf", "browser.read_table", "Read the shelf", "table “Mugs”", 256, 120),
            step("some", "control.if", "Anything there?", "shelf.rows is not empty", 512, 120),
            step("each", "control.for_each", "For each mug", "4 at a time", 784, 0, w=560, h=264),
            step("each/line", "ai.ask", "One line about it", "One line about {{ item.name }}", 24, 24),
            step("each/clean", "data.compose", "Tidy up", "{{ line.text }}", 288, 24),
            step("sorry", "data.compose", "Say sorry", "No mugs today.", 784, 336, note="For the quiet days."),
            step("write", "files.write", "Write the report", "report.md", 1424, 80),
            step(
                "tell",
                "browser.click",
                "Add to cart",
                "button “Add to cart”",
                1424,
                300,
                problems=["Choose what to click."],
            ),
        ],
        "wires": [
            wire("open", "shelf"),
            wire("shelf.rows", "some.value"),
            wire("some.true", "each.items"),
            wire("some.false", "sorry.values"),
            wire("each/line.text", "each/clean.values"),
            wire("each.results", "write.content"),
            wire("sorry", "tell"),
            wire("shelf", "tell", faint=True),
        ],
        "catalogue": CATALOGUE,
        "accepts": ACCEPTS,
        "words": WORDS,
    }


def grid(count: int) -> FlowShape:
    """Rows of forty steps, each wired to the next."""
    kinds = ["data.compose", "ai.ask", "control.if"]
    steps = [
        step(f"s{n}", kinds[n % 3], f"Step {n}", "{{ inputs.city }}", (n % 40) * 256, (n // 40) * 144)
        for n in range(count)
    ]
    outputs = ["text", "text", "true"]
    inputs = ["values", "context", "value"]
    wires = [
        wire(f"s{n}.{outputs[n % 3]}", f"s{n + 1}.{inputs[(n + 1) % 3]}") for n in range(count - 1) if n % 40 != 39
    ]
    return {"steps": steps, "wires": wires, "catalogue": CATALOGUE, "accepts": ACCEPTS, "words": WORDS}
