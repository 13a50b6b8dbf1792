"""The six cards of the tour: what is to be done, and how it is seen that it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    """One thing to do. `{name}` in its text is the key of that command; `copies` can be put on the clipboard."""

    title: str
    text: str
    done: Callable[[Seen], bool]
    points: str = ""
    """What is framed in the window meanwhile."""
    copies: str = ""


CARDS = (
    Card(
        "Add a step",
        "Click “Get from the web” on the left. Or press {search} on the canvas, type `get` and press Enter.",
        lambda seen: seen.step is not None,
        "palette",
    ),
    Card(
        "Say what it is to get",
        f"Write `{FIRST}` into Url, on the right. It is the list of mugs of the practice shop.",
        lambda seen: seen.address == plain(FIRST),
        "settings",
        FIRST,
    ),
    Card(
        "Run the flow",
        "Press {run}, or Run at the top. The step shows how it goes, and the bar below the canvas when it is done.",
        lambda seen: plain(FIRST) in seen.asked,
        "run",
    ),
    Card(
        "Look at what came back",
        "Click the step, and then Result on the right: there are the shop's mugs, with their prices.",
        lambda seen: seen.tab == "Result",
        "settings",
    ),
    Card(
        "Change one thing",
        f"Go back to Settings and make Url `{SECOND}`, the page of one mug.",
        lambda seen: seen.address == plain(SECOND),
        "settings",
        SECOND,
    ),
    Card(
        "Run it again",
        "Turn to Result and press {run} once more: now it is the text of that page.",
        lambda seen: plain(SECOND) in seen.asked,
        "run",
    ),
)
THE_END = (
    "You have built a flow, run it, and changed it. Press {node.help} for help on a step, with an example to insert, "
    "and {palette} to find anything else. This flow is yours: go on with it, or delete it on the page of all flows."
)
