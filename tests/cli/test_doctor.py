"""The doctor says in sentences what works here, and with its exit status whether that is enough."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from app.setup import ROOT
from app.store.connections import Connections
from app.store.database import Database
from app.store.lock import StudioLock


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
    assert found["Models"]["says"].startswith("No model is connected yet")
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


async def test_it_looks_into_the_database_and_tests_every_model(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    database = Database(tmp_path / "weft.db")
    await database.open()
    await Connections(database).add(name="At home", provider="compatible", base_url=f"http://127.0.0.1:{port}/v1")
    await database.close()

    report = json.loads(doctor("--json", WEFT_HOME=str(tmp_path)).stdout)
    found = {finding["topic"]: finding for finding in report["findings"]}
    assert report["ok"]
    assert found["Database"]["says"] == f"{tmp_path / 'weft.db'} opens and is up to date."
    assert (found["Models"]["works"], found["Models"]["essential"]) == (False, False)
    assert found["Models"]["says"].startswith("At home: ")
    assert found["Models"]["mend"]

    with StudioLock(tmp_path) as lock:
        lock.tell("http://127.0.0.1:8428/")
        done = doctor(WEFT_HOME=str(tmp_path))
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "Weft is already open at http://127.0.0.1:8428/; its Keys page tests each model." in said


def test_a_damaged_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "weft.db").write_bytes(b"not a database at all" * 100)
    done = doctor(WEFT_HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗ Database" in done.stdout
    assert "Use `weft doctor --start-afresh`." in " ".join(done.stdout.split())
