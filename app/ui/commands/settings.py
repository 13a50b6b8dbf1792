"""Every setting of the studio, where the palette finds it: its name, other words for it, and its place."""

# ruff: noqa: E501 - a table is read line by line.

from __future__ import annotations

from typing import NamedTuple

from app.language import msg


class Setting(NamedTuple):
    """Its title, what it is about, and other words for it, in English.

    `place` is a page with `#at-` and the name of the field there; a choice made at once is `put` under `key`.
    """

    title: str
    about: str
    words: str
    icon: str
    place: str = ""
    key: str = ""
    put: str = ""


SETTINGS = (
    Setting(msg("Light"), msg("How Weft looks"), "appearance theme colours day bright", "light_mode", key="appearance", put="light"),
    Setting(msg("Dark"), msg("How Weft looks"), "appearance theme colours night", "dark_mode", key="appearance", put="dark"),
    Setting(msg("Light or dark as the system"), msg("How Weft looks"), "appearance theme auto", "brightness_auto", "", "appearance", "auto"),
    Setting(msg("Scrolling zooms, drag the ground to pan"), msg("Mouse and trackpad"), "wheel trackpad scroll zoom", "mouse", key="canvas.wheel", put="zooms"),
    Setting(msg("Scrolling pans, with Ctrl it zooms"), msg("Mouse and trackpad"), "wheel trackpad scroll pan move", "mouse", key="canvas.wheel", put="pans"),
    Setting(msg("Wheel zooms, trackpad pans"), msg("Mouse and trackpad"), "wheel trackpad scroll auto", "mouse", key="canvas.wheel", put="auto"),
    Setting(msg("Days for which runs are kept"), msg("On the Storage page"), "retention history remove old limit", "event", "/storage#at-days"),
    Setting(msg("Runs of each flow that are kept"), msg("On the Storage page"), "retention history remove old limit number", "history", "/storage#at-runs"),
    Setting(msg("Megabytes for all runs together"), msg("On the Storage page"), "retention disk space size limit", "hard_drive", "/storage#at-megabytes"),
    Setting(msg("Money that all flows may use in a day"), msg("On the Keys page"), "budget cost dollars cap limit spend", "payments", "/keys#at-money-a-day"),
    Setting(msg("Tokens that all flows may use in a day"), msg("On the Keys page"), "budget cap limit model", "toll", "/keys#at-tokens-a-day"),
    Setting(msg("Language models"), msg("On the Keys page"), "ai llm openai anthropic connection provider model api key", "smart_toy", "/keys#at-models"),
    Setting(msg("Keys and passwords that steps use"), msg("On the Keys page"), "secrets credentials token api", "key", "/keys#at-named-keys"),
    Setting(msg("Where keys are kept"), msg("On the Keys page"), "keyring password store passphrase secure", "lock", "/keys#at-where-kept"),
)  # fmt: skip
