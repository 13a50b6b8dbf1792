"""Show the studio to the person: in the default browser, and in one sentence on the terminal."""

import os
import sys
import threading

ASKS_WITHIN = 3.0


def opened(link: str, *, wait: bool = False) -> bool:
    """Ask the default browser for a window, where there is a screen to show one on; `wait` for a process that ends."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False  # Python would start a text browser in this terminal.
    # Some browsers only return when they are closed.
    asking = threading.Thread(target=_open, args=(link,), name="window", daemon=True)
    asking.start()
    if wait:
        asking.join(ASKS_WITHIN)
    return True


def invitation(link: str, *, in_window: bool, moved_from: int | None) -> str:
    """The one sentence that says where Weft is."""
    moved = f"Port {moved_from} was taken, so this is another one. " if moved_from else ""
    if in_window:
        return f"{moved}Weft is open in your browser; if no window came up, open {link} (Ctrl+C stops Weft)."
    return f"{moved}Weft is ready: open {link} in your browser (Ctrl+C stops Weft)."


def _open(link: str) -> None:
    import webbrowser

    webbrowser.open(link)
