"""What a flow touches, in words for the person who is to accept it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.engine.hosts import PRACTICE, canonical
from flows.model import Flow, walk
from nodes.values import DECIDED_AT_RUN_TIME, Touches


class Section(NamedTuple):
    """One heading of the sheet, its icon, and its lines."""

    heading: str
    icon: str
    lines: tuple[str, ...]


def words(touches: Touches, flow: Flow) -> list[Section]:
    """What these touches mean, the weightiest last; one line where there are none."""
    later = "you are asked about each before it happens"
    sections = [
        _section("Contacts these sites", "public", touches.hosts, _site, f"Sites it finds out while it runs; {later}."),
        _section("Reads these files", "file_open", touches.reads, _file, f"Files it chooses while it runs; {later}."),
        _section("Writes these files", "edit_document", touches.writes, _file, f"Files it names as it runs; {later}."),
        _section("Writes to these people", "mail", touches.recipients, str, f"People it finds as it runs; {later}."),
        _section("Uses these keys", "key", touches.keys, str, f"Keys it names while it runs; {later}."),
        _section("Asks these language models", "auto_awesome", touches.models, _model, f"Others as it runs; {later}."),
        _section("Contains this code", "code", touches.code, lambda text: _code(text, flow), "More code."),
    ]
    if touches.models:
        sections.append(Section("May spend", "payments", _spending(flow)))
    if flow.on_failure:
        sections.append(Section("Runs another flow after a failure", "alt_route", (_AFTER,)))
    if limits := _limits(touches, flow):
        sections.append(Section("What no check can hold", "gpp_maybe", limits))
    found = [section for section in sections if section.lines]
    return found or [Section("Touches nothing", "check_circle", ("It only works with what it is given.",))]


_AFTER = "One of your flows, if its id is the one this flow names. It is reviewed on its own."


def _spending(flow: Flow) -> tuple[str, ...]:
    """What its runs may use before they ask; without any limit, that."""
    limits = flow.limits
    said = (
        f"Up to {limits.money:,.2f} US dollars a run; then it asks you." if limits.money else "",
        f"Up to {limits.tokens:,} tokens a run; then it asks you." if limits.tokens else "",
        f"Up to {limits.money_a_day:,.2f} US dollars a day; then it asks you." if limits.money_a_day else "",
        f"Up to {limits.tokens_a_day:,} tokens a day; then it asks you." if limits.tokens_a_day else "",
    )
    named = tuple(filter(None, said))
    return named or ("As much as its models cost: this flow names no limit. You can set one in the flow itself.",)


def _section(heading: str, icon: str, names: tuple[str, ...], say: Callable[[str], str], open_end: str) -> Section:
    return Section(heading, icon, tuple(open_end if name == DECIDED_AT_RUN_TIME else say(name) for name in names))


def _site(name: str) -> str:
    if name == PRACTICE:
        return "The practice shop on this computer"
    plain = canonical(name) if not name.isascii() else name
    return f"{plain} (shown to you as {name})" if plain != name else name


def _file(path: str) -> str:
    if path.startswith("~") or path.startswith(("/", "\\")) or path[1:2] == ":":
        return path
    return f"{path}, in Weft's own files folder"


def _model(name: str) -> str:
    return f"The model of “{name}” on your Keys page" if name else "The first model on your Keys page"


def _code(text: str, flow: Flow) -> str:
    step = next((step.title or path for path, step in walk(flow) if text in step.settings.values()), "")
    return f"In “{step}”:\n{text}" if step else text


def _limits(touches: Touches, flow: Flow) -> tuple[str, ...]:
    limits: list[str] = []
    if touches.code:
        limits.append("Code runs as you: it can read your files and reach every site. Read it before you accept it.")
    if any(step.kind.startswith("browser.") for _, step in walk(flow)):
        limits.append("A page that is opened loads what it likes from other sites, as in your own browser.")
    if touches.models:
        limits.append("A language model sees everything that a step puts into its question.")
    return tuple(limits)
