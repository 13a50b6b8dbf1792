"""The Log tab: everything the steps of a run said, with a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from app.engine.past import plain
from app.language import msg, spoken, tr, trn
from app.language.speaking import grouped
from app.runs.reading.log import Entry, Filter, Log
from app.studio import Studio
from app.ui.dialogs import does, said
from app.ui.words import clock

SHOWN = {
    "all": msg("Everything"),
    "warnings": msg("Warnings and errors"),
    "errors": msg("Errors"),
    "said": msg("Without text and files"),
    "text": msg("Streamed text"),
    "reached": msg("What was reached"),
}
LONG = 400
"""Characters of an entry that are shown on its line; the rest is shown once it is chosen."""

MOST = 5000
"""Lines that are copied at once, the last ones."""


class Lines(ui.element, component="log.js"):
    """The lines that can be seen."""


class LogTab:
    """`follow` a run, `refresh` when something has come. `names` are the steps of the flow, by their path."""

    def __init__(
        self,
        studio: Studio,
        *,
        name: Callable[[str], str],
        picked: Callable[[str], None],
        counted: Callable[[int], None],
    ) -> None:
        self._studio, self._name, self._picked, self._counted = studio, name, picked, counted
        self._run_id = ""
        self._log: Log | None = None
        self._asked = {"first": 0, "count": 80}
        self._shown: dict[int, Entry] = {}
        self._again = self._busy = False
        with ui.element("div").classes("weft-log-bar"):
            levels = {level: tr(words) for level, words in SHOWN.items()}
            self._level = ui.select(levels, value="all", on_change=self._filter).classes("weft-log-level")
            self._level.props(f'dense outlined options-dense aria-label="{tr("Show")}"')
            self._step = ui.select({"": tr("All steps")}, value="", on_change=self._filter).classes("weft-log-step")
            self._step.props(f'dense outlined options-dense aria-label="{tr("Step")}"')
            find = tr("Find in the log")
            self._text = ui.input(placeholder=find, on_change=self._filter).classes("weft-log-text")
            self._text.props(f'dense outlined clearable debounce=200 aria-label="{find}"')
            self._says = ui.label("").classes("weft-faint weft-small weft-numbers").props("role=status")
            copy = does(ui.button(tr("Copy"), icon="sym_r_content_copy"), self._copy)
            copy.classes("weft-button weft-push").props("dense").tooltip(tr("Copy the lines that are shown"))
        self._lines = Lines()
        self._lines.on("view", self._viewed).on("open", self._opened).on("pick", self._pick)
        with ui.element("div").classes("weft-log-whole") as self._whole:
            self._whole_text = ui.label("").classes("weft-code weft-log-words").props("tabindex=0")
            with ui.element("div").classes("weft-stack weft-tight"):
                self._to_step = ui.button(tr("Show the step"), icon="sym_r_my_location").classes("weft-button")
                self._to_step.props("dense")
                one = does(ui.button(tr("Copy this"), icon="sym_r_content_copy"), self._copy_one)
                one.classes("weft-button").props("dense")
        self._to_step.on("click", self._to_chosen, args=[])
        self._chosen: Entry | None = None
        self._whole.set_visibility(False)

    def follow(self, run_id: str, names: Mapping[str, str]) -> None:
        """Show the log of another run, of a flow with these steps."""
        self._run_id = run_id
        options = {"": tr("All steps"), **names}
        self._step.set_options(options, value=self._step.value if self._step.value in options else "")
        self._begin()

    async def refresh(self) -> None:
        """Show what has come."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        try:
            while True:
                self._again = False
                log = self._log
                if log is not None:
                    await log.catch_up()
                    if log is self._log:
                        await self._draw()
                if not self._again:
                    return
        finally:
            self._busy = False

    def _begin(self) -> None:
        studio = self._studio
        only = Filter(str(self._level.value or "all"), str(self._step.value or ""), str(self._text.value or "").strip())
        self._log = Log(studio.database, studio.artifacts, self._run_id, only) if self._run_id else None
        self._choose(None)
        self._lines.run_method("reset")
        if self._log is None:
            self._lines.run_method("draw", {"lines": [], "first": 0, "count": 0})
            self._says.set_text(tr("Nothing yet. What the steps of a run say is shown here."))
            self._counted(0)

    def _filter(self) -> None:
        self._begin()
        background_tasks.create(self._refreshed(), name="run panel: filter the log")

    async def _refreshed(self) -> None:
        with self._lines.client, self._lines, said():
            await self.refresh()

    async def _draw(self) -> None:
        log = self._log
        if log is None:
            return
        count = len(log)
        first = max(0, min(int(self._asked["first"]), count - int(self._asked["count"])))
        entries = await log.entries(first, int(self._asked["count"]))
        if log is not self._log or self._lines.is_deleted:
            return
        self._shown = {entry.seq: entry for entry in entries}
        self._lines.run_method(
            "draw", {"lines": [self._line(entry) for entry in entries], "first": first, "count": count}
        )
        is_all = log.only == Filter()
        none = tr("The steps of this run have said nothing.") if is_all else tr("No line fits.")
        self._says.set_text(trn("{n} line", "{n} lines", count) if count else none)
        if is_all:
            self._counted(count)

    def _line(self, entry: Entry) -> list[Any]:
        said = _said(entry)
        text = " ".join(said[:LONG].split()) + ("…" if len(said) > LONG else "")
        return [entry.seq, clock(entry.at, exact=True), entry.level, self._called(entry), text]

    def _called(self, entry: Entry) -> str:
        parts = entry.step.split("/")
        rounds = [grouped(int(each) + 1) for each in parts[1::2] if each.isdecimal()]
        name = self._name(plain(entry.step)) if entry.step else tr("The run")
        return f"{name} ({', '.join(rounds)})" if rounds else name

    async def _viewed(self, event: GenericEventArguments) -> None:
        self._asked = dict(event.args)
        await self._draw()

    def _opened(self, event: GenericEventArguments) -> None:
        self._choose(self._shown.get(int(event.args["seq"])))

    def _pick(self, event: GenericEventArguments) -> None:
        self._choose(self._shown.get(int(event.args["seq"])))
        self._to_chosen()

    def _choose(self, entry: Entry | None) -> None:
        self._chosen = entry
        self._whole.set_visibility(entry is not None)
        if entry is not None:
            self._whole_text.set_text(_said(entry))
            self._to_step.set_visibility(bool(entry.step))

    def _to_chosen(self) -> None:
        if self._chosen is not None and self._chosen.step:
            self._picked(self._chosen.step)

    async def _copy(self) -> None:
        log = self._log
        if log is None or not len(log):
            ui.notify(tr("There is nothing to copy."))
            return
        count = min(MOST, len(log))
        entries = await log.entries(len(log) - count, count)
        ui.clipboard.write("\n".join(map(self._as_text, entries)))
        if len(log) > count:
            ui.notify(tr("Copied: {count} lines, the last of {all}.", count=grouped(count), all=grouped(len(log))))
        else:
            ui.notify(trn("Copied: {n} line.", "Copied: {n} lines.", count))

    async def _copy_one(self) -> None:
        if self._chosen is not None:
            ui.clipboard.write(self._as_text(self._chosen))
            ui.notify(tr("Copied."))

    def _as_text(self, entry: Entry) -> str:
        return "\t".join((clock(entry.at, exact=True), entry.level, self._called(entry), _said(entry)))


def _said(entry: Entry) -> str:
    """What an entry says: what a model or a program wrote is left as it is."""
    return entry.text if entry.level in ("text", "reached") else spoken(entry.text)
