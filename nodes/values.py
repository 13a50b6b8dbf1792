"""The small values a node declares and returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from flows.model import Trouble

DECIDED_AT_RUN_TIME = "decided at run time"
"""Stands in a `Touches` for a host, path or recipient that depends on data."""


class Effect(StrEnum):
    """What running a step does to the world. It decides what may be run again without asking."""

    NONE = "none"
    READ = "read"
    WRITE = "write"
    SPEND = "spend"


class Need(StrEnum):
    """A part of the outside world that a step uses, through its context."""

    BROWSER = "browser"
    NETWORK = "network"
    MODEL = "model"
    SECRET = "secret"
    FILES = "files"
    MAIL = "mail"
    CODE = "code"


class NodeError(Exception):
    """Something a person can mend: `what` went wrong, and in `hint` the next move.

    `retryable` says whether trying again may help. A step that writes is only tried again where its node says so: that
    it is certain that nothing was sent or changed. `trouble` is the sort of failure, by which a person chooses what is
    tried again; `retry_after` are the seconds that the other side asks to wait.
    """

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        retryable: bool | None = None,
        trouble: Trouble = "other",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.retryable = retryable is not False
        self.sure = retryable is True
        self.trouble = trouble
        self.retry_after = retry_after


class InsideFailed(NodeError):
    """A step inside a container failed: its name, and what it `said`."""

    def __init__(self, step: str, said: str, hint: str = "") -> None:
        super().__init__(f"“{step}”: {said}", hint=hint, retryable=False)
        self.step = step
        self.said = said


class FileMissing(NodeError):
    """There is no such file, which a step that would make it can live with."""


class StopRun(Exception):
    """Ends the whole run here, as done or, with `failed`, as failed."""

    def __init__(self, message: str, *, failed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.failed = failed


class File(BaseModel):
    """A reference to bytes the run has kept; the bytes themselves never travel on wires."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=255)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, description="Bytes.")
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Touches:
    """What a step means to touch, as far as its settings alone can tell."""

    hosts: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    code: tuple[str, ...] = ()

    def __or__(self, other: Touches) -> Touches:
        def both(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys((*mine, *theirs)))

        return Touches(
            hosts=both(self.hosts, other.hosts),
            reads=both(self.reads, other.reads),
            writes=both(self.writes, other.writes),
            keys=both(self.keys, other.keys),
            recipients=both(self.recipients, other.recipients),
            models=both(self.models, other.models),
            code=both(self.code, other.code),
        )

    def __sub__(self, other: Touches) -> Touches:
        def new(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(each for each in mine if each not in theirs)

        return Touches(
            hosts=new(self.hosts, other.hosts),
            reads=new(self.reads, other.reads),
            writes=new(self.writes, other.writes),
            keys=new(self.keys, other.keys),
            recipients=new(self.recipients, other.recipients),
            models=new(self.models, other.models),
            code=new(self.code, other.code),
        )

    def __bool__(self) -> bool:
        return self != Touches()
