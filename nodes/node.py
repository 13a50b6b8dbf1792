"""The node contract: one frozen class. Fields are settings, parameters of `run` inputs, its return type the output."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic import JsonValue as Json

from nodes.ports import Port, Ports, inputs_of, named_outputs, outputs_of
from nodes.values import Effect, Need, Touches

CATEGORIES: dict[str, tuple[str, str]] = {
    "browser": ("Browser", "language"),
    "ai": ("AI", "auto_awesome"),
    "web": ("Web", "public"),
    "control": ("Flow", "call_split"),
    "data": ("Data", "data_object"),
    "files": ("Files", "description"),
    "code": ("Code", "code"),
}
"""First part of a kind → the palette's heading and its icon; other first parts make a heading of their own."""


TAKEN = frozenset({"ports", "forgives", "calls", "touches", "run"})
"""What a setting cannot be called."""


@dataclass(frozen=True)
class Spec:
    """What a node says of itself, apart from its settings."""

    kind: str
    version: int
    title: str
    summary: str
    icon: str
    words: tuple[str, ...]
    needs: frozenset[Need]
    effect: Effect
    body: bool
    inside: frozenset[str]
    """The names that only the steps inside know: what the round is about."""
    how: frozenset[str]
    """Settings that say how the rounds are played, and change nothing of what a round is given."""
    sentence: str
    more: tuple[str, ...]
    run: Any
    varies: bool
    """The ports of a step depend on its settings."""

    @cached_property
    def inputs(self) -> tuple[Port, ...]:
        """The input ports, the order-only one apart."""
        return inputs_of(self.run)

    @cached_property
    def outputs(self) -> tuple[Port, ...]:
        """The output ports, the order-only one apart."""
        return outputs_of(self.run)

    @cached_property
    def ports(self) -> Ports:
        """Both, as the signature of `run` has them."""
        return Ports(self.inputs, self.outputs)

    @cached_property
    def named(self) -> bool:
        """True where the outputs come by name, False where there is one value or none."""
        return named_outputs(self.run, self.varies)

    @property
    def category(self) -> str:
        """The palette heading."""
        first = self.kind.partition(".")[0]
        return CATEGORIES[first][0] if first in CATEGORIES else first.capitalize()


class Node(BaseModel):
    """A kind of step. Subclass it with `kind=…`, declare settings as fields, and write `run(self, ctx, …)`.

    `needs` and `effect` tell the gate what a step uses and whether it may be run again; a node that declares no
    effect counts as one that writes. `sentence` is the line a step shows, with settings in braces; `more` names the
    settings that few need, which a form keeps folded away. `inside` are the names that the steps in a `body` know,
    and `how` the settings that change nothing of what a round is given, such as how many are played at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    spec: ClassVar[Spec]

    def __init_subclass__(cls, **declared: Any) -> None:
        """Take the class arguments; they are read once pydantic has made the fields."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        kind: str = "",
        version: int = 1,
        label: str = "",
        icon: str = "",
        words: Iterable[str] = (),
        needs: Iterable[Need] = (),
        effect: Effect = Effect.WRITE,
        body: bool = False,
        inside: Iterable[str] = ("item", "index"),
        how: Iterable[str] = (),
        sentence: str = "",
        more: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not kind:
            return
        run = getattr(cls, "run", None)
        if run is None:
            raise TypeError(f"`{cls.__name__}` has no `run`. A node needs `async def run(self, ctx, …)`.")
        if taken := sorted(TAKEN & cls.model_fields.keys()):
            raise TypeError(
                f"A setting of `{cls.__name__}` cannot be called `{taken[0]}`: every node has a method of that name."
            )
        first = kind.partition(".")[0]
        cls.spec = Spec(
            kind=kind,
            version=version,
            title=label or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).capitalize(),
            summary=(inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " "),
            icon=icon or CATEGORIES.get(first, ("", "extension"))[1],
            words=tuple(words),
            needs=frozenset(needs),
            effect=effect,
            body=body,
            inside=frozenset(inside) if body else frozenset(),
            how=frozenset(how),
            sentence=sentence,
            more=tuple(more),
            run=run,
            varies=cls.ports.__func__ is not Node.ports.__func__,  # type: ignore[attr-defined]  # a class method is one
        )

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        """The ports of a step with these settings, as they are written: expressions are not filled in, any may be
        missing or of another type. With outputs of its own making, `run` gives them by name, in a `dict`."""
        return cls.spec.ports

    @classmethod
    def forgives(cls, settings: Mapping[str, Json]) -> bool:
        """True where a failure inside is dealt with, and so stays a failure when an interrupted run goes on."""
        return False

    @classmethod
    def calls(cls, settings: Mapping[str, Json]) -> str:
        """The id of the flow that a step with these settings runs as a part of its own run; empty for none."""
        return ""

    def touches(self) -> Touches:
        """What these settings mean to touch; what depends on data is said to be decided at run time."""
        return Touches()
