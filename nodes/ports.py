"""Ports of a node, read from the signature of its `run`."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import TypeAdapter
from typing_extensions import is_typeddict

from nodes.values import File

KINDS: dict[str, tuple[str, ...]] = {
    "any": ("any", "text", "number", "boolean", "list", "record", "file"),
    "text": ("text", "number", "boolean", "any"),
    "number": ("number", "any"),
    "boolean": ("boolean", "any"),
    "list": ("list", "any"),
    "record": ("record", "file", "any"),
    "file": ("file", "any"),
}
"""What each kind of input port accepts. `any` fits everywhere, and is checked when the value is there."""

WORDS = {
    "any": "anything",
    "text": "text",
    "number": "a number",
    "boolean": "yes or no",
    "list": "a list",
    "record": "a record",
    "file": "a file",
}


T = TypeVar("T")
_MANY = "many"
Many = Annotated[list[T], _MANY]
"""A parameter of `run` whose port takes many wires: the values that came, in the order of the wires."""


@dataclass(frozen=True)
class Port:
    """A named place where values go in or come out.

    `many` is set where an input takes many wires, and says when their step starts: once all have ended with those
    that `arrived`, with the `first` that arrives, or once `every` one has.
    """

    name: str
    kind: str
    required: bool = False
    description: str = ""
    check: TypeAdapter[Any] | None = None
    title: str = ""
    many: Literal["", "arrived", "first", "every"] = ""

    @property
    def label(self) -> str:
        """The port's name as a person reads it."""
        return self.title or self.name.replace("_", " ").strip()


class Ports(NamedTuple):
    """What goes into a step and what comes out of it, the order-only ports apart."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    def taking(self, name: str) -> Port | None:
        """The input of this name."""
        return next((port for port in self.inputs if port.name == name), None)

    def giving(self, name: str) -> Port | None:
        """The output of this name."""
        return next((port for port in self.outputs if port.name == name), None)


def fits(source: str, target: str) -> bool:
    """True where an output of kind `source` may be wired to an input of kind `target`."""
    return source in KINDS[target]


def inputs_of(run: Callable[..., Any]) -> tuple[Port, ...]:
    """An input port for each parameter of `run` after `ctx`; one with a default may stay unwired."""
    hints = get_type_hints(run, include_extras=True)
    parameters = list(inspect.signature(run).parameters.values())[2:]
    return tuple(_input(parameter, hints[parameter.name]) for parameter in parameters)


def _input(parameter: inspect.Parameter, hint: Any) -> Port:
    many = _MANY in getattr(hint, "__metadata__", ())
    each = get_args(get_args(hint)[0])[0] if many else hint
    kind = kind_of(each)
    return Port(
        parameter.name,
        kind,
        required=parameter.default is inspect.Parameter.empty,
        check=None if kind == "any" else TypeAdapter(each),
        many="arrived" if many else "",
    )


def outputs_of(run: Callable[..., Any]) -> tuple[Port, ...]:
    """An output port for each key of a returned TypedDict, one called `value` for another type, none for None."""
    returned = _returned(run)
    if returned is type(None):
        return ()
    if is_typeddict(returned):
        fields = get_type_hints(returned, include_extras=True)
        required: frozenset[str] = getattr(returned, "__required_keys__", frozenset())
        return tuple(
            # Where annotations are kept as text (`from __future__`), only the hint says that a key may be absent.
            Port(name, kind_of(hint), required=name in required and get_origin(hint) is not NotRequired)
            for name, hint in fields.items()
        )
    return (Port("value", kind_of(returned), required=True),)


def named_outputs(run: Callable[..., Any], varies: bool = False) -> bool:
    """True where `run` gives its outputs by name: in a TypedDict, or in a `dict` where its ports vary."""
    returned = _returned(run)
    return is_typeddict(returned) or (varies and get_origin(returned) is dict)


def _returned(run: Callable[..., Any]) -> Any:
    returned = get_type_hints(run, include_extras=True).get("return")
    return type(None) if returned is None else returned


def kind_of(hint: Any) -> str:
    """The kind of port a type makes; what is not one of the plain kinds is `any`."""
    origin = get_origin(hint)
    if origin in (NotRequired, Required) or hasattr(hint, "__metadata__"):
        return kind_of(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        kinds = {kind_of(each) for each in get_args(hint) if each is not type(None)}
        return kinds.pop() if len(kinds) == 1 else "any"
    plain = origin or hint
    if plain in (list, tuple):
        return "list"
    if plain is dict or is_typeddict(plain):
        return "record"
    if plain is File:
        return "file"
    return {str: "text", int: "number", float: "number", bool: "boolean"}.get(plain, "any")
