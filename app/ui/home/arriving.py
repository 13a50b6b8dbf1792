"""Flows that come from files: chosen, dropped or pasted. A bad file is said whole, and nothing of it comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from nicegui import events, ui

from app.language import msg, spoken, tr, trn
from app.studio import Studio
from app.ui.dialogs import dialog, said
from app.ui.words import quoted
from flows.model import Flow
from flows.problems import Problem

TOO_LARGE = msg(
    "This file did not get through. A flow file is a few kilobytes of text; this one may be something else."
)
SHOWN = 50
"""Problems that are shown of one file; whoever mends these sees the rest at the next try."""


PASTED = "pasted text"
"""The file name that pasted text arrives with."""


class Finding(NamedTuple):
    """What is to be said about one file."""

    title: str
    problems: Sequence[Problem]


class Arrivals:
    """Takes files in. `arrived` hears of the last flow once all are on the shelf."""

    def __init__(self, studio: Studio, arrived: Callable[[Flow], Awaitable[None]]) -> None:
        self._studio = studio
        self._arrived = arrived
        self.uploader = ui.upload(multiple=True, auto_upload=True, on_multi_upload=self._take)
        self.uploader.classes("weft-away").props("aria-hidden=true")
        self.uploader.on("failed", lambda: ui.notify(tr(TOO_LARGE), type="negative", multi_line=True), args=[])

    def choose(self, button: ui.button) -> None:
        """Let a click on this button open the file chooser."""
        # In the browser, as it opens a chooser only for a click it has just seen itself.
        method = f'runMethod({self.uploader.id}, "{{}}", [])'
        button.on("click", js_handler=f"() => {{{method.format('reset')}; {method.format('pickFiles')}}}")

    def pick(self) -> None:
        """Open the file chooser, soon enough after a key for the browser to allow it."""
        self.uploader.run_method("reset")
        self.uploader.run_method("pickFiles")

    async def _take(self, uploads: events.MultiUploadEventArguments) -> None:
        from flows.text import FlowFileError, read_flow

        with said():
            came: list[Flow] = []
            findings: list[Finding] = []
            for file in uploads.files:
                content = await file.read()
                try:
                    notes = (await asyncio.to_thread(read_flow, content, file.name)).notes
                    came.append(await self._studio.shelf.bring_in(content, file.name))
                except FlowFileError as error:
                    title = tr("{name} was not imported", name=_name(file.name))
                    findings.append(Finding(title, error.problems))
                else:
                    if notes:
                        findings.append(Finding(tr("Put right in {name}", name=_name(file.name)), notes))
            if came:
                await self._arrived(came[-1])
                here = trn(
                    "“{name}” is here. Nothing of it runs before you have seen what it touches.",
                    "{n} flows are here. Nothing of it runs before you have seen what it touches.",
                    len(came),
                    name=came[0].name,
                )
                ui.notify(here, type="positive")
            if findings:
                _tell(findings)


def _name(file_name: str) -> str:
    return tr("The pasted text") if file_name == PASTED else quoted(file_name)


def _tell(findings: Sequence[Finding]) -> None:
    with dialog("weft-dialog-wide") as told:
        ui.label(findings[0].title if len(findings) == 1 else tr("About these files")).classes("weft-dialog-title")
        with ui.element("div").classes("weft-review-body").props("tabindex=0"):
            for finding in findings:
                if len(findings) > 1:
                    ui.label(finding.title).classes("weft-strong weft-anywhere")
                _list(finding.problems)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Close"), on_click=told.close).classes("weft-button weft-primary").props("autofocus")
    told.open()


def _list(problems: Sequence[Problem]) -> None:
    with ui.element("ul").classes("weft-problems"):
        for problem in problems[:SHOWN]:
            with ui.element("li"):
                _problem(problem)
        if len(problems) > SHOWN:
            with ui.element("li"):
                ui.label(tr("And {count} more.", count=len(problems) - SHOWN)).classes("weft-muted")


def _problem(problem: Problem) -> None:
    if problem.line:
        where = tr("Line {line}, column {column}", line=problem.line, column=problem.column)
        ui.label(where).classes("weft-muted weft-small weft-numbers")
    ui.label(spoken(problem.message)).classes("weft-anywhere")
    if problem.hint:
        ui.label(spoken(problem.hint)).classes("weft-muted weft-anywhere")
