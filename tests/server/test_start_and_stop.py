"""The server starts where it can, says so in a sentence, and is gone within five seconds of being told to stop."""

import asyncio
import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.server.lag import LoopLag
from app.server.listen import listen
from app.server.memory import kept_secret
from app.server.window import invitation, opened
from tests.server.started import PROJECT, Studio, started
from tests.server.wire import opening, socket_path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals and modes")


def seconds_to_stop(studio: Studio, number: int) -> float:
    asked = time.monotonic()
    studio.process.send_signal(number)
    studio.process.wait(timeout=10)
    return time.monotonic() - asked


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_r30_it_stops_cleanly_with_a_window_open(tmp_path: Path, number: int) -> None:
    with started(tmp_path) as running:
        page = running.get("/", f"Cookie: {running.cookie}").text
        async with opening(running.port, socket_path(page), origin=running.url, cookie=running.cookie):
            assert await asyncio.to_thread(seconds_to_stop, running, number) < 3
    assert running.process.returncode == 0
    assert running.ledger == ["started", "stopped"]
    assert len(running.said) == 1


@POSIX
def test_whatever_hangs_it_is_gone_within_five_seconds(tmp_path: Path) -> None:
    """Three at once, since each takes all the time it has."""
    cut_short = "Weft was not done after 3 s of stopping; it ends now and goes on at the next start.\n"
    ended = "Weft did not stop in time and was ended; it goes on where it was at the next start.\n"
    hanging = {"--stop-takes": (0, cut_short), "--thread-hangs": (1, ended), "--loop-blocks": (1, ended)}
    with contextlib.ExitStack() as stack:
        studios = {}
        for option in hanging:
            folder = tmp_path / option
            folder.mkdir()
            studios[option] = stack.enter_context(started(folder, option, "60"))
        time.sleep(0.5)
        asked = time.monotonic()
        for running in studios.values():
            running.process.terminate()
        for running in studios.values():
            running.process.wait(timeout=10)
        took = time.monotonic() - asked
    assert {option: (it.process.returncode, it.said[-1]) for option, it in studios.items()} == hanging
    assert {option: it.ledger for option, it in studios.items()} == {
        "--stop-takes": ["started"],
        "--thread-hangs": ["started", "stopped"],
        "--loop-blocks": ["started"],
    }
    assert took < 5


def test_what_the_start_raises_reaches_the_caller(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "tests.server.tiny", str(tmp_path), "--start-fails"]
    done = subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "ValueError: The practice disk is full."
    assert done.stderr.count("Traceback") == 1


def test_it_leaves_nothing_where_it_was_started(tmp_path: Path) -> None:
    folder, cwd = tmp_path / "folder", tmp_path / "cwd"
    folder.mkdir()
    cwd.mkdir()
    with started(folder, cwd=cwd) as running:
        assert running.get("/", f"Cookie: {running.cookie}").status == 200
    assert list(cwd.iterdir()) == []
    assert sorted(path.name for path in folder.iterdir()) == ["ledger", "link", "session.secret", "window"]


def test_a_taken_port_gives_the_next_one() -> None:
    with listen(0) as first:
        wanted: int = first.getsockname()[1]
        with listen(wanted) as second:
            address: tuple[str, int] = second.getsockname()
            assert address[0] == "127.0.0.1"
            assert wanted < address[1] < wanted + 20


def test_the_last_ports_are_no_trap() -> None:
    with listen(65535) as first, listen(65535) as second:
        assert first.getsockname() != second.getsockname()


def test_the_sentence_says_where_weft_is() -> None:
    link = "http://127.0.0.1:8429/?t=x"
    assert invitation(link, in_window=False, moved_from=8428) == (
        "Port 8428 was taken, so this is another one. "
        "Weft is ready: open http://127.0.0.1:8429/?t=x in your browser (Ctrl+C stops Weft)."
    )
    assert invitation(link, in_window=True, moved_from=None) == (
        "Weft is open in your browser; if no window came up, open http://127.0.0.1:8429/?t=x (Ctrl+C stops Weft)."
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_no_browser_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not opened("http://127.0.0.1:8428/")


def test_the_secret_is_made_once_and_mended_when_it_was_cut_short(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path)
    assert len(secret) == 43
    assert kept_secret(tmp_path) == secret
    (tmp_path / "session.secret").write_text("cut")
    mended = kept_secret(tmp_path)
    assert (len(mended), mended == secret) == (43, False)


@POSIX
def test_s60_what_it_writes_is_closed_to_other_users(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with started(tmp_path):
            modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("session.secret", "window")}
    finally:
        os.umask(before)
    assert modes == {"session.secret": 0o600, "window": 0o700}


async def test_the_longest_block_of_the_loop_is_known(caplog: pytest.LogCaptureFixture) -> None:
    lag = LoopLag()
    watching = asyncio.create_task(lag.watch())
    await asyncio.sleep(0.1)
    time.sleep(0.4)  # noqa: ASYNC251 - blocking is what is measured
    await asyncio.sleep(0.1)
    watching.cancel()
    assert 0.3 < lag.longest < 2
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("ms: something held up the event loop.")
    lag.forget()
    assert lag.longest == 0.0


def test_the_socket_is_closed_to_the_network() -> None:
    with listen(0) as own:
        assert own.family == socket.AF_INET
        assert own.getsockname()[0] == "127.0.0.1"
