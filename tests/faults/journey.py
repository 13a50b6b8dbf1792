"""The flow that is killed again and again: some twenty steps, half of which leave a trace that can be counted."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from flows.model import Flow, Retry, Step
from tests.engine.story import body, each, flow_of, step
from tests.faults.ledger import Entry, entries

ROUNDS = 6
EFFECTS = ("first", "second", *(f"round-{number}" for number in range(ROUNDS)), "last")
"""The effects that reach the ledger, each of them once."""

_CODE = """with open(FILE, "a") as out:
    out.write("code\\n")
return None"""

LINES = ("note", "code", "done")
"""The effects that end as a line in a file of their own name."""


def journey(url: str, folder: Path, *, browser: bool = False) -> Flow:
    """Plain steps, requests, a loop of requests, a program, files, a rest, a question, and on request a browser."""
    inside = body(
        "name.value -> post",
        name=step("data.compose", text="round {{ index }} of {{ item }}"),
        post=_post(url, "round-{{ index }}"),
        after=step("data.compose", text="{{ name.value }}!"),
        result="after.value",
    )
    steps = {
        "start": step("data.compose", text="start"),
        "first": _post(url, "first"),
        "record": step("data.set_fields", fields={"colour": "blue", "pieces": 3}),
        "look": step("web.get", url=f"{url}/effect/look"),
        "note": _line(folder, "note"),
        "second": _post(url, "second"),
        "code": step("code.python", code=_CODE.replace("FILE", repr(str(folder / "code.txt")))),
        "numbers": step("code.python", code="return []", pinned={"value": list("abcdef"[:ROUNDS])}),
        "each": each(inside, at_once=2),
        "sum": step("data.compose", text="{{ each.results | join(', ') }}"),
        "rest": step("control.wait", duration="1 s"),
        "ask": step("control.approve", title="Go on to the end?"),
        "last": _post(url, "last"),
        "done": _line(folder, "done"),
        "end": step("data.compose", text="{{ start.value }}, {{ record.record.colour }}, {{ sum.value }}"),
    }
    if browser:
        again = Retry(times=5, wait=0.2, backoff=1)
        steps |= {
            "open": step("browser.open", url="{{ practice }}", retry=again),
            "read": step("browser.open", url="{{ practice }}/search?q=blue", expect="h1", retry=again),
            "end": step("data.compose", text="{{ open.title }}, {{ read.title }}, {{ sum.value }}"),
        }
    order = [name for name in ("start", "open", "read", *steps) if name in steps and name not in ("end", "numbers")]
    order = list(dict.fromkeys([*order, "end"]))
    wires = [f"{one}{'.approved' if one == 'ask' else ''} -> {after}" for one, after in pairwise(order)]
    return flow_of(steps, *wires, "numbers.value -> each.items", result="end.value")


def happened(path: str, ledger: Path, folder: Path) -> bool:
    """What a person would find who looks whether this step has done its work."""
    name = path.split("/")[-1]
    if name in LINES:
        return name in lines(folder, name)
    return any(entry.name == effect_of(path) for entry in entries(ledger))


def effect_of(path: str) -> str:
    """The name under which the ledger knows a step."""
    top, *inside = path.split("/")
    return f"round-{inside[0]}" if inside else top


def lines(folder: Path, name: str) -> list[str]:
    """The lines of a file that a step has written."""
    path = folder / f"{name}.txt"
    return path.read_text().splitlines() if path.exists() else []


def lost(found: list[Entry], folder: Path) -> list[str]:
    """The effects that a run which is done should have had, and has not."""
    names = {entry.name for entry in found}
    return [name for name in EFFECTS if name not in names] + [name for name in LINES if not lines(folder, name)]


def doubled(found: list[Entry], folder: Path) -> list[str]:
    """The effects that were had more than once."""
    names = [entry.name for entry in found]
    twice = [name for name in EFFECTS if names.count(name) > 1]
    return twice + [name for name in LINES if len(lines(folder, name)) > 1]


def _post(url: str, name: str) -> Step:
    return Step(kind="web.request", settings={"url": f"{url}/effect/{name}", "body": {"name": name}})


def _line(folder: Path, name: str) -> Step:
    return step("files.write", path=str(folder / f"{name}.txt"), text=f"{name}\n", mode="append")
