"""`python -m tests.faults [kills] [seed]`: the long form of the kill loop, and what came of it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from app.browser.find import found
from tests.faults.kill_loop import KillLoop, Report
from tests.faults.resume_time import seconds_to_first_step

PLACES = ("run.created", "node.claimed", "effect.before", "effect.after_before_commit", "node.committed", "edge.next")
FINISHED = 1000


def main() -> int:
    """Run everything, print the report; 0 where every promise held."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    say(f"{kills} random kills, and every failpoint {max(1, kills // 15)} times. Seed {seed}.")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weft-faults-") as text:
        folder = Path(text)
        with_browser = kills // 5 if found() else 0
        loops = {"plain": KillLoop(folder / "plain", seed, victims=("parent", "group"))}
        loops["plain"].until(kills - with_browser, told)
        if with_browser:
            loops["browser"] = KillLoop(
                folder / "browser", seed + 1, browser=True, victims=("parent", "group", "browser")
            )
            loops["browser"].until(with_browser, told)
        loops["failpoints"] = KillLoop(folder / "failpoints", seed + 2)
        for place in PLACES:
            for count in range(1, 1 + max(1, kills // 15)):
                loops["failpoints"].at(place if place == "run.created" else f"{place}:{1 + count % 10}")
            told(loops["failpoints"].report)
        (folder / "resume").mkdir()
        resume = asyncio.run(seconds_to_first_step(folder / "resume", FINISHED))
    reports = [loop.report for loop in loops.values()]
    say("\n")
    rows = {
        "kills survived": sum(report.kills for report in reports),
        "runs that were killed and came to their end": sum(report.runs for report in reports),
        "effects lost": sum(len(report.lost) for report in reports),
        "effects doubled": sum(len(report.doubled) for report in reports),
        "other promises broken": sum(len(report.broken) for report in reports),
        "finished steps that ran again": sum(report.repeated for report in reports),
        "steps that were under way and were begun again": sum(report.again for report in reports),
        "steps in doubt that were asked about": sum(report.asked for report in reports),
        "slowest start until the window was usable": f"{max(report.slowest_start for report in reports):.1f} s",
        f"resume of {FINISHED:,} finished steps to the first new one (median of 5)": f"{resume * 1000:.0f} ms",
        "took": f"{(time.monotonic() - began) / 60:.1f} min",
    }
    for name, value in rows.items():
        say(f"{name:72} {value}")
    for report in reports:
        for each in (*report.lost, *report.doubled, *report.broken):
            say(f"  {each}")
    return 0 if all(report.good for report in reports) and resume < 1 else 1


def told(report: Report) -> None:
    """How far it has come, on one line."""
    bad = len(report.lost) + len(report.doubled) + len(report.broken)
    sys.stdout.write(f"\r{report.kills} kills, {report.runs} runs, {bad} troubles ")
    sys.stdout.flush()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
