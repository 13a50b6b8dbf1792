"""The gate: what a flow may touch, and what it is told where it reaches further. Pure: it asks nobody itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace

from app.engine.hosts import PRACTICE, Place, covers, is_local_name, names_metadata, place, spelled, split
from app.engine.plan import touches_of
from flows.model import Body, Step, walk
from nodes.catalog import Catalog
from nodes.context import Question
from nodes.values import DECIDED_AT_RUN_TIME, Need, Touches

ALLOW, REFUSE = "Allow", "Refuse"
NOTHING = Touches()


@dataclass(frozen=True)
class Grant:
    """What a flow may touch. One made here (`own`) may also touch what it decides at run time."""

    touches: Touches = NOTHING
    own: bool = False

    def __or__(self, more: Touches) -> Grant:
        return replace(self, touches=self.touches | more)


@dataclass(frozen=True)
class Allowed:
    """It may be touched."""


@dataclass(frozen=True)
class Outside:
    """It is outside the grant: a person is asked, and `more` is what their Allow adds."""

    question: Question
    more: Touches


@dataclass(frozen=True)
class Refused:
    """It is never touched, whatever anybody allows."""

    what: str
    hint: str = ""


Verdict = Allowed | Outside | Refused
ALLOWED = Allowed()


def review(flow: Body, catalog: Catalog, parts: Iterable[Body] = ()) -> Touches:
    """All that a flow and the flows it runs mean to touch, steps in bodies and steps that are switched off included."""
    found = Touches()
    for each in (flow, *parts):
        for _, step in walk(each):
            found |= _touches(step, catalog)
    return found


def difference(new: Touches, accepted: Touches) -> Touches:
    """What is new, apart from what was accepted."""
    return new - accepted


def grant_to_json(grant: Grant) -> str:
    """The grant as text to keep."""
    return json.dumps({"own": grant.own, **asdict(grant.touches)}, ensure_ascii=False)


def grant_from_json(text: str) -> Grant:
    """The grant that was kept. ValueError where the text is none."""
    kept = json.loads(text)
    names = [field.name for field in fields(Touches)]
    if not isinstance(kept, dict) or not all(_is_texts(kept.get(name, [])) for name in names):
        raise ValueError("This is not a grant.")
    return Grant(Touches(**{name: tuple(kept.get(name, ())) for name in names}), own=kept.get("own") is True)


def host(grant: Grant, name: str, step: str) -> Verdict:
    """Whether a step may contact this host, named as `hosts.spelled` does."""
    if names_metadata(split(name)[0]):
        return Refused(f"No step may contact `{name}`: it gives out the keys of this computer.")
    if grant.own or _names(grant.touches.hosts, name):
        return ALLOWED
    where = "the practice shop" if name == PRACTICE else name
    return _ask(
        f"May “{step}” contact {where}?",
        f"This flow came from elsewhere, and {where} is not among the sites that were accepted for it.",
        Touches(hosts=(name,)),
    )


def address(grant: Grant, name: str, at: str, port: int, own_ports: Iterable[int], step: str) -> Verdict:
    """Whether a step may connect to the address that this host turned out to have."""
    match place(at):
        case Place.PUBLIC:
            return ALLOWED
        case Place.NOWHERE:
            return Refused(f"`{name}` leads to {at}, an address that no step may contact.", "Check the address.")
        case Place.THIS_COMPUTER if port in own_ports:
            return Refused("No step may contact Weft itself.", "Check the address.")
        case Place.THIS_COMPUTER:
            where = "this computer"
        case _:
            where = "your own network"
    bare = split(name)[0]
    # A public name that was accepted can be pointed at the own network by whoever owns it.
    named = _names(grant.touches.hosts, name) and (grant.own or is_local_name(bare))
    exact = spelled(at, port)
    if named or name == PRACTICE or _names(grant.touches.hosts, exact):
        return ALLOWED
    is_own = where == "this computer"
    here = "It is in this computer." if is_own else "It is in your own network."
    leads = here if exact == name else f"{name} leads to {at}, in {where}."
    return _ask(
        f"May “{step}” contact {name}?",
        f"{leads} A flow reaches such places only where they are named in its steps, or where you allow it.",
        Touches(hosts=(exact,)),
    )


def reading(grant: Grant, path: str, full: str, spell: Callable[[str], str], personal: bool, step: str) -> Verdict:
    """Whether a step may read a file. `personal` ones hold settings and keys, and have to be named in the step."""
    if grant.own and not personal:
        return ALLOWED
    if any(spell(each) == full for each in grant.touches.reads if each != DECIDED_AT_RUN_TIME):
        return ALLOWED
    if personal:
        text = f"{full} is where programs keep their settings and keys."
    else:
        text = f"This flow came from elsewhere, and {full} is not among the files that were accepted for it."
    return _ask(f"May “{step}” read {path}?", text, Touches(reads=(path,)))


def writing(grant: Grant, path: str, full: str, spell: Callable[[str], str], step: str) -> Verdict:
    """Whether a step may write a file."""
    if grant.own or any(spell(each) == full for each in grant.touches.writes if each != DECIDED_AT_RUN_TIME):
        return ALLOWED
    return _ask(
        f"May “{step}” write {path}?",
        f"This flow came from elsewhere, and {full} is not among the files it was allowed to write.",
        Touches(writes=(path,)),
    )


def key(grant: Grant, name: str, step: str) -> Verdict:
    """Whether a step may use the key of this name."""
    if grant.own or name in grant.touches.keys:
        return ALLOWED
    return _ask(
        f"May “{step}” use the key “{name}”?",
        "This flow came from elsewhere, and this key is not among those that were accepted for it.",
        Touches(keys=(name,)),
    )


def model(grant: Grant, connection: str, step: str) -> Verdict:
    """Whether a step may ask the language model of this connection; an empty name is the first one."""
    if grant.own or connection in grant.touches.models:
        return ALLOWED
    named = f"“{connection}”" if connection else "your first language model"
    return _ask(
        f"May “{step}” ask {named}?",
        "This flow came from elsewhere, and this language model is not among those that were accepted for it.",
        Touches(models=(connection,)),
    )


def code(grant: Grant, texts: tuple[str, ...], step: str) -> Verdict:
    """Whether a step may run these programs."""
    if grant.own or (texts and all(text in grant.touches.code for text in texts)):
        return ALLOWED
    return _ask(
        f"May “{step}” run its code?",
        "This flow came from elsewhere, and this code was not accepted. It would run as you:\n\n" + "\n\n".join(texts),
        Touches(code=texts),
    )


def _ask(title: str, text: str, more: Touches) -> Outside:
    return Outside(Question(title, text, (ALLOW, REFUSE)), more)


def _names(hosts: Iterable[str], wanted: str) -> bool:
    return any(covers(each, wanted) for each in hosts if each != DECIDED_AT_RUN_TIME)


def _touches(step: Step, catalog: Catalog) -> Touches:
    try:
        return touches_of(step, catalog)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Settings that are missing or of another type say nothing, so everything that the node needs is open.
        needs = catalog.kinds[step.kind].spec.needs
        open_end = (DECIDED_AT_RUN_TIME,)
        return Touches(
            hosts=open_end if needs & {Need.BROWSER, Need.NETWORK} else (),
            reads=open_end if Need.FILES in needs else (),
            writes=open_end if Need.FILES in needs else (),
            models=open_end if Need.MODEL in needs else (),
        )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
