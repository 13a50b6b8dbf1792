"""The doctor says in sentences what works here, and with its exit status whether that is enough."""

import json
import os
import subprocess
import sys
from pathlib import Path

from app.setup import ROOT


def doctor(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "doctor", *args],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_says_what_works_here(tmp_path: Path) -> None:
    done = doctor("--json", WEFT_HOME=str(tmp_path))
    report = json.loads(done.stdout)
    found = {finding["topic"]: finding for finding in report["findings"]}
    assert (done.returncode, report["ok"]) == (0, True), done.stdout
    assert found["Browser"]["works"]
    assert "starts and opens a page" in found["Browser"]["says"]
    assert f"{tmp_path} can be written to" in found["Data folder"]["says"]
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_is_essential_and_a_browser_is_not(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    done = doctor(WEFT_HOME=str(in_the_way / "inside"), WEFT_BROWSER=str(tmp_path / "no-browser"))
    assert done.returncode == 1, done.stdout
    assert "✗ Data folder" in done.stdout
    assert "! Browser" in done.stdout
    assert "Weft cannot run here yet" in done.stdout
    assert "Traceback" not in done.stderr

    assert doctor(WEFT_HOME=str(tmp_path), WEFT_BROWSER=str(tmp_path / "no-browser")).returncode == 0
