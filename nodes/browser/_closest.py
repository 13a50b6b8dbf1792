"""The targets on a page that are closest to one that matched nothing, ready to be pasted."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING

from nodes.targets import Call, parse_target

if TYPE_CHECKING:
    from playwright.async_api import Page

NAMED = re.compile(r"""^\s*- ['"]?(?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?""")
"""A line of an accessibility snapshot. What was typed into a field stands after its colon and is not read."""

ACTS = ("button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "tab", "menuitem", "option")
LINES = 5000
SHOWN = 3


async def closest(page: Page, target: str) -> list[str]:
    """At most three targets that are there, the most alike first."""
    from playwright.async_api import Error

    role, name = wanted(parse_target(target))
    if not role and not name:
        return []
    try:
        snapshot = await page.aria_snapshot(timeout=3000)
    except Error:
        return []
    return alike(snapshot, role, name)


def wanted(chain: tuple[Call, ...]) -> tuple[str, str]:
    """The role and the words that a target asks for; empty where it asks for neither."""
    for call in reversed(chain):
        if call.name == "get_by_role":
            return str(call.args[0]), str(dict(call.options).get("name", ""))
        if call.name.startswith("get_by_") and call.name != "get_by_test_id":
            return "", str(call.args[0])
    return "", ""


def alike(snapshot: str, role: str, name: str) -> list[str]:
    """The named elements of an accessibility snapshot that come closest, as targets."""
    scored: dict[str, float] = {}
    for line in snapshot.split("\n")[:LINES]:
        match = NAMED.match(line)
        if not match or not match["name"]:
            continue
        its_name = str(json.loads(f'"{match["name"]}"'))[:80]
        likeness = difflib.SequenceMatcher(None, name.lower(), its_name.lower()).ratio() if name else 0.0
        if name and name.lower() in its_name.lower():
            likeness = max(likeness, 0.8)
        same_role = match["role"] == role
        if likeness > 0.5 or (same_role and role in ACTS):
            text = f'get_by_role("{match["role"]}", name={json.dumps(its_name, ensure_ascii=False)})'
            scored[text] = max(scored.get(text, 0), likeness + 0.3 * same_role)
    return sorted(scored, key=lambda text: -scored[text])[:SHOWN]
