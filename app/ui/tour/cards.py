"""The six cards of the tour: what is to be done, and how it is seen that it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.language import msg
from flows.model import Flow, Step

KIND = "web.get"
FIRST, SECOND = "{{ practice }}/api/mugs.json", "{{ practice }}/mugs/moon-mug"


@dataclass(frozen=True)
class Seen:
    """What the tour sees of the window: the flow, the tab beside it, and the addresses that runs have asked for."""

    flow: Flow
    tab: str = ""
    asked: frozenset[str] = frozenset()

    @property
    def step(self) -> Step | None:
        """The step that the tour is about."""
        return next((step for step in self.flow.steps.values() if step.kind == KIND), None)

    @property
    def address(self) -> str:
        """What that step asks for, as it is written."""
        return address_of(self.flow)


def address_of(flow: Flow) -> str:
    """The address in the step that the tour is about."""
    step = Seen(flow).step
    return "".join(str(step.settings.get("url", "")).split()) if step is not None else ""


def plain(address: str) -> str:
    """The address without blanks, which make no difference in it."""
    return "".join(address.split())


@dataclass(frozen=True)
class Card:
    """One thing to do.

    `{run}` in its text is the key of that command, `{step}` the kind of step that the tour is about, and `{address}` is
    what it `copies` to the clipboard on demand.
    """

    title: str
    text: str
    done: Callable[[Seen], bool]
    points: str = ""
    """What is framed in the window meanwhile."""
    copies: str = ""


CARDS = (
    Card(
        msg("Add a step"),
        msg("Click “{step}” on the left. Or press {search} on the canvas, type `get` and press Enter."),
        lambda seen: seen.step is not None,
        "palette",
    ),
    Card(
        msg("Say what it is to get"),
        msg("Write `{address}` into Url, on the right. It is the list of mugs of the practice shop."),
        lambda seen: seen.address == plain(FIRST),
        "settings",
        FIRST,
    ),
    Card(
        msg("Run the flow"),
        msg(
            "Press {run}, or Run at the top. The step shows how it goes, and the bar below the canvas when it is done."
        ),
        lambda seen: plain(FIRST) in seen.asked,
        "run",
    ),
    Card(
        msg("Look at what came back"),
        msg("Click the step, and then Result on the right: there are the shop's mugs, with their prices."),
        lambda seen: seen.tab == "Result",
        "settings",
    ),
    Card(
        msg("Change one thing"),
        msg("Go back to Settings and make Url `{address}`, the page of one mug."),
        lambda seen: seen.address == plain(SECOND),
        "settings",
        SECOND,
    ),
    Card(
        msg("Run it again"),
        msg("Turn to Result and press {run} once more: now it is the text of that page."),
        lambda seen: plain(SECOND) in seen.asked,
        "run",
    ),
)
THE_END = msg(
    "You have built a flow, run it, and changed it. Press {help} for help on a step, with an example to insert, "
    "and {palette} to find anything else. This flow is yours: go on with it, or delete it on the page of all flows."
)
