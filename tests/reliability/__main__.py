"""`python -m tests.reliability [--seed N] [--only NAME] [--short] [--write]`: every part of the fault suite.

Prints a table; with --write also docs/figures/reliability.json. Exits with 1 where a target is missed.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from tests.reliability import (
    canaries,
    configuration,
    crash_points,
    disturbances,
    explored,
    hostile_messages,
    hostile_urls,
    kill_runs,
    load_held,
    many_requests,
    many_targets,
    scenarios,
)
from tests.reliability.targets import Target, changed, checked_out, show, write
from tests.reliability.world import LogTap

SEED: Final = 20_260_302


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the suite.

    Attributes:
        name: for `--only`.
        run: takes the seed and whether it is to be short; returns the figures and what the table does not say.
        in_short: whether the short suite has it.
    """

    name: str
    run: Callable[[int, bool], tuple[list[Target], str]]
    in_short: bool = True


def _requests(seed: int, short: bool) -> tuple[list[Target], str]:
    count = 240 if short else 10_000
    found = many_requests.run(count, seed, 1 if short else 2)
    return many_targets.targets(found, count), many_targets.describe(found)


def _crashes(seed: int, short: bool) -> tuple[list[Target], str]:
    found = crash_points.run(seed, crash_points.SHORT, 1) if short else crash_points.run(seed)
    return crash_points.targets(found), crash_points.describe(found)


def _messages(seed: int, short: bool) -> tuple[list[Target], str]:
    count = 3_000 if short else 100_000
    found = hostile_messages.run(seed, count)
    return hostile_messages.targets(found, count), hostile_messages.describe(found)


def _urls(seed: int, _short: bool) -> tuple[list[Target], str]:
    return hostile_urls.targets(hostile_urls.run(seed)), ""


def _canaries(seed: int, _short: bool) -> tuple[list[Target], str]:
    return canaries.targets(canaries.run(seed)), ""


def _configuration(seed: int, short: bool) -> tuple[list[Target], str]:
    wrong = configuration.WRONG[:1] if short else configuration.WRONG
    return configuration.targets(configuration.run(seed, wrong), wrong), ""


def _again(seed: int, short: bool) -> tuple[list[Target], str]:
    return scenarios.again_targets(scenarios.leavers_again(seed, short)), ""


def _brake(seed: int, short: bool) -> tuple[list[Target], str]:
    return scenarios.brake_targets(scenarios.brake(seed, *((6, 2) if short else (100, 25)), hours=29)), ""


def _crowds(seed: int, short: bool) -> tuple[list[Target], str]:
    sizes = ((20, 15, 0), (100, 105, 120)) if short else ((200, 150, 0), (200, 150, 120), (2_000, 2_100, 120))
    return [target for size in sizes for target in scenarios.crowd_targets(scenarios.crowd(seed, *size))], ""


def _lists(seed: int, short: bool) -> tuple[list[Target], str]:
    few = ("as they are", "stale and all of these")
    found = disturbances.wrong_lists(seed, 10, 11, few) if short else disturbances.wrong_lists(seed, 200, 25)
    return disturbances.list_targets(found), disturbances.describe_lists(found)


def _outages(seed: int, short: bool) -> tuple[list[Target], str]:
    found = disturbances.outages(seed, *((10, (0,)) if short else (60, (0, 15, 30, 45, 90, 200))))
    return disturbances.outage_targets(found), disturbances.describe_outages(found)


def _states(_seed: int, short: bool) -> tuple[list[Target], str]:
    found = explored.run(short=short)
    return explored.targets(found), explored.describe(found)


def _kills(seed: int, _short: bool) -> tuple[list[Target], str]:
    found = kill_runs.run(seed)
    return kill_runs.targets(found), kill_runs.describe(found)


def _load(seed: int, _short: bool) -> tuple[list[Target], str]:
    found = load_held.run(seed)
    return load_held.targets(found), load_held.describe(found)


PARTS: Final = (
    Part("requests", _requests),
    Part("crashes", _crashes),
    Part("urls", _urls),
    Part("messages", _messages),
    Part("configuration", _configuration),
    Part("again", _again),
    Part("brake", _brake),
    Part("crowds", _crowds),
    Part("lists", _lists),
    Part("outages", _outages),
    Part("states", _states),
    Part("canaries", _canaries, in_short=False),
    Part("kills", _kills, in_short=False),
    Part("load", _load, in_short=False),
)


def main() -> int:
    """Run the suite, or a part of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description="Nothing lost, nobody let in.")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of all that is random (default: {SEED})")
    parser.add_argument("--only", choices=[part.name for part in PARTS], help="one part")
    parser.add_argument("--short", action="store_true", help="smaller sizes, without the parts that take minutes")
    parser.add_argument("--write", action="store_true", help="write docs/figures/reliability.json")
    arguments = parser.parse_args()
    if arguments.write and (arguments.only or arguments.short):
        parser.error("--write is for the whole suite: the published figures are all of one run")
    if arguments.write and (changes := changed()):
        parser.error(f"--write is for a commit, and the tree has changes: {', '.join(changes)}")
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    commit = checked_out()
    console.print(f"seed {arguments.seed}, commit {commit}")
    figures: list[Target] = []
    for part in PARTS:
        if part.name != (arguments.only or part.name) or (arguments.short and not part.in_short):
            continue
        began = time.monotonic()
        with LogTap(lambda _line: None, logging.CRITICAL):
            found, details = part.run(arguments.seed, arguments.short)
        console.print(f"\n[bold]{part.name}[/bold], {time.monotonic() - began:.0f} s")
        if details:
            console.print(details, style="dim", markup=False)
        show(found, console)
        figures += found
    missed = [target.name for target in figures if not target.holds]
    console.print(f"\n{len(figures) - len(missed)} of {len(figures)} targets hold (seed {arguments.seed})")
    if arguments.write:
        write(figures, arguments.seed, commit)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
