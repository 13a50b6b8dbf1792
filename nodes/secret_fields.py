"""Fields of a page that no picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

MARK = "data-weft-secret"
"""Stands on a field that a step has put a key into, whatever the field looks like."""

SECRET_FIELDS = ", ".join(
    (
        f"[{MARK}]",
        "input[type=password]",
        "[style*=text-security]",
        *(f"input[autocomplete~={word}]" for word in ("current-password", "new-password", "one-time-code")),
        *(f"input[autocomplete~={word}]" for word in ("cc-number", "cc-csc")),
        *(
            f':is(input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea)[{name}*="{word}" i]'
            for name in ("name", "id", "placeholder", "aria-label")
            for word in ("passw", "passcode", "api key", "api_key", "api-key", "apikey", "secret", "token")
        ),
    )
)
"""Those that hide what is typed, those that ask for a key or a card, and those a key went into."""

PAINT = "#808080"


def secret_fields(page: Page) -> list[Locator]:
    """All of them, in every frame, for the `mask` of a picture."""
    return [frame.locator(SECRET_FIELDS) for frame in page.frames]
