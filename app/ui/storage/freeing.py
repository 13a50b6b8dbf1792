"""Free some space: says exactly what will go, then does it, and says what went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from app.store.cleaning import Freed
from app.store.limits import Going
from app.store.space import FlowSpace
from app.studio import Studio
from app.ui.dialogs import confirm, dialog, said
from app.ui.storage.saying import FOR_GOOD, runs, went, would_go
from app.ui.words import size

ALL, OLD, MANY = "all", "old", "many"


async def remove_runs(studio: Studio, ids: Sequence[str], *, interrupted_too: bool = False) -> None:
    """Remove these runs and say what went. The work is the studio's: it goes on when the window is closed."""
    await _busy(f"Removing {runs(len(ids))}…", studio.keeping.remove(ids, interrupted_too=interrupted_too))


async def clean_up(studio: Studio) -> None:
    """Remove what is over the limits and what nobody refers to, and say what went."""
    await _busy("Cleaning up…", studio.keeping.clean())


async def ask_and_remove(studio: Studio, ids: Sequence[str]) -> bool:
    """Ask whether these runs may go, by hand and for good, and remove them. Whether anything went."""
    going = await studio.keeping.of_ids(ids)
    if not going.ids:
        ui.notify("What goes on or waits for an answer stays. Stop it first.")
        return False
    one = len(going.ids) == 1
    title = "Remove this run?" if one else f"Remove {runs(len(going.ids))}?"
    what = "All that its steps gave goes" if one else "All that their steps gave goes"
    stays = "stays, as it goes on or waits" if going.stay == 1 else "stay, as they go on or wait"
    stay = f" {runs(going.stay)} of those you chose {stays} for an answer." if going.stay else ""
    if not await confirm(title, f"{what} too, about {size(going.bytes)}.{stay} {FOR_GOOD}", "Remove"):
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
                button.set_text(f"Remove {runs(len(chosen[0].ids))}" if chosen[0].ids else "Remove")
                button.set_enabled(bool(chosen[0].ids))

    with dialog() as asked:
        ui.label(f"Free space of “{flow.name}”").classes("weft-dialog-title")
        with ui.element("div").classes("weft-form"):
            which = ui.radio(
                {OLD: "Older runs", MANY: "All but the newest", ALL: "Every run that has ended"},
                value=OLD,
                on_change=look,
            ).props("dense")
            older = _number("Older than so many days", 30, look)
            newest = _number("Runs that stay", 10, look)
            sentence = ui.label("").classes("weft-strong").props("role=status")
            ui.label(f"What their steps gave goes with them. {FOR_GOOD}").classes("weft-muted")
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button("Cancel", on_click=lambda: asked.submit(False)).classes("weft-button").props("autofocus")
            button = ui.button("Remove", on_click=lambda: asked.submit(True)).classes("weft-button weft-danger")
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
