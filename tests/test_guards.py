"""What keeps the shape of the whole: rooms, settings and examples. A new room or node is told here what is missing."""

import ast
import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from app.setup import ROOT
from app.studio import Studio, open_studio
from flows.model import walk
from flows.text import read_flow, write_flow
from nodes.catalog import built_in
from nodes.node import Node
from tests.model_server import ModelServer

ROOMS = (
    {"app", "app.setup", "app.packages", "app.failpoint"},
    {"flows"},
    {"nodes"},
    {"app.engine"},
    {"app.store", "app.practice", "app.models", "app.browser", "app.server", "app.language"},
    {"app.secrets"},
    {"app.runs", "app.desk"},
    {"app.studio"},
    {"app.ui"},
    {"app.cli"},
    {"app.window"},
    {"app.__main__"},
)
"""From the bottom up. A room imports from those below it; rooms side by side know nothing of each other.

At the very bottom is what works on a bare machine, before anything is installed.
"""

LATER = {
    "alembic",
    "anthropic",
    "app.desk.open_flow",
    "app.engine.run",
    "app.practice.shop",
    "app.runs.continuing",
    "flows.edits",
    "flows.text",
    "networkx",
    "openai",
    "playwright.async_api",
    "sqlalchemy",
}
"""What is imported when it is needed, as none of it is for the list of flows."""

EXAMPLES = {path.name: path.read_bytes() for path in sorted((ROOT / "flows" / "examples").glob("*.flow.yaml"))}
KINDS = sorted(built_in().kinds)


def test_imports_point_downwards() -> None:
    height = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}
    upwards = [
        f"{place} imports {imported}"
        for place, home, imported in imports()
        if (room := room_of(imported)) != home and height[home] <= height[room] != 0
    ]
    assert upwards == []


def test_every_room_has_its_place() -> None:
    assert {home for _, home, _ in imports()} - set().union(*ROOMS) == set()


def test_the_first_page_waits_for_nothing_that_only_a_run_or_an_open_flow_needs() -> None:
    program = (
        "import sys, app.studio, app.server.serve, app.ui.pages, app.ui.home.page;"
        f"print(sorted({LATER!r} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_node_imports_nothing_of_ours_but_nodes() -> None:
    astray = [
        f"{place} imports {imported}"
        for place, home, imported in imports()
        if home == "nodes" and place.count("/") == 2 and room_of(imported) != "nodes"
    ]
    assert astray == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_node_and_every_setting_is_described(kind: str) -> None:
    node = built_in().kinds[kind]
    assert node.spec.summary.endswith(".")
    assert node.spec.icon
    assert node.spec.words
    assert [name for name, field in node.model_fields.items() if not field.description] == []
    assert [name for name in placeholders(node) if name not in node.model_fields] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_node_has_an_example_named_after_it(kind: str) -> None:
    name = f"{kind.partition('.')[2].replace('_', '-')}.flow.yaml"
    assert name in EXAMPLES
    assert kind in {step.kind for _, step in walk(read_flow(EXAMPLES[name]).flow)}


@pytest.fixture(scope="module")
def models() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory, models: ModelServer) -> AsyncIterator[Studio]:
    opened = await open_studio(tmp_path_factory.mktemp("weft"))
    await opened.connections.add(
        name="Local", provider="compatible", base_url=models.openai, default_model="practice-1"
    )
    yield opened
    await opened.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", EXAMPLES)
async def test_every_example_runs(studio: Studio, models: ModelServer, name: str) -> None:
    file = read_flow(EXAMPLES[name], name)
    assert (file.notes, write_flow(file.flow).encode()) == ((), EXAMPLES[name])
    models.reset()
    if name == "ask.flow.yaml":
        models.script('{"wish": "two moon mugs", "pieces": 2, "urgent": true}')
    placed = await studio.shelf.open(file.flow.id)
    run_id = await studio.runs.start(placed.flow, {})
    if name in ASKS:
        await decided(studio, run_id, ASKS[name])
    ended = await studio.runs.wait(run_id)
    assert (ended.status, ended.message or "") == ("done", SAYS.get(name, ""))
    assert name in SAYS or ended.result


async def decided(studio: Studio, run_id: str, choice: str) -> None:
    """Answer what a run asks, as soon as it does."""
    async with asyncio.timeout(30):
        while not (asked := await studio.runs.inbox.open_of(run_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await studio.runs.answer(run_id, asked[0].step, asked[0].key, choice)


ASKS = {"approve.flow.yaml": "Approve"}
"""The examples that ask a person, and what that person says."""

SAYS = {"stop.flow.yaml": "Nothing was found for “glass”."}
"""The examples that end with a message instead of a result."""


def imports() -> Iterator[tuple[str, str, str]]:
    """Every import of a room of ours: the file, its room, and the module."""
    for top in ("flows", "nodes", "app"):
        for path in sorted((ROOT / top).rglob("*.py")):
            place = path.relative_to(ROOT)
            home = room_of(".".join(place.with_suffix("").parts))
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for name in imported_by(node):
                    if name.partition(".")[0] in ("flows", "nodes", "app", "tests"):
                        yield place.as_posix(), home, name


def imported_by(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module="app", names=names):
            return [f"app.{each.name}" for each in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []


def room_of(module: str) -> str:
    """The room a module is in: `app.engine` for `app.engine.plan`, `nodes` for all of nodes."""
    first, *rest = module.removesuffix(".__init__").split(".")
    return f"app.{rest[0]}" if first == "app" and rest else first


def placeholders(node: type[Node]) -> list[str]:
    """The settings that the line a step shows is made of."""
    return [part.partition("}")[0] for part in node.spec.sentence.split("{")[1:]]
