"""The seam to the outside world: what a run is given to reach it with. Everything behind it passes the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from nodes.context import Context, Model
from nodes.values import File, NodeError

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page


class Seen(NamedTuple):
    """A picture of a page, and the page's title and address."""

    file: File
    title: str
    url: str


class World(Protocol):
    """The outside world of one run."""

    async def page(self, ctx: Context, session: str, lane: str) -> Page:
        """The page of a browser session; rounds that run at the same time have a lane each."""
        ...

    async def leave(self, lane: str) -> None:
        """Close what a lane has opened."""
        ...

    async def rest(self, ctx: Context) -> str | None:
        """After a browser step: the sessions' state, sealed, for a resume; None where there is none to keep."""
        ...

    def why(self, ctx: Context, error: Exception) -> NodeError | None:
        """Why a browser step failed, where only the world knows; None where the step itself says it best."""
        ...

    async def seen(self, ctx: Context) -> Seen | None:
        """After a browser step has failed for good: what its page looked like; None where there is none to be seen."""
        ...

    def http(self, ctx: Context) -> httpx.AsyncClient:
        """An HTTP client for this step."""
        ...

    async def model(self, ctx: Context, connection: str, model: str) -> Model:
        """A language model for this step."""
        ...

    async def secret(self, ctx: Context, name: str) -> str:
        """A key's value."""
        ...

    async def code(self, ctx: Context) -> None:
        """Return where this flow may run code. NodeError otherwise."""
        ...

    async def save(self, content: bytes, name: str, media_type: str) -> File:
        """Keep bytes with the run."""
        ...

    async def open(self, file: File) -> bytes:
        """The bytes of a kept file."""
        ...

    async def read(self, ctx: Context, path: str) -> bytes:
        """The bytes of a file on this computer."""
        ...

    async def write(self, ctx: Context, path: str, content: bytes, append: bool) -> str:
        """Write a file on this computer; gives its full path."""
        ...

    def mask(self, text: str) -> str:
        """The text with every secret that was used made unreadable."""
        ...
