"""A flow on the canvas, with the lights of a run on it: the editor and the run page both stand on this."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

from nicegui import background_tasks

from app.language import spoken
from app.runs.options import is_rehearsal
from app.runs.reading.joins import Joins
from app.runs.reading.picture import Picture
from app.runs.reading.reader import RunReader
from app.runs.reading.rounds import shapes_of
from app.runs.reading.watch import Watch
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.canvas import Canvas, Chosen, FlowShape, LightShape, Opened, PatchShape
from app.ui.dialogs import said
from app.ui.editor.drawing import Drawn, accepts, catalogue, words
from app.ui.editor.redrawing import Drawing, patch
from app.ui.editor.shapes import frames_drawn, notes_drawn
from app.ui.hand import Hand
from app.ui.lighting import light_of, news_of
from app.ui.naming import name_of
from app.ui.retrying import retry_failed
from app.ui.sampling import Sampling
from app.ui.strips import Strips
from flows.model import Flow
from flows.problems import Problem

log = logging.getLogger(__name__)


class Stage:
    """One canvas. `show` a flow once, `redraw` it after edits, `follow` a run, `choose_round` of its loops.

    `retried` hears of the new run in which failed rounds are played anew; `settled` returns once all that was typed is
    in the flow.
    """

    def __init__(
        self,
        studio: Studio,
        canvas: Canvas,
        *,
        retried: Callable[[str], Awaitable[None]],
        settled: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.canvas = canvas
        self.watch: Watch | None = None
        self.run_id = ""
        self.reader = RunReader(studio.database, studio.artifacts, studio.runs.stored)
        self._studio = studio
        self._drawing = Drawing(studio.catalog)
        self._steps: dict[str, Drawn] = {}
        self._wires: dict[str, Drawn] = {}
        self._notes: dict[str, Drawn] = {}
        self._frames: dict[str, Drawn] = {}
        self._lights: dict[str, LightShape] = {}
        self._flow: Flow | None = None
        self._joins: Joins | None = None
        self._changed: Callable[[set[str]], None] = lambda _: None
        self.told: Callable[[], None] = lambda: None
        """Whoever shows more of the run; told when another one is followed, and whenever this one may have changed."""
        self._retried = retried
        self._made_up = False
        self._settled = settled
        self.strips = Strips(canvas, self.reader)
        self._ended: set[str] = set()
        """Containers whose chosen round was over when it was last looked at."""
        self._looking = self._again = False
        canvas.when_chosen(self._chosen)
        canvas.when_retried(self._retry)
        Hand(studio.settings, canvas)
        Sampling(canvas, lambda: self.reader)

    def show(self, flow: Flow, problems: Iterable[Problem], *, editing: bool) -> None:
        """Draw a flow in place of what was there."""
        self._flow = flow
        self._steps = self._drawing.steps(flow, problems)
        self._wires = self._drawing.wires(flow)
        self._notes, self._frames = notes_drawn(flow), frames_drawn(flow)
        shape = {
            "steps": list(self._steps.values()),
            "wires": [{"id": id, **wire} for id, wire in self._wires.items()],
            "notes": list(self._notes.values()),
            "frames": list(self._frames.values()),
            "catalogue": catalogue(self._studio.catalog),
            "accepts": accepts(),
            "words": words(),
            "mode": "edit" if editing else "view",
        }
        self.canvas.load(cast(FlowShape, shape))
        if self.watch is not None:
            self._light_up(self._every_light(), clear=True)
            self.strips.clear()
            self._draw_strips({})

    def redraw(self, flow: Flow, problems: Iterable[Problem]) -> None:
        """Draw what has changed in the flow."""
        self._flow = flow
        steps = self._drawing.steps(flow, problems)
        wires = self._drawing.wires(flow)
        notes, frames = notes_drawn(flow), frames_drawn(flow)
        changes: dict[str, Any] = {
            "steps": patch(self._steps, steps),
            "wires": {id: wire and {"id": id, **wires[id]} for id, wire in patch(self._wires, wires).items()},
            "notes": patch(self._notes, notes),
            "frames": patch(self._frames, frames),
        }
        self._steps, self._wires, self._notes, self._frames = steps, wires, notes, frames
        if any(changes.values()):
            self.canvas.patch(cast(PatchShape, changes))

    def take_back(self) -> None:
        """Draw everything as the flow has it, after a gesture that did not become an edit."""
        wires = {id: {"id": id, **wire} for id, wire in self._wires.items()}
        everything = {"steps": self._steps, "wires": wires, "notes": self._notes, "frames": self._frames}
        self.canvas.patch(cast(PatchShape, everything))

    async def follow(self, run_id: str, changed: Callable[[set[str]], None]) -> Watch:
        """Show the lights of a run from now on; `changed` hears which steps changed, after they are drawn."""
        self.leave()
        self.run_id = run_id
        self.reader.follow(run_id)
        self._made_up = is_rehearsal(await self._studio.runs.stored.get(run_id))
        ran = await self.reader.flow()
        shapes = shapes_of(ran)
        joins = await asyncio.to_thread(self._joins_in, ran)

        watch: Watch | None = None

        def heard(paths: set[str]) -> None:
            # A quick run is heard of before its watch is here.
            if watch is not None and watch is self.watch and not self.canvas.is_deleted:
                paths = paths | joins.joins_after(paths)
                if watch.picture.status not in ("running", "waiting"):
                    # What never had its turn waits for nothing any more.
                    paths |= {path for path, light in self._lights.items() if light["status"] == "waiting"}
                # In this window's language, whichever window has moved the run.
                with self.canvas.client:
                    self._heard(watch, paths)
                    changed(paths)
                    self.told()

        watch = await self._studio.runs.watch(run_id, heard)
        self.watch, self._joins = watch, joins
        self.reader.picture = watch.picture
        watch.picture.rounds.begin_changes()
        self._changed, self._ended = changed, set()
        self._light_up(self._every_light(), clear=True)
        self.strips.begin(shapes)
        self._draw_strips({})
        self.told()
        return watch

    def leave(self) -> None:
        """Follow no run any more."""
        if self.watch is not None:
            self.watch.close()
            self.watch = None
            self.run_id = ""
            self.reader.follow("")
            self.canvas.lights({}, clear=True)
            self.strips.clear()
            self.told()

    @property
    def is_past(self) -> bool:
        """True while a moment of the run is shown that is over."""
        return self.reader.until is not None

    async def show_moment(self, picture: Picture | None, until: int | None = None) -> None:
        """Show the run as it was after this event of it, when it looked like this; without a picture, as it is now."""
        watch = self.watch
        if watch is None:
            return
        await self.reader.turn_to(watch.picture if picture is None else picture, until)
        for scope in {self.reader.scope(container) for container in self.reader.chosen}:
            await self.reader.look(scope)
        if watch is not self.watch or self.canvas.is_deleted:
            return
        self._ended = set()
        self._light_up(self._every_light() | self._lights.keys())
        self._draw_strips({})
        self._changed(set())

    def choose_round(self, container: str, number: int | None) -> None:
        """Show the steps in a container as they were in this round, everywhere in the window; None is the newest."""
        self.reader.choose(container, None if number is None else str(number))
        self._show_chosen()

    def choose_failed_rounds(self, path: str) -> None:
        """Show a failed round of every container around a step."""
        self.strips.choose_failed(path)
        self._show_chosen()

    def choose_failed_round_anywhere(self, container: str) -> None:
        """Show a failed round of a container, also where it is in another round than the one that is looked at."""
        self.strips.choose_failed_anywhere(container)
        self._show_chosen()

    def words_of_round(self, container: str) -> str:
        """The round of a container that is looked at: `round 4 of 10 of “Orders”`."""
        return self.strips.words(container, self.name)

    @property
    def retries(self) -> bool:
        """True where failed rounds can be played anew now."""
        goes = self.run_id in self._studio.runs.going or self.reader.picture.status in ("running", "waiting")
        return not goes and not self._made_up and not self.is_past

    async def retry_rounds(self, container: str) -> None:
        """Play the failed rounds of a container anew."""
        if self._settled is not None:
            await self._settled()
        assert self._flow is not None
        run_id = await retry_failed(self._studio, self.run_id, self.strips.loop(container), self._flow)
        if run_id is not None:
            await self._retried(run_id)

    def _joins_in(self, ran: Flow) -> Joins:
        """Who waits for whom in a run. The steps that are drawn have been read already, so the same ones are taken."""
        shown = self._flow
        is_shown = shown is not None and shown.wires == ran.wires and shown.steps == ran.steps
        return Joins(shown if shown is not None and is_shown else ran, self._studio.catalog)

    def waits_for(self, path: str) -> str:
        """What a step that has not started in this run waits for, in words; empty where it waits for nothing."""
        if self._joins is None or self.watch is None or self.reader.picture.status not in ("running", "waiting"):
            return ""
        return spoken(self._joins.words(path, self.reader.seen(self.reader.chosen_scope(path)).lights))

    def _heard(self, watch: Watch, paths: set[str]) -> None:
        changed = watch.picture.rounds.take_changes()
        if self.is_past:
            return  # What is over does not change any more.
        self._draw_strips(changed)
        chosen = self.reader.chosen
        self._light_up([path for path in paths if not chosen or not self.reader.chosen_scope(path)])
        for container in chosen:
            # Of a round that was over, more may come when the run goes on or the container is tried again.
            if container in self._ended and self.strips.loop(container) in changed and self.strips.is_open(container):
                self._ended.discard(container)
            if container not in self._ended and any(path.startswith(f"{container}/") for path in paths):
                self._look()

    def _draw_strips(self, changed: dict[str, set[int] | None]) -> None:
        self.strips.draw(changed, self.name, retry=self.retries)

    def name(self, path: str) -> str:
        """A step as a person knows it."""
        try:
            return name_of(self._flow, path, self._studio.catalog) if self._flow is not None else path
        except KeyError:
            return path

    def _chosen(self, chosen: Chosen) -> None:
        """Someone chose on a strip."""
        path = chosen["path"]
        strip = self.strips.strip(path)
        if strip is None:
            return
        now = self.reader.scope(path).rpartition("/")[2]
        number = int(now) if now.isdecimal() else 0
        match chosen:
            case {"mark": int(mark)}:
                if (found := strip.chosen_by_mark(mark)) is not None:
                    self.choose_round(path, found)
            case {"by": int(by)}:
                self.choose_round(path, strip.beside(number, by))
            case {"failed": int(by)}:
                self.choose_round(path, strip.failed_beside(number, by))
            case _:
                self.choose_round(path, None)

    async def _retry(self, opened: Opened) -> None:
        with self.canvas.client, said():
            await self.retry_rounds(opened["step"])

    def _show_chosen(self) -> None:
        self._ended = set()
        self._draw_strips({})
        self._look()

    def _look(self) -> None:
        """Bring the steps in chosen rounds up to date, soon; who asks meanwhile is answered with the next look."""
        self._again = True
        if not self._looking:
            self._looking = True
            background_tasks.create(self._look_at_chosen(), name="stage: look at the chosen rounds")

    async def _look_at_chosen(self) -> None:
        try:
            while self._again and self.watch is not None:
                self._again = False
                watch = self.watch
                over = {container for container in self.reader.chosen if not self.strips.is_open(container)}
                for scope in {self.reader.scope(container) for container in self.reader.chosen}:
                    await self.reader.look(scope)
                if watch is not self.watch or self.canvas.is_deleted:
                    return
                self._ended |= over & self.reader.chosen.keys()
                inside = {path for path in (*self._steps, *self._lights) if "/" in path}
                self._light_up(inside)
                self._changed(inside)
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", self.run_id, trouble)
        finally:
            self._looking = False

    def _every_light(self) -> set[str]:
        lights = self.reader.picture.lights
        return {*lights, *(self._joins.joins_after(lights) if self._joins is not None else ())}

    def _light_of(self, path: str) -> LightShape | None:
        """A step's light; a join that waits says for what."""
        picture = self.reader.seen(self.reader.chosen_scope(path))
        light = light_of(picture, path, self._steps)
        if light is not None and self.is_past:
            light["started"] = 0  # Its clock stands still.
        if light is not None and (light["status"] != "waiting" or light["reason"]):
            return light
        if self._joins is None or picture.status not in ("running", "waiting"):
            return light
        said = spoken(self._joins.words_of_join(path, picture.lights))
        return {**(light or {}), "status": "waiting", "reason": said} if said else light

    def _light_up(self, paths: Iterable[str], *, clear: bool = False) -> None:
        """Tell the canvas what is new of these lights, in the rounds that are looked at; with `clear`, everything."""
        if clear:
            self._lights = {}
        changes: dict[str, LightShape | None] = {}
        for path in paths:
            light = self._light_of(path)
            before = self._lights.get(path)
            if light is None:
                if before is not None:
                    del self._lights[path]
                    changes[path] = None
            elif news := news_of(before, light):
                changes[path] = news
                self._lights[path] = light
        if changes or clear:
            self.canvas.lights(changes, clear=clear)
