"""The clients take nothing from the environment unasked, stay off the loop while they load, and are loaded late."""

import json
import subprocess
import sys

import pytest

from app.models import ask
from app.models.values import Provider
from tests.model_server import ModelServer
from tests.models.conftest import PROVIDERS, Connect


@pytest.fixture
def odd_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OPENAI_API_KEY": "from-the-environment",
        "OPENAI_ADMIN_KEY": "from-the-environment",
        "OPENAI_ORG_ID": "from-the-environment",
        "OPENAI_PROJECT_ID": "from-the-environment",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/from-the-environment",
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer from-the-environment\nX-Own: from-the-environment",
        "ANTHROPIC_API_KEY": "from-the-environment",
        "ANTHROPIC_AUTH_TOKEN": "from-the-environment",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/from-the-environment",
        "ANTHROPIC_CUSTOM_HEADERS": "X-Own: from-the-environment",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("odd_environment")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("key", ["k", None])
async def test_keys_headers_and_proxies_of_the_environment_are_not_used(
    server: ModelServer, connect: Connect, provider: Provider, key: str | None
) -> None:
    assert (await ask(connect(provider), key, prompt="Hi")).text == "Hello."
    assert [heard.key for heard in server.heard] == [key]
    assert "from-the-environment" not in json.dumps(server.heard[0].headers)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_loading_a_client_does_not_hold_up_the_loop(server: ModelServer, provider: Provider) -> None:
    base_url = server.anthropic if provider == "anthropic" else server.openai
    told = subprocess.run([sys.executable, "-c", FIRST_QUESTION, provider, base_url], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    early, text, lag, took = json.loads(told.stdout)
    assert (early, text) == ([], "Hello.")
    assert lag < took / 3


FIRST_QUESTION = """
import asyncio, json, sys, time
from app.models import Connection, ask
early = [name for name in ("openai", "anthropic", "httpx", "httpx2", "jsonschema") if name in sys.modules]

async def longest_pause(done):
    longest, last = 0.0, time.perf_counter()
    while not done.is_set():
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest

async def main():
    done = asyncio.Event()
    pause = asyncio.create_task(longest_pause(done))
    began = time.perf_counter()
    answer = await ask(Connection("1", "Work", sys.argv[1], sys.argv[2], "m"), None, prompt="Hi")
    took = time.perf_counter() - began
    done.set()
    print(json.dumps([early, answer.text, await pause, took]))

asyncio.run(main())
"""
