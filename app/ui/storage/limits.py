"""How long runs are kept: said in words, changed in three fields, and what a change removes is said before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui

from app.language import tr, trn
from app.store.limits import Going, Limits
from app.store.space import FlowSpace
from app.studio import Studio
from app.ui.dialogs import asks, confirm, dialog, does
from app.ui.storage.freeing import clean_up
from app.ui.storage.saying import FOR_GOOD, cleaned, general_in_words, would_go


class GeneralLimits:
    """The section with the limits for every flow. `changed` is called when something was removed."""

    def __init__(self, studio: Studio, changed: Callable[[], Awaitable[None]]) -> None:
        self._studio = studio
        self._changed = changed
        title = tr("How long runs are kept")
        with ui.element("section").classes("weft-section").props(f'aria-label="{title}"'):
            ui.label(title).classes("weft-section-title").props("role=heading aria-level=2")
            with ui.element("div").classes("weft-card weft-storage-limits"):
                self._words = ui.label("").classes("weft-muted")
                self._fields = Fields(tr("Runs of each flow"), tr("MB for all runs together"))
                with ui.element("div").classes("weft-row weft-wrap"):
                    self._save = asks(ui.button(tr("Save")), self._keep).classes("weft-button weft-primary")
                    self._save.set_visibility(False)
                    self._state = ui.label("").classes("weft-muted weft-small weft-grow").props("role=status")
                    self._clean = does(ui.button(tr("Clean up now")), self._clean_up).classes("weft-button")
        self._fields.when_changed(self._edited)

    async def refresh(self, look: bool) -> None:
        """Show the limits, when Weft last cleaned up, and, with a look at every run, what goes the next time."""
        self._kept = (await self._studio.keeping.policy()).general
        self._words.set_text(general_in_words(self._kept))
        if not self._save.visible:
            self._fields.show(self._kept)
        last = await self._studio.keeping.last()
        going = await self._studio.keeping.over() if look else Going()
        done = tr("Weft cleans up once an hour.") if last is None else cleaned(last)
        next_time = tr("Next time, {runs}", runs=would_go(going)) if going.ids else ""
        self._state.set_text(" ".join(filter(None, (done, next_time))))

    def _edited(self) -> None:
        self._save.set_visibility(self._fields.limits() != self._kept)

    async def _keep(self) -> None:
        limits = self._fields.limits()
        policy = replace(await self._studio.keeping.policy(), general=limits)
        going = await self._studio.keeping.over(policy)
        if not await _agreed(going):
            return
        await self._studio.keeping.put_general(limits)
        self._save.set_visibility(False)
        await self._clean_up()

    async def _clean_up(self) -> None:
        await clean_up(self._studio)
        await self._changed()


async def own_limits(studio: Studio, flow: FlowSpace, own: Limits | None) -> bool:
    """Ask for the limits of one flow, and keep them. Whether they were changed."""
    with dialog() as asked:
        ui.label(tr("How long runs of “{name}” are kept", name=flow.name)).classes("weft-dialog-title")
        with ui.element("div").classes("weft-form"):
            same = ui.checkbox(tr("As for every flow"), value=own is None).props("dense")
            fields = Fields(tr("Runs"), tr("MB for its runs"))
            fields.show(own or replace((await studio.keeping.policy()).general, megabytes=None))
            fields.row.bind_visibility_from(same, "value", value=False)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Cancel"), on_click=lambda: asked.submit(False)).classes("weft-button")
            ui.button(tr("Save"), on_click=lambda: asked.submit(True)).classes("weft-button weft-primary")
    if not await asked:
        return False
    limits = None if same.value else fields.limits()
    policy = await studio.keeping.policy()
    others = {id: each for id, each in policy.own.items() if id != flow.id}
    going = await studio.keeping.over(replace(policy, own=others | ({flow.id: limits} if limits else {})))
    if not await _agreed(going):
        return False
    await studio.keeping.put_own(flow.id, limits)
    if going.ids:
        await clean_up(studio)
    return True


async def _agreed(going: Going) -> bool:
    """Whether new limits may be kept, where they remove something at once."""
    if not going.ids:
        return True
    count = len(going.ids)
    title = trn("Remove {n} run now?", "Remove {n} runs now?", count)
    text = f"{tr('With these limits {runs}', runs=would_go(going))} {tr(FOR_GOOD)}"
    return await confirm(title, text, trn("Remove {n} run", "Remove {n} runs", count))


class Fields:
    """Three numbers in a row; one that is empty is no limit."""

    def __init__(self, runs: str, megabytes: str) -> None:
        with ui.element("div").classes("weft-storage-fields") as self.row:
            self._days = self._number(tr("Days"), "days")
            self._runs = self._number(runs, "runs")
            self._megabytes = self._number(megabytes, "megabytes")
        self._all = (self._days, self._runs, self._megabytes)

    def show(self, limits: Limits) -> None:
        """Show these limits."""
        for field, value in zip(self._all, (limits.days, limits.runs, limits.megabytes), strict=True):
            field.value = value

    def limits(self) -> Limits:
        """The limits as they stand in the fields."""
        return Limits(*(None if field.value is None else max(1, int(field.value)) for field in self._all))

    def when_changed(self, heard: Callable[[], None]) -> None:
        """Call `heard` whenever a field is changed."""
        for field in self._all:
            field.on_value_change(lambda: heard())

    def _number(self, label: str, name: str) -> ui.number:
        with ui.element("div").classes("weft-field"):
            ui.label(label).classes("weft-label")
            field = ui.number(min=1, precision=0, placeholder=tr("No limit"))
            field.props(f'dense outlined clearable debounce=200 aria-label="{label}" name={name}')
            return field
