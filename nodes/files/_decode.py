"""Text from bytes whose encoding nobody wrote down."""

from __future__ import annotations

import codecs

from nodes import NodeError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes, name: str, encoding: str = "") -> tuple[str, str]:
    """The text, and a warning where its encoding had to be guessed. NodeError where it is no text."""
    if encoding:
        try:
            return content.decode(encoding), ""
        except LookupError:
            raise NodeError(
                f"There is no encoding `{encoding}`.", hint="Try utf-8 or cp1252.", retryable=False
            ) from None
        except UnicodeError:
            raise NodeError(f"{name} is not written in {encoding}.", hint="Leave the encoding empty.") from None
    for mark, its_encoding in MARKS:
        if content.startswith(mark):
            return decoded(content, name, its_encoding)
    if b"\0" in content[:100_000]:
        raise NodeError(f"{name} is not text.", hint="Read it as a file instead, such as a picture or a PDF.")
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        guess = content.decode("cp1252", errors="replace")
        return guess, f"{name} is not UTF-8; it was read as Windows-1252. If letters look wrong, name its encoding."
