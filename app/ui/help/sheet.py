"""Help for a kind of step: what it does, its settings, what goes wrong, and its example to insert or to open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import tr, trn
from app.ui.canvas import colour_of
from app.ui.dialogs import dialog, does
from app.ui.forms.parts import Prose
from app.ui.help.about import About, about
from app.ui.words import quoted
from flows.model import Flow, walk
from nodes.node import Node

Work = Callable[[], Awaitable[None]]


def help_sheet(node: type[Node], example: Flow | None, *, insert: Work, open_it: Work) -> None:
    """Show the help; the two works are what its buttons do, where the kind has an example."""
    found = about(node)
    with dialog("weft-dialog-wide weft-help") as shown:
        with ui.element("header").classes("weft-row"):
            with ui.element("span").classes("weft-tile").style(f"--tile: var(--weft-{colour_of(node.spec.kind)})"):
                ui.icon(f"sym_r_{node.spec.icon}")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(found.title).classes("weft-dialog-title").props("role=heading aria-level=2")
                ui.label(node.spec.kind).classes("weft-mono weft-small weft-muted")
        with ui.element("div").classes("weft-help-body") as body:
            body.props["aria-label"] = tr("Help: {title}", title=found.title)
            body.props("tabindex=0 autofocus role=document")
            _body(found)
            if example is not None:
                _example(example)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Close"), on_click=shown.close).classes("weft-button")
            if example is not None:

                async def inserted() -> None:
                    shown.close()
                    await insert()

                does(ui.button(tr("Open the example")).classes("weft-button"), open_it)
                does(ui.button(tr("Insert the example")).classes("weft-button weft-primary"), inserted, turns=False)
    shown.open()


def _body(found: About) -> None:
    for text in (found.summary, *found.more, " ".join((found.effect, *found.needs)), found.inside):
        if text:
            Prose(text)
    if found.settings:
        _heading(tr("Settings"))
        with ui.element("dl").classes("weft-help-list"):
            for each in found.settings:
                with ui.element("dt"):
                    Prose(f"{each.label} `{each.name}`", "weft-strong")
                with ui.element("dd"):
                    Prose(f"{each.help} {each.limits}".strip())
                    usual = tr("Usually: {value}.", value=each.usual)
                    if each.usual == tr("has to be set"):
                        usual = tr("It has to be set.")
                    # Code that stands there at first is to be read in its own field.
                    if "\n" not in usual:
                        Prose(usual, "weft-muted weft-small")
    for title, lines, more in ((tr("Takes"), found.takes, ""), (tr("Gives"), found.gives, found.gives_more)):
        if lines or more:
            _heading(title)
            _list([*lines, *([more] if more else [])])
    _heading(tr("When it fails"))
    _list([f"{each.what} {each.hint}".strip() for each in found.failures])
    Prose(
        tr(
            "Every step can be tried again, go on with another value, or lead its failure on a wire of its own: see "
            "“When it fails” in its settings."
        ),
        "weft-muted",
    )


def _example(example: Flow) -> None:
    count = sum(1 for _ in walk(example))
    _heading(tr("Example"))
    has = trn("It has {n} step.", "It has {n} steps.", count)
    Prose(f"{quoted(example.name)}: {example.description} {has}")


def _heading(text: str) -> None:
    ui.label(text).classes("weft-help-heading").props("role=heading aria-level=3")


def _list(lines: list[str]) -> None:
    if lines:
        with ui.element("ul").classes("weft-help-lines"):
            for line in lines:
                with ui.element("li"):
                    Prose(line)
