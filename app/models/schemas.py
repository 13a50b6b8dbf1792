"""JSON that fits a schema: how it is asked for, found in a reply, and held against the schema."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue as Json

from app.models.patterns import has_patterns, misfit, wrong_with
from app.models.values import ModelTrouble, Schema

_FENCE = re.compile(r"```[a-zA-Z0-9_-]*[ \t]*\r?\n(.*?)```", re.DOTALL)
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_MOST_STARTS = 200


class Unfit(Exception):
    """Why a reply is not what the schema asks for, in words the model can use."""


def asked_for(schema: Schema | None) -> str:
    """The request for JSON, for models that are not held to it by their server."""
    if schema is None:
        return ""
    return (
        "Answer with exactly one JSON value that fits this JSON schema, and with nothing else: "
        f"no explanation, no code fence.\n{json.dumps(schema, ensure_ascii=False)}"
    )


def is_strict(schema: object) -> bool:
    """Whether every object in the schema is closed and requires all it has, as OpenAI's strict mode wants."""
    if isinstance(schema, list):
        return all(is_strict(part) for part in schema)
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object" or "properties" in schema:
        fields = schema.get("properties")
        closed = schema.get("additionalProperties") is False and isinstance(fields, dict)
        if not closed or set(schema.get("required", ())) != set(fields or ()):
            return False
    return all(is_strict(part) for part in schema.values())


def can_be_closed(schema: object) -> bool:
    """Whether every object in the schema names its fields, so that closing it takes nothing away."""
    if isinstance(schema, list):
        return all(can_be_closed(part) for part in schema)
    if not isinstance(schema, dict):
        return True
    if "object" in schema.get("type", ()):
        open_ended = "patternProperties" in schema or schema.get("additionalProperties", False) is not False
        if open_ended or not schema.get("properties"):
            return False
    return all(can_be_closed(part) for part in schema.values())


def checked(schema: Schema) -> None:
    """ModelTrouble where the schema itself is wrong."""
    import jsonschema

    try:
        jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator).check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ModelTrouble(
            f"The form asked for is not a JSON schema: {_short(error.message)}",
            f"Look at {_place(error.absolute_path) or 'its top level'}.",
            kind="schema",
        ) from None


def fitted(text: str, schema: Schema) -> Json:
    """The one JSON value in the text that fits the schema; Unfit says what is wrong with it."""
    value = _only_value(text)
    try:
        wrong = misfit(value, schema) if has_patterns(schema) else wrong_with(value, schema)
    except TimeoutError:
        raise ModelTrouble(
            "A pattern in the form asked for takes too long to be compared with the answer.",
            "Write it in a simpler way: no repetition inside a repetition, such as (a+)+.",
            kind="schema",
        ) from None
    except LookupError as error:
        raise ModelTrouble(
            f"The form asked for refers to something that is not in it: {_short(str(error.args[0]))}",
            "Write the whole schema in one place.",
            kind="schema",
        ) from None
    if wrong is not None:
        message, path = wrong
        place = _place(path)
        raise Unfit(f"{f'At {place}: ' if place else ''}{_short(message)}")
    return value


def _only_value(text: str) -> Json:
    text = _THINKING.sub("", text).strip()
    try:
        return _parsed(text)
    except (ValueError, RecursionError):
        pass
    fenced = [value for block in _FENCE.findall(text) for value in _values(block)]
    found = fenced or list(_values(text))
    if not found:
        raise Unfit("There is no JSON in it.")
    if len(found) > 1:
        raise Unfit(f"There are {len(found)} JSON values in it; exactly one is wanted.")
    return found[0]


def _values(text: str) -> Iterator[Json]:
    """Every object and array in the text, outermost only."""
    decoder = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)
    place = 0
    for _ in range(_MOST_STARTS):
        start = re.compile(r"[{\[]").search(text, place)
        if start is None:
            return
        try:
            value, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            place = start.start() + 1
        else:
            yield _encodable(value)


def _parsed(text: str) -> Json:
    return _encodable(json.loads(text, parse_constant=_no_number, parse_float=_finite))


def _encodable(value: Any) -> Json:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unfit("There are broken characters in it.") from None
    return value  # type: ignore[no-any-return]  # what json.loads gives is JSON


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _no_number(digits)


def _place(path: Any) -> str:
    return ".".join(str(part) for part in path)


def _short(text: str, most: int = 300) -> str:
    return text if len(text) <= most else text[:most] + "…"
