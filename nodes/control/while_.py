"""The While node."""

from collections.abc import Mapping

from nodes import Context, Effect, Field, Json, Later, Node, Ports
from nodes.control._again import AtMost, Pause, RanOut, Repeating, Rounds, ports
from nodes.control.if_ import holds


class While(
    Node,
    kind="control.while",
    icon="cached",
    words=("loop", "as long as", "again", "condition", "repeat"),
    effect=Effect.NONE,
    body=True,
    inside=("last", "index"),
    how=("condition", "at_most", "ran_out", "pause"),
    sentence="while {condition}",
    more=("pause",),
):
    """Run the steps inside as long as something is true. Inside, “last” is what the round before gave.

    “index” is the number of the round, from 0. Before the first round, “last” is what came in at “start”.
    """

    condition: Later = Field(
        description="Looked at before each round, such as {{ index < 5 }}. It knows “last”, “index”, which counts "
        "from 0, and the steps inside as the round before left them."
    )
    at_most: AtMost = Field(100, description="Rounds after which it ends in any case.")
    ran_out: RanOut = Field(
        "fail", description="When it is still true after that many rounds: fail, or go on by the way “ran out”."
    )
    pause: Pause = Field(0, description="Seconds to rest between two rounds, also while Weft is closed.")

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        return ports(cls.spec.ports, settings)

    async def run(self, ctx: Context, start: Json = None) -> Rounds:
        rounds = Repeating(ctx, start, self.pause)
        while holds(ctx.work_out("condition", rounds.names)):
            if len(rounds.results) == self.at_most:
                return rounds.ran_out(self.ran_out, f"“{str(self.condition).strip()[:80]}” was still true")
            await rounds.round()
        return rounds.ended()
