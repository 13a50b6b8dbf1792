"""The If node."""

import re
from typing import NotRequired

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Node, NodeError


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
        description="An expression such as {{ page.count > 3 }}. "
        "Empty text, “no”, 0 and an empty list count as not true."
    )

    async def run(self, ctx: Context, value: Json = None) -> Ways:
        taken = value if value is not None else self.condition
        return {"true": taken} if holds(self.condition) else {"false": taken}


def holds(condition: Json) -> bool:
    """Whether a condition counts as true. NodeError for a comparison that was written outside of the braces."""
    if not isinstance(condition, str):
        return bool(condition)
    if re.fullmatch(r"\s*\S+\s+(==|!=|<=?|>=?)\s+\S+\s*", condition):
        raise NodeError(
            f"The condition is the text `{condition.strip()[:80]}`, and not a comparison.",
            hint="Write the whole of it inside the braces, as in {{ page.count > 3 }}.",
            retryable=False,
        )
    return condition.strip().lower() not in ("", "false", "no", "0")
