"""A run of a flow of which one goes on already: what would become of it, in words."""

from __future__ import annotations

from app.studio import Studio
from flows.model import Flow

TITLE = "Run it once more"
BESIDE = "Another run, beside the one that goes on."


def about_again(studio: Studio, flow: Flow) -> str:
    """What would become of another run."""
    match studio.runs.would_be(flow):
        case "queued":
            return f"It waits for its turn: {_at_once(flow)}."
        case "skipped":
            return f"It is left out: {_at_once(flow)}. “Several runs at once” in the flow's settings says so."
        case _:
            return BESIDE


def _at_once(flow: Flow) -> str:
    most = flow.limits.at_once
    return f"only {most} {'run' if most == 1 else 'runs'} of this flow {'goes' if most == 1 else 'go'} on at a time"
