"""One value of a run on the screen, in the view that fits it best or the one that is chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import cast

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.data.copying import copy_text, copy_value
from app.ui.data.finding import Finding
from app.ui.data.kinds import VIEWS, address, is_file, is_picture, views_for
from app.ui.data.paths import Path, dig, expression
from app.ui.data.pictures import show_file, show_pictures
from app.ui.data.rows import Rows
from app.ui.data.schema import Schema
from app.ui.data.sheet import Sheet
from app.ui.data.table import Table
from app.ui.data.text import WIDE, Text
from app.ui.data.tree import Tree
from app.ui.tips import tip

LARGE = 100_000
"""Characters of a text, or items, from which on a view is made beside the loop."""

Use = Callable[[str], object]
"""What is done with the text of an expression that is to be used in a setting."""


class DataView:
    """A labelled value with its views, and its path and its value to copy.

    `root` is what an expression calls the value (`shelf.rows`); without it there are no paths. With `use` a part of it
    can be put into a setting. A `large` view fills what it stands in and can be searched.
    """

    def __init__(
        self,
        label: str,
        value: Json,
        *,
        root: str = "",
        use: Use | None = None,
        large: bool = False,
        view: str = "",
        viewed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._label, self._whole, self._root, self._use, self._large = label, value, root, use, large
        self._viewed = viewed
        self._wanted = view
        self._value: Json = value
        self._inside: Path = ()
        self._at: tuple[int, int] = (-1, -1)
        """The row and the column that are meant; a row below 0 is the whole value."""
        self._sheet: Sheet | None = None
        self._rows: Rows | None = None
        self._wide = WIDE
        self._made = 0
        self._finding: Finding | None = None
        self.element = ui.element("div").classes("weft-data" + (" is-large" if large else ""))
        with self.element:
            self._bar = ui.element("div").classes("weft-data-bar")
            self._body = ui.element("div").classes("weft-data-body-box")
            if large and root:
                with ui.element("div").classes("weft-data-path"):
                    self._path = ui.label("").classes("weft-mono weft-small weft-anywhere weft-grow")
        self._draw()

    def search(self) -> None:
        """Give the field that searches it the keyboard."""
        if self._finding is not None:
            self._finding.focus()

    def look_at(self, path: Path) -> None:
        """Show only what is at a path; `()` shows the whole again."""
        try:
            value = dig(self._whole, path)
        except (KeyError, IndexError):
            return
        self._inside, self._value, self._at = path, value, (-1, -1)
        if path:
            self._wanted = ""
        self._draw(keys=True)

    def _draw(self, *, keys: bool = False) -> None:
        """Draw all of it; with `keys` its rows have the keyboard then."""
        self._takes_keys = keys
        self._bar.clear()
        self._body.clear()
        self._sheet = self._rows = self._finding = None
        views = views_for(self._value)
        view = self._wanted if self._wanted in views else next(iter(views), "")
        self.element.props["data-view"] = view or "plain"
        with self._bar:
            self._draw_bar(views, view)
        with self._body:
            self._draw_body(view)
        self._show_path()

    def _draw_bar(self, views: tuple[str, ...], view: str) -> None:
        if self._inside:
            back = _icon("arrow_back", tr("Back to the whole"), lambda: self.look_at(self._inside[:0]))
            tip(back, tr("Back to the whole (Backspace)"))
        ui.label(self._label).classes("weft-label weft-truncate weft-grow")
        if self._large and view and view != "pictures":
            self._finding = Finding(lambda: self._value, self._found)
        if len(views) > 1:
            with ui.element("div").classes("weft-views").props('role="group"') as group:
                group.props["aria-label"] = tr("How to show {name}", name=self._label)
                for each in views:
                    words, icon = VIEWS[each]
                    button = _icon(icon, tr(words), partial(self._choose, each))
                    button.classes("is-current" if each == view else "")
                    button.props["aria-pressed"] = "true" if each == view else "false"
        with ui.element("div").classes("weft-row weft-tight"):
            if self._root:
                path = _icon(
                    "link", tr("Copy path of {name}", name=self._label), lambda: self._act("copy_path", *self._at)
                )
                tip(path, tr("Copy the expression that reads this (Shift+C)"))
            copy = _icon(
                "content_copy", tr("Copy {name}", name=self._label), lambda: self._act("copy_value", *self._at)
            )
            tip(copy, tr("Copy the value (C)") if view else tr("Copy"))
            if self._root and self._use is not None:
                use = _icon(
                    "input", tr("Use {name} in a setting", name=self._label), lambda: self._act("use", *self._at)
                )
                tip(use, tr("Use in a setting … (U)"))

    def _draw_body(self, view: str) -> None:
        if not view:
            _plain(self._value)
        elif view == "pictures":
            show_pictures(self._value if isinstance(self._value, list) else [self._value])
        else:
            rows = Rows(self._label, chosen=self._moved, acted=self._act, widened=self._widen)
            self._rows = rows.classes("is-large" if self._large else "")
            self._menu()
            self._note = ui.label("").classes("weft-muted weft-small weft-data-note")
            self._note.set_visibility(False)
            self._begin(view)

    def _menu(self) -> None:
        """What a right click, or the menu key, offers for a row."""
        offers = [(tr("Copy value"), "copy_value")]
        if self._root:
            offers.insert(0, (tr("Copy path"), "copy_path"))
        if self._root and self._use is not None:
            offers.append((tr("Use in a setting …"), "use"))
        if not isinstance(self._value, str):
            offers.append((tr("Show only this"), "look"))
        with self._body, ui.context_menu():
            for words, name in offers:
                ui.menu_item(words, lambda name=name: self._act(name, *self._at)).props("role=menuitem")

    def _begin(self, view: str) -> None:
        self._made += 1
        if not isinstance(self._value, list | dict | str) or len(self._value) < LARGE or view != "text":
            self._show(_sheet(view, self._value, self._wide))
            return
        made = self._made

        async def make() -> None:
            sheet = await asyncio.to_thread(_sheet, view, self._value, self._wide)
            if made == self._made and not self.element.is_deleted:
                self._show(sheet)

        with self._body:
            ui.timer(0, make, once=True)

    def _show(self, sheet: Sheet) -> None:
        self._sheet = sheet
        assert self._rows is not None
        self._rows.show(sheet, self._here, keys=self._takes_keys)
        self._takes_keys = False
        if self._finding is not None:
            self._finding.again()
        if not self._large:
            shown = min(sheet.count, 10) * {"table": 30, "text": 20}.get(sheet.kind, 26)
            self._rows.style(f"height: {shown + (34 if sheet.kind == 'table' else 4) + 12}px")
        self._note.set_text(sheet.note)
        self._note.set_visibility(bool(sheet.note))

    @property
    def _here(self) -> str:
        """What an expression calls what is shown."""
        return expression(self._root, self._inside)[3:-3] if self._root else ""

    def _choose(self, view: str) -> None:
        self._wanted = view
        self._at = (-1, -1)
        if not self._inside:
            self._viewed(view)
        self._draw(keys=True)

    def _widen(self, wide: int) -> None:
        if isinstance(self._sheet, Text) and wide != self._wide:
            self._wide = wide
            self._begin("text")

    def _moved(self, row: int, column: int) -> None:
        self._at = (row, column)
        self._show_path()

    def _path_at(self, row: int, column: int) -> Path:
        if self._sheet is None or not 0 <= row < self._sheet.count:
            return self._inside
        return (*self._inside, *self._sheet.path(row, column))

    def _show_path(self) -> None:
        if self._large and self._root:
            self._path.set_text(expression(self._root, self._path_at(*self._at)))

    async def _act(self, name: str, row: int, column: int) -> None:
        path = self._path_at(row, column)
        match name:
            case "turn" if row >= 0 and self._sheet is not None and self._rows is not None:
                if self._sheet.turn(row):
                    mark = self._finding.word if self._finding is not None else ""
                    self._rows.show(self._sheet, self._here, mark=mark, at=(row, column))
            case "look" if path != self._inside:
                if views_for(dig(self._whole, path)) or isinstance(self._sheet, Table):
                    self.look_at(path)
            case "back" if self._inside:
                self.look_at(())
            case "copy_path" if self._root:
                await copy_text(expression(self._root, path))
            case "copy_value":
                await copy_value(self._label, dig(self._whole, path))
            case "use" if self._root and self._use is not None:
                self._use(expression(self._root, path))
            case _:
                pass

    def _found(self, word: str, place: Path | None) -> None:
        """Show what was found, and light the word wherever it stands."""
        if self._sheet is None or self._rows is None:
            return
        at = self._sheet.find(place) if place else None
        self._rows.show(self._sheet, self._here, mark=word, at=at)
        if at is not None:
            self._moved(*at)


def _sheet(view: str, value: Json, wide: int) -> Sheet:
    match view:
        case "table":
            return Table(cast(list[Json], value))
        case "schema":
            return Schema(value)
        case "text":
            return Text(str(value), wide)
        case _:
            return Tree(cast("list[Json] | dict[str, Json]", value))


def _plain(value: Json) -> None:
    """A value that is shown as it is."""
    match value:
        case None:
            ui.label(tr("nothing")).classes("weft-value weft-muted")
        case bool():
            ui.label(tr("yes") if value else tr("no")).classes("weft-value")
        case dict() if is_file(value):
            show_file(value)
        case list() | dict():
            empty = tr("An empty list") if isinstance(value, list) else tr("An empty record")
            ui.label(empty).classes("weft-value weft-muted")
        case "":
            ui.label(tr("An empty text")).classes("weft-value weft-muted")
        case _:
            ui.label(str(value)).classes("weft-value weft-code")


def _icon(name: str, label: str, work: Callable[[], object]) -> ui.button:
    button = ui.button(icon=f"sym_r_{name}", on_click=work).classes("weft-icon-button").props("flat dense")
    button.props["aria-label"] = label
    return button


__all__ = ["DataView", "Use", "address", "is_picture"]
