"""What takes space, as numbers and bars: the database, kept files, backups, and what flows have written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from nicegui import ui

from app.language import tr, trn
from app.store.space import InDatabase, OnDisk
from app.studio import Studio
from app.ui.dialogs import asks, confirm
from app.ui.storage.saying import FOR_GOOD, files, went
from app.ui.words import size


class Places:
    """`changed` is called when something was removed."""

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        title = tr("What takes space")
        with ui.element("section").classes("weft-section").props(f'aria-label="{title}"'):
            with ui.element("div").classes("weft-row"):
                ui.label(title).classes("weft-section-title weft-grow").props("role=heading aria-level=2")
                self._total = ui.label("").classes("weft-strong weft-numbers")
            self._list = ui.element("div").classes("weft-list")

    def show(self, space: InDatabase, disk: OnDisk | None) -> None:
        """Show what is known; what lies on the disk is looked for after the page is there."""
        every = space.file + (disk.kept + disk.backups + disk.damaged_bytes + disk.written if disk else 0)
        self._total.set_text(tr("{size} in all", size=size(every)) if disk else "")
        self._most = max(1, every)
        self._list.clear()
        with self._list:
            self._line("database", tr("Database"), _database(space), space.file)
            if disk is None:
                self._line("draft", tr("Files, backups and the rest"), tr("Weft is looking."), None)
                return
            kept = tr(
                "{files}: pictures, downloads, large results. Each goes with its last run.",
                files=files(disk.kept_files),
            )
            none = tr("None so far.")
            self._line("draft", tr("Files that runs have kept"), kept if disk.kept_files else none, disk.kept)
            made = tr(
                "Copies of the database, made once a day. The newest five are kept, and one of each version of Weft."
            )
            older = partial(self._free_backups, disk.older_backups, disk.older_backups_bytes)
            self._line("inventory_2", tr("Backups"), made, disk.backups, older if disk.older_backups else None)
            if disk.damaged:
                saved = tr("Kept beside the database when it was found damaged.")
                free = partial(self._free_damaged, disk.damaged, disk.damaged_bytes)
                self._line("healing", tr("Damaged copies"), saved, disk.damaged_bytes, free)
            if disk.written:
                folder = self._studio.folder / "files"
                theirs = tr("In {folder}. They are yours: Weft never removes them.", folder=folder)
                self._line("folder", tr("Files that your flows have written"), theirs, disk.written)

    def _line(
        self,
        icon: str,
        name: str,
        about: str,
        taken: int | None,
        free: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        with ui.element("div").classes("weft-list-item weft-storage-line"):
            with ui.element("span").classes("weft-tile").style("--tile: var(--weft-slate)"):
                ui.icon(f"sym_r_{icon}")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(name).classes("weft-strong")
                ui.label(about).classes("weft-muted weft-small weft-anywhere")
                if taken is not None:
                    bar(taken, self._most)
            with ui.element("div").classes("weft-storage-free"):
                if free is not None:
                    button = asks(ui.button(tr("Free…")), free).classes("weft-button")
                    button.props["aria-label"] = tr("Free space of {name}", name=name)
            ui.label("…" if taken is None else size(taken)).classes("weft-strong weft-numbers weft-storage-size")

    async def _free_backups(self, paths: Sequence[Path], frees: int) -> None:
        stays = tr("The newest of each version of Weft stays.")
        await self._free(tr("Remove the older backups?"), paths, frees, stays)

    async def _free_damaged(self, paths: Sequence[Path], frees: int) -> None:
        await self._free(tr("Remove the damaged copies?"), paths, frees)

    async def _free(self, title: str, paths: Sequence[Path], frees: int, stays: str = "") -> None:
        what = f"{files(len(paths))}, {size(frees)}."
        text = " ".join(filter(None, (what, stays, tr(FOR_GOOD))))
        if await confirm(title, text, tr("Remove")):
            ui.notify(went(await self._studio.keeping.remove_files(paths)), type="positive")
            await self._changed()


def bar(part: int, whole: int) -> None:
    """How much of the whole this is; the numbers beside it say it too."""
    with ui.element("div").classes("weft-bar").props("aria-hidden=true"):
        ui.element("div").style(f"width: {max(0.4, 100 * part / max(1, whole)) if part else 0:.1f}%")


def _database(space: InDatabase) -> str:
    said = trn(
        "{n} run with all that their steps gave, your flows, keys and choices.",
        "{n} runs with all that their steps gave, your flows, keys and choices.",
        space.runs,
    )
    said = said if space.runs else tr("Your flows, keys and choices.")
    free = tr("{size} of it go back to the disk with the next clean-up.", size=size(space.free))
    return f"{said} {free}" if space.free > MUCH else said


MUCH = 1_000_000
"""Bytes from which it is worth a word that they are free."""
