"""Every command: what it is called, its keys, where it is there, and what else people call it."""

# ruff: noqa: E501 - a table is read line by line.

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Typing = Literal["", "fields", "all"]
"""Whether keys are heard while a text is typed: no; in fields, but not in code; everywhere."""
Needs = Literal["", "step", "steps", "several", "three", "selection"]
"""What has to be selected: one step, some, two or more, three or more, or anything."""

EDITOR, RUN, VERSIONS, HOME, INBOX = "editor", "run", "versions", "home", "inbox"
PAGES = {
    "everywhere": (EDITOR, RUN, VERSIONS, HOME, INBOX, ""),
    "editor": (EDITOR,),
    "canvas": (EDITOR,),
    "view": (EDITOR, RUN, VERSIONS),
    "running": (EDITOR, RUN),
    "keeping": (EDITOR, VERSIONS),
    "run": (RUN,),
    "versions": (VERSIONS,),
    "home": (HOME,),
    "inbox": (INBOX,),
}
"""The pages on which a command with this `where` is there.

The canvas itself hears those of `canvas`, while its flow can be edited, and of `view`, while it has the keyboard.
"""
ON_CANVAS = ("canvas", "view")


@dataclass(frozen=True)
class Command:
    """Keys are written as `chord.js` names them. A `fixed` one keeps its keys and is no choice of the palette.

    One that `asks` opens something to type into: what is typed meanwhile is kept for it.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    where: str
    group: str
    words: str = ""
    icon: str = ""
    needs: Needs = ""
    typing: Typing = ""
    asks: bool = False
    repeats: bool = False
    fixed: bool = False
    shown: str = ""
    """How its keys are written, where that is shorter than one by one."""
    palette: bool = True

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages it is there on."""
        return PAGES[self.where]


ARROWS = ("arrowleft", "arrowright", "arrowup", "arrowdown")
RUNNING, DEBUGGING, EDITING, MOVING = "Run", "Debug", "Draw and edit", "Select and move"
LOOKING, ARRANGING, FINDING = "Look around", "Put in order", "Find and go"
ON_HOME, ON_INBOX, ON_VERSIONS = "On the page of all flows", "In the Inbox", "In the history of a flow"

COMMANDS = (
    Command("palette", "Find a command, a flow, a run or a setting", ("ctrl+k",), "everywhere", FINDING, "commands palette search menu actions", "search", typing="all", asks=True, palette=False),
    Command("help", "Show the keys, and change them", ("?",), "everywhere", FINDING, "help shortcuts hotkeys keyboard rebind keys list", "keyboard", asks=True),
    Command("find", "Find in this flow", ("ctrl+f",), "running", FINDING, "search look for text value setting reference", "find_in_page", typing="fields", asks=True),
    Command("find.next", "To the next place found", ("f3",), "running", FINDING, "search again next hit", "arrow_downward", typing="fields", repeats=True),
    Command("find.previous", "To the place found before", ("shift+f3",), "running", FINDING, "search back previous hit", "arrow_upward", typing="fields", repeats=True),
    Command("go.flows", "Go to all flows", ("alt+shift+f",), "everywhere", FINDING, "home start page open", "account_tree"),
    Command("go.inbox", "Go to the Inbox", ("alt+shift+i",), "everywhere", FINDING, "questions approvals approve waiting", "inbox"),
    Command("go.runs", "Go to all runs", ("alt+shift+r",), "everywhere", FINDING, "history executions log past", "history"),
    Command("go.keys", "Go to the keys of services", ("alt+shift+k",), "everywhere", FINDING, "secrets passwords credentials models api", "key"),
    Command("go.storage", "Go to Storage", ("alt+shift+s",), "everywhere", FINDING, "disk space clean remove retention", "hard_drive"),
    Command("flow.new", "Draw a new flow", ("alt+shift+n",), "everywhere", FINDING, "create add workflow empty", "add"),
    Command("tour", "Take the tour of two minutes, or go to its card", ("alt+shift+g",), "everywhere", FINDING, "tutorial guide introduction learn begin help onboarding", "explore"),
    Command("look", "Change between light and dark", ("alt+shift+l",), "everywhere", FINDING, "theme appearance colours night mode", "brightness_auto"),
    Command("run", "Run the flow", ("ctrl+enter",), "running", RUNNING, "start execute play go again", "play_arrow", typing="all"),
    Command("rehearse", "Rehearse the flow: nothing is written, sent or bought", ("ctrl+shift+enter",), "editor", RUNNING, "dry run test simulate preview", "theater_comedy", typing="all"),
    Command("run.step", "Run the selected step alone", ("r",), "editor", RUNNING, "execute only this node test", "play_circle", needs="step"),
    Command("run.to", "Run to the selected step", ("t",), "editor", RUNNING, "execute until here", "start", needs="step"),
    Command("run.from", "Run from the selected step", ("shift+r",), "editor", RUNNING, "execute retry resume here", "resume", needs="step"),
    Command("run.stale", "Run what is out of date", ("s",), "editor", RUNNING, "changed stale refresh update", "update"),
    Command("stop", "Stop the run", ("ctrl+.",), "running", RUNNING, "cancel abort end halt kill", "stop", typing="fields"),
    Command("resume", "Continue the run after its last finished step", ("shift+f8",), "running", RUNNING, "go on retry restart", "resume"),
    Command("run.details", "Open the page of the last run", ("shift+d",), "editor", RUNNING, "results log last execution", "open_in_new"),
    Command("run.report", "Show what the rehearsal would have done", ("shift+e",), "editor", RUNNING, "report effects dry run", "list_alt"),
    Command("run.hide", "Hide the last run", ("shift+h",), "editor", RUNNING, "clear lights results close", "visibility_off"),
    Command("run.flow", "Open the flow of this run", ("shift+f",), "run", RUNNING, "edit editor", "edit"),
    Command("pin", "Pin what the step gave, or unpin it", ("p",), "editor", RUNNING, "freeze keep mock data output", "keep", needs="step"),
    Command("edit_data", "Write the step's data by hand", ("e",), "editor", RUNNING, "mock change output fake edit", "edit_note", needs="step", asks=True),
    Command("breakpoint", "Set a breakpoint, or take it away", ("f9",), "editor", DEBUGGING, "debug pause stop here", "bug_report", needs="steps", typing="fields"),
    Command("debug", "Debug: stop at the breakpoints", ("g",), "editor", DEBUGGING, "run step by step trace", "bug_report"),
    Command("debug.writes", "Debug: stop before every write", ("shift+g",), "editor", DEBUGGING, "run careful step by step", "front_hand"),
    Command("debug.continue", "Debugger: continue", ("f8",), "running", DEBUGGING, "resume go on", "resume", typing="fields"),
    Command("debug.next", "Debugger: to the next step", ("f10",), "running", DEBUGGING, "step over", "step_over", typing="fields"),
    Command("search", "Add a step", ("n", "tab", "/"), "canvas", EDITING, "new node insert quick add block create", "add_circle", asks=True),
    Command("wire", "Draw a wire from the step", ("w",), "canvas", EDITING, "connect edge link line", "conversion_path", needs="step"),
    Command("begin", "Begin with one of three examples, on an empty canvas", ("b",), "editor", EDITING, "start first template sample new", "lightbulb", asks=True),
    Command("node.help", "Help for the step, with its example", ("i", "f1"), "editor", EDITING, "help info about documentation manual what does it do example insert", "help", needs="step"),
    Command("undo", "Undo", ("ctrl+z",), "editor", EDITING, "take back revert", "undo", repeats=True),
    Command("redo", "Redo", ("ctrl+shift+z", "ctrl+y"), "editor", EDITING, "again repeat", "redo", repeats=True),
    Command("open", "Open the step: its input, settings and output", ("enter",), "view", EDITING, "edit configure properties details data result", "open_in_full", needs="step"),
    Command("rename", "Name the step", ("f2",), "canvas", EDITING, "rename title label call", "edit", needs="step", asks=True),
    Command("disable", "Switch a step off or on", ("d",), "canvas", EDITING, "disable enable mute bypass skip deactivate", "toggle_off", needs="steps"),
    Command("remove", "Delete what is selected", ("delete", "backspace"), "canvas", EDITING, "remove erase clear", "delete", needs="selection"),
    Command("take_out", "Take the step out and wire its neighbours to each other", ("ctrl+backspace",), "canvas", EDITING, "delete reconnect remove keep wires", "link_off", needs="steps"),
    Command("copy", "Copy steps", ("ctrl+c",), "view", EDITING, "clipboard", "content_copy", needs="steps"),
    Command("cut", "Cut steps", ("ctrl+x",), "canvas", EDITING, "clipboard move", "content_cut", needs="steps"),
    Command("paste", "Paste steps", ("ctrl+v",), "canvas", EDITING, "clipboard insert", fixed=True),
    Command("duplicate", "Duplicate steps", ("ctrl+d",), "canvas", EDITING, "copy clone twice", "control_point_duplicate", needs="steps"),
    Command("note", "Put a note on the canvas", ("shift+n",), "canvas", EDITING, "comment sticky markdown text annotate remark", "sticky_note_2", asks=True),
    Command("group", "Group into a frame", ("ctrl+g",), "canvas", EDITING, "frame section box around name together", "select_all", needs="steps", asks=True),
    Command("ungroup", "Take the frame away; its steps stay", ("ctrl+shift+g",), "canvas", EDITING, "frame dissolve remove section", "deselect"),
    Command("collapse", "Make one box of the frame, or show its steps again", ("c",), "canvas", EDITING, "frame fold expand hide steps", "unfold_less"),
    Command("subflow", "Turn into a sub-flow", ("alt+x",), "canvas", EDITING, "extract reuse function part workflow run flow", "account_tree", needs="steps", asks=True),
    Command("comment", "Comment on the step", ("shift+c",), "editor", EDITING, "say discuss remark note thread", "add_comment", needs="step", asks=True),
    Command("comments", "Show all comments", ("alt+shift+c",), "editor", EDITING, "discussion remarks list threads", "forum"),
    Command("keep", "Keep this version, under a name", ("ctrl+s",), "keeping", EDITING, "save publish version commit snapshot", "bookmark_add", typing="all", asks=True),
    Command("history", "History: the versions, and what has changed", ("h",), "editor", EDITING, "versions diff compare restore changes", "history"),
    Command("export", "Export the flow as a file", ("alt+shift+e",), "editor", EDITING, "download save yaml share", "download"),
    Command("walk", "Go from step to step; with Shift, select on the way", (*ARROWS, *(f"shift+{key}" for key in ARROWS)), "view", MOVING, fixed=True, shown="Arrow keys"),
    Command("nudge", "Move the step", tuple(f"ctrl+{key}" for key in ARROWS), "canvas", MOVING, fixed=True, shown="Ctrl+arrow keys"),
    Command("home", "Go to the first step", ("home",), "view", MOVING, "begin start first", "first_page"),
    Command("all", "Select all", ("ctrl+a",), "view", MOVING, "everything steps", "select_all"),
    Command("lasso", "Select with a lasso", ("l",), "view", MOVING, "freehand draw around", "gesture"),
    Command("clear", "Back to the canvas; there: select nothing", ("escape",), "view", MOVING, fixed=True),
    Command("pan", "Move the canvas: hold it and drag", ("space",), "view", MOVING, fixed=True),
    Command("fit", "Show the whole flow", ("1", "ctrl+1"), "view", LOOKING, "fit zoom everything overview", "fit_screen"),
    Command("zoom.selection", "Show what is selected", ("2",), "view", LOOKING, "zoom fit selection", "center_focus_strong", needs="steps"),
    Command("zoom.100", "Show steps in their own size, 100 %", ("0",), "view", LOOKING, "zoom reset hundred", "crop_free"),
    Command("zoom.in", "Nearer", ("+", "="), "view", LOOKING, "zoom in larger bigger", "zoom_in", repeats=True),
    Command("zoom.out", "Further away", ("-",), "view", LOOKING, "zoom out smaller", "zoom_out", repeats=True),
    Command("panel", "Show the run panel, or hide it: timeline, log, problems, questions", ("j",), "running", LOOKING, "gantt drawer bottom logs errors", "bottom_panel_open"),
    Command("outline", "Show the flow as a list, or as a canvas", ("o",), "view", LOOKING, "outline tree list accessible screen reader phone", "list"),
    Command("map", "Show the overview, or hide it", ("m",), "view", LOOKING, "minimap mini map", "map"),
    Command("round.before", "Look at the round before, in a loop", ("[", ","), "view", LOOKING, "iteration previous item", "chevron_left", repeats=True),
    Command("round.after", "Look at the round after, in a loop", ("]", "."), "view", LOOKING, "iteration next item", "chevron_right", repeats=True),
    Command("tidy", "Tidy what is selected, or the whole flow", ("alt+shift+t",), "canvas", ARRANGING, "layout clean format arrange auto", "auto_awesome_mosaic"),
    Command("align.left", "Align left", ("alt+a",), "canvas", ARRANGING, "arrange", "align_horizontal_left", needs="several"),
    Command("align.centre", "Align centre", ("alt+h",), "canvas", ARRANGING, "arrange center middle", "align_horizontal_center", needs="several"),
    Command("align.right", "Align right", ("alt+d",), "canvas", ARRANGING, "arrange", "align_horizontal_right", needs="several"),
    Command("align.top", "Align top", ("alt+w",), "canvas", ARRANGING, "arrange", "align_vertical_top", needs="several"),
    Command("align.middle", "Align middle", ("alt+v",), "canvas", ARRANGING, "arrange center", "align_vertical_center", needs="several"),
    Command("align.bottom", "Align bottom", ("alt+s",), "canvas", ARRANGING, "arrange", "align_vertical_bottom", needs="several"),
    Command("distribute.horizontally", "Distribute horizontally", ("alt+shift+h",), "canvas", ARRANGING, "spread space evenly arrange", "horizontal_distribute", needs="three"),
    Command("distribute.vertically", "Distribute vertically", ("alt+shift+v",), "canvas", ARRANGING, "spread space evenly arrange", "vertical_distribute", needs="three"),
    Command("home.new", "Draw a new flow", ("n",), "home", ON_HOME, palette=False),
    Command("home.search", "Search flows", ("/",), "home", ON_HOME, "find filter", "search", asks=True),
    Command("home.import", "Import flow files", ("i",), "home", ON_HOME, "open upload yaml bring in", "file_open"),
    Command("home.undo", "Bring a deleted flow back", ("ctrl+z",), "home", ON_HOME, "undo restore", "undo"),
    Command("inbox.next", "To the next question", ("arrowdown",), "inbox", ON_INBOX, palette=False, repeats=True),
    Command("inbox.previous", "To the question before", ("arrowup",), "inbox", ON_INBOX, palette=False, repeats=True),
    Command("inbox.choose", "Choose the question, to answer several", ("space",), "inbox", ON_INBOX, fixed=True),
    Command("inbox.first", "Give the first answer", ("a",), "inbox", ON_INBOX, "approve yes allow accept", "check"),
    Command("inbox.second", "Give the second answer", ("r",), "inbox", ON_INBOX, "reject no refuse deny", "close"),
    Command("versions.leave", "Back to the flow", ("h",), "versions", ON_VERSIONS, "editor close", "arrow_back"),
    Command("versions.publish", "Publish the chosen version, or no longer", ("p",), "versions", ON_VERSIONS, "live release schedule deploy unpublish", "publish"),
    Command("versions.swap", "Compare the other way round", ("x",), "versions", ON_VERSIONS, "swap turn exchange", "swap_horiz"),
)  # fmt: skip

GESTURES = (
    ("Shift+click, Shift+drag", "Select one more, or all in a box", MOVING),
    ("Alt while dragging", "Move without snapping", MOVING),
    ("= in an empty field, Alt+=", "Use an expression in place of a value, and a value again", EDITING),
    ("Ctrl+Space", "In an expression: what it may refer to", EDITING),
    ("Esc, then Tab", "Leave a code editor", EDITING),
)
"""What a key means together with the mouse, or in a field."""

BY_ID = {command.id: command for command in COMMANDS}


def groups() -> dict[str, list[Command]]:
    """The commands under their headings, in the order of the table."""
    found: dict[str, list[Command]] = {}
    for command in COMMANDS:
        found.setdefault(command.group, []).append(command)
    return found
