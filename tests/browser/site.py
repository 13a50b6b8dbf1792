"""A tiny web site on this computer that remembers who came."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

PAGES = {
    "/": "<title>Home</title><h1>Home</h1><a id=new href=/second target=_blank>more</a>",
    "/second": "<title>Second</title><h1>Second</h1>",
    "/ask": "<title>Ask</title><button onclick=\"document.title = String(confirm('Really?'))\">ask</button>",
    "/hang": "<title>Hang</title><script>onload = () => setTimeout(() => { for (;;); }, 50)</script>",
    "/secret": (
        "<body style='margin:0;background:#fff'>"
        "<input id=field style='position:absolute;left:0;top:0;width:300px;height:60px;font-size:40px'>"
    ),
    "/file": "a,b\n1,2\n",
}


class Site:
    """Its address, and the paths that were asked for, in order."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port: int = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.hits: list[str] = []


@contextmanager
def site() -> Iterator[Site]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != "/favicon.ico":
                here.hits.append(self.path)
            path, _, query = self.path.partition("?")
            if path == "/go":
                self.answer(302, "", ("Location", query))
            elif path == "/page":
                self.answer(200, unquote(query))
            elif path == "/file":
                self.answer(200, PAGES[path], ("Content-Disposition", 'attachment; filename="prices.csv"'))
            elif path == "/login":
                self.answer(200, "<title>In</title>", ("Set-Cookie", "who=ada; Path=/; Max-Age=3600"))
            elif path == "/who":
                self.answer(200, f"<title>{self.headers.get('Cookie', 'nobody')}</title>")
            elif path in PAGES:
                self.answer(200, PAGES[path])
            else:
                self.answer(404, "<title>Nothing</title>")

        do_POST = do_GET

        def answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
            body = text.encode()
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in (("Content-Type", "text/html"), ("Content-Length", str(len(body))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        here = Site(server)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
