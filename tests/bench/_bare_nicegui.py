"""The floor of a start: one NiceGUI page and nothing else. Its argument is the port."""

import sys

from nicegui import ui


@ui.page("/")
def page() -> None:
    ui.label("Hello")


if __name__ == "__main__":
    ui.run(host="127.0.0.1", port=int(sys.argv[1]), reload=False, show=False, show_welcome_message=False)
