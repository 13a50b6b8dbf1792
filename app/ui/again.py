"""A run of a flow of which one goes on already: what would become of it, in words."""

from __future__ import annotations

from app.language import msg, tr, trn
from app.studio import Studio
from flows.model import Flow

TITLE = msg("Run it once more")


def about_again(studio: Studio, flow: Flow) -> str:
    """What would become of another run."""
    match studio.runs.would_be(flow):
        case "queued":
            return trn(
                "It waits for its turn: only {n} run of this flow goes on at a time.",
                "It waits for its turn: only {n} runs of this flow go on at a time.",
                flow.limits.at_once,
            )
        case "skipped":
            left_out = trn(
                "It is left out: only {n} run of this flow goes on at a time.",
                "It is left out: only {n} runs of this flow go on at a time.",
                flow.limits.at_once,
            )
            says_so = tr("“Several runs at once” in the flow's settings says so.")
            return f"{left_out} {says_so}"
        case _:
            return tr("Another run, beside the one that goes on.")
