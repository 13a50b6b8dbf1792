"""`python -m app`, and `weft` once installed: make ready what is missing, then do what was asked."""

from __future__ import annotations

import importlib
import io
import sys

from app import setup

COMMANDS = ("run", "resume", "doctor", "test")
HELP = """Weft, a visual automation studio that runs on your own computer.

  weft                    open the studio (--no-open: without a browser window)
  weft run FLOW           run a flow without a window: -i key=value, --json
  weft resume RUN         continue an interrupted run after its last finished step
  weft doctor             say what works here and how to mend what does not (--json)
  weft test               set everything up and run the tests

In a checkout, `python3 -m app` stands for `weft`."""


def main() -> int:
    args = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # A terminal that lacks a letter shows another one, and Weft goes on.
    if args and args[0] in ("help", "--help", "-h"):
        print(HELP)
        return 0
    if args and not args[0].startswith("-") and args[0] not in COMMANDS:
        print(f"There is no command “{args[0]}”. `weft help` lists what there is.", file=sys.stderr)
        return 2
    try:
        setup.make_ready(args)
    except setup.SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if args and args[0] in COMMANDS:
        return int(importlib.import_module(f"app.cli.{args[0]}").main(args[1:]) or 0)
    if not importlib.import_module("app.browser.find").found():
        importlib.import_module("app.browser.install").before_the_window()
    from app.server.lean import lean_start

    with lean_start():
        window = importlib.import_module("app.window")
    return int(window.main(args) or 0)


if __name__ == "__main__":
    sys.exit(main())
