"""No page, route or socket answers a stranger, except the reviewed ones."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.server.public import PUBLIC, is_public
from tests.server.doors import MARK
from tests.server.started import PROJECT, TINY, Studio, started
from tests.server.wire import answered

# A new line in app/server/public.py belongs here too, after somebody has read what is checked instead of the cookie.
REVIEWED: tuple[str, ...] = ()

THE_STUDIO = ("-m", "app")


@dataclass(frozen=True)
class House:
    studio: Studio
    doors: tuple[tuple[str, str], ...]


def known_studios() -> list[tuple[str, ...]]:
    return [TINY, THE_STUDIO] if importlib.util.find_spec("app.ui.pages") else [TINY]


@pytest.fixture(scope="module", params=known_studios(), ids=lambda command: str(command[-1]))
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    command: tuple[str, ...] = request.param
    options = () if command is TINY else ("--no-open", "--port", "0")
    with started(tmp_path_factory.mktemp("studio"), *options, command=command) as running:
        yield House(running, doors_of(command, tmp_path_factory.mktemp("doors"), options))


def doors_of(command: tuple[str, ...], folder: Path, options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    arguments = (str(folder), *options) if command is TINY else options
    done = subprocess.run(
        [sys.executable, "-m", "tests.server.doors", command[-1], *arguments],
        cwd=PROJECT,
        env={**os.environ, "WEFT_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    listed = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    assert listed, f"No list of doors: {done.stdout}{done.stderr}"
    return tuple((method, path) for method, path in json.loads(listed[0].removeprefix(MARK)))


def test_s09_the_list_of_public_paths_is_the_reviewed_one() -> None:
    assert PUBLIC == REVIEWED


def test_s09_the_list_of_doors_is_not_empty(house: House) -> None:
    assert {("GET", "/"), ("WEBSOCKET", "/_nicegui_ws/x"), ("GET", "/favicon.ico")} <= set(house.doors)


async def test_s09_no_door_opens_without_the_cookie(house: House) -> None:
    statuses = {door: await knocked(house.studio, *door) for door in house.doors if not is_public(door[1])}
    assert statuses == dict.fromkeys(statuses, 401)


async def knocked(studio: Studio, method: str, path: str) -> int:
    if method == "WEBSOCKET":
        return await answered(studio.port, path, origin=studio.url, cookie=None)
    return studio.ask(method, path, f"Origin: {studio.url}", "Sec-Fetch-Site: same-origin").status


def test_s61_there_is_no_page_about_the_routes(house: House) -> None:
    named = {"/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"}
    assert {path for _, path in house.doors} & named == set()
    cookie = f"Cookie: {house.studio.cookie}"
    assert {path: house.studio.get(path, cookie).status for path in named} == dict.fromkeys(named, 404)


def test_a_public_path_is_exact_or_a_folder() -> None:
    public = ("/hooks/", "/ping")
    paths = ("/hooks/1", "/hooks/", "/ping", "/ping/", "/hooks", "/hooks2/1", "/", "/HOOKS/1", "/x/hooks/1")
    assert [path for path in paths if is_public(path, public)] == ["/hooks/1", "/hooks/", "/ping"]
