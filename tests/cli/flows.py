"""Small flows for the terminal, as the files a person would have."""

from pathlib import Path

HELLO = """\
format: 1
id: hello
name: Hello
inputs:
  who: {type: text, label: Who to greet, help: A first name.}
steps:
  greet:
    kind: data.compose
    settings:
      text: "Hello, {{ inputs.who }}!"
"""

WAYS = """\
format: 1
id: ways
name: Ways
steps:
  fields:
    kind: data.set_fields
    title: A record
    settings:
      fields: {city: Bern, people: 144000}
  check:
    kind: control.if
    title: Is it large
    settings: {condition: "{{ fields.record.people > 1000000 }}"}
  large:
    kind: data.compose
    title: Say that it is large
    settings: {text: large}
result: fields.record
wires:
  - fields -> check
  - check.true -> large
"""

FAILING = """\
format: 1
id: failing
name: Failing
steps:
  first:
    kind: data.compose
    title: First
    settings: {text: one}
  broken:
    kind: code.python
    title: Divide
    settings: {code: return 1 / 0}
  after:
    kind: data.compose
    title: After it
    settings: {text: two}
wires:
  - first -> broken
  - broken -> after
"""

SLOW = """\
format: 1
id: slow
name: Slow
steps:
  note:
    kind: code.python
    title: Make a note
    settings:
      code: |
        with open(r"NOTES", "a") as notes:
            notes.write("noted\\n")
        return None
  each:
    kind: control.for_each
    title: Wait
    body:
      steps:
        wait:
          kind: code.python
          title: A moment
          settings:
            code: |
              import time
              time.sleep(SECONDS)
              return None
wires:
  - note -> each
  - numbers.value -> each.items
"""

WRITING = """\
format: 1
id: writing
name: Writing
inputs:
  where: {type: text, default: out.txt}
steps:
  save:
    kind: files.write
    title: Save it
    settings:
      path: "{{ inputs.where }}"
      text: kept
result: save.path
"""


def put(folder: Path, name: str, text: str) -> str:
    """The path of a new flow file."""
    path = folder / f"{name}.flow.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def slow(folder: Path, seconds: float) -> str:
    """A flow that leaves a line in `notes` and then waits, and its path."""
    text = SLOW.replace("NOTES", str(folder / "notes")).replace("SECONDS", str(seconds))
    numbers = "  numbers:\n    kind: code.python\n    title: Numbers\n    settings: {code: 'return [1]'}\n"
    return put(folder, "slow", text.replace("steps:\n  note", f"steps:\n{numbers}  note", 1))
