"""The colours can be told apart: WCAG AA in light and in dark."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "assets" / "theme" / "tokens.css").read_text()
STATUSES = ("waiting", "running", "done", "failed", "skipped", "asked", "doubt", "stopped")
COLOURS = ("red", "orange", "amber", "green", "teal", "cyan", "blue", "violet", "plum", "pink", "slate", "gray")
LIGHT, DARK = (dict(re.findall(r"--weft-([\w-]+): (#[0-9a-f]{6});", half)) for half in TOKENS.split("body.body--dark"))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: dict[str, str]) -> None:
    grounds = ("page", "surface", "well", "canvas")
    texts = ("text", "text-2", "text-3", "accent-text", *STATUSES)
    weak = [(text, ground) for text, ground in product(texts, grounds) if contrast(theme[text], theme[ground]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_status_words_can_be_read_on_their_chips(theme: dict[str, str]) -> None:
    chips = [(name, f"{name}-soft") for name in STATUSES] + [("accent-text", "accent-soft"), ("on-accent", "accent")]
    assert [pair for pair in chips if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_icons_and_wires_can_be_seen(theme: dict[str, str]) -> None:
    assert [name for name in COLOURS if contrast(theme[name], theme["surface"]) < 4.5] == []
    assert contrast(theme["wire-strong"], theme["canvas"]) >= 3


def test_light_and_dark_know_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
