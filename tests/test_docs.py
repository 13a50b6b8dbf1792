"""The docs say what the code says."""

import re

import pytest

from tests.docs import DOCS, ROOT, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "Run `python -m tests.docs`."


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(path: object) -> None:
    from pathlib import Path

    page = Path(str(path))
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
