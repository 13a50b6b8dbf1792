"""Values as the ports they arrive at take them."""

from __future__ import annotations

from typing import Any

from nodes.ports import WORDS, Port
from nodes.settings import written_out
from nodes.values import NodeError


def fitted(port: Port, value: Any) -> Any:
    """The value as the port takes it. NodeError with a sentence where it does not fit."""
    if port.check is None:
        return value
    if port.kind == "text" and isinstance(value, int | float):
        value = written_out(value)
    try:
        return port.check.validate_python(value)
    except ValueError:
        kind = {str: "text", bool: "yes or no", int: "a number", float: "a number", list: "a list", dict: "a record"}
        given = kind.get(type(value), "nothing")
        raise NodeError(
            f"`{port.label}` needs {WORDS[port.kind]}, but it was given {given}.",
            hint="Connect it to another output, or change what the step before gives.",
            retryable=False,
        ) from None
