"""From the bytes of a file to its text, or a sentence about what the file is instead."""

from __future__ import annotations

from flows.text.errors import refusal

SIZE_LIMIT = 5_000_000
"""Bytes that a flow file may have."""

KINDS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "an archive; unpack it first"),
    (b"\xfd7zXZ", "an archive; unpack it first"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)


def text_of(content: bytes) -> str:
    """The text of a file. FlowFileError where it is too large, or not text at all."""
    if len(content) > SIZE_LIMIT:
        raise refusal(f"This file has {len(content) / 1e6:,.1f} MB; {SIZE_LIMIT / 1e6:.0f} MB is the most for a flow.")
    for beginning, what in KINDS:
        if content.startswith(beginning):
            raise refusal(f"This is not a flow file. It is {what}.")
    text = _decoded(content)
    first = text[:500].lstrip().lower()
    if first.startswith(("<!doctype html", "<html", "<head", "<body")):
        raise refusal("This is a web page, not a flow file.", "Open its address in a browser: you may have to sign in.")
    if first.startswith("<"):
        raise refusal("This is an XML or HTML file, not a flow file.")
    if not first.strip():
        raise refusal("This file is empty, so it is not a flow file.")
    return text


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(
            f"The encoding of this file is not UTF-8 (line {line} has a byte that does not belong there).",
            "Save it again as UTF-8 text.",
        ) from None
