"""A checkout makes itself ready: its own packages, calmly, once; and a sentence where that cannot be."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import packages
from app.setup import LOCK, ROOT

BEFORE_THE_VERSION_IS_CHECKED = ("app/__init__.py", "app/__main__.py", "app/setup.py")
NO_ENSUREPIP = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "ensurepip" else real(name, package)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs one package, and whose doctor only says which Python it runs in."""
    root = tmp_path / "weft with a space"
    (root / "app" / "cli").mkdir(parents=True)
    for name in (*BEFORE_THE_VERSION_IS_CHECKED, "app/packages.py", "app/cli/__init__.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    (root / "app/cli/doctor.py").write_text(
        "import sys\ndef main(args): import weft_trial; print(sys.prefix, *args); return 7\n"
    )
    wheel = tiny_wheel(tmp_path / "index")
    pin = f"weft-trial==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (root / "requirements.lock").write_text(pin)
    return root


def tiny_wheel(folder: Path) -> Path:
    folder.mkdir()
    wheel = folder / "weft_trial-1.0-py3-none-any.whl"
    described = "weft_trial-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as parts:
        parts.writestr("weft_trial.py", "")
        parts.writestr(f"{described}/METADATA", "Metadata-Version: 2.1\nName: weft-trial\nVersion: 1.0\n")
        parts.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        parts.writestr(f"{described}/RECORD", "")
    return wheel


def start(checkout: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outside = getattr(sys, "_base_executable", sys.executable)
    return subprocess.run(
        [outside, "-m", "app", *args],
        cwd=checkout,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout.parent / "index"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_first_start_installs_and_goes_on_in_the_projects_own_python(checkout: Path) -> None:
    first = start(checkout, "doctor", "--json")
    assert (first.returncode, first.stdout) == (7, f"{checkout / '.venv'} --json\n"), first.stderr
    assert first.stderr.startswith("Installing Weft's packages, about a minute … done in ")

    second = start(checkout, "doctor")
    assert (second.returncode, second.stdout, second.stderr) == (7, f"{checkout / '.venv'}\n", "")


def test_a_python_without_ensurepip_fills_the_folder_with_the_pip_it_has(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_ENSUREPIP)
    done = start(checkout, "doctor", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (7, f"{checkout / '.venv'}\n"), done.stderr
    assert not list((checkout / ".venv").glob("lib/python*/site-packages/pip"))


def test_a_changed_lock_installs_again_and_a_failure_is_a_sentence(checkout: Path) -> None:
    start(checkout, "doctor")
    pinned = (checkout / "requirements.lock").read_text()
    (checkout / "requirements.lock").write_text("no-such-package-of-weft==1.0 --hash=sha256:" + "0" * 64)
    done = start(checkout, "doctor")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Weft's packages could not be installed. The package index could not be reached." in done.stderr
    assert "pip's last words:" in done.stderr
    assert "Traceback" not in done.stderr

    (checkout / "requirements.lock").write_text(pinned)
    assert start(checkout, "doctor").returncode == 7


def test_a_half_made_folder_is_made_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    assert start(checkout, "doctor").returncode == 7


def test_an_unknown_command_is_answered_without_installing_anything(checkout: Path) -> None:
    done = start(checkout, "frobnicate")
    assert (done.returncode, done.stderr) == (
        2,
        "There is no command “frobnicate”. `weft help` lists what there is.\n",
    )
    assert not (checkout / ".venv").exists()


def test_what_runs_before_the_version_is_checked_can_be_read_by_python_3_9() -> None:
    for name in BEFORE_THE_VERSION_IS_CHECKED:
        ast.parse((ROOT / name).read_text(), feature_version=(3, 9))


def test_an_old_python_gets_a_sentence(checkout: Path) -> None:
    (checkout / "sitecustomize.py").write_text(
        "import sys\nclass Old(tuple): major, minor = 3, 9\nsys.version_info = Old((3, 9, 2, 'final', 0))\n"
    )
    done = start(checkout, "doctor", PYTHONPATH=str(checkout))
    assert done.returncode == 1
    assert done.stderr.startswith("Weft needs Python 3.11 or newer, and this is Python ")
    assert "python3.12 -m app" in done.stderr


@pytest.mark.parametrize(
    ("pip_says", "weft_says"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("ProxyError('Cannot connect to proxy.')", "The proxy refused the connection."),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "point PIP_CERT at"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "A package arrived damaged"),
        ("error: command '/usr/bin/gcc' failed\nERROR: Failed building wheel for yarl", "there is no compiler"),
        ("ERROR: No matching distribution found for x==1 (from versions: 0.9)", "not offered for this Python"),
        ("something nobody has seen", "pip could not install the packages."),
    ],
)
def test_what_pip_says_becomes_a_sentence_with_the_next_move(pip_says: str, weft_says: str) -> None:
    said = packages.explain(pip_says)
    assert weft_says in said
    assert said.endswith(pip_says)


def test_every_package_in_the_lock_carries_a_hash() -> None:
    text = LOCK.read_text()
    pins = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert len(pins) > 50
    assert all(line.endswith("\\") for line in pins)
