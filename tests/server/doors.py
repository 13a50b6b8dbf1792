"""Start a studio up to the moment it would serve, and list every route, mount and socket it has.

python -m tests.server.doors MODULE [ARGUMENTS…] runs MODULE as a program and writes one JSON line.
"""

import json
import re
import runpy
import socket
import sys
from collections.abc import Iterable, Iterator

import uvicorn
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute

MARK = "doors: "


def doors(routes: Iterable[BaseRoute], above: str = "") -> Iterator[tuple[str, str]]:
    """Every way in as a method and a path, the placeholders filled; a socket's method is WEBSOCKET."""
    for route in routes:
        match route:
            case Mount() | Host():
                path = above + _filled(getattr(route, "path", ""))
                if route.routes:
                    yield from doors(route.routes, path)
                else:
                    yield from ((method, f"{path}/x") for method in ("GET", "POST", "WEBSOCKET"))
            case WebSocketRoute():
                yield "WEBSOCKET", above + _filled(route.path)
            case Route():
                yield from ((method, above + _filled(route.path)) for method in sorted(route.methods or {"GET"}))
            case _:
                raise TypeError(f"A route of an unknown kind: {route!r}. Teach tests/server/doors.py to open it.")


def _filled(path: str) -> str:
    return re.sub(r"\{[^}:]*(:[^}]*)?\}", "1", path)


async def _list_instead(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
    await _startup(server, sockets)
    # The guard's own `app` is what holds files at hand, and that one's is the studio.
    studio = server.config.app.app.app  # type: ignore[union-attr]
    found = sorted(set(doors(studio.routes)))
    sys.stdout.write(f"{MARK}{json.dumps(found)}\n")
    server.should_exit = True


_startup = uvicorn.Server.startup

if __name__ == "__main__":
    setattr(uvicorn.Server, "startup", _list_instead)  # noqa: B010 - the only place between building and serving
    _, module, *sys.argv[1:] = sys.argv
    runpy.run_module(module, run_name="__main__", alter_sys=True)
