"""S38, S39, B51: which files a step can touch, and what it hears where it cannot."""

import contextlib
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from app.runs.world.files import Files
from app.runs.world.paths import Places, _names
from nodes import NodeError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def files(tmp_path: Path, home: Path) -> Files:
    return Files(Places(home / ".local/share/weft", home, [tmp_path / "program"]), largest=1000)


def write(files: Files, path: str, content: bytes = b"new", *, append: bool = False) -> Path:
    return Path(files.write(files.find(path, write=True), content, append=append))


def read(files: Files, path: str) -> bytes:
    return files.read(files.find(path, write=False))


def refusal(files: Files, path: str, *, to_write: bool = False) -> str:
    with pytest.raises(NodeError) as caught:
        write(files, path) if to_write else read(files, path)
    return caught.value.what


def everything(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if not each.is_dir()}


def test_a_relative_path_lies_in_the_files_folder(files: Files) -> None:
    assert write(files, "notes/./today.md") == files.places.files / "notes" / "today.md"
    assert read(files, "notes/today.md") == b"new"


def test_a_tilde_is_the_home_folder_and_folders_are_made(files: Files, home: Path) -> None:
    assert write(files, "~/Reports/2026/a.md") == home / "Reports" / "2026" / "a.md"
    assert read(files, str(home / "Reports/2026/a.md")) == b"new"


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "..", "..\\x", "C:\\x", "C:x", "\\\\host\\share\\x", "//host/x", "/\\host\\x", "\\\\?\\C:\\x",
     "x\0.txt", "a\nb.txt", "a\x7f", "\ud800", "CON", "con.txt", "NUL.txt", "sub/COM1", "lpt¹.log", "name.", "name ",
     "sub./x", "x" * 300, "/".join(["y" * 100] * 60), "", "  ", ".", "./", "/../etc/passwd", "~/../../x"],
)  # fmt: skip
@pytest.mark.parametrize("to_write", [True, False])
def test_a_path_that_leads_elsewhere_is_refused_and_nothing_is_written(
    files: Files, tmp_path: Path, path: str, to_write: bool
) -> None:
    before = everything(tmp_path)
    assert refusal(files, path, to_write=to_write).endswith(".")
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    "path", ["%2e%2e%2fx", "\uff0e\uff0e\uff0fx", "a.txt:stream", "~someone/x", "...x", "-rf", "日本.txt", ".bashrc"]
)
def test_a_strange_name_is_a_name_in_the_files_folder(files: Files, path: str) -> None:
    assert write(files, path).is_relative_to(files.places.files)


@pytest.mark.parametrize("path", ["\\\\host\\share\\x", "//host/x", "\\/host/x"])
def test_a_network_path_is_refused_before_the_disk_is_looked_at(
    files: Files, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_at(*_: object, **__: object) -> str:
        raise AssertionError("the disk was looked at")

    monkeypatch.setattr(os.path, "realpath", looked_at)
    with pytest.raises(NodeError, match="is on the network"):
        files.places.find(path, write=False)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("C:\\Users\\a\\x.txt", ["C:", "Users", "a", "x.txt"]),
        ("c:/x", ["c:", "x"]),
        ("sub\\x.txt", ["sub", "x.txt"]),
        ("~\\x.txt", ["~", "x.txt"]),
    ],
)
def test_windows_paths_are_read_on_windows(path: str, names: list[str]) -> None:
    assert _names(path, windows=True) == names


@pytest.mark.parametrize(
    "path",
    ["C:x", "\\x", "/x", "\\\\host\\x", "\\\\.\\pipe\\x", "a.txt:stream", "C:\\a.txt:stream", "C:\\NUL", "C:\\a\\aux.h",
     "C:\\a.", "C:\\..\\x", "a?b", "CONIN$"],
)  # fmt: skip
def test_windows_paths_that_lie_are_refused_on_windows(path: str) -> None:
    with pytest.raises(NodeError):
        _names(path, windows=True)


@pytest.mark.parametrize(
    "path",
    ["~/.bashrc", "~/.ssh/authorized_keys", "~/.config/autostart/x.desktop", "~/Library/LaunchAgents/x.plist",
     "~/project/.git/hooks/post-commit", "~/project/.GIT/config", "~/project/.env", "~/project/.env.local", ".git/x",
     "~/.local/share/weft/weft.db", "~/.local/share/weft/config.toml", "~/.local/share/weft/nodes/mine.py",
     "~/.LOCAL/x", "/etc/cron.d/x", "/usr/lib/x", "/proc/sys/x"],
)  # fmt: skip
def test_what_starts_programs_or_belongs_to_one_is_not_written(files: Files, tmp_path: Path, path: str) -> None:
    before = everything(tmp_path)
    assert "No step may touch" in (said := refusal(files, path, to_write=True)) or "door into the system" in said
    assert everything(tmp_path) == before


def test_the_programs_own_files_are_not_written(files: Files, tmp_path: Path) -> None:
    import app

    assert "part of an installed program" in refusal(files, str(tmp_path / "program" / "x.py"), to_write=True)
    with pytest.raises(NodeError, match="part of an installed program"):
        Places(tmp_path).find(app.__file__, write=True)


def test_wefts_own_folder_is_not_read_either(files: Files, home: Path) -> None:
    own = home / ".local/share/weft/weft.db"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"secret")
    assert "belongs to Weft itself" in refusal(files, str(own))


def test_a_link_out_of_the_files_folder_is_refused(files: Files, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_bytes(b"secret")
    files.find("x", write=False)
    (files.places.files / "link").symlink_to(outside)
    (files.places.files / "file").symlink_to(outside / "x")
    for path in ("link/x", "file"):
        assert "is a link that leads out" in refusal(files, path)
        assert "is a link that leads out" in refusal(files, path, to_write=True)
    assert (outside / "x").read_bytes() == b"secret"


def test_a_link_into_wefts_own_folder_is_seen_through(files: Files, home: Path) -> None:
    (home / "innocent").symlink_to(home / ".local/share/weft")
    assert "belongs to Weft itself" in refusal(files, "~/innocent/weft.db", to_write=True)
    (home / "also").symlink_to(home / ".bashrc")
    assert "keep their settings" in refusal(files, "~/also", to_write=True)


def test_a_folder_beside_with_a_longer_name_is_another_folder(files: Files) -> None:
    beside = Path(f"{files.places.files}2")
    assert "belongs to Weft itself" in refusal(files, str(beside / "x"), to_write=True)


def test_a_link_put_there_after_the_check_is_not_followed(files: Files, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_bytes(b"secret")
    write(files, "a/x")
    spots = files.find("a/x", write=False), files.find("a/x", write=True)
    (files.places.files / "a").rename(files.places.files / "b")
    (files.places.files / "a").symlink_to(outside)
    with pytest.raises(NodeError):
        files.read(spots[0])
    with pytest.raises(NodeError):
        files.write(spots[1], b"new")
    (files.places.files / "a").unlink()
    (files.places.files / "a").mkdir()
    (files.places.files / "a/x").symlink_to(outside / "x")
    with pytest.raises(NodeError, match="replaced by a link"):
        files.read(spots[0])
    with pytest.raises(NodeError, match="replaced by a link"):
        files.write(spots[1], b"new")
    assert {each: each.read_bytes() for each in outside.iterdir()} == {outside / "x": b"secret"}


def test_a_link_swapped_all_the_time_never_leads_out(files: Files, tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", files.places.files / "a"
    outside.mkdir()
    (outside / "x").write_bytes(b"secret")
    write(files, "b/x", b"inside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            # A step that writes may have made the folder anew.
            with contextlib.suppress(OSError):
                inside.symlink_to(outside)
                inside.unlink()
                (files.places.files / "b").rename(inside)
                inside.rename(files.places.files / "b")

    swapping = threading.Thread(target=swap)
    swapping.start()
    seen: set[bytes] = set()
    try:
        for _ in range(300):
            try:
                seen.add(read(files, "a/x"))
                write(files, "a/x", b"inside")
            except NodeError:
                continue
    finally:
        stop.set()
        swapping.join()
    assert seen <= {b"inside"}
    assert everything(outside) == {"x"}
    assert (outside / "x").read_bytes() == b"secret"


@pytest.mark.parametrize("append", [True, False])
def test_the_other_name_of_a_file_keeps_what_it_had(files: Files, tmp_path: Path, append: bool) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"old")
    files.find("x", write=False)
    os.link(outside, files.places.files / "x")
    write(files, "x", append=append)
    assert outside.read_bytes() == b"old"
    assert read(files, "x") == (b"oldnew" if append else b"new")


def test_appending_adds_at_the_end_also_from_many_threads(files: Files) -> None:
    threads = [
        threading.Thread(target=write, args=(files, "log", b"line\n"), kwargs={"append": True}) for _ in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert read(files, "log") == b"line\n" * 20


def test_a_file_keeps_its_mode_and_nothing_is_left_beside_it(files: Files) -> None:
    path = write(files, "x")
    path.chmod(0o640)
    write(files, "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert everything(files.places.files) == {"x"}


def test_what_a_killed_studio_left_half_written_is_swept(files: Files) -> None:
    files.find("x", write=False)
    old, fresh = (files.places.files / f".weft-half-{name}" for name in ("old", "fresh"))
    for each in (old, fresh):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))
    write(files, "x")
    assert everything(files.places.files) == {"x", fresh.name}


def test_what_is_too_large_is_refused(files: Files) -> None:
    assert "is larger than" in refusal_of_write(files, b"x" * 1001)
    (files.places.files).mkdir(parents=True, exist_ok=True)
    (files.places.files / "big").write_bytes(b"x" * 1001)
    assert "is larger than" in refusal(files, "big")
    write(files, "log", b"x" * 600)
    with pytest.raises(NodeError, match="is larger than"):
        write(files, "log", b"x" * 600, append=True)
    assert read(files, "log") == b"x" * 600


def refusal_of_write(files: Files, content: bytes) -> str:
    with pytest.raises(NodeError) as caught:
        write(files, "x", content)
    return caught.value.what


def test_only_regular_files_are_read_and_written(files: Files, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "empty").write_bytes(b"")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
        for name in ("pipe", "socket"):
            assert "is not a file but a device or a pipe" in refusal(files, str(folder / name))
            assert "is not a file but a device or a pipe" in refusal(files, str(folder / name), to_write=True)
    assert refusal(files, str(folder)) == f"{folder} is a folder."
    assert refusal(files, str(folder), to_write=True) == f"{folder} is a folder."
    assert read(files, str(folder / "empty")) == b""


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/proc/kcore", "/proc/self/environ", "/sys/kernel/notes"])
def test_doors_into_the_system_are_no_files(files: Files, path: str) -> None:
    assert refusal(files, path).endswith("is not a file but a door into the system.")


def test_each_trouble_has_its_sentence(files: Files, tmp_path: Path) -> None:
    assert refusal(files, "none.txt") == "There is no file `none.txt`."
    write(files, "x")
    assert refusal(files, "x/y", to_write=True).endswith("lies in something that is not a folder.")
    protected = write(files, "protected")
    protected.chmod(0o444)
    assert refusal(files, "protected", to_write=True).endswith("is write-protected.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a system with /dev/full")
def test_a_full_disk_leaves_the_old_file(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(files, "x", b"old")

    def full(_: int) -> None:
        with open("/dev/full", "wb", buffering=0) as disk:
            disk.write(b"x")

    monkeypatch.setattr(os, "fsync", full)
    assert refusal(files, "x", to_write=True).endswith("could not be written because the disk is full.")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert everything(files.places.files) == {"x"}
