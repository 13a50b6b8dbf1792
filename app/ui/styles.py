"""The look of every page as one stylesheet, put together from the files of the theme."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Response

THEME = Path(__file__).parents[2] / "assets" / "theme"
SHEETS = (
    "reset",
    "tokens",
    "frame",
    "buttons",
    "cards",
    "forms",
    "expressions",
    "panels",
    "floating",
    "editor",
    "steps",
    "pages",
    "storage",
    "inbox",
    "versions",
    "run_panel",
    "commands",
    "together",
    "first_use",
    "data",
    "narrow",
)
"""In the order in which a later one may override an earlier one."""


@cache
def styles() -> str:
    """All of the theme."""
    return "".join((THEME / f"{sheet}.css").read_text(encoding="utf-8") for sheet in SHEETS)


@cache
def link() -> str:
    """The element that a page's head needs; its address changes with the theme, so that browsers may keep it."""
    return f'<link rel="stylesheet" href="/theme.css?{hashlib.sha256(styles().encode()).hexdigest()[:12]}">'


def answer() -> Response:
    """The stylesheet as it is sent."""
    return Response(styles(), media_type="text/css", headers={"Cache-Control": "private, max-age=31536000, immutable"})
