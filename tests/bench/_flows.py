"""A flow of any length that runs without touching anything: rows of forty steps, with wires and references."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.store.database import Database
from app.store.flows import Flows
from flows.model import Body, Flow, Step, Wire

ROW = 40


def grid(count: int) -> Flow:
    """Texts, records and conditions in turns; each step follows the one before it and refers to an earlier one."""
    return Flow(
        id=f"grid-{count}",
        name=f"{count} steps",
        steps={f"s{n}": _step(n) for n in range(count)},
        wires=tuple(_wire(n) for n in range(1, count) if n % ROW),
        layout={f"s{n}": _place(n) for n in range(count)},
    )


def rounds(count: int, steps: int = 3) -> Flow:
    """A loop over so many numbers, with so many steps in each round."""
    return Flow(
        id=f"rounds-{count}" + (f"x{steps}" if steps != 3 else ""),
        name=f"{count} rounds",
        steps={
            "numbers": Step(kind="control.if", settings={"condition": f"{{{{ range({count}) | list }}}}"}),
            "each": Step(kind="control.for_each", body=Body(steps={f"s{n}": _step(n) for n in range(steps)})),
        },
        wires=(Wire.parse("numbers.true -> each.items"),),
    )


def put(folder: Path, *flows: Flow) -> None:
    """Put these flows into a data folder."""
    asyncio.run(_put(folder, flows))


async def _put(folder: Path, flows: tuple[Flow, ...]) -> None:
    database = Database(folder / "weft.db")
    await database.open()
    for flow in flows:
        await Flows(database).create(
            id=flow.id, name=flow.name, description="", document=flow.model_dump_json(), origin="made"
        )
    await database.close()


def _place(n: int) -> tuple[float, float]:
    """In its row; below the first row is room, where a new step is placed in sight."""
    return n % ROW * 256.0, n // ROW * 144.0 + (288.0 if n >= ROW else 0.0)


def _step(n: int) -> Step:
    before = f"{{{{ s{n - 3}.{_output(n - 3)} }}}}" if n % ROW >= 3 else "nothing"
    match n % 3:
        case 0:
            return Step(kind="data.compose", title=f"Step {n}", settings={"text": f"s{n} after {before}"})
        case 1:
            return Step(kind="data.set_fields", title=f"Step {n}", settings={"fields": {"number": n}})
        case _:
            return Step(kind="control.if", title=f"Step {n}", settings={"condition": f"{{{{ {n} > 0 }}}}"})


def _output(n: int) -> str:
    return ("value", "record", "true")[n % 3]


def _wire(n: int) -> Wire:
    if n % 3 == 2:
        return Wire(source=f"s{n - 1}", source_port="record", target=f"s{n}", target_port="value")
    return Wire(source=f"s{n - 1}", target=f"s{n}")
