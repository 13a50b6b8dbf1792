"""What is different between two versions, as a list grouped by step; a step is shown on the canvas when chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from nicegui import ui

from app.language import msg, spoken, tr, trn
from app.ui.inbox.plain import plain
from app.ui.versions.together import Together
from flows.diff import Change
from flows.diff_words import Words

GROUPS = 100
"""Steps whose changes are listed at first; a person who wants all of them asks for more."""

SIGNS = {
    "added": (msg("New"), "add", "done"),
    "removed": (msg("Removed"), "remove", "failed"),
    "moved": (msg("Moved"), "east", "asked"),
}
CHANGED = (msg("Changed"), "edit", "asked")
WORDS = (
    *(
        msg("the run stops"),
        msg("the run goes on"),
        msg("its error way is taken"),
        msg("it waits"),
        msg("it is left out"),
    ),
    *(msg("none"), msg("yes"), msg("no"), msg("Name"), msg("Note"), msg("Result"), msg("Retry")),
)
"""Words of a difference that are no sentences."""


class Changes:
    """The list. `choose` hears the path on the canvas of the step whose name is pressed."""

    def __init__(self, words: Words, drawn: Together, choose: Callable[[str], None]) -> None:
        self._words = words
        self._drawn = drawn
        self._choose = choose
        wires = [each for each in words.difference.changes if each.wire is not None or each.sort == "reordered"]
        own = [each for each in words.difference.changes if not each.path and each not in wires]
        steps = [each for each in words.difference.changes if each.path and each not in wires]
        self._groups = [list(group) for _, group in groupby(steps, lambda each: (each.path, each.sort == "removed"))]
        if own:
            self._plain(tr("The flow"), own)
        if wires:
            self._plain(tr("Wires"), wires)
        self._box = ui.element("div").classes("weft-stack weft-change-list")
        self._more = ui.button("", on_click=self._show_more).classes("weft-quiet").props("flat")
        self._shown = 0
        self._show_more()

    def _show_more(self) -> None:
        for group in self._groups[self._shown : self._shown + GROUPS]:
            with self._box:
                self._step(group)
        self._shown += GROUPS
        left = len(self._groups) - self._shown
        self._more.set_visibility(left > 0)
        self._more.set_text(trn("Show more ({n} steps left)", "Show more ({n} steps left)", left))

    def _plain(self, title: str, found: Sequence[Change]) -> None:
        with ui.element("section").classes("weft-change"):
            ui.label(title).classes("weft-strong").props("role=heading aria-level=2")
            self._lines(found)

    def _step(self, found: Sequence[Change]) -> None:
        first = found[0]
        gone = first.sort == "removed"
        word, icon, colour = SIGNS.get(first.sort, CHANGED)
        with ui.element("section").classes("weft-change"):
            with ui.element("div").classes("weft-row"):
                name = ui.button(self._words.name(first.path, gone=gone)).classes("weft-quiet weft-change-name")
                name.props("flat no-caps align=left").tooltip(tr("Show it on the canvas"))
                path = self._drawn.lost[first.path] if gone else first.path
                name.on_click(lambda: self._choose(path))
                with ui.element("span").classes(f"weft-chip is-{colour}"):
                    ui.icon(f"sym_r_{icon}")
                    ui.label(tr(word))
            self._lines([each for each in found if each.sort not in ("added", "removed")])

    def _lines(self, found: Sequence[Change]) -> None:
        if not found:
            return
        with ui.element("ul").classes("weft-change-lines"):
            for change in found:
                with ui.element("li"):
                    ui.label(plain(spoken(self._words.line(change)))).classes("weft-anywhere")
                    if lines := self._words.lines(change):
                        text = "".join(
                            f'<span class="{KINDS[mark]}">{_line(mark, line)}</span>' for mark, line in lines
                        )
                        ui.html(text, tag="pre", sanitize=False).classes("weft-diff").props("tabindex=0")


KINDS = {"+": "is-added", "-": "is-removed", " ": "", "…": "is-left-out"}
"""What a line of a text is; its sign stands before it."""


def _line(mark: str, line: str) -> str:
    return f"{escape(mark)} {escape(plain(line))}\n"
