"""Write the pages of the docs that repeat the code: `python -m tests.docs`. A test holds that they are up to date."""

from __future__ import annotations

from pathlib import Path

from app.ui.commands.saying import keys_of
from app.ui.commands.table import GESTURES, groups
from app.ui.editor.palette import headings
from app.ui.forms.kinds import Setting, settings_of
from app.ui.help.about import EFFECTS, port_words, rest, usual
from nodes.catalog import built_in
from nodes.node import Node

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "assets" / "docs"
EXAMPLES = ROOT / "flows" / "examples"


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
    lines += [line for paragraph in rest(node) for line in ("", paragraph)]
    if settings := settings_of(node):
        lines += ["", "| Setting | Usually | What it is |", "|---|---|---|", *map(_setting, settings)]
    inputs, outputs = node.ports({})
    more = " The settings decide which there are." if spec.varies else ""
    if inputs:
        lines += ["", "Takes " + "; ".join(map(port_words, inputs)) + "."]
    if outputs:
        lines += ["", "Gives " + "; ".join(map(port_words, outputs)) + f".{more}"]
    if examples := examples_of(spec.kind):
        lines += [
            "",
            "Examples: " + ", ".join(f"[{path.stem.removesuffix('.flow')}]({_link(path)})" for path in examples),
        ]
    return lines


def examples_of(kind: str) -> list[Path]:
    """The example flows that use a kind of step."""
    return [path for path in sorted(EXAMPLES.glob("*.flow.yaml")) if f"kind: {kind}\n" in path.read_text("utf-8")]


def _link(path: Path) -> str:
    return f"../../{path.relative_to(ROOT).as_posix()}"


def _setting(setting: Setting) -> str:
    what = setting.help.replace("|", "\\|")
    return f"| {setting.label} (`{setting.name}`) | {usual(setting)} | {what} |"


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
