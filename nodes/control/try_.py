"""The Try node."""

from collections.abc import Mapping
from typing import NotRequired

from typing_extensions import TypedDict

from nodes import Context, Effect, InsideFailed, Json, Node, NodeError


class Failure(TypedDict):
    """What went wrong, what helps, and the name of the step where it did."""

    message: str
    hint: str
    step: str


class Ways(TypedDict):
    """What the steps inside gave, or what went wrong; and in any case, whether it went well."""

    result: NotRequired[Json]
    error: NotRequired[Failure]
    always: bool


class Try(
    Node,
    kind="control.try",
    icon="health_and_safety",
    words=("catch", "error", "finally", "handle", "rescue", "except"),
    effect=Effect.NONE,
    body=True,
    inside=(),
):
    """Run the steps inside, and go on even where one of them fails.

    What went well leaves by “result”. A failure leaves by “error”, with its message, a hint and the name of the step.
    After either, “always” says whether it went well: what follows there is done in any case.
    """

    @classmethod
    def forgives(cls, settings: Mapping[str, Json]) -> bool:
        return True

    async def run(self, ctx: Context) -> Ways:
        try:
            return {"result": await ctx.run_body({}, "0"), "always": True}
        except InsideFailed as error:
            failure: Failure = {"message": error.said, "hint": error.hint, "step": error.step}
        except NodeError as error:
            failure = {"message": error.what, "hint": error.hint, "step": ""}
        return {"error": failure, "always": False}
