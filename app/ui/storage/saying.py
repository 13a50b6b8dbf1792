"""How long runs are kept, and what would go, in sentences."""

from __future__ import annotations

from app.runs.keeping import Cleaned
from app.store.cleaning import Freed
from app.store.limits import Going, Limits
from app.ui.words import ago, size

NEVER = (
    "Runs that wait for an answer, go on now, or can still be continued because they were interrupted in the last week"
    " are never removed by this, and neither is the last run of a flow."
)
STAYING = "because they wait for an answer, go on now, or were interrupted in the last week"
FOR_GOOD = "This cannot be undone."


def runs(count: int) -> str:
    """A number of runs."""
    return "1 run" if count == 1 else f"{count:,} runs"


def files(count: int) -> str:
    """A number of files."""
    return "1 file" if count == 1 else f"{count:,} files"


def general_in_words(limits: Limits) -> str:
    """The limits that hold for every flow."""
    said = []
    if limits.days is not None:
        said.append(f"Runs older than {days(limits.days)} are removed.")
    if limits.runs is not None:
        said.append(f"Of each flow, the newest {runs(limits.runs)} {'is' if limits.runs == 1 else 'are'} kept.")
    if limits.megabytes is not None:
        said.append(f"When all runs together take more than {megabytes(limits.megabytes)}, the oldest go.")
    return " ".join([*(said or ["Runs are kept until you remove them."]), NEVER])


def own_in_words(limits: Limits) -> str:
    """The limits of one flow, in short."""
    said = []
    if limits.days is not None:
        said.append(days(limits.days))
    if limits.runs is not None:
        said.append(runs(limits.runs))
    if limits.megabytes is not None:
        said.append(megabytes(limits.megabytes))
    return f"Keeps {', '.join(said)}" if said else "Keeps every run"


def days(count: int) -> str:
    """A number of days."""
    return "1 day" if count == 1 else f"{count:,} days"


def megabytes(count: int) -> str:
    """A number of megabytes as a person says it."""
    return f"{count / 1000:,g} GB" if count >= 1000 else f"{count} MB"


def would_go(going: Going) -> str:
    """What a removal is about to do."""
    stay = (
        f" {runs(going.stay).capitalize()} {'stays' if going.stay == 1 else 'stay'}, {STAYING}." if going.stay else ""
    )
    if not going.ids:
        return f"No run goes.{stay}"
    count = len(going.ids)
    return f"{runs(count)} {'goes' if count == 1 else 'go'}: about {size(going.bytes)}.{stay}"


def cleaned(last: Cleaned) -> str:
    """When Weft last cleaned up by itself, and what went."""
    return f"Last cleaned up {ago(last.at)}. {went(Freed(last.runs, last.files, last.bytes))}"


def went(freed: Freed) -> str:
    """What a removal has done."""
    what = [words for count, words in ((freed.runs, runs(freed.runs)), (freed.files, files(freed.files))) if count]
    if not what:
        return "Nothing had to go."
    one = freed.runs + freed.files == 1
    return f"{' and '.join(what)} {'is' if one else 'are'} removed, {size(freed.bytes)} in all."
