"""One life of the studio, from its start to its end, or until it is killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Literal

import psutil

from app.setup import ROOT
from tests.cli.weft import surroundings

Victim = Literal["parent", "group", "browser"]
"""Who is killed: the studio alone, everything it has started with it, or only its browsers."""


class Life:
    """One life of the studio: from its start to its end, or until it is killed."""

    def __init__(self, home: Path, orders: Path, temporary: Path, **more: str) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.studio", str(orders)],
            cwd=ROOT,
            env=surroundings(home, TMPDIR=str(temporary), **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.said: list[dict[str, Any]] = []
        self.words: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def until(self, holds: str, within: float = 60.0) -> dict[str, Any]:
        """The first thing said that has this name in it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            over = not self._reading.is_alive()
            if found := self.heard(holds):
                return found
            if over or self.heard("fault"):
                break
            time.sleep(0.005)
        raise AssertionError(f"It never said {holds!r}, but {self.said[-3:]} and {self.words[-30:]}")

    def heard(self, holds: str) -> dict[str, Any] | None:
        return next((each for each in self.said if holds in each), None)

    def link(self, within: float = 60.0) -> str:
        """The address that lets a browser in."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if found := re.search(r"http://127\.0\.0\.1:\d+/\?t=\S+", " ".join(self.words)):
                return found[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise AssertionError(f"The studio did not start: {self.words}")

    def usable(self) -> float:
        """Seconds from the start until the first page was there."""
        assert "Weft" in page_at(self.link())
        return time.monotonic() - self.began

    def go(self) -> None:
        """Let the person begin."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(b"go\n")
            self.process.stdin.flush()

    def kill(self, victim: Victim = "parent") -> None:
        """At once, as a power cut would."""
        family = psutil.Process(self.process.pid).children(recursive=True) if victim == "group" else []
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        for member in family:
            with contextlib.suppress(psutil.Error):
                member.kill()
        self._over()

    def died(self, within: float = 60.0) -> None:
        """Return once it has killed itself, as a failpoint does."""
        status = self.process.wait(within)
        assert status == -signal.SIGKILL, f"It ended with {status}: {self.words[-30:]}"
        self._over()

    def kill_browsers(self) -> None:
        """Only the browsers it has started."""
        for each in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                line = " ".join(each.cmdline())
                if "--weft-studio=" in line and "--type=" not in line:
                    each.kill()

    def end(self) -> None:
        """As Ctrl+C does."""
        self.process.send_signal(signal.SIGINT)
        self._over()

    def close(self) -> None:
        """Whatever became of it, nothing of it is left."""
        if self.process.poll() is None:
            self.process.kill()
        self._over()

    def _over(self) -> None:
        self.process.wait(timeout=30)
        self._reading.join(timeout=30)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(b"{"):
                with contextlib.suppress(ValueError):
                    self.said.append(json.loads(line))
            else:
                self.words.append(line.decode(errors="replace").rstrip())


def page_at(said: str) -> str:
    """The first page of a studio that has said this, as a browser gets it."""
    link = re.search(r"http://127\.0\.0\.1:\d+/\?t=[\w-]+", said)
    assert link is not None, said
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(link[0], timeout=30) as page:
        return str(page.read().decode())


def free_port() -> int:
    """A port that nobody has just now, and that the system gives to nobody who asks for any.

    A studio that was killed has to find it free again: meanwhile any program of this computer may open a connection.
    """
    chance = random.SystemRandom()
    for _ in range(200):
        port = chance.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("No port is free.")
