"""The Repeat until node."""

from collections.abc import Mapping

from nodes import Context, Effect, Field, Json, Later, Node, Ports
from nodes.control._again import AtMost, Pause, RanOut, Repeating, Rounds, ports
from nodes.control.if_ import holds


class RepeatUntil(
    Node,
    kind="control.repeat_until",
    icon="restart_alt",
    words=("loop", "until", "again", "poll", "pages", "do"),
    effect=Effect.NONE,
    body=True,
    inside=("last", "index"),
    how=("until", "at_most", "ran_out", "pause"),
    sentence="until {until}",
    more=("pause",),
):
    """Run the steps inside, and again until something is true. Inside, “last” is what the round before gave.

    “index” is the number of the round, from 0. The first round is always run. In it, “last” is what came in at “start”.
    """

    until: Later = Field(
        description="Looked at after each round, such as {{ page.next is none }}. It knows the steps inside, “last” as "
        "what this round gave, and “index”, its number from 0."
    )
    at_most: AtMost = Field(100, description="Rounds after which it ends in any case.")
    ran_out: RanOut = Field(
        "fail", description="When that many rounds were not enough: fail, or go on by the way “ran out”."
    )
    pause: Pause = Field(0, description="Seconds to rest between two rounds, also while Weft is closed.")

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        return ports(cls.spec.ports, settings)

    async def run(self, ctx: Context, start: Json = None) -> Rounds:
        rounds = Repeating(ctx, start, self.pause)
        while len(rounds.results) < self.at_most:
            index = len(rounds.results)
            await rounds.round()
            if holds(ctx.work_out("until", {"last": rounds.last, "index": index})):
                return rounds.ended()
        return rounds.ran_out(self.ran_out, f"“{str(self.until).strip()[:80]}” was still not true")
