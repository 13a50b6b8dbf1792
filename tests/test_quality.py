"""The tools that watch the code agree with it: style, layout, types."""

import subprocess
import sys

from app.setup import ROOT


def agrees(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout


def test_ruff_finds_nothing_to_mend() -> None:
    agrees("ruff", "check", ".")


def test_every_file_has_the_layout_that_ruff_gives_it() -> None:
    agrees("ruff", "format", "--check", ".")


def test_the_types_hold() -> None:
    agrees("mypy")
