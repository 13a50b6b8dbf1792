"""The Filter a list node."""

from __future__ import annotations

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Node, NodeError, Text
from nodes.data._compare import Comparison, fits


class Sorted(TypedDict):
    """The items that fit, the others, and how many fit."""

    kept: list[Json]
    dropped: list[Json]
    count: int


class Filter(
    Node,
    kind="data.filter",
    label="Filter a list",
    icon="filter_alt",
    words=("where", "only", "keep", "search", "select", "condition"),
    effect=Effect.NONE,
    sentence="{field} {comparison} {value}",
    more=("match_case",),
):
    """Keep the items of a list that fit a rule, such as “price is at least 20”."""

    field: Text = Field(
        "", max_length=200, description="Which field of each item, with dots to go deeper; empty means the item itself."
    )
    comparison: Comparison = Field("is", description="How the field and the value are compared.")
    value: Json = Field("", description="What to compare with; for “is one of” a list, or words between commas.")
    match_case: bool = Field(False, description="Tell capital letters from small ones.")

    async def run(self, ctx: Context, items: list[Json]) -> Sorted:
        kept: list[Json] = []
        dropped: list[Json] = []
        without = unlike = 0
        for item in items:
            found, value = value_at(item, self.field)
            fit = fits(value, self.comparison, self.value, match_case=self.match_case)
            without += not found
            unlike += fit is None
            (kept if fit else dropped).append(item)
        if without == len(items) > 0:
            raise NodeError(f"No item has a field `{self.field}`.", hint=fields_of(items), retryable=False)
        if unlike == len(items) > 0:
            raise NodeError(
                f"“{self.field or 'item'} {self.comparison} {self.value}” cannot be said of any of the items.",
                hint="Numbers are put in order with numbers, and text with text.",
                retryable=False,
            )
        if unlike:
            ctx.log(f"{unlike} of {len(items)} items have nothing there that compares with {self.value}.")
        return {"kept": kept, "dropped": dropped, "count": len(kept)}


def value_at(item: Json, field: str) -> tuple[bool, Json]:
    """Whether an item has the field `name` or `owner.name`, and its value."""
    for name in field.split(".") if field else ():
        if isinstance(item, dict) and name in item:
            item = item[name]
        elif isinstance(item, list) and name.isdecimal() and int(name) < len(item):
            item = item[int(name)]
        else:
            return False, None
    return True, item


def fields_of(items: list[Json]) -> str:
    """Which fields there are, for a sentence."""
    names = list(dict.fromkeys(name for item in items[:50] if isinstance(item, dict) for name in item))
    return f"They have: {', '.join(names[:12])}." if names else "The items have no fields; leave the field empty."
