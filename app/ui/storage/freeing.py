"""Free some space: says exactly what will go, then does it, and says what went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from app.language import tr, trn
from app.store.cleaning import Freed
from app.store.limits import Going
from app.store.space import FlowSpace
from app.studio import Studio
from app.ui.dialogs import confirm, dialog, said
from app.ui.storage.saying import FOR_GOOD, went, would_go
from app.ui.words import size

ALL, OLD, MANY = "all", "old", "many"


async def remove_runs(studio: Studio, ids: Sequence[str], *, interrupted_too: bool = False) -> None:
    """Remove these runs and say what went. The work is the studio's: it goes on when the window is closed."""
    doing = trn("Removing {n} run…", "Removing {n} runs…", len(ids))
    await _busy(doing, studio.keeping.remove(ids, interrupted_too=interrupted_too))


async def clean_up(studio: Studio) -> None:
    """Remove what is over the limits and what nobody refers to, and say what went."""
    await _busy(tr("Cleaning up…"), studio.keeping.clean())


async def ask_and_remove(studio: Studio, ids: Sequence[str]) -> bool:
    """Ask whether these runs may go, by hand and for good, and remove them. Whether anything went."""
    going = await studio.keeping.of_ids(ids)
    if not going.ids:
        ui.notify(tr("What goes on or waits for an answer stays. Stop it first."))
        return False
    count = len(going.ids)
    title = trn("Remove this run?", "Remove {n} runs?", count)
    what = trn(
        "All that its steps gave goes too, about {size}.",
        "All that their steps gave goes too, about {size}.",
        count,
        size=size(going.bytes),
    )
    stay = trn(
        "{n} run of those you chose stays, as it goes on or waits for an answer.",
        "{n} runs of those you chose stay, as they go on or wait for an answer.",
        going.stay,
    )
    said_so = (what, stay if going.stay else "", tr(FOR_GOOD))
    if not await confirm(title, " ".join(filter(None, said_so)), tr("Remove")):
        return False
    await remove_runs(studio, going.ids, interrupted_too=True)
    return True


async def free_flow(studio: Studio, flow: FlowSpace) -> None:
    """Ask which runs of a flow may go, with what that frees said before it happens."""
    chosen: list[Going] = [Going()]

    async def look() -> None:
        older.set_visibility(which.value == OLD)
        newest.set_visibility(which.value == MANY)
        with said():
            match which.value:
                case "old":
                    chosen[0] = await studio.keeping.of_flow(flow.id, older_than=_whole(older, 30))
                case "many":
                    chosen[0] = await studio.keeping.of_flow(flow.id, but_newest=_whole(newest, 10))
                case _:
                    chosen[0] = await studio.keeping.of_flow(flow.id)
            if not sentence.is_deleted:
                sentence.set_text(would_go(chosen[0]))
                count = len(chosen[0].ids)
                button.set_text(trn("Remove {n} run", "Remove {n} runs", count) if count else tr("Remove"))
                button.set_enabled(bool(chosen[0].ids))

    with dialog() as asked:
        ui.label(tr("Free space of “{name}”", name=flow.name)).classes("weft-dialog-title")
        with ui.element("div").classes("weft-form"):
            which = ui.radio(
                {OLD: tr("Older runs"), MANY: tr("All but the newest"), ALL: tr("Every run that has ended")},
                value=OLD,
                on_change=look,
            ).props("dense")
            older = _number(tr("Older than so many days"), 30, look)
            newest = _number(tr("Runs that stay"), 10, look)
            sentence = ui.label("").classes("weft-strong").props("role=status")
            ui.label(f"{tr('What their steps gave goes with them.')} {tr(FOR_GOOD)}").classes("weft-muted")
        with ui.element("div").classes("weft-dialog-actions"):
            cancel = ui.button(tr("Cancel"), on_click=lambda: asked.submit(False))
            cancel.classes("weft-button").props("autofocus")
            button = ui.button(tr("Remove"), on_click=lambda: asked.submit(True)).classes("weft-button weft-danger")
        await look()
    if await asked:
        # Exactly the runs that were counted, whatever has happened since.
        await remove_runs(studio, chosen[0].ids)


async def _busy(doing: str, work: Awaitable[Freed]) -> None:
    busy = ui.notification(doing, spinner=True, timeout=None)
    try:
        with said():
            ui.notify(went(await work), type="positive")
    finally:
        busy.dismiss()


def _number(label: str, value: int, changed: Callable[[], Awaitable[None]]) -> ui.number:
    field = ui.number(label, value=value, min=0, precision=0, on_change=changed)
    return field.props("dense outlined debounce=200").classes("weft-limit")


def _whole(field: ui.number, otherwise: int) -> int:
    return otherwise if field.value is None else max(0, int(field.value))
