"""The review sheet: what a flow from outside touches, in words, for a person to accept before anything of it runs."""

from __future__ import annotations

from nicegui import ui

from app.desk.shelf import Review
from app.engine.sheet import Section, words
from app.language import msg, spoken, tr
from app.studio import Studio
from app.ui.dialogs import dialog, does
from flows.model import Flow
from nodes.values import Touches

LIMITS = "gpp_maybe"
"""The icon of the section that is no permission but a warning."""

LATER = msg("you are asked about each before it happens")
"""What the sheet says within its sentences."""


async def review_sheet(studio: Studio, review: Review) -> bool:
    """Show the sheet. True once the person has accepted and that is kept; Esc is “Not now”."""

    async def accept() -> None:
        await studio.shelf.accept(review.flow)
        sheet.submit(True)

    with dialog("weft-dialog-wide weft-review") as sheet:
        ui.label(tr("May “{name}” do this?", name=review.flow.name)).classes("weft-dialog-title")
        ui.label(_why(review)).classes("weft-muted")
        with ui.element("div").classes("weft-review-body").props(f'tabindex=0 aria-label="{tr("What it touches")}"'):
            if not review.again:
                sections(review.all, review.flow)
            else:
                _difference(review)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Not now"), on_click=lambda: sheet.submit(False)).classes("weft-button").props("autofocus")
            does(ui.button(tr("Accept"), icon="sym_r_verified_user"), accept).classes("weft-button weft-primary")
    return bool(await sheet)


def _why(review: Review) -> str:
    if not review.again:
        return tr("This flow came from elsewhere, and nothing of it has run yet. Accept only what you expect of it.")
    if review.new == Touches():
        return tr("This flow has changed since you accepted it. It touches nothing that it did not touch before.")
    return tr("This flow has changed since you accepted it, and now wants more.")


def _difference(review: Review) -> None:
    if review.new != Touches():
        ui.label(tr("New")).classes("weft-section-title")
        sections(review.new, review.flow)
    with ui.expansion(tr("All that it touches")).classes("weft-expansion").props("dense"):
        sections(review.all, review.flow)


def sections(touches: Touches, flow: Flow) -> None:
    """All that a flow touches, by what it is."""
    for section in words(touches, flow):
        if section.icon == LIMITS:
            _limits(section)
        else:
            _section(section)


def _section(section: Section) -> None:
    with ui.element("div").classes("weft-review-section"):
        with ui.element("span").classes("weft-tile weft-tile-small"):
            ui.icon(f"sym_r_{section.icon}")
        with ui.element("div").classes("weft-stack weft-tight weft-grow"):
            ui.label(spoken(section.heading)).classes("weft-strong")
            for line in section.lines:
                if section.icon == "code":
                    _code(line)
                else:
                    ui.label(spoken(line)).classes("weft-muted weft-anywhere")


def _code(text: str) -> None:
    """The code as text, under the name of its step."""
    where, _, code = text.partition("\n") if text.startswith("In “") else ("", "", text)
    if where:
        step = where.removeprefix("In “").removesuffix("”:")
        ui.label(tr("In “{step}”:", step=step)).classes("weft-muted")
    ui.label(code).classes("weft-code weft-review-code")


def _limits(section: Section) -> None:
    with ui.element("div").classes("weft-notice is-asked"):
        ui.icon(f"sym_r_{section.icon}")
        with ui.element("div").classes("weft-stack weft-tight weft-grow"):
            ui.label(spoken(section.heading)).classes("weft-strong")
            for line in section.lines:
                ui.label(spoken(line))
