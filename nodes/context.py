"""All that a node may use of the outside world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import JsonValue as Json

from nodes.values import File

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page


@dataclass(frozen=True)
class Reply:
    """What a language model answered; `data` is set when a schema was asked for."""

    text: str
    data: Json
    model: str
    tokens_in: int | None
    tokens_out: int | None


@dataclass(frozen=True)
class Question:
    """What a run asks a person, and the answers to choose from.

    `payload` is exactly what it is about; where it is `editable`, the answer carries it as the person left it. At the
    `deadline` (seconds since 1970) the answer is `at_deadline`.
    """

    title: str
    text: str = ""
    choices: tuple[str, ...] = ("Yes", "No")
    payload: Json = None
    editable: bool = False
    deadline: float | None = None
    at_deadline: str = ""
    picture: File | None = None


@dataclass(frozen=True)
class Answer:
    """What was chosen, with the payload as the person left it, by whom (a place in Weft, or `the deadline`) and when
    (seconds since 1970)."""

    choice: str
    payload: Json = None
    by: str = ""
    at: float | None = None


class Model(Protocol):
    """A language model, with its connection, key and redaction behind it."""

    async def ask(
        self,
        prompt: str,
        *,
        system: str = "",
        schema: Mapping[str, Json] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> Reply:
        """The reply; its text streams into the step while it comes. NodeError where it fails."""
        ...


class Context(Protocol):
    """What a step is given when it runs. Every touch of the outside world goes through it, and so through the gate."""

    @property
    def step(self) -> str:
        """The step's place in this run, such as `each/17/click`."""
        ...

    def log(self, text: str, *, level: Literal["info", "warning", "error"] = "info") -> None:
        """A line in the step's log."""
        ...

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """How far the step has come, seen live."""
        ...

    def stream(self, text: str) -> None:
        """More text of a result that is still coming, seen live."""
        ...

    async def page(self, session: str = "main") -> Page:
        """The Playwright page of this run and session; opened on first use."""
        ...

    @property
    def http(self) -> httpx.AsyncClient:
        """An HTTP client that only reaches the hosts this flow may contact."""
        ...

    async def model(self, connection: str = "", model: str = "") -> Model:
        """The language model of a connection on the Keys page; the first one where none is named."""
        ...

    async def secret(self, name: str) -> str:
        """The value kept under this name; masked everywhere afterwards."""
        ...

    async def save(self, content: bytes, name: str, media_type: str = "application/octet-stream") -> File:
        """Keep bytes with the run. The same bytes are kept once."""
        ...

    async def open(self, file: File) -> bytes:
        """The bytes of a kept file."""
        ...

    async def read(self, path: str) -> bytes:
        """The bytes of a file on this computer, inside the folders this flow may read."""
        ...

    async def write(self, path: str, content: bytes, *, append: bool = False) -> str:
        """Write a file on this computer, whole or not at all; gives its full path back."""
        ...

    async def once(self, key: str, fn: Callable[[], Awaitable[Json]]) -> Json:
        """What `fn` gave the first time: after a crash the stored value comes back and `fn` is not called again."""
        ...

    async def ask(self, question: Question) -> Answer:
        """What a person chose. The question and its answer outlive a restart."""
        ...

    async def sleep_until(self, when: float, why: str = "") -> None:
        """Return at this time (seconds since 1970), however often Weft was closed meanwhile."""
        ...

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    def spend(
        self, what: str, *, tokens_in: int | None = None, tokens_out: int | None = None, money: float | None = None
    ) -> None:
        """Note what a call has used; `money` in US dollars, None where nobody knows. Budgets count it."""
        ...

    def work_out(self, setting: str, names: Mapping[str, Json]) -> Json:
        """What a setting of the type `Later` gives with these names and those of the last round of the body.

        `setting` is its name, or a place in it such as `cases.0.when`.
        """
        ...

    @property
    def attempt_key(self) -> str:
        """The same for every try of this step, another one once a person said `Do it again`: an idempotency key."""
        ...

    async def run_body(self, names: Mapping[str, Json], round: str, *, own_page: bool = False) -> Json:
        """The result of the body, run once with these names. Rounds that run at the same time need `own_page`."""
        ...

    async def run_flow(self, inputs: Mapping[str, Json]) -> Json:
        """The result of the flow that `Node.calls` names, run with these inputs as a part of this run."""
        ...
