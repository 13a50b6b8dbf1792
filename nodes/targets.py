"""Targets on a page, written in Playwright's own words: parsed here, never evaluated."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import FrameLocator, Locator, Page

ALLOWED: dict[str, tuple[int, frozenset[str]]] = {
    "get_by_role": (1, frozenset({"name", "exact", "checked", "disabled", "expanded", "level", "pressed", "selected"})),
    "get_by_label": (1, frozenset({"exact"})),
    "get_by_text": (1, frozenset({"exact"})),
    "get_by_placeholder": (1, frozenset({"exact"})),
    "get_by_alt_text": (1, frozenset({"exact"})),
    "get_by_title": (1, frozenset({"exact"})),
    "get_by_test_id": (1, frozenset()),
    "locator": (1, frozenset({"has_text", "has_not_text"})),
    "frame_locator": (1, frozenset()),
    "filter": (0, frozenset({"has_text", "has_not_text", "visible"})),
    "nth": (1, frozenset()),
}
"""What may be called: how many plain arguments it takes, and which named ones."""

PROPERTIES = frozenset({"first", "last"})


@dataclass(frozen=True)
class Call:
    """One link of a target: `nth(2)`, or the property `first`."""

    name: str
    args: tuple[str | int, ...] = ()
    options: tuple[tuple[str, str | int | bool], ...] = ()


def parse_target(text: str) -> tuple[Call, ...]:
    """The chain of calls that a target means; other text is a CSS selector. ValueError with a sentence otherwise."""
    text = text.strip()
    if not text:
        raise ValueError('Say what to act on, such as get_by_role("button", name="Save").')
    if len(text) > 10_000 or "\0" in text:
        raise ValueError("This target is too long.")
    text = text.removeprefix("page.")
    if not text.startswith(tuple(f"{name}(" for name in ALLOWED)):
        return (Call("locator", (text,)),)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise ValueError(f"`{text[:80]}` cannot be read. Check its brackets and quotes.") from None
    chain: list[Call] = []
    node: ast.expr = tree
    while True:
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args, keywords=keywords):
                chain.append(_call(name, args, keywords))
                node = inner
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                chain.append(_call(name, args, keywords))
                return tuple(reversed(chain))
            case ast.Attribute(value=inner, attr=name) if name in PROPERTIES:
                chain.append(Call(name))
                node = inner
            case _:
                raise ValueError(
                    f"`{text[:80]}` is not a target. Use get_by_role, get_by_label, get_by_text or locator."
                )


def _call(name: str, args: list[ast.expr], keywords: list[ast.keyword]) -> Call:
    if name not in ALLOWED:
        raise ValueError(f"`{name}` cannot be used in a target. Use {', '.join(ALLOWED)}.")
    count, options = ALLOWED[name]
    if len(args) != count:
        raise ValueError(f"`{name}` takes {count or 'no'} plain value{'' if count == 1 else 's'}, not {len(args)}.")
    values = tuple(_constant(name, arg) for arg in args)
    if unknown := [word.arg for word in keywords if word.arg not in options]:
        raise ValueError(f"`{name}` knows no `{unknown[0]}`.")
    return Call(name, values, tuple((str(word.arg), _constant(name, word.value)) for word in keywords))


def _constant(name: str, node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=str() | int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case _:
            raise ValueError(f"`{name}` takes plain text or numbers in quotes, nothing that is computed.")


def check_target(text: str) -> str:
    """The target's text, if it is one; expressions in it are checked when it runs."""
    if "{{" not in text:
        parse_target(text)
    return text


def find(page: Page, text: str) -> Locator:
    """The Playwright locator that a target means on this page. ValueError with a sentence where it is not one."""
    place: Page | Locator | FrameLocator = page
    for call in parse_target(text):
        attribute: Any = getattr(place, call.name)
        place = attribute if call.name in PROPERTIES else attribute(*call.args, **dict(call.options))
    if not hasattr(place, "count"):
        raise ValueError("A target has to end at something inside the frame. Add .locator(...) or .get_by_role(...).")
    return place  # type: ignore[return-value]  # the check above leaves only Locator
