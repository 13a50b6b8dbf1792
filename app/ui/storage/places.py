"""What takes space, as numbers and bars: the database, kept files, backups, and what flows have written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from nicegui import ui

from app.store.space import InDatabase, OnDisk
from app.studio import Studio
from app.ui.dialogs import asks, confirm
from app.ui.storage.saying import FOR_GOOD, files, runs, went
from app.ui.words import size


class Places:
    """`changed` is called when something was removed."""

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        with ui.element("section").classes("weft-section").props('aria-label="What takes space"'):
            with ui.element("div").classes("weft-row"):
                ui.label("What takes space").classes("weft-section-title weft-grow").props("role=heading aria-level=2")
                self._total = ui.label("").classes("weft-strong weft-numbers")
            self._list = ui.element("div").classes("weft-list")

    def show(self, space: InDatabase, disk: OnDisk | None) -> None:
        """Show what is known; what lies on the disk is looked for after the page is there."""
        every = space.file + (disk.kept + disk.backups + disk.damaged_bytes + disk.written if disk else 0)
        self._total.set_text(f"{size(every)} in all" if disk else "")
        self._most = max(1, every)
        self._list.clear()
        with self._list:
            self._line("database", "Database", _database(space), space.file)
            if disk is None:
                self._line("draft", "Files, backups and the rest", "Weft is looking.", None)
                return
            kept = f"{files(disk.kept_files)}: pictures, downloads, large results. Each goes with its last run."
            self._line("draft", "Files that runs have kept", kept if disk.kept_files else "None so far.", disk.kept)
            made = "Copies of the database, made once a day. The newest five are kept, and one of each version of Weft."
            self._line("inventory_2", "Backups", made, disk.backups, disk.older_backups, disk.older_backups_bytes)
            if disk.damaged:
                saved = "Kept beside the database when it was found damaged."
                self._line("healing", "Damaged copies", saved, disk.damaged_bytes, disk.damaged, disk.damaged_bytes)
            if disk.written:
                theirs = f"In {self._studio.folder / 'files'}. They are yours: Weft never removes them."
                self._line("folder", "Files that your flows have written", theirs, disk.written)

    def _line(
        self, icon: str, name: str, about: str, taken: int | None, free: Sequence[Path] = (), frees: int = 0
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
                if free:
                    button = asks(ui.button("Free…"), lambda: self._free(name, free, frees)).classes("weft-button")
                    button.props["aria-label"] = f"Free space of {name}"
            ui.label("…" if taken is None else size(taken)).classes("weft-strong weft-numbers weft-storage-size")

    async def _free(self, name: str, paths: Sequence[Path], frees: int) -> None:
        what = "the older backups" if name == "Backups" else "the damaged copies"
        stays = " The newest of each version of Weft stays." if name == "Backups" else ""
        text = f"{files(len(paths)).capitalize()}, {size(frees)}.{stays} {FOR_GOOD}"
        if await confirm(f"Remove {what}?", text, "Remove"):
            ui.notify(went(await self._studio.keeping.remove_files(paths)), type="positive")
            await self._changed()


def bar(part: int, whole: int) -> None:
    """How much of the whole this is; the numbers beside it say it too."""
    with ui.element("div").classes("weft-bar").props("aria-hidden=true"):
        ui.element("div").style(f"width: {max(0.4, 100 * part / max(1, whole)) if part else 0:.1f}%")


def _database(space: InDatabase) -> str:
    said = f"{runs(space.runs)} with all that their steps gave, your flows, keys and choices."
    said = said if space.runs else "Your flows, keys and choices."
    return f"{said} {size(space.free)} of it go back to the disk with the next clean-up." if space.free > MUCH else said


MUCH = 1_000_000
"""Bytes from which it is worth a word that they are free."""
