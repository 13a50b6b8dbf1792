"""A page on another origin of the same computer, as an attacker would serve it."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Neighbour:
    port: int
    page: str = ""
    heard: list[dict[str, str]] = field(default_factory=list)

    def on(self, host: str) -> str:
        return f"http://{host}:{self.port}/"


@contextlib.contextmanager
def neighbour() -> Iterator[Neighbour]:
    """A server that answers every address with one page and remembers the headers it was sent."""

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serving.heard.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            body = serving.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    serving = Neighbour(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield serving
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
