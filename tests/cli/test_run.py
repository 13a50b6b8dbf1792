"""`weft run` without a terminal: steps are told, the result is printed, the exit status says how it ended."""

import json
import re
from pathlib import Path

from app.setup import ROOT
from tests.cli.flows import FAILING, HELLO, WAYS, WRITING, put
from tests.cli.weft import Told, weft

NOT_ACCEPTED = [
    "“Hello” was not run: nobody has accepted this yet.",
    "If you do, run it again with --accept, or in a terminal, which asks.",
]
TOUCHES_NOTHING = ["  touches nothing:", "    It only works with what it is given."]


def without_run_ids(told: Told) -> list[str]:
    return [re.sub(r"[0-9a-f]{16}", "RUN", line) for line in told.lines]


def test_text_is_printed_as_text_and_the_steps_are_told_beside_it(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", put(tmp_path, "hello", HELLO), "-i", "who=Ada", "--accept")
    assert (told.status, told.out) == (0, "Hello, Ada!\n")
    assert told.lines[-2:] == ["✓ Compose text  …", "✓ Done in …."]


def test_other_results_are_printed_as_json_and_skipped_steps_say_why(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", put(tmp_path, "ways", WAYS), "--accept")
    assert (told.status, json.loads(told.out)) == (0, {"city": "Bern", "people": 144000})
    assert told.out.startswith('{\n  "city": "Bern"')
    assert told.lines[-4:] == [
        "✓ A record  …",
        "✓ Is it large  …",
        "∙ Say that it is large was skipped: “Is it large” did not go the way “true”.",
        "✓ Done in ….",
    ]


def test_a_failure_names_the_step_and_the_way_on(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", put(tmp_path, "failing", FAILING), "--accept")
    assert (told.status, told.out) == (1, "")
    assert without_run_ids(told)[-8:] == [
        "✓ First  …",
        "▸ Divide",
        "✗ Divide  …",
        "  Line 1: ZeroDivisionError: division by zero",
        "  The step's log has the details.",
        "∙ After it was skipped: “Divide” did not finish.",
        "✗ Failed after …: “Divide” failed: Line 1: ZeroDivisionError: division by zero",
        "  To go on after its last finished step: weft resume RUN",
    ]


def test_for_programs_there_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    good = weft(tmp_path, "run", put(tmp_path, "hello", HELLO), "-i", "who=Ada", "--accept", "--json")
    bad = weft(tmp_path, "run", put(tmp_path, "failing", FAILING), "--accept", "--json")
    done, failed = json.loads(good.out), json.loads(bad.out)
    assert list(done) == ["run", "flow", "status", "message", "result", "seconds"]
    assert [len(done.pop("run")), done.pop("seconds") < 30] == [16, True]
    assert (good.status, done) == (
        0,
        {"flow": "Hello", "status": "done", "message": "", "result": {"value": "Hello, Ada!"}},
    )
    assert (bad.status, failed["status"], failed["result"]) == (1, "failed", None)
    assert failed["message"] == "“Divide” failed: Line 1: ZeroDivisionError: division by zero"


def test_missing_inputs_are_named_and_the_last_ones_are_not_used_again(tmp_path: Path) -> None:
    file = put(tmp_path, "hello", HELLO)
    assert weft(tmp_path, "run", file, "-i", "who=Ada", "--accept").status == 0
    told = weft(tmp_path, "run", "Hello", "--json")
    assert (told.status, told.out, told.err.splitlines()) == (
        2,
        "",
        ["“Hello” cannot run yet.", "  Who to greet is missing. (A first name.) Give it with -i who=…"],
    )
    unknown = weft(tmp_path, "run", "hello", "-i", "who=Ada", "-i", "city=Bern")
    assert (unknown.status, unknown.err.splitlines()[1:]) == (
        2,
        ["  This flow has no input `city`. Its inputs are: who."],
    )


def test_wrong_usage_is_said_and_nothing_is_run(tmp_path: Path) -> None:
    told = [
        weft(tmp_path, "run"),
        weft(tmp_path, "run", "x", "-i", "who"),
        weft(tmp_path, "run", "x", "-i", "a=1", "-i", "a=2"),
        weft(tmp_path, "run", str(tmp_path / "none.flow.yaml")),
    ]
    assert [(each.status, each.out) for each in told] == [(2, "")] * 4
    assert [each.err.splitlines()[-1].partition("error: ")[2] for each in told[:3]] == [
        "the following arguments are required: FLOW",
        "an input is written NAME=VALUE, not 'who'",
        "the input a is given twice",
    ]
    assert told[3].err == (
        f"The file {tmp_path / 'none.flow.yaml'} cannot be read: No such file or directory.\nCheck its name.\n"
    )


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", "No such flow")
    assert told.status == 2
    assert told.err.splitlines()[0] == "There is no flow “No such flow” here."
    assert told.err.splitlines()[1].startswith("The flows here are “")


def test_a_bad_file_gets_every_problem_with_its_line(tmp_path: Path) -> None:
    file = put(tmp_path, "bad", "format: 1\nid: x\nname: X\nsteps:\n  a: {kind: data.compose, colour: red}\nwires: 3\n")
    told = weft(tmp_path, "run", file)
    assert (told.status, told.out) == (2, "")
    assert told.err.splitlines()[0] == f"{file} is not a flow that can run."
    assert [line.split(":")[0] for line in told.err.splitlines()[1:]] == ["  line 5, column 27", "  line 6, column 1"]
    assert list(tmp_path.iterdir()) == [Path(file)]


def test_a_flow_that_cannot_run_says_all_that_is_wrong(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", put(tmp_path, "off", HELLO.replace("inputs.who", "nobody")), "--accept")
    assert told.status == 2
    assert told.lines[-2:] == [
        "“Hello” cannot run yet.",
        "  greet: `Hello, {{ nobody }}!` refers to `nobody`, which is not known here. "
        "Choose a step that runs before this one, or an input of the flow.",
    ]


def test_a_flow_from_outside_is_refused_until_it_is_accepted_and_then_remembered(tmp_path: Path) -> None:
    file = put(tmp_path, "hello", HELLO)
    first = weft(tmp_path, "run", file, "-i", "who=Ada")
    assert (first.status, first.out) == (2, "")
    assert first.err.splitlines() == [
        f"“Hello” came from {file}, and nothing of it has run here yet. It",
        *TOUCHES_NOTHING,
        *NOT_ACCEPTED,
    ]
    assert weft(tmp_path, "run", file, "-i", "who=Ada", "--accept").status == 0
    again = weft(tmp_path, "run", file, "-i", "who=Eve")
    assert (again.status, again.out, again.lines) == (0, "Hello, Eve!\n", ["✓ Compose text  …", "✓ Done in …."])


def test_a_changed_file_asks_only_for_what_is_new(tmp_path: Path) -> None:
    file = put(tmp_path, "hello", HELLO)
    assert weft(tmp_path, "run", file, "-i", "who=Ada", "--accept").status == 0

    put(tmp_path, "hello", HELLO.replace("Hello, ", "Good day, "))
    harmless = weft(tmp_path, "run", file, "-i", "who=Ada")
    assert (harmless.status, harmless.out) == (0, "Good day, Ada!\n")

    put(tmp_path, "hello", f"{HELLO}  more:\n    kind: files.write\n    settings: {{path: a.txt, text: x}}\n")
    told = weft(tmp_path, "run", file, "-i", "who=Ada")
    assert (told.status, told.err.splitlines()) == (
        2,
        [
            "“Hello” has changed since you accepted it, and now wants more. It also",
            "  writes these files:",
            "    a.txt, in Weft's own files folder",
            *NOT_ACCEPTED,
        ],
    )


def test_a_file_never_takes_the_place_of_a_flow_that_was_made_here(tmp_path: Path) -> None:
    """An example on the shelf, and a file that claims to be it and does something else."""
    example = (ROOT / "flows/examples/compose.flow.yaml").read_text()
    flow_id = re.search(r"^id: (.*)$", example, re.MULTILINE)
    assert flow_id is not None
    file = put(tmp_path, "other", HELLO.replace("id: hello", f"id: {flow_id[1]}"))
    told = weft(tmp_path, "run", file, "-i", "who=Ada")
    assert (told.status, told.lines[-2:]) == (2, NOT_ACCEPTED)
    assert weft(tmp_path, "run", file, "-i", "who=Ada", "--accept").out == "Hello, Ada!\n"
    assert weft(tmp_path, "run", file, "-i", "who=Eve").out == "Hello, Eve!\n"
    assert weft(tmp_path, "run", str(ROOT / "flows/examples/compose.flow.yaml")).status == 0


def test_a_flow_comes_through_a_pipe(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", "-", "-i", "who=Ada", "--accept", stdin=HELLO.encode())
    assert (told.status, told.out) == (0, "Hello, Ada!\n")
    assert told.err.splitlines()[0] == "“Hello” came from standard input, and nothing of it has run here yet. It"


def test_signs_that_would_move_the_cursor_are_spelled_out(tmp_path: Path) -> None:
    sly = WRITING.replace('"{{ inputs.where }}"', '"a\\u202etxt.sh\\e[2K"')
    told = weft(tmp_path, "run", put(tmp_path, "sly", sly))
    assert told.err.splitlines()[2] == "    a\\u202etxt.sh\\x1b[2K, in Weft's own files folder"


def test_an_example_on_the_practice_shop_runs_in_a_real_browser(tmp_path: Path) -> None:
    told = weft(tmp_path, "run", str(ROOT / "flows/examples/read-table.flow.yaml"))
    assert told.status == 0, told.err
    assert json.loads(told.out)[0]["item"] == "Moon mug"
    assert told.lines == ["▸ Open page", "✓ Open page  …", "▸ Read the orders", "✓ Read the orders  …", "✓ Done in …."]
