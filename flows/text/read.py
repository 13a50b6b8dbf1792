"""The text of a `.flow.yaml` file as a flow, or everything that keeps it from being one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import ValidationError

from flows.model import Flow
from flows.problems import Problem
from flows.text.errors import FlowFileError
from flows.text.findings import Findings
from flows.text.opening import text_of
from flows.text.saying import say
from flows.text.shape import shaped
from flows.text.strict_yaml import understood


@dataclass(frozen=True)
class FlowFile:
    """A flow from a file, and what a person should know about the file."""

    flow: Flow
    notes: tuple[Problem, ...] = ()
    """What was put right or left aside while reading; the flow is whole."""


def read_flow(content: bytes, file_name: str = "") -> FlowFile:
    """The flow in a file. FlowFileError with every problem and its place where there is none; nothing half read."""
    try:
        return _read(content)
    except FlowFileError as error:
        raise FlowFileError(error.problems, file_name) from None


def _read(content: bytes) -> FlowFile:
    findings = Findings(understood(text_of(content)))
    fields = shaped(findings)
    flow = None
    try:
        # By way of JSON, whose strict reading takes a list for a tuple and nothing else for anything else.
        flow = Flow.model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            say(detail, findings)
    if findings.problems or flow is None:
        raise FlowFileError(sorted(findings.problems, key=lambda each: (each.line or 0, each.column or 0)))
    return FlowFile(flow, tuple(findings.notes))
