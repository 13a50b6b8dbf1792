"""A step's light as the canvas draws it, and what is new of it."""

from __future__ import annotations

from collections.abc import Container
from typing import cast

from app.language import spoken, tr, trn
from app.language.speaking import grouped
from app.runs.reading.picture import Light, Picture
from app.ui.canvas import LightShape, Status

STATUSES = {"interrupted": "stopped"}
"""Statuses the canvas draws as another."""

DARK: LightShape = {
    "started": 0,
    "text": "",
    "message": "",
    "hint": "",
    "reason": "",
    "would": "",
    "reused": False,
    "by_hand": False,
    "picture": "",
    "tokens": 0,
    "money": 0,
}
"""What need not be said of a light that is new."""


def light_of(picture: Picture, path: str, drawn: Container[str]) -> LightShape | None:
    """A step's light; what failed inside a container is said there, if it is drawn, and not once more around it."""
    light = picture.lights.get(path)
    if light is None:
        return None
    shape: LightShape = {
        "status": cast(Status, STATUSES.get(light.status, light.status)),
        "started": light.started * 1000,
        "text": light.text,
        "message": spoken(light.message),
        "hint": spoken(light.hint),
        "reason": spoken(light.reason),
        "would": spoken(light.would),
        "reused": light.reused,
        "by_hand": light.by_hand,
        "picture": light.picture,
        "tokens": light.tokens,
        "money": light.money,
    }
    if light.status == "failed" and _said_inside(picture, path, drawn):
        del shape["message"], shape["hint"]
    if light.status in ("done", "failed", "rehearsed"):
        shape["ms"] = light.ms
    if light.taken is not None:
        shape["taken"] = list(light.taken)
    if light.counts and light.rounds <= 1:
        shape["counts"] = dict(light.counts)
    if light.rounds > 1:
        shape["items"] = _rounds(light)
    if light.total:
        shape["rounds"] = {"done": int(light.done), "total": int(light.total), "failed": 0}
    return shape


def news_of(before: LightShape | None, light: LightShape) -> LightShape:
    """What the canvas does not know yet of a light; None for what is no longer said of it."""
    known = DARK if before is None else before
    news = {name: value for name, value in light.items() if known.get(name) != value}
    gone = {name: None for name, value in (before or {}).items() if value is not None and name not in light}
    return cast(LightShape, news | gone)


def _said_inside(picture: Picture, path: str, drawn: Container[str]) -> bool:
    inside = f"{path}/"
    failed = (at for at, light in picture.lights.items() if light.status == "failed" and at.startswith(inside))
    return any(at in drawn for at in failed)


def _rounds(light: Light) -> str:
    if light.failed_rounds:
        return tr("{rounds} rounds, {failed} failed", rounds=grouped(light.rounds), failed=grouped(light.failed_rounds))
    return trn("{n} round", "{n} rounds", light.rounds)
