"""The outside world of one run: browser, web, models, keys, code and files, all behind its gate."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.browser.browsers import Browsers
from app.engine import gate
from app.engine.gate import Grant
from app.engine.plan import touches_of
from app.engine.reuse import SEALED_FOR
from app.engine.world import Seen
from app.practice.site import PracticeSite
from app.runs.patience import AGAIN, PASSING
from app.runs.world.door import Door, Remember, step_of
from app.runs.world.files import Files
from app.runs.world.lookup import LookUp, look_up
from app.runs.world.pages import Pages, plain
from app.runs.world.paths import Places
from app.secrets.refusal import SecretRefusal
from app.secrets.secrets import Secrets
from app.store.artifacts import Artifacts
from app.store.connections import Connections
from app.store.trouble import StoreTrouble
from nodes.catalog import Catalog
from nodes.context import Context, Model
from nodes.values import File, NodeError

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page

    from app.runs.world.web import Web

Keep = Callable[[str], Awaitable[None]]
"""Note that the run refers to a kept file, before any step hears of it."""

PURPOSE = "browser sessions of run {}"
"""What the state of a run's sessions is sealed for."""

CLOSES_WITHIN = 4.5
PICTURE = "page-when-it-failed.jpg"


class RealWorld:
    """Implements `app.engine.world.World`. Nothing is opened before a step needs it."""

    def __init__(
        self,
        *,
        flow_id: str,
        run_id: str,
        grant: Grant,
        folder: Path,
        browsers: Browsers,
        shop: PracticeSite,
        secrets: Secrets,
        connections: Connections,
        artifacts: Artifacts,
        remember: Remember,
        keep: Keep | None = None,
        troubled: Callable[[str], None] = lambda _sentence: None,
        sessions: str = "",
        own_port: int | None = None,
        headed: bool = False,
        look_up: LookUp = look_up,
    ) -> None:
        self.flow_id = flow_id
        self._purpose = PURPOSE.format(run_id)
        self._sessions = sessions
        self._shop = shop
        self._shop_address = ""
        self._secrets = secrets
        self._connections = connections
        self._artifacts = artifacts
        self._keep = keep
        self._troubled = troubled
        self._own_ports = browsers.never if own_port is None else browsers.never | {own_port}
        self._door = Door(grant, remember)
        self._files = Files(Places(folder))
        self._web: Web | None = None
        self._look_up = look_up
        self._last_state = ""
        self._rehearsing = False
        self._keys_state: asyncio.Task[Any] | None = None
        self._pages = Pages(
            self._door, browsers, shown=self._shown, look_up=look_up, restored=self._restored, headed=headed
        )

    @property
    def has_pages(self) -> bool:
        """True while a browser is open for this run."""
        return self._pages.any

    def rehearse(self) -> None:
        """From now on nothing is written, sent or bought, whatever a step has declared of itself."""
        self._rehearsing = self._pages.rehearsing = True

    async def practice(self) -> str:
        """The address of the practice shop, started when first asked for."""
        self._shop_address = await self._shop.start()
        return self._shop_address

    async def page(self, ctx: Context, session: str, lane: str) -> Page:
        if self._keys_state is None:
            self._keys_state = asyncio.create_task(self._secrets.state())
        return await self._pages.page(step_of(ctx), session, lane)

    async def leave(self, lane: str) -> None:
        await self._pages.leave(lane)

    async def rest(self, ctx: Context) -> str | None:
        state = await self._pages.state(step_of(ctx))
        # A password store may take its time to open, which no step waits for.
        if state is None or state == self._last_state or self._keys_state is None or not self._keys_state.done():
            return None
        try:
            sealed = await self._secrets.seal(self._purpose, state.encode())
        except StoreTrouble:
            return None
        if sealed is not None:
            self._last_state = state
        return sealed

    def why(self, ctx: Context, error: Exception) -> NodeError | None:
        return self._pages.why(step_of(ctx), error)

    async def seen(self, ctx: Context) -> Seen | None:
        found = await self._pages.seen(step_of(ctx))
        if found is None:
            return None
        (title, url), jpeg = found
        # Without `save`'s patience: a picture is no reason to wait for the disk.
        return Seen(await self._kept(jpeg, PICTURE, "image/jpeg"), title, url)

    def http(self, ctx: Context) -> httpx.AsyncClient:
        if self._web is None:
            from app.runs.world.web import Web

            self._web = Web(
                self._door,
                rehearsing=self._rehearsing,
                shown=self._shown,
                own_ports=self._own_ports,
                look_up=self._look_up,
            )
        return self._web.client(ctx)

    async def model(self, ctx: Context, connection: str, model: str) -> Model:
        from app.runs.world.model import KEYS_PAGE, StepModel, key_name

        if self._rehearsing:
            of = connection or "the first connection"
            raise step_of(ctx).held_back("spend", f"Would have asked a language model: {of}.", {"model": model})
        known = await self._connections.all()
        if not known:
            what = "This step asks a language model, but no model is connected yet."
            raise NodeError(what, hint=KEYS_PAGE, retryable=False)
        found = known[0] if not connection else next((each for each in known if each.name == connection), None)
        if found is None:
            names = ", ".join(f"“{each.name}”" for each in known)
            raise NodeError(
                f"There is no model connection called “{connection}”.",
                hint=f"Choose another in the step ({names}), or add it on the Keys page.",
                retryable=False,
            )
        await self._door.passes(ctx, lambda grant, step: gate.model(grant, connection, step))
        try:
            key = await self._secrets.get(key_name(found.id))
        except SecretRefusal as refusal:
            if await self._is_kept(key_name(found.id)):
                raise NodeError(
                    f"The key of {found.name} cannot be opened. {refusal.message}", hint=refusal.hint, retryable=False
                ) from None
            key = None
        step_of(ctx).touched("model", found.name)
        return StepModel(step_of(ctx), found, key, model)

    async def secret(self, ctx: Context, name: str) -> str:
        from app.runs.world.model import MODEL_KEY

        if name.startswith(MODEL_KEY):
            raise NodeError("The key of a language model is for that model only.", hint="Use a key of its own.")
        await self._door.passes(ctx, lambda grant, step: gate.key(grant, name, step))
        try:
            value = await self._secrets.get(name)
        except SecretRefusal as refusal:
            raise NodeError(refusal.message, hint=refusal.hint, retryable=False) from None
        step_of(ctx).touched("key", name)
        return value

    async def code(self, ctx: Context) -> None:
        if self._rehearsing:
            raise step_of(ctx).held_back("write", "Would have run its code.", {})
        planned = step_of(ctx).planned
        texts = touches_of(planned.step, Catalog({planned.step.kind: planned.node})).code
        await self._door.passes(ctx, lambda grant, name: gate.code(grant, texts, name))

    async def save(self, content: bytes, name: str, media_type: str) -> File:
        waited = False
        while True:
            try:
                kept = await self._kept(content, name, media_type)
                break
            except StoreTrouble as trouble:
                if trouble.kind not in PASSING:
                    raise NodeError(trouble.message, hint=trouble.hint) from None
                waited = True
                self._troubled(str(trouble))
                await asyncio.sleep(AGAIN)
        if waited:
            self._troubled("")
        return kept

    async def _kept(self, content: bytes, name: str, media_type: str) -> File:
        sha = await asyncio.to_thread(self._artifacts.save, content)
        if self._keep is not None:
            await self._keep(sha)
        return File(name=plain_name(name), sha256=sha, size=len(content), media_type=media_type)

    async def open(self, file: File) -> bytes:
        try:
            return await asyncio.to_thread(self._artifacts.read, file.sha256)
        except StoreTrouble as trouble:
            raise NodeError(trouble.message, hint=trouble.hint, retryable=False) from None

    async def read(self, ctx: Context, path: str) -> bytes:
        spot = await asyncio.to_thread(self._files.find, path, write=False)
        full, places = str(spot.real), self._files.places
        personal = places.is_personal(spot.real)
        await self._door.passes(ctx, lambda grant, step: gate.reading(grant, path, full, places.spell, personal, step))
        step_of(ctx).touched("file read", full)
        return await asyncio.to_thread(self._files.read, spot)

    async def write(self, ctx: Context, path: str, content: bytes, append: bool) -> str:
        if self._rehearsing:
            text = content.decode(errors="replace")
            given = {"path": path, "text": text, "bytes": len(content), "append": append}
            raise step_of(ctx).held_back("write", f"Would have written the file {path}.", given)
        spot = await asyncio.to_thread(self._files.find, path, write=True)
        full, spell = str(spot.real), self._files.places.spell
        await self._door.passes(ctx, lambda grant, step: gate.writing(grant, path, full, spell, step))
        step_of(ctx).touched("file written", full)
        return await asyncio.to_thread(self._files.write, spot, content, append=append)

    def mask(self, text: str) -> str:
        if text[:1] in ("{", "["):
            # In a document a number may be the secret, and has to stay a value.
            with contextlib.suppress(ValueError):
                return self._secrets.masks.mask_json(text.encode()).decode()
        return self._secrets.masks.mask(text)

    async def close(self) -> None:
        """Give back everything that was opened, within 5 s."""
        closing: list[Awaitable[Any]] = [self._pages.close()]
        if self._web is not None:
            closing.append(self._web.close())
        if self._keys_state is not None:
            self._keys_state.cancel()
            closing.append(self._keys_state)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await asyncio.gather(*closing, return_exceptions=True)

    def _shown(self, name: str, port: int) -> str:
        return plain(name, port, self._shop_address)

    async def _restored(self) -> dict[str, Any]:
        origin, _, sealed = self._sessions.rpartition(SEALED_FOR)
        purpose = PURPOSE.format(origin) if origin else self._purpose
        opened = await self._secrets.unseal(purpose, sealed) if sealed else None
        return json.loads(opened) if opened is not None else {}

    async def _is_kept(self, name: str) -> bool:
        return any(each.name == name for each in await self._secrets.names())


def plain_name(name: str) -> str:
    """A name for a kept file that means nothing but itself: no folders, no control marks, not too long."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    return shown[:150] or "file"
