"""A really started server process, and raw requests to it that no client library would send."""

import contextlib
import http.cookies
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TINY = ("-m", "tests.server.tiny")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    def header(self, name: str) -> str | None:
        return next((value for given, value in self.headers if given == name), None)


class Studio:
    """A running studio, known by the link it printed."""

    def __init__(self, process: subprocess.Popen[str], said: list[str], folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.said = said
        self.first_link = _link(said, process)
        self.port = int(self.first_link.split(":")[2].split("/")[0])
        self.here = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.here}"
        self._cookie: str | None = None

    @property
    def link(self) -> str:
        """The current, unused link."""
        kept = self.folder / "link"
        return kept.read_text(encoding="utf-8") if kept.exists() else self.first_link

    @property
    def cookie(self) -> str:
        """A valid cookie, as a browser would send it."""
        if self._cookie is None:
            self._cookie = cookie_from(self.get(path_of(self.link)))
        return self._cookie

    @property
    def ledger(self) -> list[str]:
        return (self.folder / "ledger").read_text(encoding="utf-8").splitlines()

    def get(self, path: str, *headers: str, host: str | None = None) -> Reply:
        return self.ask("GET", path, *headers, host=host)

    def ask(self, method: str, path: str, *headers: str, host: str | None = None, body: bytes = b"") -> Reply:
        """One request with exactly these header lines; `Host` is the right one if none is given."""
        lines = [f"Host: {self.here}" if host is None else host, *headers]
        if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
            lines.append(f"Content-Length: {len(body)}")
        return self.send(f"{method} {path} HTTP/1.1", *(line for line in lines if line), body=body)

    def send(self, *lines: str, body: bytes = b"") -> Reply:
        """These lines, byte for byte."""
        request = "\r\n".join((*lines, "Connection: close", "", "")).encode("latin-1") + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            return _reply(_everything(connection))


@contextlib.contextmanager
def started(folder: Path, *options: str, command: Sequence[str] = TINY, cwd: Path = PROJECT) -> Iterator[Studio]:
    """A studio of its own process, gone again afterwards."""
    arguments = (str(folder), *options) if command is TINY else options
    process = subprocess.Popen(
        [sys.executable, *command, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "WEFT_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    assert process.stdout is not None
    listening = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)
    listening.start()
    try:
        yield Studio(process, said, folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        listening.join()
        process.stdout.close()


def path_of(link: str) -> str:
    return link[link.index("/", len("http://")) :]


def token_of(link: str) -> str:
    return link.partition("?t=")[2]


def cookie_from(reply: Reply) -> str:
    crumbs = http.cookies.SimpleCookie(reply.header("set-cookie"))
    return "; ".join(f"{name}={crumb.value}" for name, crumb in crumbs.items())


def _link(said: list[str], process: subprocess.Popen[str]) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\?t=[\w-]+", "".join(said)):
            return found.group()
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise AssertionError(f"The studio did not start; it said: {''.join(said)}")


def _everything(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            received += piece
    return received


def _reply(raw: bytes) -> Reply:
    head, _, body = raw.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Reply(int(first.split()[1]), tuple((name.lower(), value) for name, _, value in pairs), body)
