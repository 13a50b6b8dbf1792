"""Comments on steps: what edits do to them, who may take one back, and all of a flow in one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from flows.edits import AddComment, RemoveComment, ResolveComment
from flows.model import Comment, Flow, walk
from flows.refusing import EditRefused


def commented(comments: Mapping[str, Comment], edit: AddComment | ResolveComment | RemoveComment) -> dict[str, Comment]:
    """The comments of a step after the edit."""
    match edit:
        case AddComment(id=id, comment=comment):
            if id in comments:
                raise EditRefused("This comment is there already.")
            return {**comments, id: comment}
        case ResolveComment(id=id, resolved=resolved):
            held = comments.get(id)
            if held is None:
                raise EditRefused("This comment is not there any more; it may have been deleted in another window.")
            return {**comments, id: held.model_copy(update={"resolved": resolved})}
        case RemoveComment(id=id):
            return {known: each for known, each in comments.items() if known != id}
        case _:
            assert_never(edit)


def all_comments(flow: Flow) -> Iterator[tuple[str, str, Comment]]:
    """Every comment of a flow with the path of its step and its id, step by step."""
    for path, step in walk(flow):
        for id, comment in step.comments.items():
            yield path, id, comment
