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
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--restore", action="store_true", help="put the newest good backup in a damaged database's place"
    )
    group.add_argument("--start-afresh", action="store_true", help="set a database of no use aside and begin anew")
    asked = parser.parse_args(args)
    if asked.restore or asked.start_afresh:
        from app.cli import mending

        return mending.restore() if asked.restore else mending.afresh()
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
