"""The Write file node."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Literal

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, FileMissing, Json, LongText, Need, Node, NodeError, Path, Touches, path_of
from nodes.files._csv import columns_in, columns_of, records_of, text_of
from nodes.files._decode import decoded


class Written(TypedDict):
    """The file's full path, and how many bytes were written."""

    path: str
    size: int


class WriteFile(
    Node,
    kind="files.write",
    icon="save",
    words=("save", "store", "export", "csv", "json", "report", "append"),
    needs={Need.FILES},
    effect=Effect.WRITE,
    sentence="Write {path}",
):
    """Write text to a file on this computer, or a list of records as CSV or JSON."""

    path: Path = Field(min_length=1, max_length=4000, description="The file. Folders that are missing are made.")
    text: LongText = Field("", description="What to write. Leave it empty where rows are wired in.")
    mode: Literal["replace", "append"] = Field(
        "replace", description="Write the file anew, or add to its end. Added CSV rows get no second heading."
    )

    def touches(self) -> Touches:
        path = path_of(self.path)
        # Rows are added under the columns that the file has.
        return Touches(writes=(path,), reads=(path,) if self.mode == "append" and self._ending == ".csv" else ())

    async def run(self, ctx: Context, rows: list[Json] | None = None) -> Written:
        if rows is not None and self.text:
            raise NodeError("This step has a text and is given rows.", hint="Empty the text.", retryable=False)
        text = self.text if rows is None else self._listed(rows, await self._columns(ctx))
        content = text.encode("utf-8", errors="replace")
        path = await ctx.write(self.path, content, append=self.mode == "append")
        return {"path": path, "size": len(content)}

    async def _columns(self, ctx: Context) -> list[str]:
        """The columns of the CSV file that rows are added to; none where it is written anew."""
        if self.mode == "replace" or self._ending != ".csv":
            return []
        try:
            text, _ = decoded(await ctx.read(self.path), self.path)
        except FileMissing:
            return []
        return columns_in(text)

    @property
    def _ending(self) -> str:
        return PurePath(self.path.replace("\\", "/")).suffix.lower()

    def _listed(self, rows: list[Json], columns: list[str]) -> str:
        match self._ending:
            case ".csv":
                if new := [name for name in columns_of(records_of(rows)) if columns and name not in columns]:
                    raise NodeError(
                        f"{self.path} has no column `{new[0]}`.",
                        hint=f"It has: {', '.join(columns)}. Leave the field out, or write the file anew.",
                        retryable=False,
                    )
                return text_of(rows, columns)
            case ".json" if self.mode == "replace":
                return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
            case ".jsonl":
                return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            case ".json":
                raise NodeError(
                    "Rows cannot be added to a .json file.", hint="Write it anew, or use .jsonl.", retryable=False
                )
            case ending:
                raise NodeError(
                    f"Rows can be written to .csv, .json and .jsonl files, not to `{ending or self.path}`.",
                    hint="Change the file's ending, or make text of the rows with a Compose text step.",
                    retryable=False,
                )
