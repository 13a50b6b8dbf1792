"""The shop's JSON addresses: the shelf, and an echo."""

import json
from dataclasses import asdict

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.practice import shelf

LONGEST_ECHO = 1_000_000


async def mugs(request: Request) -> Response:
    wares = [{key: value for key, value in asdict(ware).items() if key != "paint"} for ware in shelf.WARES]
    return JSONResponse(wares)


async def echo(request: Request) -> Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_ECHO:
            raise HTTPException(413)
    text = body.decode("utf-8", errors="replace")
    return JSONResponse(
        {
            "query": dict(request.query_params),
            "headers": {name: value for name, value in request.headers.items() if name != "cookie"},
            "text": text,
            "json": _json(text),
        }
    )


ROUTES = [Route("/api/mugs.json", mugs), Route("/api/echo", echo, methods=["POST"])]


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
