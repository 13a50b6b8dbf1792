"""What happens to a file that a page offers: refused, or kept in the folder that was given for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from app.browser.notices import Notice, Report

if TYPE_CHECKING:
    from playwright.async_api import Download

LONGEST = 150
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def refuse(download: Download) -> Notice:
    name = file_name(download.suggested_filename)
    return Notice("download", f"The page offered the file “{name}”, which was not taken.", download.url)


async def save(download: Download, folder: Path, report: Report) -> None:
    """Keep the file, under a name that is new in the folder and means nothing outside it."""
    from playwright.async_api import Error

    name = file_name(download.suggested_filename)
    path = folder / name
    number = 2
    while path.exists():
        path = folder / f"{Path(name).stem} {number}{Path(name).suffix}"
        number += 1
    try:
        await download.save_as(path)
        report(Notice("download", f"The file “{path.name}” was downloaded.", str(path)))
    except Error as error:
        report(Notice("download", f"The file “{name}” could not be downloaded: {error.message.splitlines()[0]}", name))


def file_name(offered: str) -> str:
    """The offered name without anything that is a path, a device or a trick."""
    name = re.split(r"[/\\]", offered)[-1]
    name = re.sub(r'[\x00-\x1f<>:"|?*\u202a-\u202e\u2066-\u2069]', "", name).strip(". ")
    if not name or RESERVED.match(name):
        name = f"file {name}".strip()
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= LONGEST else f"{stem[: LONGEST - 20]}{dot}{ending[:15]}"
