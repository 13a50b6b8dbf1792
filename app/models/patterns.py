"""Regular expressions of a schema are tried in a process of their own: some take for ever and would stop everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import JsonValue as Json

WITHIN = 5.0
"""Seconds the process has, its start included."""


def has_patterns(schema: object) -> bool:
    """Whether a regular expression is in it."""
    if isinstance(schema, dict):
        return any(name in ("pattern", "patternProperties") or has_patterns(part) for name, part in schema.items())
    return isinstance(schema, list) and any(has_patterns(part) for part in schema)


def misfit(value: Json, schema: dict[str, Any]) -> tuple[str, list[str]] | None:
    """What is wrong with the value, and where; None where it fits.

    TimeoutError where that takes too long, LookupError where the schema refers to what is not in it.
    """
    asked = json.dumps({"value": value, "schema": schema})
    command = [sys.executable, "-I", str(Path(__file__))]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=WITHIN, check=True)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    told = json.loads(done.stdout)
    if "missing" in told:
        raise LookupError(told["missing"])
    return (told["wrong"], told["place"]) if told else None


def wrong_with(value: Json, schema: dict[str, Any]) -> tuple[str, list[str]] | None:
    """The same in this process, without a limit on its time."""
    import jsonschema
    import referencing

    make = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
    # An own, empty registry: a reference in a schema never reaches out to the network.
    try:
        error = jsonschema.exceptions.best_match(make(schema, registry=referencing.Registry()).iter_errors(value))
    except referencing.exceptions.Unresolvable as missing:
        raise LookupError(str(missing)) from None
    return None if error is None else (error.message, [str(part) for part in error.absolute_path])


if __name__ == "__main__":
    given = json.load(sys.stdin)
    try:
        wrong = wrong_with(given["value"], given["schema"])
    except LookupError as missing:
        answer: dict[str, Any] = {"missing": str(missing.args[0])}
    else:
        answer = {} if wrong is None else {"wrong": wrong[0], "place": wrong[1]}
    json.dump(answer, sys.stdout)
