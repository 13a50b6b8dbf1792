"""Sends the edits of a form, each after the one before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from nicegui import background_tasks, context, ui
from pydantic import ValidationError

from app.language import tr
from flows.edits import Configure, Edit

MakeEdit = Callable[[Edit | None], Awaitable[bool]]


class Sending:
    """While an edit is under way its form knows better than the flow; `arrived` is called when it no longer does.

    Without that, on a slow disk, a field would be set back to what it was a few letters ago.
    """

    def __init__(self, edit: MakeEdit, arrived: Callable[[], None]) -> None:
        self._client = context.client
        self._edit = edit
        self._arrived = arrived
        self._under_way: set[asyncio.Task[bool]] = set()
        self._quiet = False

    @property
    def busy(self) -> bool:
        """True while the flow does not yet say what the form says."""
        return bool(self._under_way)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Inside it fields are given values that come from the flow, so nothing is sent."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def send(self, edit: Edit) -> None:
        """Make this edit; also when the form is gone by then, as when another step is clicked while typing."""
        if not self._quiet:
            task = background_tasks.create(self._make(edit), name="form: an edit")
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    def configure(self, path: str, **fields: object) -> None:
        """Change what every step has, or say why it cannot be."""
        try:
            edit = Configure.model_validate({"path": path, **fields})
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
            ui.notify(tr("This cannot be saved: {why}.", why=why), type="negative")
        else:
            self.send(edit)

    async def settled(self) -> None:
        """Return once everything that was sent so far is made, or refused."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _make(self, edit: Edit) -> bool:
        with self._client:
            return await self._edit(edit)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        self._under_way.discard(task)
        # What was refused stays in its field.
        if not self.busy and not task.cancelled() and task.exception() is None and task.result():
            self._arrived()
