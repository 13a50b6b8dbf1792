"""Arrow keys in a menu: the element that Quasar draws one with leaves them alone."""

from __future__ import annotations

from nicegui import ui

_WALK = """event => {
  const entries = [...event.currentTarget.querySelectorAll("[role=menuitem]")].filter((entry) => entry.offsetParent);
  const at = entries.indexOf(document.activeElement);
  const to = {ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1}[event.key];
  if (to === undefined || !entries.length) return;
  event.preventDefault();
  event.stopPropagation();
  entries[(to + entries.length) % entries.length].focus();
}"""


def walked_by_keys(menu: ui.element) -> ui.element:
    """Let the arrow keys, Home and End go from entry to entry of a `q-menu`."""
    return menu.on("keydown", js_handler=_WALK)
