"""Join lists of records by a field that they share."""

from collections.abc import Iterable, Sequence
from typing import Literal

from nodes import Json, NodeError
from nodes.data.filter import fields_of
from nodes.settings import written_out

Keep = Literal["matching", "first_list", "everything"]
Record = dict[str, Json]

MOST = 1_000_000
"""Records that may come out."""


def join(lists: Sequence[Json], key: str, other_key: str, keep: Keep) -> list[Json]:
    """One list of records. NodeError where a list holds something else, or none of it has the field."""
    if not key:
        raise NodeError(
            "A join needs the field by which records belong together.", hint="Fill in Key.", retryable=False
        )
    first, *others = (_records(each, number) for number, each in enumerate(lists, 1))
    _has(first, key, 1)
    joined = first
    for number, other in enumerate(others, 2):
        _has(other, other_key, number)
        joined = _two(joined, other, key, other_key, number, keep)
    return [*joined]


def _two(left: list[Record], right: list[Record], key: str, other_key: str, number: int, keep: Keep) -> list[Record]:
    names = _new_names(_fields(left), _fields(right), other_key, number)
    nothing: Record = {name: None for name in names.values()}
    by_key: dict[str, list[int]] = {}
    for place, record in enumerate(right):
        if (value := _key(record, other_key)) is not None:
            by_key.setdefault(value, []).append(place)
    found: list[Record] = []
    used: set[int] = set()
    for record in left:
        value = _key(record, key)
        places = by_key.get(value, []) if value is not None else []
        used.update(places)
        for place in places:
            found.append({**record, **nothing, **_renamed(right[place], names)})
        if not places and keep != "matching":
            found.append({**record, **nothing})
        if len(found) > MOST:
            what = f"The join gives more than {MOST:,} records: “{key}” is the same in many of them."
            raise NodeError(what, hint="Join by a field that tells the records apart.", retryable=False)
    if keep == "everything":
        empty: Record = {name: None for name in _fields(left)}
        for place, record in enumerate(right):
            if place not in used:
                found.append({**empty, **nothing, key: record.get(other_key), **_renamed(record, names)})
    return found


def _new_names(left: Iterable[str], right: Iterable[str], other_key: str, number: int) -> dict[str, str]:
    """What each field of the second list is called: its own name, or `price_2` where the first has a `price`."""
    taken = set(left)
    names: dict[str, str] = {}
    for field in right:
        if field == other_key:
            continue
        name = field
        while name in taken:
            name = f"{name}_{number}"
        names[field] = name
        taken.add(name)
    return names


def _renamed(record: Record, names: dict[str, str]) -> Record:
    return {names[field]: value for field, value in record.items() if field in names}


def _fields(records: Iterable[Record]) -> list[str]:
    return list(dict.fromkeys(field for record in records for field in record))


def _records(each: Json, number: int) -> list[Record]:
    found: list[Record] = []
    for place, record in enumerate(each if isinstance(each, list) else (), 1):
        if not isinstance(record, dict):
            what = f"Item {place} of list {number} is not a record, so it has no fields to join by."
            raise NodeError(what, hint="Give lists of records, such as the rows of a table.", retryable=False)
        found.append(record)
    return found


def _has(records: list[Record], key: str, number: int) -> None:
    if records and not any(key in record for record in records):
        what = f"No record of list {number} has a field `{key}`."
        raise NodeError(what, hint=fields_of([*records]), retryable=False)


def _key(record: Record, key: str) -> str | None:
    """How the field is written, which is what has to be the same; None where it is empty."""
    value = record.get(key)
    text = "" if value is None else str(written_out(value)).strip()
    return text or None
