"""Every setting of the studio, where the palette finds it: its name, other words for it, and its place."""

# ruff: noqa: E501 - a table is read line by line.

from __future__ import annotations

from typing import NamedTuple


class Setting(NamedTuple):
    """`place` is a page with `#at-` and the name of the field there; a choice made at once is `put` under `key`."""

    title: str
    about: str
    words: str
    icon: str
    place: str = ""
    key: str = ""
    put: str = ""


SETTINGS = (
    Setting("Light", "How Weft looks", "appearance theme colours day bright", "light_mode", key="appearance", put="light"),
    Setting("Dark", "How Weft looks", "appearance theme colours night", "dark_mode", key="appearance", put="dark"),
    Setting("Light or dark as the system", "How Weft looks", "appearance theme auto", "brightness_auto", "", "appearance", "auto"),
    Setting("Scrolling zooms, drag the ground to pan", "Mouse and trackpad", "wheel trackpad scroll zoom", "mouse", key="canvas.wheel", put="zooms"),
    Setting("Scrolling pans, with Ctrl it zooms", "Mouse and trackpad", "wheel trackpad scroll pan move", "mouse", key="canvas.wheel", put="pans"),
    Setting("Wheel zooms, trackpad pans", "Mouse and trackpad", "wheel trackpad scroll auto", "mouse", key="canvas.wheel", put="auto"),
    Setting("Days for which runs are kept", "On the Storage page", "retention history remove old limit", "event", "/storage#at-days"),
    Setting("Runs of each flow that are kept", "On the Storage page", "retention history remove old limit number", "history", "/storage#at-runs"),
    Setting("Megabytes for all runs together", "On the Storage page", "retention disk space size limit", "hard_drive", "/storage#at-megabytes"),
    Setting("Money that all flows may use in a day", "On the Keys page", "budget cost dollars cap limit spend", "payments", "/keys#at-money-a-day"),
    Setting("Tokens that all flows may use in a day", "On the Keys page", "budget cap limit model", "toll", "/keys#at-tokens-a-day"),
    Setting("Language models", "On the Keys page", "ai llm openai anthropic connection provider model api key", "smart_toy", "/keys#at-models"),
    Setting("Keys and passwords that steps use", "On the Keys page", "secrets credentials token api", "key", "/keys#at-named-keys"),
    Setting("Where keys are kept", "On the Keys page", "keyring password store passphrase secure", "lock", "/keys#at-where-kept"),
)  # fmt: skip
