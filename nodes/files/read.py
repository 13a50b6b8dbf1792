"""The Read file node."""

from __future__ import annotations

import json
import mimetypes
from pathlib import PurePath
from typing import Literal

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, File, Json, Need, Node, NodeError, Path, Text, Touches, path_of
from nodes.files._csv import rows_of
from nodes.files._decode import decoded


class Read(TypedDict):
    """What is in the file, and how many bytes it has."""

    content: Json | File
    size: int


class ReadFile(
    Node,
    kind="files.read",
    icon="file_open",
    words=("load", "open", "import", "csv", "json", "text"),
    needs={Need.FILES},
    effect=Effect.READ,
    sentence="Read {path}",
    more=("encoding",),
):
    """Read a file on this computer."""

    path: Path = Field(min_length=1, max_length=4000, description="The file.")
    read_as: Literal["text", "json", "csv", "file"] = Field(
        "text",
        description="As text; as the data of a JSON file; as a list of records, one for each line of a CSV file; "
        "or as the file itself, such as a picture.",
    )
    encoding: Text = Field("", max_length=40, description="How its letters are stored; empty means: find out.")

    def touches(self) -> Touches:
        return Touches(reads=(path_of(self.path),))

    async def run(self, ctx: Context) -> Read:
        content = await ctx.read(self.path)
        name = PurePath(self.path.replace("\\", "/")).name
        if self.read_as == "file":
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return {"content": await ctx.save(content, name, kind), "size": len(content)}
        text, warning = decoded(content, name, self.encoding)
        if warning:
            ctx.log(warning, level="warning")
        return {"content": self._inside(text, name), "size": len(content)}

    def _inside(self, text: str, name: str) -> Json:
        match self.read_as:
            case "csv":
                return list(rows_of(text, name))
            case "json":
                try:
                    found: Json = json.loads(text)
                except json.JSONDecodeError as error:
                    raise NodeError(
                        f"{name} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
                        hint="Read it as text to look at it.",
                    ) from error
                except RecursionError:
                    raise NodeError(f"{name} is nested too deeply.", retryable=False) from None
                return found
            case _:
                return text
