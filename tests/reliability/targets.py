"""What is promised, what was measured, and whether it holds: the table and docs/figures/reliability.json."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "figures" / "reliability.json"


@dataclass(frozen=True, slots=True)
class Target:
    """One promise and its figure.

    Attributes:
        name: the part it belongs to and what was counted, in words.
        goal: what the figure must be, in words.
        value: the figure.
        holds: whether it is.
    """

    name: str
    goal: str
    value: float
    holds: bool


def none(name: str, value: int) -> Target:
    """Promise that something never happens."""
    return Target(name, "0", value, value == 0)


def all_of(name: str, value: int, of: int) -> Target:
    """Promise that something happens every time, of so many times."""
    return Target(name, f"all of {of}", value, value == of)


def at_most(name: str, value: float, most: float, unit: str = "") -> Target:
    """Promise a limit."""
    return Target(name, f"at most {most:g} {unit}".strip(), value, value <= most)


def at_least(name: str, value: float, least: float, unit: str = "") -> Target:
    """Promise that there was enough to show something."""
    return Target(name, f"at least {least:g} {unit}".strip(), value, value >= least)


def show(targets: Sequence[Target], console: Console) -> None:
    """Print the table."""
    table = Table("", "target", "goal", "measured", box=None, pad_edge=False)
    for target in targets:
        mark = Text("holds", "green") if target.holds else Text("FAILS", "bold red")
        table.add_row(mark, target.name, target.goal, f"{target.value:g}")
    console.print(table)


def write(targets: Sequence[Target], seed: int, commit: str) -> None:
    """Write the figures, with the seed and the commit they were made from."""
    figures = {"seed": seed, "commit": commit, "targets": [asdict(target) for target in targets]}
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def checked_out(root: Path = ROOT) -> str:
    """Return the commit that is checked out."""
    return _git(root, "rev-parse", "HEAD").strip()


def changed(root: Path = ROOT) -> list[str]:
    """Return what in the tree is not as the commit has it, the figures themselves left out."""
    lines = _git(root, "status", "--porcelain", "--", ".", ":!docs/figures").splitlines()
    return [line[3:] for line in lines]


def _git(root: Path, *arguments: str) -> str:
    command = ["git", *arguments]  # whichever git the developer uses
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
