"""Whether a start of Weft is still there is known by its lock, however its process ended."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.boots import Boot
from app.store.database import Database
from app.store.lock import opening
from app.store.refusal import RunElsewhere
from app.store.runs import Runs
from app.store.trouble import StoreTrouble

LIVING = """
import sys, time
from pathlib import Path
from app.store.boots import Boot
print(Boot(Path(sys.argv[1])).id, flush=True)
time.sleep(60)
"""


def test_a_start_lives_until_it_ends_or_its_process_is_killed(tmp_path: Path) -> None:
    here = Boot(tmp_path)
    with subprocess.Popen([sys.executable, "-c", LIVING, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        other = process.stdout.readline().strip()
        assert (here.lives(here.id), here.lives(other), here.others()) == (True, True, [other])
        process.kill()
    assert (here.lives(here.id), here.lives(other), here.others()) == (True, False, [])

    third = Boot(tmp_path)
    here.end()
    assert (third.lives(here.id), third.others()) == (False, [])
    assert [path.name for path in (tmp_path / "boots").iterdir()] == [third.id]
    third.end()


async def test_of_two_starts_one_goes_on_with_a_run(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    gone, one, other = Boot(tmp_path), Boot(tmp_path), Boot(tmp_path)
    first, second = (Runs(database, boot.id, lives=boot.lives) for boot in (one, other))
    started = Runs(database, gone.id, lives=gone.lives)
    run, _ = await started.create(flow_id="f", flow_name="Flow", document="{}", inputs="{}", trigger="hand")
    assert (await first.interrupted(), first.elsewhere(run)) == ([], True)
    with pytest.raises(RunElsewhere, match="“Flow” goes on in another window or terminal of Weft"):
        await first.go_on(run.id)

    gone.end()
    assert (await first.interrupted(), first.elsewhere(run)) == ([run], False)
    claims = await asyncio.gather(first.go_on(run.id), second.go_on(run.id), return_exceptions=True)
    assert sorted(type(each).__name__ for each in claims) == ["NoneType", "RunElsewhere"]
    assert await first.interrupted() == []
    await database.close()
    for boot in (one, other):
        boot.end()


async def test_a_data_folder_is_opened_by_one_start_at_a_time(tmp_path: Path) -> None:
    order: list[str] = []

    async def start(name: str) -> None:
        async with opening(tmp_path):
            order.append(f"{name} in")
            await asyncio.sleep(0.02)
            order.append(f"{name} out")

    await asyncio.gather(start("a"), start("b"))
    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])

    async with opening(tmp_path):
        with pytest.raises(StoreTrouble, match=r"^Another start of Weft has been busy with .+ for 0 s"):
            async with opening(tmp_path, patience=0.1):
                pass
