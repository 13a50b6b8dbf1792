"""The Approve node."""

from datetime import datetime
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, File, Json, LongText, Node, Question, Text
from nodes.control._times import When, when_of

APPROVE, REJECT, TIMED_OUT = "Approve", "Reject", "The time ran out"
MEANS = {"time_out": TIMED_OUT, "approve": APPROVE, "reject": REJECT}


class Decided(TypedDict):
    """The value as it was left, on the way that was decided, and who decided when."""

    approved: NotRequired[Json]
    rejected: NotRequired[Json]
    timed_out: NotRequired[Json]
    decided_by: str
    decided_at: str


class Approve(
    Node,
    kind="control.approve",
    icon="approval_delegation",
    words=("ask", "confirm", "review", "human", "decide", "permission", "inbox"),
    effect=Effect.NONE,
    sentence="{title}",
    more=("editable",),
):
    """Ask a person before the flow goes on, in the Inbox. What comes in is shown, and goes on as it was left.

    The run costs nothing while it waits, and Weft may be closed meanwhile.
    """

    title: Text = Field(description="The question, such as: Send this letter?")
    text: LongText = Field("", description="What whoever decides should know.")
    deadline: When = Field(
        "",
        description="How long there is to decide: 4 h, 2 days; or until when: 18:00, 2026-05-03. Empty: for ever.",
    )
    at_deadline: Literal["time_out", "approve", "reject"] = Field(
        "time_out", description="What it means when nobody has decided by then."
    )
    editable: bool = Field(True, description="Whether what comes in may be changed before it goes on.")

    async def run(self, ctx: Context, value: Json = None, picture: File | None = None) -> Decided:
        async def deadline() -> Json:
            return when_of(self.deadline, ctx.now()) if self.deadline.strip() else None

        # Kept, so that the time does not begin anew with each start of Weft.
        until = await ctx.once("deadline", deadline)
        answer = await ctx.ask(
            Question(
                self.title.strip() or "Go on?",
                self.text,
                (APPROVE, REJECT),
                payload=value,
                editable=self.editable and value is not None,
                deadline=until if isinstance(until, int | float) else None,
                at_deadline=MEANS[self.at_deadline] if until is not None else "",
                picture=picture,
            )
        )
        at = datetime.fromtimestamp(answer.at or ctx.now()).astimezone().isoformat(timespec="seconds")
        decided: Decided = {"decided_by": answer.by, "decided_at": at}
        left = True if answer.payload is None else answer.payload
        match answer.choice:
            case "Approve":
                decided["approved"] = left
            case "Reject":
                decided["rejected"] = left
            case _:
                decided["timed_out"] = left
        return decided
