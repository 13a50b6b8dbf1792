"""The Wait node."""

from datetime import datetime

from nodes import Context, Effect, Field, Json, Node, NodeError
from nodes.control._times import Length, Moment, moment_of, seconds_of

SOON, LATER = "%H:%M:%S", "%d %B %Y, %H:%M"
"""How a moment of today and one that is further away are written."""


class Wait(
    Node,
    kind="control.wait",
    icon="hourglass_empty",
    words=("sleep", "pause", "delay", "later", "timer", "until"),
    effect=Effect.NONE,
    sentence="{duration} {until}",
):
    """Go on later: after a while, or at a time.

    However long it takes, the run costs nothing meanwhile, and Weft may be closed: a run whose time came then goes on
    at the next start. To wait until something is true, look at it with the steps inside a Repeat until that has a
    pause.
    """

    duration: Length = Field("", description="For how long: 90 s, 10 min, 2 h 30 min, 3 days, 1 week.")
    until: Moment = Field(
        "",
        description="Until when: 18:00 for the next time the clock shows it, 2026-05-03 for the beginning of that day, "
        "or 2026-05-03 08:00. Where both are given, the later of the two counts.",
    )

    async def run(self, ctx: Context, value: Json = None) -> Json:
        if not self.duration.strip() and not self.until.strip():
            raise NodeError("Nothing says how long to wait.", hint="Fill in “Duration” or “Until”.", retryable=False)

        async def end() -> Json:
            now = ctx.now()
            length = now + seconds_of(self.duration) if self.duration.strip() else now
            return max(length, moment_of(self.until, now)) if self.until.strip() else length

        # Kept, so that whoever goes on after a restart waits until the same moment.
        when = await ctx.once("until", end)
        assert isinstance(when, int | float)
        if when <= ctx.now():
            ctx.log("That time is over, so it goes on at once.")
        soon = when - ctx.now() < 43_200
        await ctx.sleep_until(when, f"Waits until {datetime.fromtimestamp(when):{SOON if soon else LATER}}.")
        return value
