"""The Run Python node."""

from __future__ import annotations

import codecs
import signal
import sys
import warnings
from typing import Annotated

from pydantic import AfterValidator

from nodes import Code, Context, Effect, Field, Json, Need, Node, NodeError, Touches
from nodes.code import _process
from nodes.code._process import LARGEST_RESULT, MOST_PRINTED, Ended
from nodes.code._runner import compiled

MOST_LINES = 1_000
LONGEST_LINE = 2_000


def readable(code: str) -> str:
    """The code, if it is Python. ValueError with the line otherwise."""
    try:
        with warnings.catch_warnings(action="ignore"):
            compiled(code)
    except SyntaxError as error:
        raise ValueError(f"Line {error.lineno or 1} is not Python: {error.msg}.") from None
    except (ValueError, RecursionError, MemoryError):
        raise ValueError("This is not Python that can be read: it is nested too deeply.") from None
    return code


class RunPython(
    Node,
    kind="code.python",
    label="Run Python",
    icon="code",
    words=("script", "program", "function", "calculate", "transform", "pandas"),
    needs={Need.CODE},
    effect=Effect.WRITE,
    sentence="{code}",
    more=("time_limit", "memory"),
):
    """Run your own Python code on what is wired in, in a process of its own."""

    code: Annotated[Code, AfterValidator(readable)] = Field(
        max_length=200_000,
        description="Python. What is wired in is in `values`, and what you `return` is the output. Printed text goes "
        "to the step's log. The code runs as you and may do whatever you may.",
    )
    time_limit: float = Field(60, ge=0.1, le=86_400, description="Seconds after which the code is ended.")
    memory: int = Field(
        1024, ge=64, le=65_536, description="Megabytes it may use. Held on Linux; Windows and macOS do not keep to it."
    )

    def touches(self) -> Touches:
        return Touches(code=(self.code,))

    async def run(self, ctx: Context, values: Json = None) -> Json:
        log = Printed(ctx)
        ended = await _process.run(
            self.code, values, seconds=self.time_limit, memory=self.memory * 1_000_000, say=log.take
        )
        log.end()
        report = ended.report
        if report is not None and "result" in report:
            for change in report["changed"] if isinstance(report["changed"], list) else ():
                ctx.log(f"{change}, and was turned into text.", level="warning")
            return report["result"]
        raise self._failure(ended)

    def _failure(self, ended: Ended) -> NodeError:
        """Why there is no result."""
        report = ended.report or {}
        what, line = str(report.get("what", "")), report.get("line")
        at = f"Line {line}: " if line else ""
        match ended.cut or report.get("wrong") or "silent":
            case "time":
                return NodeError(
                    f"The code took longer than {self.time_limit:g} s and was ended.",
                    hint="Look for a loop without an end, or raise the time limit.",
                )
            case "printed":
                return NodeError(
                    f"The code printed more than {MOST_PRINTED // 1_000_000} MB and was ended.",
                    hint="Print less, and `return` what the next step needs.",
                )
            case "silent":
                return silent(ended.status, self.memory)
            case "nothing":
                return NodeError(
                    "The code came to its end without giving anything back.",
                    hint="End it with `return …`, or with `return None` if the next steps need nothing.",
                )
            case "memory" | "MemoryError":
                return NodeError(
                    f"The code needed more than {self.memory} MB of memory.",
                    hint="Work on less at a time, or raise the limit.",
                )
            case "exit":
                return NodeError(
                    f"The code ended itself with sys.exit({what}).", hint="Use `return` to end with a result."
                )
            case "endless":
                return NodeError(f"What the code gave back does not end: {what}.", hint="Give back a list.")
            case "large":
                return NodeError(
                    f"What the code gave back is larger than {LARGEST_RESULT // 1_000_000} MB.",
                    hint="Give back less, or write it to a file.",
                )
            case "SyntaxError" | "IndentationError" | "TabError":
                return NodeError(f"Line {line} is not Python: {what}.", retryable=False)
            case "InputAsked":
                return NodeError(
                    f"{at}The code asks for something to be typed, and nobody can type here.",
                    hint="Make it an input of the flow, and wire it into `values`.",
                    retryable=False,
                )
            case "OursAsked":
                return NodeError(
                    f"{at}`{what}` is a part of Weft itself and cannot be used in a code step.",
                    hint="Use another step for it, or write a node of your own.",
                    retryable=False,
                )
            case "ModuleNotFoundError" if missing := report.get("missing"):
                return NodeError(
                    f"{at}There is no module `{missing}` in Weft's Python.",
                    hint=f"If it is a package, install it: {sys.executable} -m pip install {missing}",
                    retryable=False,
                )
            case name:
                return NodeError(f"{at}{name}{f': {what}' if what else ''}", hint="The step's log has the details.")


def silent(status: int, memory: int) -> NodeError:
    """Why a program ended without a word."""
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return NodeError(
            f"The code was ended by the system ({name}).",
            hint=f"It may have needed more than {memory} MB of memory, or a library in it crashed.",
        )
    return NodeError(
        f"The code's process ended with exit status {status}, before it gave anything back.",
        hint="Use `return` to end with a result, not os._exit.",
    )


class Printed:
    """Puts what a program prints into the step's log, line by line, up to a limit."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._lines = 0
        self._open = {error: "" for error in (False, True)}
        self._decoders = {error: codecs.getincrementaldecoder("utf-8")("replace") for error in (False, True)}

    def take(self, piece: bytes, error: bool) -> None:
        if self._lines > MOST_LINES:
            return
        *lines, self._open[error] = (self._open[error] + self._decoders[error].decode(piece)).split("\n")
        for line in lines:
            self._say(line, error)
        while len(self._open[error]) > LONGEST_LINE and self._lines <= MOST_LINES:
            self._say(self._open[error][:LONGEST_LINE], error)
            self._open[error] = self._open[error][LONGEST_LINE:]

    def end(self) -> None:
        for error, rest in self._open.items():
            if rest:
                self._say(rest, error)

    def _say(self, line: str, error: bool) -> None:
        self._lines += 1
        if self._lines <= MOST_LINES:
            self._ctx.log(line.rstrip("\r")[:LONGEST_LINE], level="warning" if error else "info")
        elif self._lines == MOST_LINES + 1:
            self._ctx.log(f"The code prints more than {MOST_LINES:,} lines; the rest is not kept.", level="warning")
