"""Memory with a whole list of 79,900 numbers: all that the emulator has."""

import json
import subprocess
import sys

from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

_SIZES = {20: 2_000, 200: 20_000, 799: 79_900}


def measure(*, quick: bool) -> Row:
    """List tenants of three sizes, each in a process of its own."""
    areas = list(_SIZES)[:1] if quick else list(_SIZES)
    first = next(good_numbers())
    table = [["numbers", "MB before", "MB at most", "CPU of one listing, s"]]
    found = {}
    with Stand({"GRAPH_REQUESTS_PER_SECOND": "200"}) as stand:
        for count in areas:
            stand.reset(inventoryAreas=count)
            found[count] = _json(["-m", "bench.listing", first], stand.stack.environment)
            values = found[count]
            table.append([number(_SIZES[count], 0), *(number(values[key]) for key in ("empty", "peak", "cpu"))])
    most = found[areas[-1]]
    return Row(
        "memory",
        (
            Figure(f"MB with {_SIZES[areas[-1]]:,} numbers", most["peak"], at_most=150),
            Figure("s of CPU to list them", most["cpu"]),
        ),
        {"memory": table},
    )


def _json(arguments: list[str], environment: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]  # noqa: S101 - or it is no figure
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
