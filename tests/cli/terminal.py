"""`weft` in a real terminal: a person who reads it and types."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from pathlib import Path

from app.setup import ROOT
from tests.cli.weft import COMMAND, surroundings

CTRL_C, CTRL_D = "\x03", "\x04"


class Person:
    """Sits at a terminal of 80 columns in which a command runs."""

    def __init__(self, home: Path, *args: str) -> None:
        self._side, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [*COMMAND, *args],
            cwd=ROOT,
            env=surroundings(home, TERM="xterm", NO_COLOR="1"),
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)
        self.raw = ""
        self._read_to = 0

    @property
    def screen(self) -> list[str]:
        """The lines as a person sees them, those that were changed in place gone."""
        lines: list[str] = []
        for line in self.raw.replace("\r", "").split("\n"):
            moved = re.match(r"(.*?)\x1b\[(\d+)F\x1b\[J", line)
            if moved:
                lines = lines[: len(lines) - int(moved[2])]
                line = moved[1] + line[moved.end() :]
            lines.append(line)
        return [line for line in lines if line]

    def reads(self, text: str, within: float = 30.0) -> None:
        """Wait until this stands there, after all that was read before."""
        end = time.monotonic() + within
        while (place := self.raw.find(text, self._read_to)) < 0:
            if time.monotonic() > end or not self._more():
                raise AssertionError(f"{text!r} is not there, but: {self.raw}")
        self._read_to = place + len(text)

    def types(self, text: str) -> None:
        os.write(self._side, text.encode() if text in (CTRL_C, CTRL_D) else f"{text}\n".encode())

    def leaves(self) -> int:
        """The exit status, once the command has ended."""
        end = time.monotonic() + 30
        while self._more():
            if time.monotonic() > end:
                raise AssertionError(f"It does not end, and stands at: {self.raw}")
        return self.process.wait(timeout=30)

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._side)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._side], [], [], 0.1)
        if not ready:
            return self.process.poll() is None
        with contextlib.suppress(OSError):
            if piece := os.read(self._side, 65536):
                self.raw += piece.decode(errors="replace")
                return True
        return False
