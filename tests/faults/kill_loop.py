"""Kill the studio at random moments until its run has ended, and hold it to what was promised each time."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil

from app.engine.past import AGAIN, HAPPENED
from tests.faults.journey import doubled, journey, lost
from tests.faults.ledger import Ledger
from tests.faults.life import Life, Victim, free_port
from tests.faults.studio import Orders, fingerprint

USABLE_WITHIN = 10.0
TIDIED_WITHIN = 30.0
HELPER = "crashpad_handler"
"""A process of a living browser that has no parent from its beginning."""

PACE = 0.02
"""Seconds the ledger takes for each answer, so that some kills fall between an effect and its answer."""

ENDINGS = ("done", "failed", "stopped", "waiting", "interrupted")


@dataclass
class Report:
    """What the kills came to."""

    kills: int = 0
    runs: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Every other promise that did not hold."""
    again: int = 0
    """Steps that were begun again after a kill because their end was not on the disk."""
    repeated: int = 0
    """Steps that had finished and ran all the same."""
    asked: int = 0
    slowest_start: float = 0

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.broken)


class KillLoop:
    """Runs in folders of their own, one after the other, until there were enough kills."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        browser: bool = False,
        victims: tuple[Victim, ...] = ("parent",),
        usable_within: float = USABLE_WITHIN,
    ) -> None:
        self._usable_within = usable_within
        self.report = Report()
        self._folder = folder
        self._chance = random.Random(seed)
        self._browser = browser
        self._victims = victims
        self._reference: str | None = None
        self._takes = 0.0

    def until(self, kills: int, told: Callable[[Report], None] = lambda _report: None) -> Report:
        """Kill so often, play every run to its end, and say what came of it."""
        self._one(kill=False)
        while self.report.kills < kills:
            self._one(kill=True, most=kills)
            told(self.report)
        return self.report

    def at(self, place: str) -> Report:
        """Let the studio die by itself at this failpoint, once, and play the run to its end."""
        self._one(kill=False, dies_at=place)
        return self.report

    def _one(self, *, kill: bool, most: int = 0, dies_at: str = "") -> None:
        place = self._folder / f"run-{self.report.runs}"
        home, files, temporary = place / "home", place / "files", place / "tmp"
        for each in (home, files, temporary):
            each.mkdir(parents=True)
        self.report.runs += 1
        with Ledger(place, pace=PACE) as ledger, contextlib.ExitStack() as stack:
            orders = place / "orders.json"
            flow = journey(ledger.url, files, browser=self._browser)
            Orders(flow, free_port(), ledger.file, files).write(orders)
            seen: dict[str, str] = {}
            longest, lives = self._takes, 0
            while True:
                if self._chance.random() < 0.5:
                    # Kills in quick succession lead to safe starts: half of these are made ordinary ones.
                    (home / "starts.json").unlink(missing_ok=True)
                life = Life(home, orders, temporary, WEFT_FAILPOINT=dies_at)
                stack.callback(life.close)
                lives += 1
                self._starts(life)
                life.go()
                went = time.monotonic()
                if dies_at:
                    life.died()
                    self.report.kills += 1
                    self._kept(home, life, seen)
                    dies_at = ""
                    continue
                if kill and self.report.kills < most:
                    ended = self._ends_before(life, self._chance.uniform(0, longest))
                else:
                    ended = bool(life.until("ended", 120))
                if ended:
                    if lives == 1:
                        self._takes = time.monotonic() - went  # The machine may be faster or slower than it was.
                    break
                self._kill(life, ledger, files)
                longest *= 1.2  # However slow this computer is, it comes to an end.
                self._kept(home, life, seen)
            ending = life.until("ended")
            left = self._tidied(place, temporary, HELPER)
            self._must(not left, f"left behind by the lives before: {left}")
            life.end()
            self._kept(home, life, seen)
            left = self._tidied(place, temporary)
            self._must(not left, f"left behind after the end: {left}")
            self._compare(ending, ledger, files, home)
        shutil.rmtree(place)

    def _starts(self, life: Life) -> None:
        before = life.until("statuses")
        statuses, going = before["statuses"], before["going"]
        stuck = [run for run, status in statuses.items() if status not in ENDINGS and run not in going]
        self._must(not stuck, f"{len(stuck)} runs seem to run after a start")
        took = life.usable()
        self.report.slowest_start = max(self.report.slowest_start, took)
        self._must(took < self._usable_within, f"the window took {took:.1f} s")
        wanted = json.loads(Path(life.process.args[-1]).read_text())["port"]  # type: ignore[index,arg-type]
        self._must(f":{wanted}/" in life.link(), f"the port {wanted} was not free")

    def _ends_before(self, life: Life, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if life.heard("ended"):
                return True
            time.sleep(0.002)
        return False

    def _kill(self, life: Life, ledger: Ledger, files: Path) -> None:
        victim = self._chance.choice(self._victims)
        if victim == "browser":
            # The studio lives on and goes on with the run for a while, before it is killed as well.
            life.kill_browsers()
            self.report.kills += 1
            self._ends_before(life, self._chance.uniform(0, 2))
        life.kill("group" if victim == "group" else "parent")
        self.report.kills += 1
        self._must(not doubled(ledger.entries(), files), f"doubled after a kill: {doubled(ledger.entries(), files)}")

    def _note(self, life: Life, seen: dict[str, str]) -> None:
        for each in list(life.said):
            if "step" in each:
                seen[each["step"]] = each["hash"]
            if each.get("choice") in (HAPPENED, AGAIN):
                self.report.asked += 1

    def _kept(self, home: Path, life: Life, seen: dict[str, str]) -> None:
        """All that was seen is on the disk, and the database is whole."""
        self._note(life, seen)
        with contextlib.closing(sqlite3.connect(home / "weft.db")) as database:
            self._must(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the database is not whole")
            self._must(database.execute("PRAGMA foreign_key_check").fetchall() == [], "a reference leads nowhere")
            rows = database.execute("SELECT step, body FROM event WHERE kind = 'finished' ORDER BY seq").fetchall()
        kept = {step: fingerprint(orjson.loads(body).get("outputs")) for step, body in rows}
        gone = [step for step, told in seen.items() if kept.get(step) != told]
        self._must(not gone, f"seen and then lost: {gone}")

    def _tidied(self, place: Path, temporary: Path, but: str = "") -> list[str]:
        """What is still left over after some seconds."""
        end = time.monotonic() + TIDIED_WITHIN
        while (left := left_over(place, temporary, but)) and time.monotonic() < end:
            time.sleep(0.1)
        return left

    def _compare(self, ending: dict[str, Any], ledger: Ledger, files: Path, home: Path) -> None:
        report, found = self.report, ledger.entries()
        report.lost += lost(found, files) if ending["ended"] == "done" else []
        report.doubled += doubled(found, files)
        self._must(ending["ended"] == "done", f"the run ended as {ending['ended']}: {ending['message']}")
        if self._reference is None:
            self._reference = ending["result"]
        self._must(ending["result"] == self._reference, f"another result: {ending['result']}")
        with contextlib.closing(sqlite3.connect(home / "weft.db")) as database:
            twice = database.execute(
                "SELECT step FROM event WHERE kind = 'finished' GROUP BY step HAVING count(*) > 1"
            ).fetchall()
            report.repeated += len(twice)
            self._must(not twice, f"finished steps ran again: {twice}")
            (again,) = database.execute(
                "SELECT coalesce(sum(times - 1), 0) FROM"
                " (SELECT count(*) AS times FROM event WHERE kind = 'started' AND step NOT IN ('each') GROUP BY step)"
            ).fetchone()
        report.again += again

    def _must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.report.broken.append(otherwise)


def left_over(place: Path, temporary: Path, but: str = "") -> list[str]:
    """Processes whose parent is gone (but for some of this name), half files, and folders that nobody uses."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            ours = process.environ().get("TMPDIR", "").startswith(str(temporary))
            if ours and process.ppid() == 1 and process.status() != psutil.STATUS_ZOMBIE:
                line = " ".join(process.cmdline())[:100]
                found += [line] if not but or but not in line else []
    half = [path.name for path in place.rglob("*") if path.name.startswith((".half-", ".weft-half-", "weft-code-"))]
    return found + half
