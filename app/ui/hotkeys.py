"""Keys that work wherever the keyboard is in a window."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui
from nicegui.events import GenericEventArguments

HEAR = """
(() => {
  const element = document.getElementById(%s), keys = new Set(%s);
  const hear = event => {
    if (event.defaultPrevented || event.repeat || document.querySelector('.q-dialog, .q-menu')) return;
    const held = [(event.ctrlKey || event.metaKey) && 'ctrl', event.altKey && 'alt', event.shiftKey && 'shift'];
    const name = [...held, event.key.toLowerCase()].filter(Boolean).join('+');
    if (!keys.has(name)) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable='true'], .cm-editor");
    if (typing && !/^f[0-9]|ctrl/.test(name)) return;
    event.preventDefault();
    // A field that is left says what was typed into it within a few milliseconds, and that has to come first.
    if (typing) document.activeElement?.blur();
    setTimeout(() => element.dispatchEvent(new CustomEvent('hotkey', { detail: name })), typing ? 60 : 0);
  };
  document.addEventListener('keydown', hear);
  // A closed list of choices would open at Ctrl+Enter and keep the key to itself.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    if (!event.target.closest?.('.q-select')?.querySelector('[aria-expanded="false"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.blur();
    const again = left => {
      if (left && document.querySelector('.q-menu')) setTimeout(() => again(left - 1), 60);
      else document.body.dispatchEvent(new KeyboardEvent('keydown', event));
    };
    setTimeout(() => again(10), 60);
  }, true);
})()
"""

Pressed = Callable[[], Awaitable[None] | None]


class Hotkeys(ui.element):
    """What each key does, by names such as `f9`, `shift+r` and `ctrl+shift+enter`.

    A letter is left alone while a text is typed; nothing is heard while a dialog or a menu is open.
    """

    def __init__(self, keys: Mapping[str, Pressed]) -> None:
        super().__init__("div")
        self._keys = keys
        self.classes("hidden").on("hotkey", self._pressed, args=["detail"])
        self.client.run_javascript(HEAR % (json.dumps(self.html_id), json.dumps(list(keys))))

    async def _pressed(self, event: GenericEventArguments) -> None:
        work = self._keys.get(str(event.args["detail"]))
        if work is not None:
            waits = work()
            if waits is not None:
                await waits
