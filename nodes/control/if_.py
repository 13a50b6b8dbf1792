"""The If node."""

from typing import NotRequired

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Node


class Ways(TypedDict):
    """The value, on the way that was taken."""

    true: NotRequired[Json]
    false: NotRequired[Json]


class If(
    Node,
    kind="control.if",
    icon="call_split",
    words=("condition", "branch", "switch", "decide", "when"),
    effect=Effect.NONE,
    sentence="{condition}",
):
    """Go one way when something is true, and the other way when it is not."""

    condition: Json = Field(
        description="An expression such as {{ page.count > 3 }}. Empty text, 0 and an empty list count as not true."
    )

    async def run(self, ctx: Context, value: Json = None) -> Ways:
        taken = value if value is not None else self.condition
        return {"true": taken} if self.condition else {"false": taken}
