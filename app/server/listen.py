"""A listening socket on this computer only: the wanted port, or the next free one."""

import contextlib
import socket
import sys

USUAL_PORT = 8428


def listen(port: int | None) -> socket.socket:
    """A socket on 127.0.0.1; `None` is the usual port, 0 any free one."""
    wanted = USUAL_PORT if port is None else port
    for candidate in range(wanted, min(wanted + 20, 65536)):
        with contextlib.suppress(OSError):
            return _bound(candidate)
    return _bound(0)


def _bound(port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There, SO_REUSEADDR would let another program take the port over.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(("127.0.0.1", port))
        opened.listen(128)
    except OSError:
        opened.close()
        raise
    return opened
