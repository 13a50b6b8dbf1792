"""The Value node."""

from nodes import Context, Effect, Field, Json, Node


class Value(
    Node,
    kind="data.value",
    icon="data_object",
    words=("constant", "variable", "expression", "pick", "set", "give"),
    effect=Effect.NONE,
    sentence="{value}",
):
    """Hand on a value: one that is written down, or one that an expression takes out of other data."""

    value: Json = Field(None, description="Text, a number, a list, a record, or an expression. It keeps its type.")

    async def run(self, ctx: Context) -> Json:
        return self.value
