"""Small things that every page asks or says: a question, a name, an error in words, an Undo."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from app.language import spoken, tr
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble

log = logging.getLogger(__name__)

UNDO_FOR = 12
"""Seconds in which Undo is offered."""


@contextmanager
def said() -> Iterator[None]:
    """Inside it, whatever goes wrong is said in a sentence at the bottom of the window, and the page lives on."""
    try:
        yield
    except (Refusal, StoreTrouble) as refusal:
        ui.notify(spoken(str(refusal)), type="negative", multi_line=True)
    except Exception as error:
        log.exception("in a window")
        fault = tr("Weft has a fault: {error}", error=f"{type(error).__name__}: {error}")
        ui.notify(fault, type="negative", multi_line=True)


def does(button: ui.button, work: Callable[[], Awaitable[None]], *, turns: bool = True) -> ui.button:
    """Give a button its work: it turns until that is done, takes no second press, and says what goes wrong."""
    at_work = False

    async def pressed() -> None:
        nonlocal at_work
        if at_work:
            return
        at_work = True
        if turns:
            # Not disabled: that would take the keyboard away from it.
            button.props["loading"] = True
        try:
            # In the page and not beside the button, which the work may take away.
            with button.client, said():
                await work()
        finally:
            at_work = False
            if turns and not button.is_deleted:
                button.props["loading"] = False

    return button.on_click(pressed)


def asks(button: ui.button, work: Callable[[], Awaitable[None]]) -> ui.button:
    """Give a button its work, which begins with a question: it does not turn while that is open."""
    return does(button, work, turns=False)


async def confirm(title: str, text: str, action: str) -> bool:
    """Whether the person wants it. Esc and Cancel are no."""
    with dialog() as asked:
        ui.label(title).classes("weft-dialog-title")
        ui.label(text).classes("weft-muted")
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Cancel"), on_click=lambda: asked.submit(False)).classes("weft-button").props("autofocus")
            ui.button(action, on_click=lambda: asked.submit(True)).classes("weft-button weft-danger")
    return bool(await asked)


async def ask_text(title: str, label: str, value: str, action: str) -> str | None:
    """A line of text that is not empty; None where the person thought better of it."""

    def take() -> None:
        text = (field.value or "").strip()
        error.set_visibility(not text)
        if text:
            asked.submit(text)

    with dialog() as asked:
        ui.label(title).classes("weft-dialog-title")
        with ui.element("form").classes("weft-form").on("submit.prevent", take):
            with ui.element("div").classes("weft-field"):
                ui.label(label).classes("weft-label")
                field = ui.input(value=value).props(f'dense outlined autofocus maxlength=200 aria-label="{label}"')
                field.on("focus", js_handler="event => event.target.select()")
                error = ui.label(tr("{label} is missing.", label=label)).classes("weft-error").props("role=alert")
                error.set_visibility(False)
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button(tr("Cancel"), on_click=lambda: asked.submit(None)).classes("weft-button").props("type=button")
                ui.button(action).classes("weft-button weft-primary").props("type=submit")
    text: str | None = await asked
    return text


@contextmanager
def dialog(extra: str = "") -> Iterator[ui.dialog]:
    """A dialog that is gone once it was hidden; what is made inside is in it."""
    with ui.dialog() as made, ui.card().classes(f"weft-dialog {extra}".strip()):
        # Not before: hiding gives the keyboard back to what had it.
        made.on("hide", made.delete)
        yield made
        _name(made)


def _name(made: ui.dialog) -> None:
    """Let the dialog be called what its title says."""
    titles = (each for each in made.descendants() if "weft-dialog-title" in each.classes)
    if (title := next(titles, None)) is not None:
        made.props["aria-labelledby"] = title.html_id


def undo_toast(message: str, undo: Callable[[], Awaitable[None]]) -> ui.notification:
    """Say what was done, with a button that takes it back. Dismiss it when there is nothing to take back any more."""
    toast = ui.notification(message, timeout=UNDO_FOR)
    toast.on("undo", undo, args=[])
    handler = f'() => getElement({toast.id}).$emit("undo")'
    toast.props["options"]["actions"] = [{"label": tr("Undo"), ":handler": handler}]
    return toast
