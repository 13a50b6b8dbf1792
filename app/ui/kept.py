"""Hands out the files that runs have kept: pictures to look at, everything else only to download."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from app.language import tr
from app.store.artifacts import Artifacts
from app.store.trouble import StoreTrouble

PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
"""Endings that are shown; whatever else a flow has made could hold a program."""


def kept_file(artifacts: Artifacts, sha: str, name: str) -> Response:
    """The bytes kept under this hash, unable to run or to reach the studio; 404 where there are none."""
    try:
        content = artifacts.read(sha)
    except (StoreTrouble, ValueError):
        return Response(tr("This file is no longer kept."), 404, media_type="text/plain")
    ending = name.rpartition(".")[2].lower()
    shown = ending in PICTURES
    return Response(
        content,
        media_type=PICTURES.get(ending, "application/octet-stream"),
        headers={
            "Content-Security-Policy": "sandbox",
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "private, max-age=31536000, immutable",
        },
    )
