"""How long runs are kept, and what would go, in sentences."""

from __future__ import annotations

from app.language import msg, tr, trn
from app.language.speaking import swapped
from app.runs.keeping import Cleaned
from app.store.cleaning import Freed
from app.store.limits import Going, Limits
from app.ui.words import ago, listed, size

NEVER = msg(
    "Runs that wait for an answer, go on now, or can still be continued because they were interrupted in the last week"
    " are never removed by this, and neither is the last run of a flow."
)
FOR_GOOD = msg("This cannot be undone.")


def runs(count: int) -> str:
    """A number of runs."""
    return trn("{n} run", "{n} runs", count)


def files(count: int) -> str:
    """A number of files."""
    return trn("{n} file", "{n} files", count)


def general_in_words(limits: Limits) -> str:
    """The limits that hold for every flow."""
    said = []
    if limits.days is not None:
        said.append(trn("Runs older than {n} day are removed.", "Runs older than {n} days are removed.", limits.days))
    if limits.runs is not None:
        said.append(
            trn(
                "Of each flow, the newest {n} run is kept.",
                "Of each flow, the newest {n} runs are kept.",
                limits.runs,
            )
        )
    if limits.megabytes is not None:
        most = megabytes(limits.megabytes)
        said.append(tr("When all runs together take more than {size}, the oldest go.", size=most))
    return " ".join([*(said or [tr("Runs are kept until you remove them.")]), tr(NEVER)])


def own_in_words(limits: Limits) -> str:
    """The limits of one flow, in short."""
    said = []
    if limits.days is not None:
        said.append(days(limits.days))
    if limits.runs is not None:
        said.append(runs(limits.runs))
    if limits.megabytes is not None:
        said.append(megabytes(limits.megabytes))
    return tr("Keeps {limits}", limits=", ".join(said)) if said else tr("Keeps every run")


def days(count: int) -> str:
    """A number of days."""
    return trn("{n} day", "{n} days", count)


def megabytes(count: int) -> str:
    """A number of megabytes as a person says it."""
    return swapped(f"{count / 1000:,g} GB") if count >= 1000 else f"{count} MB"


def would_go(going: Going) -> str:
    """What a removal is about to do."""
    stay = trn(
        "{n} run stays, because they wait for an answer, go on now, or were interrupted in the last week.",
        "{n} runs stay, because they wait for an answer, go on now, or were interrupted in the last week.",
        going.stay,
    )
    goes = trn("{n} run goes: about {size}.", "{n} runs go: about {size}.", len(going.ids), size=size(going.bytes))
    goes = goes if going.ids else tr("No run goes.")
    return f"{goes} {stay}" if going.stay else goes


def cleaned(last: Cleaned) -> str:
    """When Weft last cleaned up by itself, and what went."""
    done = went(Freed(last.runs, last.files, last.bytes))
    return f"{tr('Last cleaned up {ago}.', ago=ago(last.at))} {done}"


def went(freed: Freed) -> str:
    """What a removal has done."""
    what = [words for count, words in ((freed.runs, runs(freed.runs)), (freed.files, files(freed.files))) if count]
    if not what:
        return tr("Nothing had to go.")
    return trn(
        "{what} is removed, {size} in all.",
        "{what} are removed, {size} in all.",
        freed.runs + freed.files,
        what=listed(what),
        size=size(freed.bytes),
    )
