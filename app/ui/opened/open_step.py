"""A step opened large over the editor: what it is given on the left, its settings, what it gives on the right."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from app.desk.open_flow import Edited
from app.language import tr, trn
from app.ui.canvas import colour_of
from app.ui.dialogs import said
from app.ui.editor.step_bar import StepBar
from app.ui.editor.ways import STEP, TO, Way
from app.ui.forms.step_form import StepForm
from app.ui.forms.values import Values
from app.ui.opened.given import Given
from app.ui.opened.output import Output
from app.ui.opened.sources import neighbours, sources, title_of
from app.ui.opened.using import use_in_setting
from flows.model import step_at, walk

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

KEYS = """event => {
  if (event.defaultPrevented) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable='true'], .cm-editor");
  const held = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  let name = '';
  if (key === 'escape' && typing && !document.querySelector('.q-menu')) name = 'close';
  else if (held && !event.altKey && key === 'enter' && !event.shiftKey) name = 'run';
  else if (held && !event.altKey && key === 'f') name = event.target.closest('.is-given') ? 'search given' : 'search';
  else if (held && !typing && key === 'z') name = event.shiftKey ? 'redo' : 'undo';
  else if (held && !typing && key === 'y') name = 'redo';
  else if (!typing && !held && !event.altKey && !event.shiftKey)
    name = { t: 'to', r: 'step', p: 'pin', e: 'edit' }[key];
  if (!name || event.repeat) return;
  event.preventDefault();
  event.stopPropagation();
  if (!typing || name.startsWith('search')) return emit(name);
  // A field that is left says what was typed into it within a few milliseconds, and that has to come first.
  document.activeElement?.blur();
  setTimeout(() => emit(name), 60);
}"""

WAYS = """event => {
  const name = { ArrowLeft: 'before', ArrowRight: 'after' }[event.key];
  if (!name || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
  event.preventDefault();
  event.stopPropagation();
  document.activeElement?.blur();
  setTimeout(() => emit(name), 60);
}"""
"""Heard before a code editor takes them for its own."""

HEAR = """(() => {
  const id = %s, hear = event => {
    const card = document.getElementById(id);
    if (event.target !== document.body || [...document.querySelectorAll('.q-dialog .q-card')].at(-1) !== card) return;
    if (document.querySelector('.q-menu')) return;
    card.focus({ preventScroll: true });
    if (!card.dispatchEvent(new KeyboardEvent('keydown', event))) event.preventDefault();
  };
  window.weftOpened?.abort();
  window.weftOpened = new AbortController();
  document.addEventListener('keydown', hear, { signal: window.weftOpened.signal });
})()"""
"""Keys are heard also where what had the keyboard is gone, as a button is once it has done its work."""

BACK = """(() => {
  window.weftOpened?.abort();
  const step = [...document.querySelectorAll('.weft-flow [data-path]')].find(each => each.dataset.path === %s);
  (step ?? document.querySelector('.weft-flow'))?.focus({ preventScroll: true });
})()"""
"""The keyboard goes back to the step on the canvas."""


class OpenStep:
    """`open` a step; while it is open, tell it of edits and of new results."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._path = ""
        self._dialog: ui.dialog | None = None
        self._card: ui.element
        self._form: StepForm | None = None
        self._given: Given | None = None
        self._output: Output | None = None
        self._bar: StepBar | None = None
        self._values = Values(editor.stage.reader, editor.studio.catalog)
        self._read = Values(editor.stage.reader, editor.studio.catalog)

    @property
    def is_open(self) -> bool:
        """True while a step is open."""
        return self._dialog is not None

    def open(self, path: str) -> None:
        """Open a step; where one is open, this one in its place."""
        if self._dialog is None:
            self._dialog = ui.dialog()
            self._dialog.on("hide", self._closed)
            with self._dialog:
                self._card = ui.card().classes("weft-opened").props("tabindex=-1")
            ui.run_javascript(HEAR % json.dumps(self._card.html_id))
            self._card.on("keydown", self._key, js_handler=KEYS)
            self._card.on("keydown.capture", self._key, js_handler=WAYS)
        self._turn_to(path)
        self._dialog.open()

    def close(self) -> None:
        """Close it; the keyboard goes back to the step."""
        if self._dialog is not None:
            self._dialog.close()

    async def finish(self) -> None:
        """Return once all that was typed is in the flow."""
        if self._form is not None:
            await self._form.finish()

    def edited(self, edited: Edited) -> None:
        """Show the step as it is after an edit, also one that was made elsewhere."""
        if self._dialog is None:
            return
        selected = self._editor.selected
        if self._path not in {path for path, _ in walk(edited.after)}:
            if len(selected) == 1:
                self._turn_to(selected[0])  # It has another name now.
            else:
                self.close()
            return
        if self._form is not None:
            self._form.update(edited.after, self._editor.opened.problems)
        self._draw_head()
        self.marked()
        self._load()

    def marked(self) -> None:
        """Show whether the step has a breakpoint, and whether it is pinned."""
        if self._bar is not None and self._path:
            self._bar.show(step_at(self._editor.opened.flow, self._path))

    def run_changed(self, paths: set[str]) -> None:
        """Show new results of the run that is followed."""
        if self._dialog is None:
            return
        if self._output is not None and (not paths or self._path in paths):
            self._output.refresh()
        if not self._editor.running.going:
            self._load()
            if self._form is not None:
                self._form.values_changed()

    def _turn_to(self, path: str) -> None:
        editor = self._editor
        self._path = path
        flow = editor.opened.flow
        step = step_at(flow, path)
        title = title_of(flow, editor.studio.catalog, path)
        self._card.clear()
        self._card.props["role"], self._card.props["aria-label"] = "document", tr("Step: {title}", title=title)
        if self._dialog is not None:
            self._dialog.props["aria-label"] = tr("Step: {title}", title=title)
        use = partial(use_in_setting, editor, at=path)
        with self._card:
            self._head = ui.element("header").classes("weft-opened-top")
            with ui.element("div").classes("weft-opened-columns"):
                self._given = Given(use=use, run=partial(self._run, TO))
                with ui.element("section").classes("weft-opened-middle").props(f'aria-label="{tr("Settings")}"'):
                    with ui.element("div").classes("weft-opened-form"):
                        self._form = StepForm(
                            editor.studio, flow, path, editor.opened.problems, self._values, editor.edit
                        )
                    self._bar = StepBar(editor, path, step)
                with ui.element("section").classes("weft-opened-side").props(f'aria-label="{tr("Output")}"'):
                    with ui.element("div").classes("weft-opened-head"):
                        ui.label(tr("Output")).classes("weft-strong")
                    with ui.element("div").classes("weft-opened-body"):
                        self._output = Output(editor.stage, path, use=use, run=partial(self._run, TO))
                        self._output.refresh()
        self._draw_head()
        self._form.focus()
        self._load()

    def _draw_head(self) -> None:
        """The step's name, the ways to the steps beside it, and the way out."""
        flow, catalog = self._editor.opened.flow, self._editor.studio.catalog
        before, after = neighbours(flow, self._path)
        step = step_at(flow, self._path)
        node = catalog.kinds.get(step.kind)
        self._head.clear()
        with self._head:
            with ui.element("nav").classes("weft-opened-ways").props(f'aria-label="{tr("Steps before")}"'):
                self._ways(before, "arrow_back", "Alt+←")
            with ui.element("div").classes("weft-opened-name"):
                with ui.element("span").classes("weft-tile weft-tile-small") as tile:
                    ui.icon(f"sym_r_{node.spec.icon}" if node is not None else "sym_r_extension")
                tile.style(f"--tile: var(--weft-{colour_of(step.kind)})")
                name = ui.label(title_of(flow, catalog, self._path)).classes("weft-strong weft-truncate")
                name.props("role=heading aria-level=2")
            with ui.element("nav").classes("weft-opened-ways is-after").props(f'aria-label="{tr("Steps after")}"'):
                self._ways(after, "arrow_forward", "Alt+→")
            close = ui.button(icon="sym_r_close", on_click=self.close).classes("weft-icon-button")
            close.props(f'flat aria-label="{tr("Close")}"').tooltip(tr("Back to the canvas (Esc)"))

    def _ways(self, paths: list[str], icon: str, key: str) -> None:
        flow, catalog = self._editor.opened.flow, self._editor.studio.catalog
        if not paths:
            return
        first, *others = paths
        end = "icon-right" if icon == "arrow_forward" else "icon"
        button = ui.button(title_of(flow, catalog, first), on_click=partial(self._go, first))
        button.props(f"flat no-wrap {end}=sym_r_{icon}").classes("weft-quiet").tooltip(
            tr("Open “{title}” ({key})", title=title_of(flow, catalog, first), key=key)
        )
        if others:
            more = ui.button(f"+{len(others)}").props("flat").classes("weft-quiet")
            before = trn("{n} more steps before it", "{n} more steps before it", len(others))
            after = trn("{n} more steps after it", "{n} more steps after it", len(others))
            more.props["aria-label"] = before if end == "icon" else after
            with more, ui.menu():
                for path in others:
                    ui.menu_item(title_of(flow, catalog, path), partial(self._go, path))

    async def _go(self, path: str) -> None:
        await self.finish()
        self._editor.choose(path)
        self._turn_to(path)

    async def _run(self, way: Way | None = None) -> None:
        await (self._editor.run() if way is None else self._editor.run(way))

    def _load(self) -> None:
        background_tasks.create(self._load_sources(), name="opened step: what it can read")

    async def _load_sources(self) -> None:
        """Show what the step can read now."""
        path, given = self._path, self._given
        if given is None:
            return
        reader = self._editor.stage.reader
        with self._card.client:
            if reader.run_id:
                await self._read.load(path)
            else:
                self._read.forget()
            flow = self._editor.opened.flow
            if given is self._given and not self._card.is_deleted and path in dict(walk(flow)):
                given.show(sources(flow, self._editor.studio.catalog, path, self._read.names(flow, path)))

    async def _key(self, event: GenericEventArguments) -> None:
        before, after = neighbours(self._editor.opened.flow, self._path)
        does: dict[str, Callable[[], Awaitable[object] | None]] = {
            "before": partial(self._beside, before, tr("No step comes before this one.")),
            "after": partial(self._beside, after, tr("No step comes after this one.")),
            "close": self.close,
            "run": self._run,
            "to": partial(self._run, TO),
            "step": partial(self._run, STEP),
            "pin": partial(self._editor.data.turn_pin, self._path),
            "edit": partial(self._editor.data.edit, self._path),
            "undo": self._editor.undo,
            "redo": self._editor.redo,
            "search": lambda: self._output.search() if self._output is not None else None,
            "search given": lambda: self._given.search() if self._given is not None else None,
        }
        with said():
            waits = does[str(event.args)]()
            if waits is not None:
                await waits

    async def _beside(self, paths: list[str], nothing: str) -> None:
        if paths:
            await self._go(paths[0])
        else:
            ui.notify(nothing)

    async def _closed(self) -> None:
        """What was typed last has come by now: a field says it when it is left."""
        dialog, self._dialog = self._dialog, None
        with said():
            await self.finish()
        ui.run_javascript(BACK % json.dumps(self._path))
        self._form = self._given = self._output = self._bar = None
        if dialog is not None:
            dialog.delete()
