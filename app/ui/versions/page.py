"""The history of a flow: its versions, what is different between any two, and the way back to one."""

from __future__ import annotations

import asyncio
import secrets
from typing import cast

from nicegui import background_tasks, context, events, ui

from app.desk.history import Entry
from app.desk.open_flow import Edited, OpenFlow
from app.language import spoken, tr, trn
from app.store.refusal import FlowMissing, Refusal
from app.studio import Studio
from app.ui.canvas import Canvas, FlowShape
from app.ui.commands.here import Offer, Pressed, key_tip, offer
from app.ui.dialogs import asks, does, said
from app.ui.editor.drawing import Drawn, accepts, catalogue, words
from app.ui.editor.offers import on_canvas, where
from app.ui.editor.redrawing import Drawing
from app.ui.naming import words_of
from app.ui.versions.changes import Changes
from app.ui.versions.listing import NOW, Listing, key_of, label_of, name_of
from app.ui.versions.publishing import since_published, turn_published
from app.ui.versions.saving import history_of, keep_version
from app.ui.versions.together import Together, together
from app.ui.words import ago
from flows.diff import Difference
from flows.model import Flow
from flows.text import FlowFileError, read_flow

FILE, RUN = "file", "run-"
SOON = 0.4
"""Seconds without an edit in another window before the draft is compared anew."""

FITS = 60
"""Steps that are shown all at once; of a larger flow nothing could be read."""

Many = dict[str, Drawn]
"""Steps by path, or wires by id."""


async def versions_page(studio: Studio, flow_id: str, before: str = "", after: str = "") -> None:
    """Show the versions of a flow and compare two of them: keys of versions, `run-` and a run's id, or `now`."""
    try:
        opened = await studio.shelf.open(flow_id)
    except FlowMissing as missing:
        _not_there(missing)
        return
    page = VersionsPage(studio, opened)
    page.build()
    await asyncio.sleep(0)  # Other windows have their turn between the two.
    with said():
        await page.show(before, after)


class VersionsPage:
    """One window on the history of a flow."""

    def __init__(self, studio: Studio, opened: OpenFlow) -> None:
        self._studio = studio
        self._opened = opened
        self._history = history_of(studio)
        self._entries: dict[str, Entry] = {}
        self._others: dict[str, tuple[str, Flow]] = {}
        """What is compared and is no entry: the flow of a run, or of a file, with what it is called."""
        self._before = self._after = NOW
        self._window = secrets.token_hex(4)
        self._timer: asyncio.TimerHandle | None = None
        self._turn = asyncio.Lock()

    def build(self) -> None:
        """Make the elements; `show` fills them."""
        self._bar()
        with ui.element("div").classes("weft-editor weft-versions"):
            with ui.element("aside").classes("weft-panel weft-panel-left").props(f'aria-label="{tr("Versions")}"'):
                with ui.element("div").classes("weft-panel-head"):
                    ui.label(tr("Versions")).classes("weft-panel-title")
                with ui.element("div").classes("weft-panel-body"):
                    self._listing = Listing(self._picked, self._publish)
            with ui.element("div").classes("weft-stage weft-versions-stage"):
                self._choice()
                self._canvas = Canvas().classes("weft-canvas")
            with ui.element("aside").classes("weft-panel weft-panel-right") as different:
                different.props["aria-label"] = tr("What is different")
                with ui.element("div").classes("weft-panel-head").props("role=status"):
                    self._count = ui.label("").classes("weft-panel-title")
                self._body = ui.element("div").classes("weft-panel-body")
                with ui.element("div").classes("weft-panel-foot") as self._foot:
                    self._back = does(ui.button(tr("Go back to it"), icon="sym_r_restore"), self._go_back)
                    self._back.classes("weft-button weft-grow")
        commands: dict[str, Pressed | Offer] = {
            "keep": self._keep,
            "versions.leave": self._leave,
            "versions.swap": self._swap,
            "versions.publish": where(lambda: self._publish(self._before), self._why_not_publish),
        }
        offer({**commands, **on_canvas(self._canvas, lambda _: lambda: "", editing=False)})
        context.client.on_delete(self._opened.listen(self._edited))

    async def show(self, before: str, after: str) -> None:
        """Compare these two; without a name, the newest version that is not as the draft is with the draft."""
        for key in (before, after):
            if key.startswith(RUN):
                await self._take_run(key)
        await self._list()
        known = {NOW, *self._entries, *self._others}
        self._after = after if after in known else NOW
        self._before = before if before in known else next(iter(self._entries), NOW)
        await self._compare()

    def _bar(self) -> None:
        with ui.element("header").classes("weft-topbar"):
            back = ui.button(icon="sym_r_arrow_back", on_click=self._leave).classes("weft-icon-button")
            back.props(f'flat aria-label="{tr("To the flow")}"')
            key_tip(back, tr("To the flow"), "versions.leave")
            title = ui.label(tr("History of {name}", name=self._opened.flow.name)).classes("weft-topbar-title")
            title.props("role=heading aria-level=1")
            self._upload = ui.upload(auto_upload=True, on_upload=self._take_file).classes("weft-away")
            self._upload.props("aria-hidden=true")
            with ui.element("div").classes("weft-topbar-actions"):
                chooses = ui.button(tr("Compare with a file"), icon="sym_r_upload_file").classes("weft-button")
                method = f'runMethod({self._upload.id}, "{{}}", [])'
                # In the browser, as it opens a chooser only for a click it has just seen itself.
                opens = f"() => {{{method.format('reset')}; {method.format('pickFiles')}}}"
                chooses.on("click", js_handler=opens)
                keeps = asks(ui.button(tr("Keep this version"), icon="sym_r_bookmark_add"), self._keep)
                keeps.classes("weft-button weft-primary")
                key_tip(keeps, tr("Keep the draft as a version"), "keep")

    def _choice(self) -> None:
        with ui.element("div").classes("weft-versions-choice"):
            self._from = ui.select({}, label=tr("From"), on_change=self._chosen).props("dense outlined options-dense")
            swap = ui.button(icon="sym_r_swap_horiz", on_click=self._swap).classes("weft-icon-button")
            swap.props(f'flat aria-label="{tr("The other way round")}"')
            key_tip(swap, tr("The other way round"), "versions.swap")
            self._to = ui.select({}, label=tr("To"), on_change=self._chosen).props("dense outlined options-dense")

    async def _list(self) -> None:
        self._entries = {key_of(entry): entry for entry in await self._history.entries(self._opened.flow.id)}
        self._listing.show(self._entries, await self._since())

    async def _compare(self) -> None:
        """Draw what is different between the two that are chosen."""
        async with self._turn:
            self._fill_choice()
            before, after = await self._flow(self._before), await self._flow(self._after)
            difference = await self._history.compare(before, after)
            drawn, steps, wires = await asyncio.to_thread(self._draw, before, after, difference)
            if self._body.is_deleted:
                return
            self._load(steps, wires)
            count = len(difference.changes)
            same = tr("Only the layout") if difference.laid_out else tr("No difference")
            self._count.set_text(trn("{n} change", "{n} changes", count) if count else same)
            self._body.clear()
            with self._body:
                if count:
                    Changes(words_of(difference, self._studio.catalog), drawn, self._reveal)
                elif difference.laid_out:
                    ui.label(tr("The flow does the same; only some steps stand at other places.")).classes("weft-muted")
                else:
                    self._nothing()
            back = self._entries.get(self._before)
            self._foot.set_visibility(back is not None and self._after == NOW and bool(difference))
            if back is not None:
                self._back.props["aria-label"] = tr("Go back to {version}", version=name_of(back))

    def _draw(self, before: Flow, after: Flow, difference: Difference) -> tuple[Together, Many, Many]:
        drawn = together(before, after, difference)
        drawing = Drawing(self._studio.catalog)
        steps = {
            path: {**each, "change": drawn.steps[path]} if path in drawn.steps else each
            for path, each in drawing.steps(drawn.flow, ()).items()
        }
        wires = {
            id: {**each, "change": drawn.wires[id]} if id in drawn.wires else each
            for id, each in drawing.wires(drawn.flow).items()
        }
        return drawn, steps, wires

    def _load(self, steps: Many, wires: Many) -> None:
        shape = {
            "steps": list(steps.values()),
            "wires": [{"id": id, **wire} for id, wire in wires.items()],
            "catalogue": catalogue(self._studio.catalog),
            "accepts": accepts(),
            "words": words(),
            "mode": "view",
        }
        self._canvas.load(cast(FlowShape, shape))
        if len(steps) <= FITS:
            self._canvas.fit()

    def _nothing(self) -> None:
        if self._before == self._after == NOW:
            text = tr(
                "Nothing is kept yet. Keep a version now; later you see here what has changed since, and can go back."
            )
        else:
            text = tr("Both are the same. Choose another version on the left, or above the canvas.")
        ui.label(text).classes("weft-muted")

    def _fill_choice(self) -> None:
        options = {NOW: tr("The draft, as it is now"), **{key: label_of(each) for key, each in self._entries.items()}}
        options |= {key: name for key, (name, _) in self._others.items()}
        for field, value in ((self._from, self._before), (self._to, self._after)):
            field.set_options(options, value=value)
        self._listing.mark((self._before, self._after))
        query = f"?before={self._before}&after={self._after}"
        ui.navigate.history.replace(f"/flow/{self._opened.flow.id}/versions{query if FILE not in query else ''}")

    async def _flow(self, key: str) -> Flow:
        if key == NOW:
            return self._opened.flow
        if key in self._others:
            return self._others[key][1]
        return await self._history.flow(self._entries[key].hash)

    async def _take_run(self, key: str) -> None:
        run = await self._studio.runs.stored.get(key.removeprefix(RUN))
        document = await self._studio.runs.stored.document(run)
        flow = await asyncio.to_thread(Flow.model_validate_json, document)
        self._others[key] = (tr("The run of {ago}", ago=ago(run.created_at)), flow)

    async def _take_file(self, upload: events.UploadEventArguments) -> None:
        with said():
            content, name = await upload.file.read(), upload.file.name
            try:
                flow = (await asyncio.to_thread(read_flow, content, name)).flow
            except FlowFileError as error:
                cannot = tr("“{name}” cannot be compared.", name=name)
                ui.notify(f"{cannot} {spoken(str(error.problems[0]))}", type="negative", multi_line=True)
                return
            self._others[FILE] = (name, flow)
            self._before, self._after = NOW, FILE
            await self._compare()

    async def _picked(self, key: str) -> None:
        """A version in the list: what has changed since. The draft: what has changed since the newest version."""
        newest = next(iter(self._entries), NOW)
        self._before, self._after = (newest, NOW) if key == NOW else (key, NOW)
        with said():
            await self._compare()

    async def _chosen(self) -> None:
        before, after = self._from.value or NOW, self._to.value or NOW
        if (before, after) != (self._before, self._after):
            self._before, self._after = before, after
            with said():
                await self._compare()

    async def _swap(self) -> None:
        self._before, self._after = self._after, self._before
        with said():
            await self._compare()

    async def _keep(self) -> None:
        if await keep_version(self._studio, self._opened.flow) is not None:
            await self._list()
            await self._compare()

    async def _publish(self, key: str) -> None:
        await turn_published(self._history, self._opened.flow.id, self._entries[key])
        await self._list()
        await self._compare()

    def _why_not_publish(self) -> str:
        if self._before in self._entries:
            return ""
        return tr("Choose a version on the left first, or keep the draft as one.")

    async def _since(self) -> str:
        return since_published(await self._history.since_published(self._opened.flow))

    async def _go_back(self) -> None:
        entry = self._entries[self._before]
        name = name_of(entry)
        if await self._history.go_back(self._opened, entry, name=name, by=self._window):
            back = tr("The flow is what it was in {version}. Undo in the editor takes that back.", version=name)
            ui.notify(back, type="positive")
        await self._list()
        await self._compare()

    def _reveal(self, path: str) -> None:
        self._canvas.select([path])
        self._canvas.focus(path)

    def _leave(self) -> None:
        ui.navigate.to(f"/flow/{self._opened.flow.id}")

    def _edited(self, edited: Edited) -> None:
        """Someone edits the draft in another window."""
        if edited.by != self._window:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(SOON, self._again)

    def _again(self) -> None:
        background_tasks.create(self._compare_again(), name="versions: compare again")

    async def _compare_again(self) -> None:
        if not self._body.is_deleted:
            with self._body.client, said():
                self._listing.say_since(await self._since())
                await self._compare()


def _not_there(missing: Refusal) -> None:
    with ui.element("div").classes("weft-page"), ui.element("div").classes("weft-empty"):
        ui.icon("sym_r_search_off").classes("weft-empty-icon")
        ui.label(spoken(missing.message)).classes("weft-empty-title")
        ui.label(spoken(missing.hint)).classes("weft-empty-text")
        with ui.element("div").classes("weft-empty-actions"):
            ui.button(tr("To your flows"), on_click=lambda: ui.navigate.to("/")).classes("weft-button weft-primary")
