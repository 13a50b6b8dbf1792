"""What an empty canvas offers: three flows to begin with, a step of one's own, and how to bring in what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from app.desk.examples import example
from app.language import msg, tr
from app.ui.canvas import colour_of
from app.ui.commands.button import press
from app.ui.commands.here import key_tip, keymap, with_key
from app.ui.dialogs import does
from flows.model import Flow

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

PASS = """event => {
  const over = event.currentTarget;
  over.classList.add('is-passed');
  for (const end of ['dragend', 'drop'])
    document.addEventListener(end, () => over.classList.remove('is-passed'), { once: true, capture: true });
}"""
"""What is dragged over the offers lands on the canvas below them."""

WALK = """event => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const all = [...event.currentTarget.querySelectorAll('.weft-start')];
  event.preventDefault();
  all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
}"""


@dataclass(frozen=True)
class Start:
    """An example flow that a new flow may begin with."""

    name: str
    title: str
    about: str
    icon: str
    kind: str
    model: bool = False


STARTS = (
    Start(
        "filter",
        msg("Read a web page"),
        msg("Opens the practice shop, reads its price list and keeps what is sold out."),
        "language",
        "browser.open",
    ),
    Start(
        "for-each",
        msg("Work through a list"),
        msg("Finds the shop's teapots and reads the page of each one, two at a time."),
        "repeat",
        "control.for_each",
    ),
    Start(
        "ask",
        msg("Ask a model about a text"),
        msg("Has a model read a message and give back what is in it as data."),
        "auto_awesome",
        "ai.ask",
        model=True,
    ),
)
NO_KEY = msg("Needs no key.")
NO_MODEL = msg("Needs a model: a service with a key, or one on this computer. Set it up on the Keys page.")


class EmptyCanvas:
    """`look` at what models there are; shown while the flow has no steps."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._asks: list[ui.label] = []
        self._over = ui.element("div").classes("weft-stage-over weft-begin-over")
        with self._over, ui.element("section").classes("weft-begin").props(f'aria-label="{tr("Begin")}"') as begin:
            begin.on("dragenter", js_handler=PASS).on("keydown", js_handler=WALK).on("keydown.esc", js_handler=LEAVE)
            ui.label(tr("Begin with something that works")).classes("weft-empty-title")
            key = keymap().first("begin")
            choose = tr("Or press {key} and choose with the arrow keys.", key=key) if key else ""
            click = tr("Click one: its steps are put here, ready to run and to change.")
            ui.label(f"{click} {choose}".strip()).classes("weft-empty-text weft-small")
            for start in STARTS:
                self._button(start)
            with ui.element("div").classes("weft-begin-own"):
                add = ui.button(tr("Add a step"), icon="sym_r_add", on_click=lambda: press("search"))
                add.classes("weft-button")
                key_tip(add, tr("Search for a step by what it should do"), "search")
                ui.label(tr("or drag one here from the left.")).classes("weft-small weft-muted")
            paste = with_key(tr("Steps that you copied, or the text of a flow, can be pasted here"), "paste")
            files = tr("Flow files are imported on the page of all flows.")
            ui.label(f"{paste}. {files}").classes("weft-small weft-muted")

    def show(self, flow: Flow) -> None:
        """Be there while there is nothing in the flow, and only then."""
        self._over.set_visibility(not (flow.steps or flow.notes or self._editor.tour.shown))

    async def look(self) -> None:
        """Say whether there is a model to ask."""
        if self._over.visible:
            there = [each.name for each in await self._editor.studio.connections.all()]
            for label in self._asks:
                asks = tr("Asks {model}, which is set up on the Keys page.", model=there[0]) if there else tr(NO_MODEL)
                label.set_text(asks)

    @property
    def why_not(self) -> str:
        """Why there is nothing to begin with, in a sentence."""
        return "" if self._over.visible else tr("This flow is not empty any more.")

    def focus(self) -> None:
        """Give the first of the three the keyboard."""
        if why := self.why_not:
            ui.notify(why)
        else:
            ui.run_javascript("document.querySelector('.weft-start')?.focus()")

    def _button(self, start: Start) -> None:
        flow = example(start.name)
        assert flow is not None, "The examples come with Weft."

        async def begins() -> None:
            if not self._editor.opened.flow.steps:
                await self._editor.examples.insert(flow, msg("begin with “{name}”").format(name=start.title))

        with does(ui.button(color=None).classes("weft-start").props("flat no-caps"), begins, turns=False):
            with ui.element("span").classes("weft-tile").style(f"--tile: var(--weft-{colour_of(start.kind)})"):
                ui.icon(f"sym_r_{start.icon}")
            with ui.element("span").classes("weft-stack weft-tight weft-grow"):
                ui.label(tr(start.title)).classes("weft-strong")
                ui.label(tr(start.about)).classes("weft-small weft-muted")
                needs = ui.label(tr(NO_MODEL if start.model else NO_KEY)).classes("weft-small weft-start-needs")
                if start.model:
                    self._asks.append(needs)


LEAVE = "event => document.querySelector('.weft-flow')?.focus({ preventScroll: true })"
"""Esc gives the keyboard back to the canvas."""
