"""The For each node."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Node, NodeError, StopRun


class Rounds(TypedDict):
    """What each round gave back, and the rounds that failed."""

    results: list[Json]
    failed: list[Json]


class ForEach(
    Node,
    kind="control.for_each",
    icon="repeat",
    words=("loop", "iterate", "repeat", "map", "each"),
    effect=Effect.NONE,
    body=True,
    how=("at_once", "keep_order", "on_item_error"),
    sentence="{at_once} at a time",
):
    """Run the steps inside once for every item of a list. Inside, `item` is the item and `index` counts from 0."""

    at_once: int = Field(1, ge=1, le=50, description="How many items are worked on at the same time.")
    keep_order: bool = Field(
        True, description="Results in the order of the items; otherwise the round that ends first gives the first one."
    )
    on_item_error: Literal["stop", "skip", "collect"] = Field(
        "stop",
        description="When a round fails: stop, and the rounds beside it too; leave the item out; or leave it out and "
        "list it under “failed” with its number and what went wrong.",
    )

    @classmethod
    def forgives(cls, settings: Mapping[str, Json]) -> bool:
        return settings.get("on_item_error") in ("skip", "collect")

    async def run(self, ctx: Context, items: list[Json]) -> Rounds:
        results: dict[int, Json] = {}
        failed: dict[int, Json] = {}
        done = 0

        async def one(index: int) -> None:
            nonlocal done
            try:
                results[index] = await ctx.run_body(
                    {"item": items[index], "index": index}, str(index), own_page=self.at_once > 1
                )
            except NodeError as error:
                if self.on_item_error == "stop":
                    raise NodeError(f"Item {index + 1} of {len(items)}: {error.what}", hint=error.hint) from error
                failed[index] = {"index": index, "item": items[index], "message": error.what}
            done += 1
            ctx.progress(done, len(items))

        await at_most(self.at_once, one, range(len(items)))
        return {
            "results": [results[index] for index in (sorted(results) if self.keep_order else results)],
            "failed": [failed[index] for index in sorted(failed)] if self.on_item_error == "collect" else [],
        }


async def at_most(count: int, work: Callable[[int], Awaitable[None]], items: Iterable[int]) -> None:
    """Work on every item, at most `count` at a time; the first error ends the rest and is raised."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    if count == 1:
        return await worker()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(worker())
    except BaseExceptionGroup as errors:
        found = errors.exceptions
        raise next((error for error in found if isinstance(error, StopRun)), found[0]) from None
