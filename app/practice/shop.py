"""The shop's pages and its small API, as one Starlette app."""

import asyncio
import secrets
from collections import Counter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.practice import api, shelf

USER, PASSWORD = "ada", "practice"
SLOWEST = 30.0

_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def shop(port: int, closing: asyncio.Event) -> Starlette:
    """A shop for one port; `closing` ends pages that are still taking their time."""
    app = Starlette(
        routes=[
            Route("/", home),
            Route("/mugs", mugs),
            Route("/mugs/{slug}", detail),
            Route("/mugs/{slug}/cart", add_to_cart, methods=["POST"]),
            Route("/cart", cart),
            Route("/cart/empty", empty_cart, methods=["POST"]),
            Route("/search", search),
            Route("/login", login, methods=["GET", "POST"]),
            Route("/logout", logout, methods=["POST"]),
            Route("/account", account),
            Route("/orders", orders),
            Route("/slow", slow),
            Route("/changing", changing),
            *api.ROUTES,
        ],
        middleware=[
            Middleware(_PlainHeaders),
            # Cookies are shared by all ports of a host, so the name carries the port.
            Middleware(
                SessionMiddleware,
                secret_key=secrets.token_urlsafe(32),
                session_cookie=f"practice_{port}",
                max_age=None,
            ),
        ],
        exception_handlers={HTTPException: trouble},
    )
    app.mount("/static", StaticFiles(directory=_PAGES / "static"))
    app.state.closing = closing
    app.state.pages = Environment(loader=FileSystemLoader(_PAGES), autoescape=True, trim_blocks=True)
    return app


async def home(request: Request) -> Response:
    return page(request, "home.html", chosen=[w for w in shelf.WARES if w.stock][:4])


async def mugs(request: Request) -> Response:
    return page(request, "mugs.html", wares=shelf.WARES)


async def detail(request: Request) -> Response:
    return page(request, "detail.html", ware=_ware(request), said=request.session.pop("said", ""))


async def add_to_cart(request: Request) -> Response:
    ware = _ware(request)
    held: list[str] = request.session.get("cart", [])
    if held.count(ware.slug) < ware.stock:
        request.session["cart"] = [*held, ware.slug]
        request.session["said"] = f"{ware.name} is in your cart."
    else:
        request.session["said"] = f"There is no more {ware.name} in stock."
    return RedirectResponse(f"/mugs/{ware.slug}", status_code=303)


async def cart(request: Request) -> Response:
    held = Counter(request.session.get("cart", []))
    lines = [(ware, held[ware.slug]) for ware in shelf.WARES if held[ware.slug]]
    return page(request, "cart.html", lines=lines, total=sum(ware.price * pieces for ware, pieces in lines))


async def empty_cart(request: Request) -> Response:
    request.session.pop("cart", None)
    return RedirectResponse("/cart", status_code=303)


async def search(request: Request) -> Response:
    words = request.query_params.get("q", "").strip()[:100]
    return page(request, "search.html", words=words, found=shelf.search(words))


async def login(request: Request) -> Response:
    if request.method != "POST":
        return page(request, "login.html", name="", wrong=False)
    form = await request.form(max_files=0, max_fields=10)
    name = str(form.get("name", ""))
    if (name, form.get("password")) != (USER, PASSWORD):
        return page(request, "login.html", status=401, name=name, wrong=True)
    request.session["user"] = USER
    return RedirectResponse("/account", status_code=303)


async def logout(request: Request) -> Response:
    request.session.pop("user", None)
    return RedirectResponse("/login", status_code=303)


async def account(request: Request) -> Response:
    if "user" not in request.session:
        return RedirectResponse("/login", status_code=303)
    mine = [order for order in shelf.ORDERS if order.customer == "Ada"]
    return page(request, "account.html", orders=mine)


async def orders(request: Request) -> Response:
    number = min(max(int(_number(request, "page", 1)), 1), shelf.ORDER_PAGES)
    return page(request, "orders.html", number=number, pages=shelf.ORDER_PAGES, orders=shelf.orders(number))


async def slow(request: Request) -> Response:
    seconds = min(max(_number(request, "seconds", 3), 0), SLOWEST)
    closing: asyncio.Event = request.app.state.closing
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return page(request, "slow.html", seconds=f"{seconds:g}")
    raise HTTPException(503, "The practice site is closing.")


async def changing(request: Request) -> Response:
    dice = secrets.SystemRandom()
    offers = dice.sample(shelf.WARES, 3)
    return page(
        request,
        "changing.html",
        code=secrets.token_hex(3).upper(),
        offers=[(ware, secrets.token_hex(4)) for ware in offers],
        mark=secrets.token_hex(4),
    )


async def trouble(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return page(request, "missing.html" if status == 404 else "trouble.html", status=status, answered=status)


def page(request: Request, template: str, /, *, status: int = 200, **values: object) -> HTMLResponse:
    """One page of the shop with the frame every page has."""
    session = request.session
    frame = {"path": request.url.path, "in_cart": len(session.get("cart", [])), "user": session.get("user")}
    return HTMLResponse(request.app.state.pages.get_template(template).render(frame | values), status_code=status)


def _ware(request: Request) -> shelf.Ware:
    found = shelf.ware(request.path_params["slug"])
    if found is None:
        raise HTTPException(404)
    return found


def _number(request: Request, name: str, otherwise: float) -> float:
    try:
        number = float(request.query_params.get(name, otherwise))
    except ValueError:
        return otherwise
    return number if number == number and abs(number) < 1e9 else otherwise


class _PlainHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers)
