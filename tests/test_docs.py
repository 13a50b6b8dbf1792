"""The docs say what the code says."""

import re
from pathlib import Path

import pytest

from nodes.catalog import from_folder
from tests.docs import DOCS, ROOT, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "Run `python -m tests.docs`."


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_node_in_the_docs_is_one(tmp_path: Path) -> None:
    written = re.search(r"```python\n(.*?)```", (DOCS / "writing-a-node.md").read_text("utf-8"), re.DOTALL)
    assert written is not None
    (tmp_path / "count_words.py").write_text(written[1])
    found = from_folder(tmp_path)
    assert found.broken == ()
    assert [port.name for port in found.kinds["text.count_words"].spec.inputs] == ["text"]
