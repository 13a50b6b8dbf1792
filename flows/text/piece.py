"""A piece of a flow as text for the clipboard: the text of a flow without an id, readable wherever it is pasted."""

from __future__ import annotations

import re
from textwrap import dedent

from flows.model import Flow
from flows.text.read import FlowFile, read_flow
from flows.text.write import write_flow

FENCE = re.compile(r"\A\s*(?:```|~~~)[^\n]*\n(.*?)\n?[ \t]*(?:```|~~~)\s*\Z", re.DOTALL)


def write_piece(piece: Flow) -> str:
    """The text of a piece."""
    return re.sub(r"^id: .*\n", "", write_flow(piece), count=1, flags=re.MULTILINE)


def read_piece(text: str) -> FlowFile:
    """The flow in a text, also in one from a chat: indented, or between fences. FlowFileError where there is none."""
    text = text.replace("\r\n", "\n").lstrip("\n")
    if fenced := FENCE.match(text):
        text = fenced[1]
    if text.startswith((" ", "\t")):
        text = dedent(text)
    return read_flow((text if text.endswith("\n") else f"{text}\n").encode())
