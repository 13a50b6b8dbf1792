"""A process for a program of the user's: a bare environment, limits, and an end that leaves nothing running."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process, SubprocessStreamProtocol
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nodes import Json
from nodes.clock import Limit

RUNNER = Path(__file__).with_name("_runner.py")
MOST_PRINTED = 10_000_000
"""Bytes after which a program that prints is ended."""

LARGEST_RESULT = 20_000_000
MORE_PROCESSES = 128
HEARS_ON = 0.5
ENDS_WITHIN = 3.0
MARK = "WEFT_CODE_STEP"
"""An environment variable by which everything that the program started is found again; it begins with our process."""

FOLDER = "weft-code-"

Say = Callable[[bytes, bool], None]
"""Takes a piece of what was printed, and whether it is an error."""


@dataclass(frozen=True)
class Ended:
    """How the program ended: its report, if it left one, and why it was ended if it was."""

    report: dict[str, Json] | None
    status: int
    cut: str = ""


async def run(code: str, values: Json, *, seconds: float, memory: int, say: Say) -> Ended:
    """Run the code to its end, or to one of its limits."""
    mark = f"{os.getpid()}-{secrets.token_hex(8)}"
    folder = await asyncio.to_thread(lambda: Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-")))
    try:
        return await _run(folder, mark, code, values, seconds, memory, say)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))


async def _run(folder: Path, mark: str, code: str, values: Json, seconds: float, memory: int, say: Say) -> Ended:
    work, report = folder / "work", folder / f"report-{mark}"
    work.mkdir()
    job = {
        "code": code,
        "values": values,
        "memory": memory,
        "processes": await asyncio.to_thread(processes),
        "report": str(report),
    }
    loop = asyncio.get_running_loop()
    transport, watched = await loop.subprocess_exec(
        lambda: Watched(limit=65_536, loop=loop),
        sys.executable, "-I", "-u", "-X", "utf8", str(RUNNER),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=work, env=environment(work, mark), start_new_session=os.name == "posix",
    )  # fmt: skip
    process = Process(transport, watched, loop)
    cut = ""
    try:
        async with Limit(seconds) as clock:
            try:
                await _attend(process, watched.exited, json.dumps(job).encode(), say)
            except* TooMuch:
                cut = "printed"
    except TimeoutError:
        if not clock.expired():
            raise
        cut = "time"
    finally:
        await asyncio.shield(_end(process, transport, watched, mark))
    return Ended(None if cut else await asyncio.to_thread(_read, report), process.returncode or 0, cut)


class TooMuch(Exception):
    """The program printed more than anybody would read."""


class Watched(SubprocessStreamProtocol):
    """Tells of the end of the program itself; `wait` also waits for whoever else holds its output open."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


async def _attend(process: Process, exited: asyncio.Event, job: bytes, say: Say) -> None:
    """Give the program its job, hear what it prints, and wait for its end."""
    printed = 0

    async def hear(stream: asyncio.StreamReader | None, error: bool) -> None:
        nonlocal printed
        assert stream is not None
        while piece := await stream.read(65_536):
            printed += len(piece)
            say(piece, error)
            if printed > MOST_PRINTED:
                raise TooMuch

    async with asyncio.TaskGroup() as group:
        hearing = [group.create_task(hear(process.stdout, False)), group.create_task(hear(process.stderr, True))]
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(job)
            await process.stdin.drain()
            process.stdin.close()
        await exited.wait()
        # What the program started may hold its output open after its end.
        await asyncio.wait(hearing, timeout=HEARS_ON)
        for each in hearing:
            each.cancel()


async def _end(process: Process, transport: asyncio.SubprocessTransport, watched: Watched, mark: str) -> None:
    """End the program and everything it started, whatever that has become since."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            # While the leader is not yet waited for, the number of its group is nobody else's.
            os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
    await asyncio.to_thread(_end_marked, mark)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ENDS_WITHIN):
            await watched.exited.wait()
            # Output that nobody read to its end would keep its pipe open.
            transport.close()
            await process.wait()


def _end_marked(mark: str) -> None:
    import psutil

    for _ in range(10):
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                    process.kill()
                    found.append(process)
        if not found:
            return
        psutil.wait_procs(found, timeout=0.2)


def end_leftovers() -> None:
    """End the programs that a killed Weft has left running, and remove their folders."""
    import psutil

    def gone(owner: str, since: float) -> bool:
        if not owner.isdecimal():
            return False
        try:
            # A process that is younger than what it is to have started is another one of the same number.
            return bool(psutil.Process(int(owner)).create_time() > since + 1)
        except psutil.NoSuchProcess:
            return True

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if gone(process.environ().get(MARK, "").partition("-")[0], process.create_time()):
                process.kill()
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*-*"):
        with contextlib.suppress(psutil.Error, OSError):
            if gone(folder.name.removeprefix(FOLDER).partition("-")[0], folder.stat().st_ctime):
                shutil.rmtree(folder, ignore_errors=True)


def processes() -> int:
    """How many processes, threads counted, the program may bring the user to; 0 where no limit would hold."""
    if os.name != "posix" or os.getuid() == 0:
        return 0
    import psutil

    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == os.getuid():
                count += process.num_threads()
    return count + MORE_PROCESSES


def environment(work: Path, mark: str) -> dict[str, str]:
    """What a program needs to find its way, and no key or token of the person's."""
    kept = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TZ")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    at_home = {name: str(work) for name in ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")}
    return {**own, **at_home, "LANG": "C.UTF-8", MARK: mark}


def _read(report: Path) -> dict[str, Json] | None:
    """What the program left as its report; None where it left none."""
    try:
        if report.stat().st_size > LARGEST_RESULT:
            return {"wrong": "large"}
        found = json.loads(report.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
