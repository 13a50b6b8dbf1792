"""Every file that is not a flow gets its sentence, its place and its next move; nothing of it is taken."""

from __future__ import annotations

import time

import pytest

from flows.text import FlowFileError, read_flow

NOT_ONE = "This is not a flow file. A flow file begins with `format: 1` and has a name and steps."


def complaints(content: str | bytes) -> list[str]:
    """What is wrong, in the order of the file."""
    with pytest.raises(FlowFileError) as caught:
        read_flow(content if isinstance(content, bytes) else content.encode())
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty, so it is not a flow file."),
        (b" \n\t ", "This file is empty, so it is not a flow file."),
        ("null", NOT_ONE),
        ("[]", NOT_ONE),
        ('"x"', NOT_ONE),
        ("42", NOT_ONE),
        ('{"format": 1, "name": "x"',
         "line 2, column 1: A bracket or brace is not closed here, or a comma is missing."),
        ("name: 'x", "line 1, column 9: A quotation mark is never closed; the text after it runs to the end."),
        ("name: a: b", "line 1, column 8: There is a second colon on this line. Put what follows the first in quotes."),
        ("name: x\nsteps:\n\ta: b", "line 3, column 1: A value cannot begin with this character. "
         "Use spaces, not tabs, to indent, and put other text in quotes."),
        ("name: x\n---\nname: y", "line 2, column 1: There are two documents in this file. A flow is one."),
        (b"name: \xfc", "The encoding of this file is not UTF-8 (line 1 has a byte that does not belong there). "
         "Save it again as UTF-8 text."),
        ("[" * 100_000, "line 1, column 52: This file is nested too deeply; 50 levels are the most."),
        ("name: .nan", "line 1, column 7: `.nan` is not a number that a flow can keep."),
        ("name: -.inf", "line 1, column 7: `-.inf` is not a number that a flow can keep."),
        ("name: 1e999", "line 1, column 7: The number `1e999…` is too large."),
        ("name: " + "9" * 5000, f"line 1, column 7: The number `{'9' * 40}…` is too large."),
        ("name: 007", "line 1, column 7: `007` could be a number or text. Put it in quotes to keep its zero."),
        ('{"id": 1,\n "id": 2}', "line 2, column 2: `id` is here twice; the first is on line 1. Remove one."),
        ('name: "\\ud800"', "line 1, column 10: There is a backslash in double quotes that means nothing. "
         "Use single quotes, or write it twice."),
        (b"name: a\x00b", "There is a character in this file (number 0) that text cannot have."),
        (b"x" * 6_000_000, "This file has 6.0 MB; 5 MB is the most for a flow."),
        (b"\x1f\x8b\x08", "This is not a flow file. It is a gzip archive; unpack it first."),
        (b"PK\x03\x04", "This is not a flow file. It is a zip archive; unpack it first."),
        (b"\x89PNG\r\n", "This is not a flow file. It is a picture."),
        ("\n<!DOCTYPE html><title>Sign in</title>", "This is a web page, not a flow file. "
         "Open its address in a browser: you may have to sign in."),
        ('{"nodes": [], "connections": {}}', "This is a file of n8n, which Weft cannot read. "
         "Draw the flow anew from its parts."),
        ('[{"id": "1", "type": "tab"}]', "This is a file of Node-RED, which Weft cannot read. "
         "Draw the flow anew from its parts."),
        ('{"data": {"nodes": [], "edges": []}}', "This is a file of Langflow or Flowise, which Weft cannot read. "
         "Draw the flow anew from its parts."),
        ("format: 99\nname: x", "line 1, column 1: This flow was made with a newer Weft: its format is 99, "
         "and this one reads up to 1. Update Weft; the file was left as it is."),
        *((f"format: {given}\nname: x", "line 1, column 1: The format of this file is not a whole number from 1 up. "
           "Write `format: 1`.") for given in ('"1"', "0", "-1", "1.0.0-beta", "1.5", "true")),
        ("name: &a x",
         "line 1, column 7: Anchors and aliases (`&name`, `*name`) are not allowed. Write the value out."),
        ("name: *a", "line 1, column 7: Anchors and aliases (`&name`, `*name`) are not allowed. Write the value out."),
        ("name: !!python/object/apply:os.system [ls]", "line 1, column 7: Tags "
         "(`tag:yaml.org,2002:python/object/apply:os`) are not allowed. Put the text in quotes."),
        ("? [a]\n: b", "line 1, column 3: A name is expected before the colon."),
        ("name: 5", "line 1, column 1: `name` has to be text. Put it in quotes."),
        ("name: x\nsteps: {" + ", ".join(f"s{n}: {{kind: k}}" for n in range(2001)) + "}",
         "line 2, column 1: This flow has 2,001 steps; 2,000 is the most."),
        ("name: x\nwires: [" + ", ".join(f"a -> b{n}" for n in range(5001)) + "]",
         "line 2, column 1: This flow has 5,001 wires; 5,000 is the most."),
        ("name: x\ndescription: " + "y" * 1_000_001, "line 2, column 14: A text here has 1,000,001 characters; "
         "1,000,000 is the most."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_flow_is_told_what_it_is(content: str | bytes, sentence: str) -> None:
    began = time.perf_counter()
    assert complaints(content) == [sentence]
    assert time.perf_counter() - began < 2


def test_everything_that_is_wrong_is_said_at_once_with_its_step_and_place() -> None:
    text = """\
name: x
colour: red
inputs:
  size: {type: big}
steps:
  open:
    kindd: browser.open
    retry: {times: 99, wait: "2"}
    timeout: soon
    on_error: explode
    disabled: "yes"
  ../x: {kind: b}
  item: {kind: c}
  each:
    kind: control.for_each
    body:
      steps:
        b: {kind: 5, colour: red}
        c: []
wires:
  - open -> each
  - open -> each
  - open each
"""
    assert complaints(text) == [
        "line 4, column 10: `inputs.size.type` has to be 'text', 'long_text', 'number', 'boolean', 'date', 'choice', "
        "'file' or 'data'.",
        "line 6, column 3: `kind` of `open` is missing.",
        "line 7, column 5: `open` has a field `kindd` that Weft does not know. Did you mean `kind`?",
        "line 8, column 13: `retry.times` of `open` has to be 20 or less.",
        "line 8, column 24: `retry.wait` of `open` has to be a number. Write it without quotes.",
        "line 9, column 5: `timeout` of `open` has to be a number.",
        "line 10, column 5: `on_error` of `open` has to be 'stop', 'continue' or 'port'.",
        "line 11, column 5: `disabled` of `open` has to be true or false.",
        "line 12, column 3: `../x` cannot be a name here. "
        "Names have at most 64 letters, digits and `_`, no digit first.",
        "line 13, column 3: `item` has a meaning of its own in expressions. Give this step another name.",
        "line 18, column 13: `kind` of `each/b` has to be text. Put it in quotes.",
        "line 18, column 22: `each/b` has a field `colour` that Weft does not know.",
        "line 19, column 9: `each/c` has to have fields under it.",
        "line 22, column 5: The wire `open -> each` is here twice. Remove one.",
        "line 23, column 5: `open each` is not a wire. Write `step.port -> step.port`, or `step -> step`.",
    ]


def test_the_error_names_the_file_and_counts_the_rest() -> None:
    with pytest.raises(FlowFileError) as caught:
        read_flow(b"name: x\nwires: [a, b]", "shop.flow.yaml")
    assert str(caught.value) == (
        "shop.flow.yaml, line 2, column 9: `a` is not a wire. Write `step.port -> step.port`, or `step -> step`. "
        "And 1 more."
    )
    assert [(each.field, each.line) for each in caught.value.problems] == [("wires.0", 2), ("wires.1", 2)]


def test_what_can_be_put_right_is_put_right_with_a_note() -> None:
    read = read_flow(
        b'id: "../x"\nname: "  long\\nname"\ntrusted: true\nsteps: {a: {kind: gone.away, settings: {x: [1]}}}\n'
        b"wires: [a -> nowhere, a -> a]\nlayout: {a: [0, 1e308], b: [x, y], c: 5}"
    )
    assert (read.flow.name, read.flow.extra, read.flow.layout, [str(wire) for wire in read.flow.wires]) == (
        "long name",
        {"trusted": True},
        {"a": (0, 1_000_000)},
        ["a -> nowhere", "a -> a"],
    )
    assert dict(read.flow.steps["a"].settings) == {"x": [1]}
    assert [str(note) for note in read.notes] == [
        "line 3, column 1: Weft does not know `trusted`. It is kept and not used.",
        "line 1, column 1: The id of this flow cannot be used, so it has a new one.",
        "line 2, column 1: This was longer than one line of 200 characters and has been cut.",
        "line 6, column 10: The place of `a` was too far away and was brought nearer.",
        "line 6, column 25: The place of `b` is not two or four numbers. Use Tidy up.",
        "line 6, column 36: The place of `c` is not two or four numbers. Use Tidy up.",
    ]


def test_a_file_without_an_id_is_the_same_flow_each_time() -> None:
    first, second, other = (read_flow(text).flow.id for text in (b"name: x", b"name: x", b"name: y"))
    assert first == second != other


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_does_not_matter(encoding: str) -> None:
    assert read_flow("name: Tür".encode(encoding)).flow.name == "Tür"


def test_words_that_older_yaml_takes_for_something_else_stay_text() -> None:
    text = "name: x\nsteps: {a: {kind: k, settings: {a: yes, b: 2026-05-04, c: 12:30, d: on, e: =, f: 1_000}}}"
    assert dict(read_flow(text.encode()).flow.steps["a"].settings) == {
        "a": "yes", "b": "2026-05-04", "c": "12:30", "d": "on", "e": "=", "f": "1_000",
    }  # fmt: skip


def test_json_is_read_too() -> None:
    assert read_flow(
        b'{"format": 1, "name": "x", "steps": {"a": {"kind": "k", "settings": {"n": [1, 2.5, null]}}}}'
    ).flow.steps["a"].settings == {"n": [1, 2.5, None]}
