"""Copying to the clipboard, and what is too much for it as a file."""

from __future__ import annotations

import asyncio

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr

CLIPBOARD = 1_000_000
"""Characters that are copied; more is handed over as a file."""


async def copy_text(text: str) -> None:
    """Copy a short text, and say what was copied."""
    await _copied(text, tr("Copied: {text}", text=text))


async def copy_value(label: str, value: Json) -> None:
    """Copy a text as it is and everything else as JSON."""
    text = value if isinstance(value, str) else await asyncio.to_thread(_whole, value)
    if len(text) <= CLIPBOARD:
        await _copied(text, tr("Copied."))
    else:
        ui.download.content(text, f"{label}.txt" if isinstance(value, str) else f"{label}.json")
        ui.notify(tr("This is too much for the clipboard, so it is downloaded as a file."))


async def _copied(text: str, words: str) -> None:
    """Say so once it is on the clipboard, or that the browser keeps that to itself."""
    written = f"return navigator.clipboard.writeText({orjson.dumps(text).decode()}).then(() => true, () => false)"
    if await ui.run_javascript(written, timeout=5):
        ui.notify(words)
    else:
        ui.notify(tr("The browser did not let this be copied."), type="negative")


def _whole(value: Json) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
