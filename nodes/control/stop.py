"""The Stop node."""

from typing import Literal

from nodes import Context, Effect, Field, LongText, Node, StopRun


class Stop(
    Node,
    kind="control.stop",
    icon="stop_circle",
    words=("end", "finish", "abort", "exit", "fail"),
    effect=Effect.NONE,
    sentence="{outcome}: {message}",
):
    """End the whole run here, with a message."""

    message: LongText = Field("", description="What the run's history says about the end.")
    outcome: Literal["done", "failed"] = Field("done", description="Whether this end counts as done or as failed.")

    async def run(self, ctx: Context) -> None:
        raise StopRun(self.message.strip() or "Stopped by a Stop step.", failed=self.outcome == "failed")
