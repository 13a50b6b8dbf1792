"""A ledger of effects in a process of its own: what reached it is on its disk before it answers, whoever dies."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app.setup import ROOT


@dataclass(frozen=True)
class Entry:
    """One effect that arrived: its name, the key it came with, and what was sent."""

    name: str
    key: str
    method: str
    body: str
    at: float


@dataclass(frozen=True)
class Fault:
    """What the ledger does to the next effect after it has written it down."""

    status: int = 200
    delay: float = 0
    reset: bool = False
    retry_after: str = ""


class Ledger:
    """Starts the process, tells it how to misbehave, and reads the truth back."""

    def __init__(self, folder: Path, port: int = 0, pace: float = 0) -> None:
        self.file = folder / "ledger.jsonl"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ledger", str(self.file), str(port), str(pace)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def entries(self) -> list[Entry]:
        """Everything that arrived, in order."""
        return entries(self.file)

    def names(self) -> list[str]:
        """What arrived, by name."""
        return [entry.name for entry in self.entries()]

    def counts(self) -> Counter[str]:
        """How often each effect arrived."""
        return Counter(self.names())

    def next(self, *faults: Fault) -> None:
        """Do this to the effects that come now, one after the other; then behave."""
        body = json.dumps([vars(fault) for fault in faults]).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/faults", body, method="PUT"), timeout=10).close()

    def until(self, name: str, within: float = 30.0) -> Entry:
        """The entry of this name, once it is there."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if found := next((entry for entry in self.entries() if entry.name == name), None):
                return found
            time.sleep(0.01)
        raise AssertionError(f"“{name}” did not arrive; there is {self.names()}")

    def close(self) -> None:
        """End the process; what it has written stays."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def entries(file: Path) -> list[Entry]:
    """What the file of a ledger says; a line that is being written just now is left out."""
    if not file.exists():
        return []
    return [Entry(**json.loads(line)) for line in file.read_text("utf-8").splitlines(True) if line.endswith("\n")]


class _Book:
    """The file, and what is to go wrong next."""

    def __init__(self, path: str, pace: float) -> None:
        self._pace = pace
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._turn = threading.Lock()
        self.faults: list[dict[str, Any]] = []

    def write(self, entry: Entry) -> Fault:
        with self._turn:
            os.write(self._handle, (json.dumps(vars(entry)) + "\n").encode())
            os.fsync(self._handle)
            return Fault(**self.faults.pop(0)) if self.faults else Fault(delay=self._pace)


def _handler(book: _Book) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            if self.path == "/faults":
                book.faults = json.loads(self._body())
                self._answer(200)
            else:
                self._effect()

        def do_POST(self) -> None:
            self._effect()

        do_GET = do_PATCH = do_DELETE = do_POST

        def _effect(self) -> None:
            name = self.path.rpartition("/")[2]
            key = self.headers.get("Idempotency-Key", "")
            fault = book.write(Entry(name, key, self.command, self._body().decode(), time.time()))
            time.sleep(fault.delay)
            if fault.reset:
                # No time to linger: the other side sees a reset instead of an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            self._answer(fault.status, fault.retry_after)

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _answer(self, status: int, retry_after: str = "") -> None:
            body = b'{"taken": true}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
                return  # Whoever asked was killed meanwhile, or the ledger has hung up on it.

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

    return Handler


def main() -> None:
    """`python -m tests.faults.ledger FILE PORT PACE`; says its port on the first line."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), _handler(_Book(sys.argv[1], float(sys.argv[3]))))
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
