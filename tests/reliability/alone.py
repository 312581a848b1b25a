"""Runs one part of the suite by itself: its table, and what the table does not say."""

import argparse
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from tests.reliability.targets import Target, show


def alone[Run](
    run: Callable[[int], Run], figures: Callable[[Run], Sequence[Target]], describe: Callable[[Run], str]
) -> None:
    """Run a part with the seed of the command line; exit with 0 only if every target holds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    seed, console = parser.parse_args().seed, Console()
    console.print(f"seed {seed}")
    found = run(seed)
    held = figures(found)
    show(held, console)
    console.print(describe(found), highlight=False)
    sys.exit(not all(target.holds for target in held))
