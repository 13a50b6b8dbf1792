"""`weft test`: a browser if there is none, then every test; the exit status is pytest's."""

from __future__ import annotations

import os
import sys

from app.setup import ROOT, become


def main(args: list[str]) -> int:
    if not (ROOT / "tests").is_dir():
        print("The tests are not part of the installed package. Run them in a checkout: python3 -m app test")
        return 2
    from app.browser.install import NONE_WORKS, ensure

    if ensure() is None:
        print(NONE_WORKS, file=sys.stderr)
        return 1
    # Files go to as many workers as there are cores; more than four would only wait for the browsers.
    workers = min(os.cpu_count() or 1, 4)
    os.environ.setdefault("PYTHONHASHSEED", "0")  # Workers have to find the same tests in the same order.
    become([sys.executable, "-m", "pytest", *(args or ["-n", str(workers), "--dist", "loadfile"])])
