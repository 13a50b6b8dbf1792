"""Write the pages of the docs that repeat the code: `python -m tests.docs`. A test holds that they are up to date."""

from __future__ import annotations

import inspect
from pathlib import Path

from app.ui.commands.saying import keys_of
from app.ui.commands.table import GESTURES, groups
from app.ui.editor.palette import headings
from app.ui.forms.kinds import Setting, settings_of, written
from nodes.catalog import built_in
from nodes.node import Node
from nodes.ports import WORDS, Port
from nodes.values import Effect

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "assets" / "docs"
EXAMPLES = ROOT / "flows" / "examples"

EFFECTS = {
    Effect.NONE: "It touches nothing outside the flow, so it may run again at any time.",
    Effect.READ: "It only reads, so it may run again at any time.",
    Effect.WRITE: "It changes something outside: after a crash in the middle of it you are asked before it runs again.",
    Effect.SPEND: "It costs money or tokens each time it runs.",
}


def pages() -> dict[str, str]:
    """The generated pages by file name."""
    return {"nodes.md": nodes_page(), "keys.md": keys_page()}


def nodes_page() -> str:
    """Every node with its settings, inputs, outputs and example flows."""
    catalog = built_in()
    lines = ["# Nodes", "", "Every kind of step that comes with Weft. Made from the code by `python -m tests.docs`."]
    for heading, specs in headings(catalog):
        lines += ["", f"## {heading}"]
        for spec in specs:
            lines += ["", *_node(catalog.kinds[spec.kind])]
    return "\n".join(lines) + "\n"


def keys_page() -> str:
    """The keys of every command, as they are before anyone changes them."""
    made = "Made from the code by `python -m tests.docs`. `?` lists them in the window, where they can be changed."
    lines = ["# Keys", "", made]
    for heading, commands in groups().items():
        lines += ["", f"## {heading}", "", "| Keys | What they do |", "|---|---|"]
        lines += [f"| {keys_of(each)} | {each.title} |" for each in commands]
        lines += [f"| {keys} | {what} |" for keys, what, group in GESTURES if group == heading]
    return "\n".join(lines) + "\n"


def _node(node: type[Node]) -> list[str]:
    spec = node.spec
    lines = [f"### {spec.title}", "", f"`{spec.kind}` — {spec.summary} {EFFECTS[spec.effect]}"]
    lines += [line for paragraph in _rest(node) for line in ("", paragraph)]
    if settings := settings_of(node):
        lines += ["", "| Setting | Usually | What it is |", "|---|---|---|", *map(_setting, settings)]
    inputs, outputs = node.ports({})
    more = " The settings decide which there are." if spec.varies else ""
    if inputs:
        lines += ["", "Takes " + "; ".join(map(_port, inputs)) + "."]
    if outputs:
        lines += ["", "Gives " + "; ".join(map(_port, outputs)) + f".{more}"]
    if examples := examples_of(spec.kind):
        lines += [
            "",
            "Examples: " + ", ".join(f"[{path.stem.removesuffix('.flow')}]({_link(path)})" for path in examples),
        ]
    return lines


def _rest(node: type[Node]) -> list[str]:
    """What a node says of itself after its first sentences."""
    return [part.replace("\n", " ") for part in (inspect.getdoc(node) or "").split("\n\n")[1:]]


def examples_of(kind: str) -> list[Path]:
    """The example flows that use a kind of step."""
    return [path for path in sorted(EXAMPLES.glob("*.flow.yaml")) if f"kind: {kind}\n" in path.read_text("utf-8")]


def _link(path: Path) -> str:
    return f"../../{path.relative_to(ROOT).as_posix()}"


def _setting(setting: Setting) -> str:
    usual = "has to be set" if setting.required else f"`{written(setting, setting.default)}`"
    if usual == "``":
        usual = "empty"
    what = setting.help.replace("|", "\\|")
    return f"| {setting.label} (`{setting.name}`) | {usual} | {what} |"


def _port(port: Port) -> str:
    if port.many:
        return f"`{port.name}`: {WORDS[port.kind]}, on any number of wires"
    return f"`{port.name}`: {WORDS[port.kind]}" + ("" if port.required else ", if there is one")


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
