"""The sheet before a piece from elsewhere is pasted: what its steps touch, for a person to accept."""

from __future__ import annotations

from nicegui import ui

from app.desk.shelf import Review
from app.language import tr, trn
from app.ui.dialogs import dialog
from app.ui.home.review import sections


async def piece_sheet(review: Review) -> bool:
    """Show the sheet. True once the person has accepted; Esc is “Not now”."""
    count = len(review.flow.steps)
    with dialog("weft-dialog-wide weft-review") as sheet:
        may = trn("May this step become part of your flow?", "May these {n} steps become part of your flow?", count)
        ui.label(may).classes("weft-dialog-title")
        ui.label(tr("They were not copied here. Accept only what you expect of them.")).classes("weft-muted")
        with ui.element("div").classes("weft-review-body").props(f'tabindex=0 aria-label="{tr("What they touch")}"'):
            sections(review.all, review.flow)
            ui.label(
                tr(
                    "From then on this flow counts as one that came from elsewhere: it asks you before it touches "
                    "anything that is not named in its steps."
                )
            ).classes("weft-muted weft-small")
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Not now"), on_click=lambda: sheet.submit(False)).classes("weft-button").props("autofocus")
            ui.button(tr("Paste"), icon="sym_r_verified_user", on_click=lambda: sheet.submit(True)).classes(
                "weft-button weft-primary"
            )
    return bool(await sheet)
