"""The browsers on a computer are found by looking at its disk, and that is quick."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.browser import mark
from app.browser.check import plainly, working
from app.browser.find import Found, found
from app.browser.install import ensure
from app.setup import ROOT


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_chosen_browser_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "mine"
    assert found(chosen) == [Found(chosen, "The browser in the settings", chosen=True)]
    monkeypatch.setenv("WEFT_BROWSER", str(chosen))
    assert found() == [Found(chosen, "The browser in WEFT_BROWSER", chosen=True)]
    assert ensure() is None  # Nor is another one installed in its place.


@pytest.mark.skipif(sys.platform != "linux", reason="The folders are those of Linux.")
def test_playwrights_own_comes_first_then_what_is_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    import playwright

    listed = Path(playwright.__file__).parent / "driver/package/browsers.json"
    revision = next(
        each["revision"] for each in json.loads(listed.read_text())["browsers"] if each["name"] == "chromium"
    )
    own = program(tmp_path / f"cache/chromium-{revision}/chrome-linux64/chrome")
    program(tmp_path / "cache/chromium-1/chrome-linux64/chrome")
    edge = program(tmp_path / "bin/microsoft-edge")
    monkeypatch.delenv("WEFT_BROWSER", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert found()[:2] == [Found(own, "Playwright's Chromium"), Found(edge, "Microsoft Edge")]


def test_looking_costs_a_start_next_to_nothing() -> None:
    code = "import time; t = time.process_time(); from app.browser.find import found; found()"
    command = [sys.executable, "-c", f"{code}; print(time.process_time() - t)"]
    times = [
        float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout) for _ in range(3)
    ]
    assert min(times) < 0.05


async def test_a_studio_that_starts_meanwhile_leaves_the_browser_alone_that_is_being_tried() -> None:
    trying = asyncio.create_task(asyncio.to_thread(working))
    while not trying.done():
        await asyncio.to_thread(mark.end_leftovers)
    works, in_vain = await trying
    assert works is not None, in_vain


def test_a_browser_counts_only_once_it_was_seen_working() -> None:
    works, _ = working()
    assert works is not None
    assert works.version.split(".")[0].isdigit()

    false = Path(os.path.realpath("/bin/false"))
    works, in_vain = working(false)
    assert works is None
    assert [tried.browser.path for tried in in_vain] == [false]
    assert in_vain[0].why_not


def test_why_a_browser_did_not_start_is_said_plainly() -> None:
    said = "chrome: error while loading shared libraries: libnss3.so: cannot open shared object file"
    assert plainly(said) == "It lacks a system library (libnss3.so)."
