"""File nodes, in Weft's own files folder and elsewhere."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue as Json

from tests.nodes.studio import StepFailed, Studio

ROWS: list[Json] = [{"name": "Moon mug", "price": 24.5}, {"name": "Brick, mug", "price": 12, "note": 'a "b"'}]


async def read(studio: Studio, content: bytes, **settings: Json) -> Json:
    studio.files.mkdir(exist_ok=True)
    (studio.files / "in.txt").write_bytes(content)
    return (await studio.step("files.read", {"path": "in.txt", **settings}))["content"]


async def test_text_is_written_and_added_to(studio: Studio) -> None:
    given = await studio.step("files.write", {"path": "notes/day.md", "text": "One\n"})
    assert given == {"path": str(studio.files / "notes/day.md"), "size": 4}
    await studio.step("files.write", {"path": "notes/day.md", "text": "Two ä\n", "mode": "append"})
    assert (studio.files / "notes/day.md").read_text("utf-8") == "One\nTwo ä\n"


async def test_rows_are_written_as_csv_and_read_back(studio: Studio) -> None:
    await studio.step("files.write", {"path": "mugs.csv"}, rows=ROWS)
    assert (studio.files / "mugs.csv").read_text("utf-8") == (
        'name,price,note\nMoon mug,24.5,\n"Brick, mug",12,"a ""b"""\n'
    )
    given = await studio.step("files.read", {"path": "mugs.csv", "read_as": "csv"})
    assert given["content"] == [
        {"name": "Moon mug", "price": 24.5, "note": ""},
        {"name": "Brick, mug", "price": 12, "note": 'a "b"'},
    ]


async def test_rows_added_to_a_csv_file_go_under_its_columns(studio: Studio) -> None:
    for name in ("Moon mug", "Rain cup"):
        await studio.step("files.write", {"path": "log.csv", "mode": "append"}, rows=[{"name": name, "price": 1}])
    assert (studio.files / "log.csv").read_text("utf-8") == "name,price\nMoon mug,1\nRain cup,1\n"
    await studio.step("files.write", {"path": "log.csv", "mode": "append"}, rows=[{"price": 2, "name": "Plum cup"}])
    assert (studio.files / "log.csv").read_text("utf-8").endswith("\nPlum cup,2\n")
    with pytest.raises(StepFailed, match=r"log.csv has no column `colour`"):
        await studio.step("files.write", {"path": "log.csv", "mode": "append"}, rows=[{"colour": "red"}])


async def test_no_cell_is_a_formula(studio: Studio) -> None:
    cells: list[Json] = ["=1+1", "+a", "-a", "@a", "\ta", "-5", -5, "a=b", None, True, [1]]
    await studio.step("files.write", {"path": "cells.csv"}, rows=[{"=head": cell} for cell in cells])
    assert (studio.files / "cells.csv").read_text("utf-8").splitlines() == [
        "'=head", "'=1+1", "'+a", "'-a", "'@a", "'\ta", "-5", "-5", "a=b", '""', "true", "[1]",
    ]  # fmt: skip


async def test_rows_are_written_as_json(studio: Studio) -> None:
    await studio.step("files.write", {"path": "mugs.json"}, rows=ROWS)
    assert json.loads((studio.files / "mugs.json").read_text("utf-8")) == ROWS
    await studio.step("files.write", {"path": "mugs.jsonl", "mode": "append"}, rows=ROWS)
    assert [json.loads(line) for line in (studio.files / "mugs.jsonl").read_text("utf-8").splitlines()] == ROWS
    given = await studio.step("files.read", {"path": "mugs.json", "read_as": "json"})
    assert given["content"] == ROWS


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"path": "mugs.txt"}, "Rows can be written to .csv, .json and .jsonl files, not to `.txt`"),
        ({"path": "mugs.json", "mode": "append"}, "Rows cannot be added to a .json file"),
        ({"path": "mugs.csv", "text": "a"}, "This step has a text and is given rows"),
    ],
)
async def test_rows_that_cannot_be_written_are_said(studio: Studio, settings: dict[str, Json], why: str) -> None:
    with pytest.raises(StepFailed, match=why):
        await studio.step("files.write", settings, rows=ROWS)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("ä€".encode(), "ä€"),
        ("\ufeffä".encode(), "ä"),
        ("ä".encode("utf-16"), "ä"),
        (b"", ""),
        ("ä€".encode("cp1252"), "ä€"),
    ],
)
async def test_text_is_read_whatever_its_encoding(studio: Studio, content: bytes, text: str) -> None:
    assert await read(studio, content) == text


async def test_a_guessed_encoding_is_said_and_a_named_one_kept_to(studio: Studio) -> None:
    studio.files.mkdir()
    (studio.files / "in.txt").write_bytes("ä".encode("cp1252"))
    played = await studio.alone("files.read", {"path": "in.txt"})
    assert played.log == ["in.txt is not UTF-8; it was read as Windows-1252. If letters look wrong, name its encoding."]
    assert await read(studio, "дом".encode("cp1251"), encoding="cp1251") == "дом"
    for encoding, why in (("utf-8", "in.txt is not written in utf-8"), ("klingon", "There is no encoding `klingon`")):
        with pytest.raises(StepFailed, match=why):
            await read(studio, "ä".encode("cp1252"), encoding=encoding)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a;b\n1;x,y\n", [{"a": 1, "b": "x,y"}]),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [{"a": 1, "b": 2}]),
        (b"a\tb\n1\t2\n\n\n3\t4", [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        (b'a,a,\n1,2,3,4\n"x\ny"', [{"a": "1", "a 2": 2, "column 3": 3, "column 4": 4},
                                   {"a": "x\ny", "a 2": None, "column 3": None, "column 4": None}]),
        (b"zip\n01067\n", [{"zip": "01067"}]),
        (b"", []),
        (b"a,b\n", []),
    ],
)  # fmt: skip
async def test_csv_of_many_makes_becomes_records(studio: Studio, content: bytes, rows: Json) -> None:
    assert await read(studio, content, read_as="csv") == rows


@pytest.mark.parametrize(
    ("content", "read_as", "why"),
    [
        (b"," * 3000 + b"\n", "csv", "Line 1 of in.txt has 3,001 columns; 2,000 is most"),
        (b'a\n"' + b"x" * 200_000, "csv", "Line 2 of in.txt is not CSV"),
        (b"a\0b", "csv", "in.txt is not text"),
        (b"\x89PNG\0", "text", "in.txt is not text"),
        (b'{"a": 1,}', "json", "in.txt is not JSON: .* in line 1, column 9"),
        (b"[" * 100_000, "json", "in.txt is nested too deeply"),
    ],
)
async def test_a_file_that_is_something_else_is_said(studio: Studio, content: bytes, read_as: str, why: str) -> None:
    with pytest.raises(StepFailed, match=why) as failed:
        await read(studio, content, read_as=read_as)
    assert not failed.value.defect


async def test_a_picture_is_read_as_a_file(studio: Studio) -> None:
    studio.files.mkdir()
    (studio.files / "a.png").write_bytes(b"\x89PNG\0")
    given = await studio.step("files.read", {"path": "a.png", "read_as": "file"})
    content = given["content"]
    assert isinstance(content, dict)
    assert (content["name"], content["size"], content["media_type"]) == ("a.png", 5, "image/png")


async def test_a_file_that_is_not_there_is_said(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=r"There is no file `gone\.txt`"):
        await studio.step("files.read", {"path": "gone.txt"})
    with pytest.raises(StepFailed, match="is a folder"):
        await studio.step("files.read", {"path": str(tmp_path.parent)})
