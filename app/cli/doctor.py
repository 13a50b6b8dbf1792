"""`weft doctor`: what works here, in full sentences, and how to mend what does not."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import textwrap

from app.cli.examine import examine
from app.cli.findings import Finding


def main(args: list[str]) -> int:
    """0 when everything essential works, 1 when not."""
    parser = argparse.ArgumentParser(prog="weft doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs: one object with all findings")
    asked = parser.parse_args(args)
    findings: list[Finding] = []
    for finding in examine():
        findings.append(finding)
        if not asked.json:
            print(described(finding, sys.stdout.encoding or "ascii"), flush=True)
    healthy = all(finding.works or not finding.essential for finding in findings)
    if asked.json:
        print(json.dumps({"ok": healthy, "findings": [dataclasses.asdict(each) for each in findings]}, indent=2))
    else:
        print("\nWeft can run here." if healthy else "\nWeft cannot run here yet: mend what is marked first.")
    return 0 if healthy else 1


def described(finding: Finding, encoding: str) -> str:
    """The finding as lines for a terminal, with marks it can show."""
    works, note, fails = ("✓", "!", "✗") if encoding.lower().startswith("utf") else ("ok", "!", "NO")
    mark = works if finding.works else fails if finding.essential else note
    head = f"{mark} {finding.topic:<12} "
    lines = textwrap.wrap(finding.says, 84, break_long_words=False, break_on_hyphens=False)
    if finding.mend:
        lines += textwrap.wrap(finding.mend, 84, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * len(head)).join([head + lines[0], *lines[1:]])
