"""What While and Repeat until share: rounds one after the other, each knowing what the one before gave."""

from collections.abc import Mapping
from typing import Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from nodes import Context, Field, Json, NodeError, Ports

AtMost = Annotated[int, Field(ge=1, le=100_000)]
RanOut = Literal["fail", "go_on"]
Pause = Annotated[float, Field(ge=0, le=2_592_000)]


class Rounds(TypedDict):
    """What the last round gave, on the way that was taken; what all of them gave; and how many there were."""

    last: NotRequired[Json]
    ran_out: NotRequired[Json]
    results: list[Json]
    rounds: int


class Repeating:
    """The rounds of a loop without a list. Each round knows `last`, what the one before it gave, and its `index`."""

    def __init__(self, ctx: Context, start: Json, pause: float) -> None:
        self.last = start
        self.results: list[Json] = []
        self._ctx = ctx
        self._pause = pause

    @property
    def names(self) -> dict[str, Json]:
        """What the next round knows."""
        return {"last": self.last, "index": len(self.results)}

    async def round(self) -> None:
        """Play a round. NodeError that says which where it fails."""
        number = len(self.results)
        if number and self._pause:
            await self._rest(number)
        try:
            self.last = await self._ctx.run_body(self.names, str(number))
        except NodeError as error:
            raise NodeError(f"Round {number + 1}: {error.what}", hint=error.hint) from error
        self.results.append(self.last)
        self._ctx.progress(number + 1)

    def ended(self) -> Rounds:
        """The outputs of a loop that has come to its end."""
        return {"last": self.last, "results": self.results, "rounds": len(self.results)}

    def ran_out(self, means: RanOut, said: str) -> Rounds:
        """The outputs of one that has used up its rounds. NodeError where that is a failure."""
        if means == "fail":
            rounds = "1 round" if len(self.results) == 1 else f"{len(self.results):,} rounds"
            hint = "Raise “At most”, or let the flow go on by the way “ran out”."
            raise NodeError(f"{said} after {rounds}.", hint=hint, retryable=False)
        return {"ran_out": self.last, "results": self.results, "rounds": len(self.results)}

    async def _rest(self, number: int) -> None:
        async def until() -> Json:
            return self._ctx.now() + self._pause

        # Kept, so that whoever goes on after a crash rests until the same moment.
        when = await self._ctx.once(f"round {number + 1}", until)
        assert isinstance(when, int | float)
        await self._ctx.sleep_until(when, f"The pause before round {number + 1}.")


def ports(all: Ports, settings: Mapping[str, Json]) -> Ports:
    """Without the way “ran out” where running out is a failure."""
    goes_on = settings.get("ran_out") == "go_on"
    return Ports(all.inputs, tuple(port for port in all.outputs if goes_on or port.name != "ran_out"))
