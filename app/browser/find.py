"""Which browsers are on this computer. Only looks at the disk; whether one works is said by `check`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """A browser that may work: its program, and the words a person knows it by."""

    path: Path
    name: str
    chosen: bool = False


ON_PATH = (
    ("google-chrome-stable", "Google Chrome"),
    ("google-chrome", "Google Chrome"),
    ("microsoft-edge-stable", "Microsoft Edge"),
    ("microsoft-edge", "Microsoft Edge"),
    ("chromium", "Chromium"),
    ("chromium-browser", "Chromium"),
)
LINUX = (
    ("/opt/google/chrome/chrome", "Google Chrome"),
    ("/opt/microsoft/msedge/msedge", "Microsoft Edge"),
    ("/usr/lib/chromium/chromium", "Chromium"),
    ("/snap/bin/chromium", "Chromium"),
)
MAC = (
    ("Google Chrome.app/Contents/MacOS/Google Chrome", "Google Chrome"),
    ("Microsoft Edge.app/Contents/MacOS/Microsoft Edge", "Microsoft Edge"),
    ("Chromium.app/Contents/MacOS/Chromium", "Chromium"),
)
WINDOWS = (
    ("Google/Chrome/Application/chrome.exe", "Google Chrome"),
    ("Microsoft/Edge/Application/msedge.exe", "Microsoft Edge"),
    ("Chromium/Application/chrome.exe", "Chromium"),
)


def found(setting: Path | None = None) -> list[Found]:
    """The browsers to try, best first. One that a person chose is the only one."""
    if chosen := os.environ.get("WEFT_BROWSER"):
        return [Found(Path(os.path.expanduser(chosen)), "The browser in WEFT_BROWSER", chosen=True)]
    if setting:
        return [Found(setting, "The browser in the settings", chosen=True)]
    seen: dict[Path, Found] = {}
    for browser in (*_playwrights_own(), *_installed()):
        if browser.path.is_file() and os.access(browser.path, os.X_OK):
            seen.setdefault(browser.path.resolve(), browser)
    return list(seen.values())


def _playwrights_own() -> Iterator[Found]:
    """What `playwright install` put there: first, because it is the version Playwright was made for."""
    import json

    package = importlib.util.find_spec("playwright")
    if not package or not package.origin:
        return
    driver = Path(package.origin).parent / "driver" / "package"
    try:
        browsers = json.loads((driver / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    except OSError:
        return
    revision = next((each["revision"] for each in browsers if each["name"] == "chromium"), None)
    names = ("chrome", "chrome.exe", "Google Chrome for Testing", "Chromium")
    for folder in sorted(_download_folder(driver).glob(f"chromium-{revision}/*")):
        inside = folder.glob("*.app/Contents/MacOS/*") if sys.platform == "darwin" else folder.iterdir()
        for program in inside if folder.is_dir() else ():
            if program.name in names:
                yield Found(program, "Playwright's Chromium")


def _download_folder(driver: Path) -> Path:
    elsewhere = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if elsewhere == "0":
        return driver / ".local-browsers"
    if elsewhere:
        return Path(elsewhere)
    if sys.platform == "darwin":
        return Path(os.path.expanduser("~/Library/Caches/ms-playwright"))
    if sys.platform == "win32":
        return Path(os.path.expanduser(os.environ.get("LOCALAPPDATA", "~/AppData/Local"))) / "ms-playwright"
    return Path(os.path.expanduser(os.environ.get("XDG_CACHE_HOME") or "~/.cache")) / "ms-playwright"


def _installed() -> Iterator[Found]:
    for command, name in ON_PATH:
        if place := shutil.which(command):
            yield Found(Path(place), name)
    if sys.platform == "darwin":
        yield from (Found(root / path, name) for path, name in MAC for root in _mac_roots())
    elif sys.platform == "win32":
        yield from (Found(root / path, name) for path, name in WINDOWS for root in _windows_roots())
    else:
        yield from (Found(Path(path), name) for path, name in LINUX)


def _mac_roots() -> tuple[Path, ...]:
    return Path("/Applications"), Path(os.path.expanduser("~/Applications"))


def _windows_roots() -> list[Path]:
    names = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    return [Path(os.environ[name]) for name in names if os.environ.get(name)]
