"""What happens once around the serving: the studio's own start and stop, and what went wrong in them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.types import ASGIApp

from app.server.lag import loop_lag
from app.server.tidy import tidy

log = logging.getLogger("weft.server")

STOP_WITHIN = 3.0


class Life:
    """The lifespan of the studio; `failure` is what its start raised."""

    def __init__(self, on_start: Callable[[], Awaitable[None]], on_stop: Callable[[], Awaitable[None]]) -> None:
        self.failure: Exception | None = None
        self._on_start = on_start
        self._on_stop = on_stop

    @contextlib.asynccontextmanager
    async def span(self, _app: ASGIApp) -> AsyncIterator[None]:
        try:
            await self._on_start()
        except Exception as error:  # noqa: BLE001 - raised again by `serve`, where the caller can say it in a sentence
            self.failure = error
            yield
            return
        house = [
            asyncio.create_task(loop_lag.watch(), name="loop lag"),
            asyncio.create_task(tidy(), name="tidy"),
        ]
        try:
            yield
        finally:
            for task in house:
                task.cancel()
            await self._stopped()

    async def _stopped(self) -> None:
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self._on_stop()
        except TimeoutError:
            log.warning(
                "Weft was not done after %.0f s of stopping; it ends now and goes on at the next start.", STOP_WITHIN
            )
