"""Steps that are meant by their path, followed from one version of a flow to the next."""

from __future__ import annotations

from collections.abc import Collection

from flows.model import Flow, walk
from flows.pairing import pair


def later_paths(paths: Collection[str], before: Flow, after: Flow) -> dict[str, str]:
    """Those of the paths whose step has another one after an edit, an undo or whatever it was, with the new one."""
    if not paths or before.steps is after.steps:
        return {}
    known = {path for path, _ in walk(after)}
    if not (lost := {path for path in paths if path not in known}):
        return {}
    if not (lost := lost & {path for path, _ in walk(before)}):
        return {}
    pairing = pair(before, after)
    return {path: pairing.later[path] for path in lost if path in pairing.later}
