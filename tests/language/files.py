"""The catalogue and the files of the languages, as they are and as the code wants them."""

from __future__ import annotations

from io import BytesIO
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.language.catalogue import FOLDER
from app.language.choosing import LANGUAGES, SOURCE
from tests.language.gathering import gather

TEMPLATE = FOLDER / "weft.pot"


def template() -> Catalog:
    """All texts, as the code has them now."""
    catalog = Catalog(project="Weft", fuzzy=False, charset="utf-8", header_comment="# Every text that Weft shows.")
    for found in gather():
        # By file: lines move with every edit.
        text = (found.text, found.many) if found.many else found.text
        catalog.add(text, locations=[(found.where, 0)], auto_comments=[found.note] if found.note else [])
    return catalog


def written(catalog: Catalog) -> bytes:
    """A catalogue as it stands in its file."""
    file = BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    # The time of its making would change it each time.
    return b"\n".join(
        line
        for line in file.getvalue().split(b"\n")
        if not line.startswith((b'"POT-', b'"PO-Rev', b'"Last-', b'"Lang', b'"Gen', b'"Report', b'"Project'))
    )


def renewed(language: str, wanted: Catalog) -> Catalog:
    """What there is of a language, for the texts that there are now."""
    path = FOLDER / f"{language}.po"
    before = read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)
    before.update(wanted, no_fuzzy_matching=True)
    return before


def renew() -> None:
    """Write all files anew."""
    wanted = template()
    TEMPLATE.write_bytes(written(wanted))
    for language in LANGUAGES:
        if language != SOURCE:
            (FOLDER / f"{language}.po").write_bytes(written(renewed(language, wanted)))


def lacking(language: str) -> list[str]:
    """The texts that a language lacks, or has with gaps that are not in the English one."""
    lacks: list[str] = []
    for message in renewed(language, template()):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if (
            not all(texts)
            or message.fuzzy
            or any(not gaps(str(text)) <= gaps(ids[0]) | gaps(ids[-1]) for text in texts)
        ):
            lacks.append(ids[0])
    return lacks


def gaps(text: str) -> set[str]:
    """The names in braces of a text; none where its braces are no gaps."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()
