"""The Ask a model node."""

from typing import NotRequired

from typing_extensions import TypedDict

from nodes import ConnectionName, Context, Effect, Field, Json, LongText, Need, Node, Schema, Text, Touches


class Answered(TypedDict):
    """The answer as text, as data where a shape was asked for, and how many tokens it took, if that was told."""

    text: str
    data: NotRequired[Json]
    tokens: int | None


class AskModel(
    Node,
    kind="ai.ask",
    label="Ask a model",
    icon="auto_awesome",
    words=("llm", "gpt", "claude", "openai", "anthropic", "ollama", "prompt", "chat", "summarize", "classify"),
    needs={Need.MODEL},
    effect=Effect.SPEND,
    sentence="{prompt}",
    more=("answer_schema", "temperature", "max_tokens"),
):
    """Ask a language model and get its answer, as text or as data."""

    prompt: LongText = Field(min_length=1, description="What to ask, with {{ step.output }} where a value belongs.")
    system: LongText = Field("", description="What the model is to be and how it is to answer, for every question.")
    connection: ConnectionName = Field("", description="Which connection on the Keys page; empty means the first.")
    model: Text = Field("", max_length=200, description="Which model; empty means the connection's usual one.")
    answer_schema: Schema = Field(
        None, description="A JSON schema. With it the answer also comes as data of exactly this shape, on `data`."
    )
    temperature: float | None = Field(
        None, ge=0, le=2, description="From 0, nearly always the same answer, to 2, wild. Empty leaves it to the model."
    )
    max_tokens: int | None = Field(
        None, ge=1, le=200_000, description="Stop after about this many syllables. Empty leaves it to the model."
    )

    def touches(self) -> Touches:
        return Touches(models=(self.connection,))

    async def run(self, ctx: Context) -> Answered:
        model = await ctx.model(self.connection, self.model)
        reply = await model.ask(
            self.prompt,
            system=self.system,
            schema=self.answer_schema,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
        )
        counted = [count for count in (reply.tokens_in, reply.tokens_out) if count is not None]
        answered: Answered = {"text": reply.text, "tokens": sum(counted) if counted else None}
        if self.answer_schema is not None:
            answered["data"] = reply.data
        return answered
