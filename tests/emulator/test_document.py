"""The page on magic numbers says what the tables say."""

import subprocess
import sys
from pathlib import Path

from local.graph import document
from local.graph.magic_table import FIRST, SECOND

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_page_is_what_the_command_prints() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "local.graph", "--document"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed == document.page()
    page = (ROOT / "docs" / "emulator-numbers.md").read_text(encoding="utf-8")
    assert page == printed, "write it anew: python -m local.graph --document > docs/emulator-numbers.md"


def test_the_page_has_every_row() -> None:
    lines = document.page().splitlines()
    for row in (*FIRST, *SECOND):
        assert sum(line.startswith(f"| {row.digits} | {row.name} |") for line in lines) == 1
