"""Runs in a process of its own: reads code and values, runs the code as a function, and leaves a report in a file.

Only the standard library is used here, and nothing of Weft's.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import dataclasses
import datetime
import decimal
import io
import json
import math
import os
import pathlib
import sys
import traceback
import types
from collections import deque
from collections.abc import Callable, Iterator, Mapping, MappingView
from typing import Any, NoReturn

OURS = ("app", "flows", "nodes", "assets")
DEEPEST = 100
LONGEST = 100_000
"""Items taken from something that may go on for ever."""


def main() -> None:
    """Do the job on standard input, and write the report that it asks for."""
    job = json.loads(sys.stdin.buffer.read())
    limit(job["memory"], job["processes"])
    sys.stdin = io.StringIO()
    report = run(job["code"], job["values"])
    try:
        text = json.dumps(report)
    except MemoryError:
        text = json.dumps({"wrong": "memory"})
    sys.stdout.flush()
    pathlib.Path(job["report"]).write_text(text, encoding="utf-8")
    # Threads that the code has left running would keep the process from ending.
    os._exit(0)


def run(code: str, values: Any) -> dict[str, Any]:
    """The code's result, or what went wrong."""
    builtins.input = no_input
    sys.meta_path.insert(0, NoOurs())
    try:
        result = function(code)(values)
        if isinstance(result, types.CoroutineType):
            result = asyncio.run(result)
        if result is NOTHING:
            return {"wrong": "nothing"}
        plain = Plain()
        return {"result": plain.of(result, ""), "changed": plain.changed[:5]}
    except MemoryError:
        return {"wrong": "memory"}
    except SystemExit as end:
        return {"wrong": "exit", "what": repr(end.code)}
    except Endless as error:
        return {"wrong": "endless", "what": str(error)}
    except BaseException as error:  # noqa: BLE001  the code may raise anything, and all of it is reported
        return trouble(error)


class Nothing:
    """What the code gives back where it gives nothing back."""


NOTHING = Nothing()


def function(code: str) -> Callable[[Any], Any]:
    """The code as a function of `values`."""
    import linecache

    # Remembered, so that a traceback can show the lines.
    linecache.cache["<code>"] = (len(code), None, code.splitlines(keepends=True), "<code>")
    names: dict[str, Any] = {"__name__": "__main__", "__nothing__": NOTHING}
    exec(compiled(code), names)
    made: Callable[[Any], Any] = names["code"]
    return made


def compiled(code: str) -> types.CodeType:
    """The definition of a function with this code in it, its lines counted as they were written."""
    tree = ast.parse(code, "<code>")
    end = ast.parse("return __nothing__").body
    make = ast.AsyncFunctionDef if waits(tree) else ast.FunctionDef
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg("values")], kwonlyargs=[], kw_defaults=[], defaults=[], vararg=None, kwarg=None
    )
    wrapped = make(name="code", args=arguments, body=[*tree.body, *end], decorator_list=[], returns=None)
    whole = ast.fix_missing_locations(ast.Module(body=[wrapped], type_ignores=[]))
    return compile(whole, "<code>", "exec")


def waits(tree: ast.Module) -> bool:
    """True where the code uses `await` outside of functions of its own."""
    inside = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
    left: list[ast.AST] = [*tree.body]
    while left:
        part = left.pop()
        if isinstance(part, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return True
        if not isinstance(part, inside):
            left.extend(ast.iter_child_nodes(part))
    return False


def trouble(error: BaseException) -> dict[str, Any]:
    """An error of the code: what it is, and the line of the code it comes from."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == "<code>":
            line = frame.lineno
    try:
        what = str(error)
    except Exception:  # noqa: BLE001  an error that cannot say what it is
        what = ""
    traceback.print_exception(type(error), error, own(error.__traceback__))
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return {"wrong": type(error).__name__, "what": what[:2000], "line": line, "missing": missing}


def own(trace: types.TracebackType | None) -> types.TracebackType | None:
    """A traceback from where the code itself begins."""
    while trace is not None and trace.tb_frame.f_code.co_filename != "<code>":
        trace = trace.tb_next
    return trace


class InputAsked(Exception):
    """The code asked for something to be typed."""


def no_input(*_: object) -> NoReturn:
    raise InputAsked("nobody can type here")


class OursAsked(ImportError):
    """The code asked for a part of Weft."""


class NoOurs:
    """Keeps Weft's own modules out: a flow that used them would break with every new version."""

    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] in OURS:
            raise OursAsked(name)


class Endless(Exception):
    """A result that does not end."""


class Plain:
    """Turns a result into what JSON can hold, and notes where something else became text."""

    def __init__(self) -> None:
        self.changed: list[str] = []
        self._above: set[int] = set()

    def of(self, value: Any, where: str) -> Any:
        if value is None or isinstance(value, bool | str):
            return value if not isinstance(value, str) else str(value).encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, int):
            return int(value) if -(2**63) <= value < 2**64 else str(value)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else self._note(where, str(value), None)
        if isinstance(value, decimal.Decimal):
            return self.of(int(value) if value == value.to_integral_value() else float(value), where)
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        if isinstance(value, pathlib.PurePath):
            return str(value)
        return self._parts(value, where)

    def _parts(self, value: Any, where: str) -> Any:
        here = id(value)
        if here in self._above:
            return self._note(where, "something that contains itself", "…")
        if len(self._above) >= DEEPEST:
            return self._note(where, "something nested too deeply", "…")
        self._above.add(here)
        try:
            if dataclasses.is_dataclass(value) and not isinstance(value, type):
                value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            if isinstance(value, Mapping):
                return {str(key): self.of(each, f"{where}.{key}") for key, each in value.items()}
            if isinstance(value, list | tuple):
                return [self.of(each, f"{where}[{place}]") for place, each in enumerate(value)]
            if isinstance(value, set | frozenset):
                return [self.of(each, where) for each in sorted(value, key=repr)]
            if isinstance(value, range | deque | Iterator | MappingView | types.AsyncGeneratorType):
                return self._taken(value, where)
            if hasattr(value, "to_dict") and hasattr(value, "columns"):  # a table of pandas
                return self.of(value.to_dict("records"), where)
            if hasattr(value, "tolist") and hasattr(value, "dtype"):  # an array or a number of numpy
                return self.of(value.tolist(), where)
            return self._note(where, f"a {type(value).__name__}", text_of(value))
        finally:
            self._above.discard(here)

    def _taken(self, value: Any, where: str) -> list[Any]:
        if isinstance(value, types.AsyncGeneratorType):
            raise Endless("an asynchronous generator")
        taken = []
        for place, each in enumerate(value):
            if place >= LONGEST:
                raise Endless(f"more than {LONGEST:,} items from a {type(value).__name__}")
            taken.append(self.of(each, f"{where}[{place}]"))
        return taken

    def _note(self, where: str, what: str, instead: Any) -> Any:
        self.changed.append(f"{where.lstrip('.') or 'The result'} is {what}")
        return instead


def text_of(value: Any) -> str:
    """Something that JSON has no way to write, as text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    try:
        return repr(value)[:1000]
    except Exception:  # noqa: BLE001  its own words about itself fail
        return f"<{type(value).__name__}>"


def limit(memory: int, processes: int) -> None:
    """Limits that the system itself holds, where it can: memory, the size of a file, how many processes."""
    try:
        import resource
    except ImportError:  # Windows has none of these.
        return

    def at_most(what: int, most: int) -> None:
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS refuses some of them.
            return

    at_most(resource.RLIMIT_AS, memory)
    at_most(resource.RLIMIT_FSIZE, 1_000_000_000)
    at_most(resource.RLIMIT_CORE, 0)
    if processes:
        at_most(resource.RLIMIT_NPROC, processes)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    main()
