"""`python -m tests.exploration [--only TEXT] [--most N]`: every state of the larger worlds, and how many there are.

Prints a line for each world; exits with 1 where a promise is broken, with the shortest way to it.
"""

import argparse
import json
import sys
import time
from typing import Any

from tests.exploration.explore import explore
from tests.exploration.large_worlds import LARGE
from tests.exploration.moves import Moves
from tests.exploration.worlds import SMALL

#: So many states of one world are explored at most.
MOST = 2_000_000


def run(only: str = "", most: int = MOST) -> dict[str, Any]:
    """Explore the worlds whose name has a text in it; return their counts, ready for a JSON file.

    Args:
        only: the text.
        most: how many states of one world are explored.
    """
    worlds: dict[str, Any] = {}
    for name, world in (dict(SMALL) | dict(LARGE)).items():
        if only not in name:
            continue
        began = time.process_time()
        found = explore(Moves(world), most)
        worlds[name] = found.figures()
        spent = time.process_time() - began
        whole = "" if found.whole or found.broken else ", not all"
        print(f"{name}: {found.states:,} states{whole}, {found.moves:,} moves, {spent:.1f} s")  # noqa: T201 - a command
        for line in (found.broken, *found.trace) if found.broken else ():
            print(f"    {line}")  # noqa: T201 - a command
        sys.stdout.flush()
    counts = {
        "states": sum(found["states"] for found in worlds.values()),
        "moves": sum(found["moves"] for found in worlds.values()),
        "whole": sum(found["whole"] for found in worlds.values()),
        "broken": sum(found["broken"] is not None for found in worlds.values()),
    }
    return {"worlds": len(worlds), **counts, "each": worlds}


def main() -> int:
    """Explore what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.exploration")
    parser.add_argument("--only", default="", help="worlds whose name has this in it")
    parser.add_argument("--most", type=int, default=MOST, help="so many states of one world at most")
    given = parser.parse_args()
    found = run(given.only, given.most)
    print(json.dumps({name: value for name, value in found.items() if name != "each"}))  # noqa: T201 - a command
    return 1 if found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
