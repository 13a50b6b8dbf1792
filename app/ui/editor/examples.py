"""Help for a step in the editor, and example flows put into the flow that is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.desk.examples import example_of, put_in
from app.desk.pasting import Pasting
from app.language import msg, spoken, tr
from app.ui.commands.here import with_key
from app.ui.help.sheet import help_sheet
from flows.model import Flow, step_at
from nodes.checks import holds_expressions

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor


class Examples:
    """What one window does with examples."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    async def help(self, path: str) -> None:
        """Show the help for a step."""
        kind = step_at(self._editor.opened.flow, path).kind
        if kind in self._editor.studio.catalog.kinds:
            self.about(kind)
        else:
            ui.notify(tr("There is no node called `{kind}` here, and so no help for it.", kind=kind))

    def about(self, kind: str, inserted: Callable[[], object] = lambda: None) -> None:
        """Show the help for a kind of step; `inserted` hears that its example was put into the flow."""
        example = example_of(kind)

        async def insert() -> None:
            if example is not None and await self.insert(example):
                inserted()

        async def open_it() -> None:
            if example is not None:
                await self._editor.bar.finish()
                await self._editor.side.finish()
                ui.navigate.to(f"/flow/{await self._editor.studio.shelf.example(example)}")

        help_sheet(self._editor.studio.catalog.kinds[kind], example, insert=insert, open_it=open_it)

    async def insert(self, example: Flow, title: str = "") -> bool:
        """Put an example into the flow as one edit, and show it; False where that was refused."""
        editor = self._editor
        flow = editor.opened.flow
        if why := Pasting(editor.studio.shelf).too_much(example, flow):
            ui.notify(spoken(why), type="negative", multi_line=True)
            return False
        holds = partial(holds_expressions, editor.studio.catalog)
        title = title or msg("insert the example “{name}”").format(name=example.name)
        edit, names = await asyncio.to_thread(put_in, example, flow, title, holds)
        if not await editor.edit(edit):
            return False
        editor.side.opened.close()
        editor.show_steps(names)
        put = tr("“{name}” is in your flow. Undo takes it out again", name=example.name)
        ui.notify(f"{with_key(put, 'undo')}.")
        return True
