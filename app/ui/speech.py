"""The language of each window: what its browser asks for."""

from __future__ import annotations

import asyncio
import json
from copy import copy
from functools import cache
from hashlib import sha256
from pathlib import Path
from weakref import WeakKeyDictionary

from fastapi import Response
from nicegui import Client, context, ui
from nicegui.language import Language
from nicegui.slot import Slot

from app.language import ask_window, language_of, prepare
from app.language.catalogue import script_words
from app.language.choosing import SOURCE

QUASAR: dict[str, Language] = {"en": "en-US", "de": "de-DE"}
SCRIPT = Path(__file__).parent / "speech.js"
_spoken: WeakKeyDictionary[Client, str] = WeakKeyDictionary()


async def speak() -> None:
    """Have the page that is being made speak its browser's language."""
    client = context.client
    language = language_of(client.request.headers.get("accept-language", ""))
    # Reading the words takes some 100 ms the first time.
    await asyncio.to_thread(prepare, language)
    _spoken[client] = language
    client.page = copy(client.page)  # It is shared by all windows.
    client.page.language = QUASAR[language]
    if language != SOURCE:
        ui.add_head_html(f'<script src="/words/{language}.js?{_hash(language)}"></script>')
    ui.add_head_html(f"<script>{_script()}</script>")


def answer(language: str) -> Response:
    """The words of the browser's own code, as they are sent."""
    if language not in QUASAR:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(_words(language), media_type="text/javascript", headers=headers)


def _of_window() -> str | None:
    # Not `context.client`: it raises where there is none, which is dear.
    stack = Slot.get_stack()
    try:
        return _spoken.get(stack[-1].parent.client) if stack else None
    except RuntimeError:
        return None  # The window is gone.


ask_window(_of_window)


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")


@cache
def _words(language: str) -> str:
    return f"window.weftWords = {json.dumps(script_words(language), ensure_ascii=False)}"


@cache
def _hash(language: str) -> str:
    return sha256(_words(language).encode()).hexdigest()[:12]
