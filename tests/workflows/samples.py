"""The HR samples of workflows/hr-samples and how each is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.workflows.files import WORKFLOWS

SAMPLES = WORKFLOWS / "hr-samples"
#: What runs a sample that sends and one that reads, from its folder.
RUN = {
    "python": ([sys.executable, "send.py"], [sys.executable, "read.py"]),
    "javascript": (["node", "send.mjs"], ["node", "read.mjs"]),
    "curl": (["sh", "send.sh"], ["sh", "read.sh"]),
}
SOURCES = [path for path in sorted(SAMPLES.glob("*/*")) if re.search(r"(?i)(send|read|token)\.\w+$", path.name)]


def install() -> None:
    """Install what the JavaScript samples need, as their lock names it, unless `make` has done so."""
    if not (SAMPLES / "javascript" / "node_modules").exists():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=SAMPLES / "javascript", check=True)


def attempt(language: str, command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a sample to its end. The environment is its whole world: no key is in it."""
    return subprocess.run(
        command, cwd=SAMPLES / language, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def play(language: str, command: list[str], environment: dict[str, str]) -> str:
    """Run a sample that must succeed and return what it printed."""
    done = attempt(language, command, environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
