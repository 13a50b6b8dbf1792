"""What axe-core has to say about what a window shows, in both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""All that a theme can change."""

STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
"""Half a fade has half the contrast."""

LOOK = """async ([within, options, dark]) => {
  const fades = '[class*="-enter-active"], [class*="-enter-from"], [class*="-leave-active"]';
  const moves = () => document.body.classList.contains("body--dark") !== dark || document.querySelector(fades);
  for (const began = Date.now(); moves() && Date.now() < began + 10_000; ) await new Promise(requestAnimationFrame);
  return (await axe.run(within ?? document, options)).violations;
}"""


async def looked_over(page: Page, what: str, within: str | None = None) -> list[str]:
    """Every serious or critical thing that axe finds: where, in which theme, and how it would be right."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
        await page.add_style_tag(content=STILL)
    found = []
    for theme, options in (("light", EVERYTHING), ("dark", COLOURS)):
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        violations: list[dict[str, Any]] = await page.evaluate(LOOK, [within, options, theme == "dark"])
        found += [
            f"{what}, {theme}: {violation['id']}: {node['html'][:300]}\n  {node['failureSummary']}"
            for violation in violations
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
    return found
