import hashlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.artifacts import Artifacts
from app.store.trouble import StoreTrouble


def test_content_is_kept_once_under_its_hash_for_its_owner_alone(tmp_path: Path) -> None:
    files = Artifacts(tmp_path / "artifacts")
    shas = [files.save(b"a picture"), files.save(b"a picture"), files.save(b"")]
    assert shas == [hashlib.sha256(content).hexdigest() for content in (b"a picture", b"a picture", b"")]
    assert [files.read(sha) for sha in shas] == [b"a picture", b"a picture", b""]
    kept = [path for path in files.root.rglob("*") if path.is_file()]
    assert sorted(kept) == sorted({files.path(sha) for sha in shas})
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/x", "a" * 65])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is not a sha256"):
        Artifacts(tmp_path).path(name)


def test_a_lost_or_changed_file_is_said(tmp_path: Path) -> None:
    files = Artifacts(tmp_path)
    sha = files.save(b"result")
    files.path(sha).write_bytes(b"other")
    with pytest.raises(StoreTrouble, match=r"was changed\. Run the step again"):
        files.read(sha)
    files.path(sha).unlink()
    with pytest.raises(StoreTrouble, match=r"is gone\. Run the step again"):
        files.read(sha)


def test_killed_while_writing_leaves_no_half_file_under_a_name(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from app.store.artifacts import Artifacts;"
        "Artifacts(Path(sys.argv[1])).save(b'x' * 100_000)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"WEFT_FAILPOINT": "artifact.half_written"},
        check=False,
    )
    assert ran.returncode == -9
    assert [path.name.startswith(".half-") for path in tmp_path.iterdir()] == [True]
    files = Artifacts(tmp_path)
    files.sweep()
    assert len(list(tmp_path.iterdir())) == 1
    files.sweep(older_than=-1)
    assert list(tmp_path.iterdir()) == []
    assert files.read(files.save(b"x" * 100_000)) == b"x" * 100_000
