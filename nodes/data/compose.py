"""The Compose text node."""

from nodes import Context, Effect, Field, LongText, Node


class ComposeText(
    Node,
    kind="data.compose",
    label="Compose text",
    icon="notes",
    words=("template", "write", "join", "format", "message", "markdown"),
    effect=Effect.NONE,
    sentence="{text}",
):
    """Put a text together from what other steps gave."""

    text: LongText = Field(
        description="The text, with {{ step.output }} where a value belongs. "
        "{% for row in table.rows %} … {% endfor %} repeats a part, {% if … %} … {% endif %} leaves one out."
    )

    async def run(self, ctx: Context) -> str:
        return self.text
