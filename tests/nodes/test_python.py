"""The Run Python node: what code may do, and every way in which it may end."""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from pydantic import JsonValue as Json

from nodes.checks import problems_in
from nodes.code.python import RunPython
from tests.nodes.studio import StepFailed, Studio

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux holds these limits.")


async def python(studio: Studio, code: str, values: Json = None, **settings: Json) -> Json:
    return (await studio.step("code.python", {"code": code, "time_limit": 20, **settings}, values=values))["value"]


async def failure(studio: Studio, code: str, **settings: Json) -> StepFailed:
    with pytest.raises(StepFailed) as failed:
        await python(studio, code, **settings)
    assert not failed.value.defect, failed.value.message
    return failed.value


async def test_code_works_on_what_is_wired_in(studio: Studio) -> None:
    code = """
import math

def area(r):
    return math.floor(math.pi * r ** 2) if r else area(1)

text = '''two
lines'''
return {"areas": [area(r) for r in values["radii"]], "text": text}
"""
    assert await python(studio, code, {"radii": [0, 2]}) == {"areas": [3, 12], "text": "two\nlines"}


async def test_code_may_wait(studio: Studio) -> None:
    assert await python(studio, "import asyncio\nawait asyncio.sleep(0)\nreturn 1") == 1
    assert await python(studio, "import asyncio\nasync def a():\n    return 2\nreturn asyncio.run(a())") == 2


async def test_what_is_printed_is_in_the_log(studio: Studio) -> None:
    code = "import sys\nprint('ä', flush=True)\nsys.stdout.buffer.write(b'\\xff\\n')\nprint('b')\nreturn None"
    played = await studio.alone("code.python", {"code": code})
    assert (played.outputs["it"], played.log) == ({"value": None}, ["ä", "\ufffd", "b"])


async def test_a_long_output_is_cut(studio: Studio) -> None:
    played = await studio.alone(
        "code.python", {"code": "for i in range(5000):\n    print(i)\nprint('x' * 99999)\nreturn 1"}
    )
    assert played.outputs["it"] == {"value": 1}
    assert [*played.log[:2], *played.log[999:]] == [
        "0",
        "1",
        "999",
        "The code prints more than 1,000 lines; the rest is not kept.",
    ]


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("return {1: (1, 2), 'b': {'y', 'x'}}", {"1": [1, 2], "b": ["x", "y"]}),
        ("import datetime\nreturn [datetime.date(2026, 3, 24), datetime.time(14, 30)]", ["2026-03-24", "14:30:00"]),
        ("from decimal import Decimal\nreturn [Decimal('1.50'), Decimal(3)]", [1.5, 3]),
        ("return (i * i for i in range(3))", [0, 1, 4]),
        ("for i in range(3):\n    yield i", [0, 1, 2]),
        ("return float('nan')", None),
        ("return b'abc'", "<3 bytes>"),
        ("a = []\na.append(a)\nreturn a", ["…"]),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    b: int\nreturn A(1)", {"b": 1}),
        ("class A:\n    def __repr__(self):\n        raise ValueError\nreturn [A()]", ["<A>"]),
        ("return 2 ** 70", str(2**70)),
        ("return '\\ud800'", "?"),
    ],
)
async def test_results_become_plain_values(studio: Studio, code: str, result: Json) -> None:
    assert await python(studio, code) == result


async def test_a_value_that_became_text_is_said(studio: Studio) -> None:
    played = await studio.alone("code.python", {"code": "return {'a': [object]}"})
    assert played.log == ["a[0] is a type, and was turned into text."]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("print(1)", "The code came to its end without giving anything back."),
        ("x = 1\nreturn x / 0", "Line 2: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(0)", "The code ended itself with sys.exit(0)."),
        ("import os\nos._exit(0)", "The code's process ended with exit status 0, before it gave anything back."),
        ("raise KeyboardInterrupt", "Line 1: KeyboardInterrupt"),
        ("class Odd(BaseException): pass\nraise Odd('x')", "Line 2: Odd: x"),
        ("return input('name?')", "Line 1: The code asks for something to be typed, and nobody can type here."),
        ("import nosuch.part", "Line 1: There is no module `nosuch` in Weft's Python."),
        ("from app.engine import plan", "Line 1: `app` is a part of Weft itself and cannot be used in a code step."),
        (
            "import itertools\nreturn itertools.count()",
            "What the code gave back does not end: more than 100,000 items from a count.",
        ),
        ("def f(n):\n    return f(n + 1)\nreturn f(0)", "Line 2: RecursionError: maximum recursion depth exceeded"),
    ],
)
async def test_every_way_to_fail_has_its_sentence(studio: Studio, code: str, message: str) -> None:
    assert (await failure(studio, code)).message == message


async def test_the_log_of_a_failure_has_the_line(studio: Studio) -> None:
    played = await studio.alone("code.python", {"code": "x = 1\nreturn x / 0"})
    assert [line.strip() for line in played.log] == [
        "Traceback (most recent call last):", 'File "<code>", line 2, in code', "return x / 0", "~~^~~",
        "ZeroDivisionError: division by zero",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = = 1", "Line 1 is not Python: invalid syntax."),
        ("if 1:\n\tx = 1\n        y = 2", "Line 3 is not Python: inconsistent use of tabs and spaces in indentation."),
        ("break", "Line 1 is not Python: 'break' outside loop."),
        ("a\0b", "Line 1 is not Python: source code string cannot contain null bytes."),
        ("from x import *", "Line 1 is not Python: import * only allowed at module level."),
        ("+".join(["1"] * 20_000), "This is not Python that can be read: it is nested too deeply."),
        ("(" * 5000, "Line 1 is not Python: too many nested parentheses."),
    ],
)
def test_what_is_not_python_is_a_problem_of_the_flow(code: str, message: str) -> None:
    assert [str(problem.message) for problem in problems_in(RunPython, {"code": code})] == [message]


def test_an_odd_backslash_is_no_problem() -> None:
    assert problems_in(RunPython, {"code": "return '\\d'"}) == []


async def test_the_time_limit_ends_it_with_all_it_started(
    studio: Studio, started_by_code: Callable[[], list[int]]
) -> None:
    code = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
    os._exit(0)
while True: pass
"""
    began = time.monotonic()
    failed = await failure(studio, code, time_limit=1)
    assert failed.message == "The code took longer than 1 s and was ended."
    assert time.monotonic() - began < 6
    assert started_by_code() == []


async def test_a_daemon_does_not_outlive_its_step(studio: Studio, started_by_code: Callable[[], list[int]]) -> None:
    code = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], start_new_session=True)
return 1
"""
    assert await python(studio, code) == 1
    assert started_by_code() == []


async def test_stopping_the_run_stops_the_code(studio: Studio, started_by_code: Callable[[], list[int]]) -> None:
    task = asyncio.create_task(studio.step("code.python", {"code": "while True: pass"}))
    for _ in range(100):
        await asyncio.sleep(0.05)
        if started_by_code():
            break
    assert len(started_by_code()) == 1
    task.cancel()
    with pytest.raises(KeyError):
        await task
    assert started_by_code() == []


@on_linux
async def test_memory_is_limited(studio: Studio) -> None:
    assert (await failure(studio, "x = [0] * 10**9\nreturn 1", memory=200)).message == (
        "The code needed more than 200 MB of memory."
    )


async def test_printing_without_end_is_ended(studio: Studio) -> None:
    failed = await failure(studio, "while True:\n    print('x' * 100000)")
    assert failed.message == "The code printed more than 10 MB and was ended."


async def test_a_result_that_is_too_large_is_refused(studio: Studio) -> None:
    assert (await failure(studio, "return 'x' * 21_000_000")).message == (
        "What the code gave back is larger than 20 MB."
    )


async def test_the_surroundings_hold_no_keys(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    found = await python(studio, "import os\nreturn [sorted(os.environ), os.getcwd(), os.environ['HOME']]")
    assert isinstance(found, list)
    names, here, home = found
    assert set(map(str, names if isinstance(names, list) else [])) <= {
        "HOME", "LANG", "PATH", "TEMP", "TMP", "TMPDIR", "TZ", "USERPROFILE", "WEFT_CODE_STEP", "LC_CTYPE",
        "SYSTEMROOT", "COMSPEC", "PATHEXT",
    }  # fmt: skip
    assert here == home
    assert not await asyncio.to_thread(Path(str(here)).exists)


@on_linux
async def test_code_that_closes_everything_still_gives_its_result(studio: Studio) -> None:
    assert (
        await python(
            studio, "import os\nfor fd in range(100):\n    try: os.close(fd)\n    except OSError: pass\nreturn 1"
        )
        == 1
    )


@pytest.fixture
def started_by_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """Finds the processes that code steps of this story have left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def left() -> list[int]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                at_home = process.environ().get("HOME", "").startswith(str(tmp_path))
                if at_home and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process.pid)
        return found

    return left
