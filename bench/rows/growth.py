"""What happens as more and more is pending: 1,000, 10,000, 30,000 operations on the in-memory queue."""

import math

from bench.processes import measured
from bench.result import Figure, Row, number

#: The app's default POLL_BUDGET_SECONDS, and by how much a run may end later: what it has taken is done at the pace.
_BUDGET, _TAKEN = 240, 1.05


def measure(*, quick: bool) -> Row:
    """Run each amount in a process of its own."""
    amounts = (100, 1_000, 3_000) if quick else (1_000, 10_000, 30_000)
    empty = measured("bench.growth", "1")["filled_mb"]
    runs = [measured("bench.growth", str(amount)) for amount in amounts]
    table = [
        ["pending", "runs", "longest run, s of 240", "s of CPU", "ms of CPU each", "MB, less the messages", "MB in all"]
    ]
    table += [
        [
            number(run["amount"], 0),
            number(run["runs"], 0),
            number(run["longest_run"], 1),
            number(run["cpu"], 1),
            number(1000 * run["cpu"] / run["amount"], 3),
            number(_own(run, empty), 1),
            number(run["peak_mb"], 1),
        ]
        for run in runs
    ]
    first, last = runs[0], runs[-1]
    power = math.log(last["cpu"] / first["cpu"]) / math.log(last["amount"] / first["amount"])
    return Row(
        "growth",
        (
            Figure(
                "s the longest run, of a budget of 240 s",
                max(run["longest_run"] for run in runs),
                at_most=_BUDGET * _TAKEN,
            ),
            Figure(
                "MB, less the messages that lie in the same process", max(_own(run, empty) for run in runs), at_most=150
            ),
            Figure("power of the amount by which CPU grows", power, at_most=1.05),
            Figure("operations without an event", sum(run["amount"] - run["ended"] for run in runs), at_most=0),
        ),
        {"growth": table},
        {"runs": runs},
    )


def _own(run: dict[str, float], empty: float) -> float:
    """Return the most memory that a run used, but for the queue service's messages and the emulator's orders, in MB."""
    return run["peak_mb"] - (run["filled_mb"] - empty) - run["events_mb"]
