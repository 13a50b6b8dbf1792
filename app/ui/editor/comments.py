"""What people have said about a step: read it, answer, mark it as dealt with, take one's own back."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import tr
from app.store.settings import Settings
from app.ui.dialogs import ask_text, does
from app.ui.inbox.plain import plain
from app.ui.tips import tip
from app.ui.words import ago
from flows.edits import AddComment, RemoveComment, ResolveComment
from flows.model import Comment, Step

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

AUTHOR = "author"
"""Setting: the name that a person comments under."""

LONGEST = 10_000
SENDS = """event => {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  event.preventDefault();
  emit();
}"""


async def author(settings: Settings) -> str:
    """Who comments in this studio: the name that was chosen, or that of the computer's user."""
    chosen = await settings.get(AUTHOR, "")
    if isinstance(chosen, str) and chosen.strip():
        return chosen.strip()[:100]
    try:
        return getpass.getuser()[:100]
    except (OSError, KeyError, ImportError):
        return "Me"


def when(comment: Comment) -> str:
    """How long ago it was said."""
    try:
        return ago(datetime.strptime(comment.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError, OSError):
        return comment.at  # A file may hold a day that there never was.


class Thread:
    """The comments on one step. `show` them as they are now."""

    def __init__(self, editor: Editor, path: str, comments: Mapping[str, Comment]) -> None:
        self._editor = editor
        self._path = path
        self._shown: Mapping[str, Comment] | None = None
        self._who = ""
        with ui.element("div").classes("weft-thread"):
            self._list = ui.element("div").classes("weft-thread-list").props(f'role=list aria-label="{tr("Comments")}"')
            self._none = ui.label(tr("Nobody has said anything about this step.")).classes("weft-muted")
            write = tr("Write a comment")
            self._text = ui.textarea(placeholder=write).props(
                f'outlined dense autogrow maxlength={LONGEST} aria-label="{write}"'
            )
            self._text.on("keydown.enter", self._say, js_handler=SENDS)
            with ui.element("div").classes("weft-comment-head"):
                self._as = ui.button("", on_click=self._rename).classes("weft-quiet weft-small").props("flat no-caps")
                tip(self._as, tr("Comment under another name"))
                says = does(ui.button(tr("Comment"), icon="sym_r_send"), self._say)
                tip(says.classes("weft-button weft-push"), tr("Enter; with Shift, Enter begins a new line"))
        self.show(comments)
        ui.timer(0, self._know_author, once=True)

    def show(self, comments: Mapping[str, Comment]) -> None:
        """Draw these; only if they are others than before."""
        if comments == self._shown:
            return
        self._shown = comments
        self._none.set_visibility(not comments)
        self._list.clear()
        with self._list:
            for id, comment in comments.items():
                self._row(id, comment)

    def focus(self) -> None:
        """Give the field for a new comment the keyboard."""
        self._text.run_method("focus")

    def _row(self, id: str, comment: Comment) -> None:
        with (
            ui.element("article")
            .classes("weft-comment" + (" is-resolved" if comment.resolved else ""))
            .props("role=listitem")
        ):
            with ui.element("div").classes("weft-comment-head"):
                ui.label(plain(comment.who)).classes("weft-strong weft-comment-who")
                ui.label(when(comment)).classes("weft-faint weft-small")
                with ui.element("div").classes("weft-row weft-tight weft-push"):
                    turned = not comment.resolved
                    label = tr("Resolve") if turned else tr("Open again")
                    edit = ResolveComment(path=self._path, id=id, resolved=turned)
                    _icon("check_circle" if turned else "undo", label, partial(self._editor.edit, edit))
                    if comment.who == self._who:
                        gone = RemoveComment(path=self._path, id=id)
                        _icon("delete", tr("Delete your comment"), partial(self._editor.edit, gone))
            ui.label(plain(comment.text)).classes("weft-comment-text weft-anywhere")
            if comment.resolved:
                with ui.element("span").classes("weft-chip is-done"):
                    ui.icon("sym_r_check")
                    ui.label(tr("Resolved"))

    async def _say(self) -> None:
        text = (self._text.value or "").strip()
        if not text:
            self.focus()
            return
        who = await author(self._editor.studio.settings)
        comment = Comment(text=text, who=who, at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        if await self._editor.edit(AddComment(path=self._path, id=f"c{secrets.token_hex(4)}", comment=comment)):
            self._text.value = ""

    async def _know_author(self) -> None:
        self._who = await author(self._editor.studio.settings)
        if not self._as.is_deleted:
            self._as.set_text(tr("You write as {name}", name=self._who))
            shown, self._shown = self._shown, None
            self.show(shown or {})

    async def _rename(self) -> None:
        name = await ask_text(tr("Your name"), tr("Name"), self._who, tr("Take it"))
        if name is not None:
            await self._editor.studio.settings.put(AUTHOR, name.strip()[:100])
            await self._know_author()


def _icon(name: str, label: str, work: Callable[[], Awaitable[object]]) -> None:
    async def done() -> None:
        await work()

    button = does(ui.button(icon=f"sym_r_{name}"), done, turns=False).classes("weft-icon-button is-small")
    tip(button.props(f'flat dense aria-label="{label}"'), label)


def open_comments(step: Step) -> int:
    """How many are not dealt with yet."""
    return sum(not comment.resolved for comment in step.comments.values())
