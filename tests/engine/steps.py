"""Small nodes for stories about the engine. Nothing in them takes longer than it must."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Need, Node, NodeError, Question, StopRun, Text
from nodes.catalog import Catalog, built_in


@dataclass
class Stage:
    """What the steps of one story share with the test: gates to wait at, a list of calls, and things to give."""

    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    give: Callable[[], Any] = lambda: None
    in_thread: threading.Event = field(default_factory=threading.Event)
    thread_gate: threading.Event = field(default_factory=threading.Event)

    def gate(self, name: str) -> asyncio.Event:
        return self.gates.setdefault(name, asyncio.Event())


STAGE: ContextVar[Stage] = ContextVar("stage")


class Say(Node, kind="t.say", effect=Effect.NONE):
    """Gives its text."""

    text: Text = Field("", description="What to give.")

    async def run(self, ctx: Context, value: Json = None) -> Json:
        return value if value is not None else self.text


class Give(Node, kind="t.give", effect=Effect.NONE):
    """Gives a value."""

    value: Json = Field(None, description="What to give.")

    async def run(self, ctx: Context) -> Json:
        return self.value


class Odd(Node, kind="t.odd", effect=Effect.NONE):
    """Gives whatever the test wishes."""

    async def run(self, ctx: Context) -> Json:
        value: Json = STAGE.get().give()
        return value


class OddSlow(Node, kind="t.odd_slow", effect=Effect.READ):
    """Gives whatever the test wishes, as a step of its own task."""

    async def run(self, ctx: Context) -> Json:
        await asyncio.sleep(0)
        value: Json = STAGE.get().give()
        return value


class Length(Node, kind="t.length", effect=Effect.NONE):
    """Needs text."""

    async def run(self, ctx: Context, text: str) -> int:
        return len(text)


class Both(Node, kind="t.both", effect=Effect.NONE):
    """Two inputs that may stay open."""

    async def run(self, ctx: Context, a: Json = None, b: Json = None) -> list[Json]:
        return [a, b]


class Into(Node, kind="t.into", effect=Effect.NONE):
    """One input that is needed and one that may stay open."""

    async def run(self, ctx: Context, needed: Json, extra: Json = None) -> list[Json]:
        return [needed, extra]


class InThread(Node, kind="t.thread", effect=Effect.READ):
    """Works in a thread, and writes into its log from there."""

    wait: bool = Field(False, description="Wait for the test.")

    def run(self, ctx: Context) -> str:
        ctx.log(f"not the loop's thread: {threading.current_thread() is not threading.main_thread()}")
        if self.wait:
            STAGE.get().in_thread.set()
            STAGE.get().thread_gate.wait(30)
            ctx.log("too late")
        return "from a thread"


class Gated(Node, kind="t.gated", effect=Effect.READ):
    """Waits until the test opens its gate."""

    gate: str = Field("", description="Which one.")

    async def run(self, ctx: Context, value: Json = None) -> str:
        STAGE.get().calls.append(f"{ctx.step} waits")
        await STAGE.get().gate(self.gate).wait()
        return self.gate


class Suspends(Node, kind="t.suspends", effect=Effect.NONE):
    """Pure, and takes its time."""

    async def run(self, ctx: Context) -> str:
        ctx.log("once")
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
        await asyncio.sleep(0)
        return "slept"


class Fail(Node, kind="t.fail", effect=Effect.NONE):
    """Fails in a way that a person can mend."""

    message: str = Field("No such page", description="What to say.")

    async def run(self, ctx: Context, value: Json = None) -> str:
        raise NodeError(self.message, hint="Check the address.")


class FailOn(Node, kind="t.fail_on", effect=Effect.NONE):
    """Fails for one value, and gives the others on."""

    bad: Json = Field(None, description="Which one.")
    value: Json = Field(None, description="The value.")

    async def run(self, ctx: Context) -> Json:
        if self.value == self.bad:
            raise NodeError(f"{self.value} is bad")
        return self.value


class Flaky(Node, kind="t.flaky", effect=Effect.READ):
    """Fails a number of times."""

    times: int = Field(1, description="How often.")
    final: bool = Field(False, description="The failure cannot be mended by trying again.")

    async def run(self, ctx: Context) -> int:
        calls = STAGE.get().calls
        calls.append(ctx.step)
        if calls.count(ctx.step) <= self.times:
            raise NodeError("Not now", retryable=not self.final)
        return calls.count(ctx.step)


class Missing(Node, kind="t.missing", effect=Effect.READ):
    """Fails until what it needs is there."""

    path: str = Field("", description="A file that has to be there.")

    async def run(self, ctx: Context) -> str:
        STAGE.get().calls.append(ctx.step)
        if not is_there(self.path):
            raise NodeError("The file is missing", hint="Put it there.")
        return "found"


class Faulty(Node, kind="t.faulty", effect=Effect.NONE):
    """Has a fault of its own."""

    how: str = Field("ZeroDivisionError", description="Which fault.")

    async def run(self, ctx: Context) -> int:
        match self.how:
            case "exit":
                raise SystemExit(3)
            case "cancel":
                raise asyncio.CancelledError
            case "unsayable":
                raise Unsayable
            case "group":
                raise ExceptionGroup("several", [NodeError("Said in a group"), ValueError("x")])
        return int(1 / 0)


class FaultyLater(Node, kind="t.faulty_later", effect=Effect.READ):
    """The same, from a task of its own."""

    how: str = Field("", description="Which fault.")

    async def run(self, ctx: Context) -> int:
        await asyncio.sleep(0)
        match self.how:
            case "cancelled inside":
                inner = asyncio.create_task(asyncio.sleep(10))
                asyncio.get_running_loop().call_soon(inner.cancel)
                await inner
            case "timeout inside":
                raise TimeoutError
        return await Faulty.run(Faulty(how=self.how), ctx)


class Unsayable(Exception):
    """Cannot be said."""

    def __str__(self) -> str:
        raise ValueError("no words")


class Write(Node, kind="t.write", effect=Effect.WRITE):
    """Adds a line to a ledger: an effect that can be counted afterwards."""

    ledger: str = Field("", description="The file.")
    text: Text = Field("", description="The line.")

    async def run(self, ctx: Context, value: Json = None) -> str:
        ledger(self.ledger, self.text or ctx.step)
        await asyncio.sleep(0)
        return self.text


class WriteThen(Node, kind="t.write_then", effect=Effect.WRITE):
    """Writes, and then something goes wrong."""

    ledger: str = Field("", description="The file.")
    then: str = Field("", description="What goes wrong.")

    async def run(self, ctx: Context) -> str:
        ledger(self.ledger, ctx.step)
        match self.then:
            case "hang":
                STAGE.get().gate(f"{ctx.step} wrote").set()
                await asyncio.sleep(60)
            case "fail":
                raise NodeError("It broke off")
            case "not sent":
                raise NodeError("It was not sent", retryable=True)
            case "stop":
                raise StopRun("Enough")
        return "written"


class NeverLetsGo(Node, kind="t.never_lets_go", effect=Effect.READ):
    """Does not end when it is told to."""

    async def run(self, ctx: Context) -> None:
        gate = STAGE.get().gate("let go")
        while not gate.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await gate.wait()


class Spend(Node, kind="t.spend", effect=Effect.SPEND):
    """Costs money."""

    async def run(self, ctx: Context) -> str:
        STAGE.get().calls.append(ctx.step)
        await asyncio.sleep(0)
        return "spent"


class Pays(Node, kind="t.pays", effect=Effect.SPEND):
    """Costs a known sum, or one that nobody knows."""

    money: float | None = Field(None, description="US dollars.")
    tokens: int | None = Field(None, description="Tokens in.")

    async def run(self, ctx: Context, value: Json = None) -> str:
        STAGE.get().calls.append(ctx.step)
        await asyncio.sleep(0)
        ctx.spend("a call", tokens_in=self.tokens, money=self.money)
        return "paid"


class Refused(Node, kind="t.refused", effect=Effect.READ):
    """Is refused a number of times, with the sort of trouble that is wished."""

    times: int = Field(1, description="How often.")
    trouble: Literal["unreachable", "busy", "timeout", "other"] = "busy"
    retry_after: float | None = Field(None, description="Seconds that it is asked to wait.")

    async def run(self, ctx: Context) -> int:
        calls = STAGE.get().calls
        calls.append(ctx.step)
        if calls.count(ctx.step) <= self.times:
            raise NodeError("Refused", trouble=self.trouble, retry_after=self.retry_after)
        return calls.count(ctx.step)


class Undeclared(Node, kind="t.undeclared"):
    """Says nothing of what it does to the world."""

    async def run(self, ctx: Context, value: Json = None) -> Shape:
        STAGE.get().calls.append(ctx.step)
        await asyncio.sleep(0)
        return {"name": "real", "count": 7, "rows": [{"price": 2.5, "paid": False}]}


class Row(TypedDict):
    """One line of it."""

    price: float
    paid: bool


class Shape(TypedDict):
    """Outputs of several types."""

    name: str
    count: int
    rows: list[Row]


class Asking(Node, kind="t.ask", effect=Effect.READ):
    """Asks a person, and gives the answer."""

    title: Text = Field("Go on?", description="The question.")
    then: str = Field("", description="What goes wrong after the answer, the first time.")

    async def run(self, ctx: Context) -> str:
        answer = (await ctx.ask(Question(self.title))).choice
        stage = STAGE.get()
        stage.calls.append(f"answered {answer}")
        if self.then == "fail" and len(stage.calls) == 1:
            raise NodeError("Then it failed")
        return answer


class Memo(Node, kind="t.once", effect=Effect.READ):
    """Works something out once, and then fails until the test opens its gate."""

    async def run(self, ctx: Context) -> Json:
        stage = STAGE.get()

        async def dear() -> Json:
            stage.calls.append("worked out")
            return {"dear": len(stage.calls)}

        value = await ctx.once("dear", dear)
        if not stage.gate("open").is_set():
            raise NodeError("Not open")
        return value


class Way(TypedDict):
    left: NotRequired[str]
    right: NotRequired[str]


class Fork(Node, kind="t.fork", effect=Effect.NONE):
    """Goes one way of two."""

    way: Text = Field("left", description="Which.")

    async def run(self, ctx: Context) -> Way:
        return {"left": "l"} if self.way == "left" else {"right": "r"} if self.way == "right" else {}


class Promised(TypedDict):
    kept: str


class Broken(Node, kind="t.broken_promise", effect=Effect.NONE):
    """Does not give what it promises."""

    async def run(self, ctx: Context) -> Promised:
        value: Any = STAGE.get().give()
        return value  # type: ignore[no-any-return]  # that it is not what it says is the story


class Stop(Node, kind="t.stop", effect=Effect.NONE):
    """Ends the run."""

    message: Text = Field("That is all", description="Why.")
    failed: bool = Field(False, description="As failed.")

    async def run(self, ctx: Context) -> None:
        raise StopRun(self.message, failed=self.failed)


class Chatty(Node, kind="t.chatty", effect=Effect.READ):
    """Reports its progress all the time."""

    times: int = Field(1000, description="How often.")

    async def run(self, ctx: Context) -> int:
        for number in range(self.times):
            ctx.progress(number + 1, self.times * 2)
        await asyncio.sleep(0)
        return self.times


class UseSecret(Node, kind="t.secret", needs={Need.SECRET}, effect=Effect.READ):
    """Fetches a key, and lets it slip wherever it can."""

    name: str = Field("", description="Which key.")
    fail: bool = Field(False, description="Fail with it in the message.")

    async def run(self, ctx: Context) -> str:
        value = await ctx.secret(self.name)
        ctx.log(f"the key is {value}")
        if self.fail:
            raise NodeError(f"{value} was refused", hint=f"Not {value}")
        if value == "faulty":
            raise ValueError(value)
        return f"<{value}>"


class SeesItself(Node, kind="t.sees_itself", effect=Effect.WRITE):
    """Reads the journal on the disk while it runs, with a connection of its own."""

    database: str = Field("", description="The file.")

    async def run(self, ctx: Context) -> list[str]:
        import sqlite3

        connection = sqlite3.connect(self.database)
        try:
            return [f"{step} {kind}" for step, kind in connection.execute("SELECT step, kind FROM event ORDER BY seq")]
        finally:
            connection.close()


def ledger(path: str, line: str) -> None:
    """A line that is on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def is_there(path: str) -> bool:
    """Whether there is such a file."""
    return Path(path).exists()


def lines(path: Path) -> list[str]:
    """What the ledger says."""
    return path.read_text().splitlines() if path.exists() else []


NODES = (Say, Give, Odd, OddSlow, Length, Both, Into, InThread, Gated, Suspends, Fail, FailOn, Flaky, Missing, Faulty,
         FaultyLater, Write, WriteThen, Spend, Pays, Refused, Undeclared, Asking, Memo, Fork, Broken, Stop, Chatty,
         UseSecret, SeesItself, NeverLetsGo)  # fmt: skip
CATALOG = built_in() | Catalog({node.spec.kind: node for node in NODES})
