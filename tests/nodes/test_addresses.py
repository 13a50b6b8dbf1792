"""Whatever an expression gives: a step opens addresses of the web, and nothing else."""

import pytest

from flows.model import Input, Step
from nodes import Touches
from nodes.browser.open import OpenPage
from tests.nodes.studio import Played, StepFailed, Studio, flow_of

ODD = [
    "file:///etc/passwd",
    "FILE:///etc/passwd#{{",
    "file:///etc/passwd?{{ practice }}",
    "javascript:alert(1)//{{",
    "data:text/html,{{",
    "view-source:http://example.com/",
    "chrome://version",
    "about:version",
    "ftp://example.com/",
    "http://user:password@example.com/{{",
]


async def given(studio: Studio, kind: str, url: str) -> Played:
    """How a step goes whose address comes from the step before it."""
    it = Step(kind=kind, settings={"url": "{{ inputs.url }}"})
    flow = flow_of({"it": it}).model_copy(update={"inputs": {"url": Input()}})
    return await studio.play(flow, inputs={"url": url})


@pytest.mark.parametrize("url", ODD)
@pytest.mark.parametrize("kind", ["browser.open", "web.get", "web.request"])
async def test_what_data_gives_is_opened_only_if_it_is_a_web_address(studio: Studio, kind: str, url: str) -> None:
    played = await given(studio, kind, url)
    failed = played.failed["it"]
    assert (" is not a web address. It has to start with http:// or https://." in failed.message) != ("@" in url)
    assert ("user name or password" in failed.message) == ("@" in url)
    assert (failed.hint, failed.defect) == (f"Its expression gave `{url}`.", False)


async def test_braces_in_data_are_part_of_an_address(studio: Studio) -> None:
    shop = await studio.shop.start()
    played = await given(studio, "browser.open", f"{shop}/mugs?{{{{x}}}}")
    assert played.outputs["it"]["status"] == 200


async def test_the_empty_page_may_be_opened(studio: Studio) -> None:
    opened = await studio.on("/mugs", ("browser.open", {"url": " about:blank"}))
    assert opened == {"title": "", "url": "about:blank", "status": None}
    assert OpenPage.model_construct(url="about:blank").touches() == Touches()


async def test_a_made_up_address_is_a_failure_in_words(studio: Studio) -> None:
    with pytest.raises(StepFailed, match=r"`\{\{ practice }}/mugs` is not a web address"):
        await studio.step("browser.open", {"url": "{{ '{{ practice }}/mugs' }}"})
