"""A wave at Graph's limit: two hosts at once, each with the usual pace, against 30 calls a second of each kind."""

from collections import Counter
from typing import Any

from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

_LIMIT = 30
_PLAN = {"rateLimit": {"perSecond": _LIMIT, "retryAfter": 1}, "latencySeconds": 0.15, "operationSeconds": 0.3}
#: Short waits: what is asked is whether Graph's limit alone decides how long it takes.
_SETTINGS = {"FIRST_POLL_SECONDS": "1", "POLL_SCHEDULE": "* * * * * *"}


def measure(*, quick: bool) -> Row:
    """Send more than Graph lets through, and see how long it takes and what is lost."""
    rounds, amount = (1, 300) if quick else (3, 1500)
    runs = []
    for _ in range(rounds):
        with Stand(_SETTINGS, persistent=True) as stand:
            runs.append(_run(stand, list(good_numbers())[:amount]))
    table = [["run", "s", "the limit's own s", "ratio", "calls", "answered 429", "share", "lost"]]
    for place, run in enumerate(runs, start=1):
        table.append(
            [
                str(place),
                number(run["seconds"], 1),
                number(run["own"], 1),
                number(run["ratio"], 3),
                number(run["calls"], 0),
                number(run["throttled"], 0),
                f"{run['throttled'] / run['calls']:.2%}",
                str(run["lost"]),
            ]
        )
    best = sorted(runs, key=lambda run: run["ratio"])[len(runs) // 2]
    return Row(
        "a wave at the limit",
        (
            Figure("of the limit's own time", best["ratio"], at_most=1.05),
            Figure("% of answers 429", 100 * best["throttled"] / best["calls"], at_most=1),
            Figure("lost", max(run["lost"] for run in runs), at_most=0),
        ),
        {"wave": table},
        {"rate": best["rate"], "limit": _LIMIT},
    )


def _run(stand: Stand, numbers: list[str]) -> dict[str, Any]:
    stand.reset(**_PLAN)
    with stand.host(ROOT), stand.host(ROOT):
        arrivals = stand.feed(numbers, per_second=200)
    stats = stand.stats()
    asked = {kind: stats["requests"][kind] for kind in ("assign", "operation", "list")}
    seconds = max(at for at, _ in arrivals.events) - arrivals.started
    done = arrivals.outcomes()["Succeeded"]
    # Reads and writes have a budget each: the larger of the two decides. To read a number is a read, too.
    own = max(len(numbers), asked["operation"] + asked["list"]) / _LIMIT
    return {
        "seconds": seconds,
        "own": own,
        "ratio": seconds / own,
        "calls": sum(asked.values()),
        "throttled": stats["throttled"],
        "lost": len(numbers) - done,
        "rate": _rate(stats["operations"]),
    }


def _rate(operations: list[dict[str, Any]]) -> list[list[float]]:
    """Return for each second how many orders were accepted and how many operations were read."""
    began = min(operation["createdAt"] for operation in operations)
    writes = Counter(int(operation["createdAt"] - began) for operation in operations)
    reads = Counter(int(at - began) for operation in operations for at in operation["polledAt"])
    return [[second, writes[second], reads[second]] for second in range(max(writes | reads) + 1)]
