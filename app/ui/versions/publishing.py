"""Publish a version, or no longer; and how far the draft is from the published one, in words."""

from __future__ import annotations

from nicegui import ui

from app.desk.history import Entry, History
from app.language import tr, trn
from app.ui.versions.listing import name_of
from app.ui.words import sentence
from flows.diff import Difference


async def turn_published(history: History, flow_id: str, entry: Entry) -> None:
    """Publish this version; where it is the published one, publish none."""
    if entry.published:
        await history.unpublish(flow_id)
        ui.notify(tr("No version is published any more."))
        return
    await history.publish(flow_id, entry)
    published = tr(
        "{version} is published: weft run --published runs it, whatever becomes of the draft.",
        version=sentence(name_of(entry)),
    )
    ui.notify(published, type="positive")


def since_published(difference: Difference | None) -> str:
    """How the draft stands to the published version: `3 changes since the published version`; empty for none."""
    if difference is None:
        return ""
    count = len(difference.changes)
    if not count:
        return tr("As published, apart from the layout") if difference.laid_out else tr("As published")
    return trn("{n} change since the published version", "{n} changes since the published version", count)
