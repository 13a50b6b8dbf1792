"""The terminal that watches a command: lasting lines, and below them lines that change in place."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import threading
import unicodedata
from typing import TextIO

MARKS = {"runs": "▸", "done": "✓", "failed": "✗", "skipped": "∙", "asked": "?", "stopped": "■"}
PLAIN_MARKS = {"runs": ">", "done": "ok", "failed": "NO", "skipped": "-", "asked": "?", "stopped": "!"}
COLOURS = {"done": "32", "failed": "31", "skipped": "2", "asked": "33", "runs": "36", "stopped": "33"}


class Terminal:
    """What a person sees of a command while it works: standard error, so that standard output holds the result only."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self.moves = self._stream.isatty() and _moves()
        self._marks = MARKS if (self._stream.encoding or "").lower().startswith("utf") else PLAIN_MARKS
        self._coloured = self.moves and "NO_COLOR" not in os.environ
        self._shown = 0
        self._held: list[str] | None = None

    def mark(self, status: str) -> str:
        """The sign of a state."""
        sign = self._marks[status]
        return f"\x1b[{COLOURS[status]}m{sign}\x1b[0m" if self._coloured else sign

    def say(self, line: str = "") -> None:
        """Write a lasting line, made by us from `safe` parts."""
        if self._held is not None:
            self._held.append(line)
            return
        self._write(self._wiped() + line + "\n")

    def show(self, lines: list[str]) -> None:
        """Put these lines, each cut to the width, in the place of those that were shown last."""
        if not self.moves or self._held is not None:
            return
        columns, rows = shutil.get_terminal_size()
        fitting = [cut(line, columns - 1) for line in lines[: max(1, rows - 2)]]
        self._write(self._wiped() + "".join(f"{line}\n" for line in fitting))
        self._shown = len(fitting)

    async def answer(self, prompt: str) -> str | None:
        """What a person types, everything else held back meanwhile; None where nobody can."""
        if self._held is not None:
            raise RuntimeError("one question at a time")
        self._write(self._wiped() + prompt)
        self._held = []
        try:
            return await _typed_line()
        finally:
            held, self._held = self._held, None
            for line in held:
                self.say(line)

    def _wiped(self) -> str:
        shown, self._shown = self._shown, 0
        return f"\x1b[{shown}F\x1b[J" if shown else ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def somebody_is_there() -> bool:
    """Whether a question would be seen, and could be answered."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def safe(text: str) -> str:
    """The text with every character spelled out that would move the cursor or hide what is written."""
    return "".join(letter if letter.isprintable() or letter == "\n" else _spelled(letter) for letter in text)


def one_line(text: str) -> str:
    """The text as one safe line."""
    return safe(" ".join(text.split()))


def cut(text: str, width: int) -> str:
    """As much of a line as fits; colours take no room."""
    found, room, place = [], width, 0
    while place < len(text):
        if text[place] == "\x1b":
            end = text.index("m", place) + 1
            found.append(text[place:end])
            place = end
            continue
        room -= 2 if unicodedata.east_asian_width(text[place]) in "WF" else 1
        if room < 1 and place < len(text) - 1:
            return "".join([*found, "…"])
        found.append(text[place])
        place += 1
    return "".join(found)


async def _typed_line() -> str | None:
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str | None] = loop.create_future()

    def read() -> None:
        # Past Python's own buffer, whose lock a thread that still waits would keep at the end of the process.
        try:
            line = os.read(sys.stdin.fileno(), 10_000)
        except OSError:
            line = b""
        text = line.decode(sys.stdin.encoding or "utf-8", "replace").strip() if line else None
        with contextlib.suppress(RuntimeError):  # Nobody waits for it any more.
            loop.call_soon_threadsafe(lambda: None if typed.done() else typed.set_result(text))

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    return await typed


def _moves() -> bool:
    if os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ or "ANSICON" in os.environ


def _spelled(letter: str) -> str:
    return " " if letter == "\t" else letter.encode("unicode_escape").decode()
