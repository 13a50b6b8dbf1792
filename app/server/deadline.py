"""Stopping ends after five seconds, even when a thread or the loop hangs: what ran is in the journal by then."""

import os
import sys
import threading
import time

SECONDS = 4.2


class Deadline:
    """Nothing happens until `begin`; from then on the process has `SECONDS` left.

    `status` is its exit status if it did not end by itself.
    """

    def __init__(self, status: int = 1) -> None:
        self._status = status
        self._begun = False
        self._bell = threading.Event()
        # Started now: a signal handler may interrupt code that holds the locks a new thread needs.
        threading.Thread(target=self._wait, name="deadline", daemon=True).start()

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._bell.set()

    def _wait(self) -> None:
        self._bell.wait()
        time.sleep(SECONDS)
        sys.stderr.write("Weft did not stop in time and was ended; it goes on where it was at the next start.\n")
        sys.stderr.flush()
        os._exit(self._status)
