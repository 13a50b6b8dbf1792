"""From starting the process to the first page answered, and the memory of the idle process, beside bare NiceGUI."""

import http.client
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.table import Row

PROJECT = Path(__file__).resolve().parents[2]
SETTLE = 0.5  # Seconds until what a start leaves to later has happened too.


@dataclass(frozen=True, slots=True)
class Start:
    seconds: float
    megabytes: float


def measure(runs: int = 5) -> list[Row]:
    """The studio and a bare page in turns; the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studio, bare = _studio_command(folder), _bare_command
        for warming in (studio, bare):
            _start(warming, folder)
        starts = [(_start(studio, folder), _start(bare, folder)) for _ in range(runs)]
    ours = statistics.median(start.seconds for start, _ in starts)
    floor = statistics.median(start.seconds for _, start in starts)
    memory = statistics.median(start.megabytes for start, _ in starts)
    least = statistics.median(start.megabytes for _, start in starts)
    return [
        Row("first page answered", f"{ours:.2f} s", f"{floor:.2f} s", f"{ours / floor:.2f}x", "≤ 1.25x"),
        Row("memory when idle", f"{memory:.0f} MB", f"{least:.0f} MB", f"{memory / least:.2f}x", "≤ 150 MB"),
    ]


def _studio_command(folder: Path) -> Callable[[int], list[str]]:
    if importlib.util.find_spec("app.ui.pages"):
        return lambda port: ["-m", "app", "--no-open", "--port", str(port)]
    return lambda port: ["-m", "tests.server.tiny", str(folder), "--port", str(port)]


def _bare_command(port: int) -> list[str]:
    return ["-m", "tests.bench._bare_nicegui", str(port)]


def _start(command: Callable[[int], list[str]], folder: Path) -> Start:
    port = _free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "WEFT_HOME": str(folder),
        "NICEGUI_STORAGE_PATH": str(folder / "bare"),
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command(port)], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        path = "/" if command is _bare_command else _invited(process)
        _first_page(port, path, until=began + 60)
        seconds = time.perf_counter() - began
        time.sleep(SETTLE)
        return Start(seconds, psutil.Process(process.pid).memory_info().rss / 1e6)
    finally:
        process.terminate()
        process.communicate()


def _invited(process: "subprocess.Popen[str]") -> str:
    """The path of the link that the studio prints when it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if "/?t=" in line:
            return "/?t=" + line.partition("/?t=")[2].split()[0]
    raise RuntimeError("The studio ended before it was ready.")


def _first_page(port: int, path: str, *, until: float) -> None:
    """Ask as a browser would, following the link's redirect with its cookie, until the page is there."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 303:
                cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
                connection.request("GET", "/", headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
            if answer.status != 200:
                raise RuntimeError(f"The first page was answered with {answer.status}.")
            return
        except ConnectionRefusedError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.005)
        finally:
            connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
