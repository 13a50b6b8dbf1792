"""The Set fields node."""

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Node


class Fields(TypedDict):
    """The record with its new fields."""

    record: dict[str, Json]


class SetFields(
    Node,
    kind="data.set_fields",
    icon="edit_note",
    words=("edit", "assign", "variable", "rename", "map", "record", "object"),
    effect=Effect.NONE,
    sentence="{fields}",
):
    """Make a record of named values, or change fields of one that is wired in."""

    fields: dict[str, Json] = Field(description="The name of each field and its value, often an expression.")
    keep_others: bool = Field(True, description="Keep the other fields of the record that is wired in.")

    async def run(self, ctx: Context, record: dict[str, Json] | None = None) -> Fields:
        return {"record": {**(record or {} if self.keep_others else {}), **self.fields}}
