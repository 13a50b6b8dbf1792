import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.home import home, room
from app.store.lock import AlreadyOpen, StudioLock
from app.store.trouble import StoreTrouble

HOLD = """
import sys, time
from pathlib import Path
from app.store.lock import StudioLock
lock = StudioLock(Path(sys.argv[1]))
lock.tell("http://127.0.0.1:4711/")
print("held", flush=True)
time.sleep(60)
"""


def test_the_data_folder_is_made_where_weft_home_says_and_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "deep" / "weft"))
    assert home() == tmp_path / "deep" / "weft"
    assert room("logs") == tmp_path / "deep" / "weft" / "logs"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home(), room("logs"))] == [0o700, 0o700]


def test_without_weft_home_it_is_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEFT_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home().name == "weft"
    assert home().is_relative_to(tmp_path)


def test_a_file_in_the_place_of_the_data_folder_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weft").write_text("I am a file")
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "weft"))
    with pytest.raises(StoreTrouble, match=r"may not write to .*weft"):
        home()


def test_a_second_studio_learns_where_the_first_is_open(tmp_path: Path) -> None:
    with StudioLock(tmp_path) as first:
        with pytest.raises(AlreadyOpen, match="already starting"):
            StudioLock(tmp_path)
        first.tell("http://127.0.0.1:8123/")
        with pytest.raises(AlreadyOpen, match=r"Weft is already open at http://127\.0\.0\.1:8123/$"):
            StudioLock(tmp_path)
    StudioLock(tmp_path).release()


def test_a_killed_studio_leaves_no_lock_behind(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyOpen, match="4711"):
            StudioLock(tmp_path)
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with StudioLock(tmp_path), pytest.raises(AlreadyOpen, match="already starting"):
            StudioLock(tmp_path)
