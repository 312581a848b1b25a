"""A wave at the limit, in real processes: two hosts, reads and writes apart; one limit for all, beside version 1."""

import re
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from bench import version_1
from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers

#: What the emulator lets through each second. Graph's own limit is not published; this one leaves two cores time enough
#: for hosts, queue service and emulator together, so that the limit decides and not the machine.
_LIMIT = 20
_RATE = {"perSecond": _LIMIT, "retryAfter": 1}
#: 5,000 numbers: six pages.
_PLAN = {"latencySeconds": 0.15, "inventoryAreas": 50}
_APART = {"rateLimit": _RATE, "operationSeconds": 0.3}
#: As many orders outlast the first look as in the simulated loads, but none lasts longer than some two minutes.
_SHARED = {"rateLimit": _RATE | {"shared": True}, "operationSeconds": {"median": 4.7, "sigma": 0.9}}
#: Two hosts that together may send more than the limit; short waits, so that the limit alone decides how long it takes.
_TWO_HOSTS = {"FIRST_POLL_SECONDS": "1", "POLL_SCHEDULE": "* * * * * *", "GRAPH_REQUESTS_PER_SECOND": "14"}
_ONE_HOST = {"FIRST_POLL_SECONDS": "5", "POLL_SCHEDULE": "*/5 * * * * *", "GRAPH_REQUESTS_PER_SECOND": "20"}
_NOW, _BEFORE, _TWO = "this version", "version 1", "two hosts, reads and writes apart"
_SAMPLE_SECONDS, _MOST = 2.0, 0.95
#: An order that Graph accepted, in the log.
_ACCEPTED = re.compile(r'"name": "order\.submitted"')


def measure(*, quick: bool) -> Row:
    """Send more than Graph lets through, and see how long it takes and what is lost."""
    amount = 200 if quick else 2000
    numbers = list(good_numbers())[:amount]
    runs: dict[str, dict[str, Any]] = {}
    with Stand(_TWO_HOSTS, persistent=True) as stand:
        runs[_TWO] = _run(stand, numbers, _APART, [[], []])
    with version_1.host_command() as command, Stand(_ONE_HOST, persistent=True) as stand:
        runs[_NOW] = _run(stand, numbers, _SHARED, [[]])
        runs[_BEFORE] = _run(stand, numbers, _SHARED, [command])
    apart, own = runs[_TWO], [runs[_TWO], runs[_NOW]]
    figures = (
        Figure("of the orders' own time at the limit", apart["seconds"] / (amount / _LIMIT), at_most=1.05),
        Figure("% of answers 429", 100 * max(run["share"] for run in own), at_most=1),
        Figure("lost", max(run["lost"] for run in own), at_most=0),
        Figure(
            "times sooner than version 1 where one limit counts all calls",
            runs[_BEFORE]["most"] / runs[_NOW]["most"],
            at_least=1.9,
        ),
        Figure("% of the orders given by the less busy of two hosts", 100 * apart["less"], at_least=33),
    )
    series = {way: run.pop("series") for way, run in runs.items()}
    return Row(
        "a wave at the limit",
        figures,
        {"wave": _table(runs)},
        {"ways": series, "runs": runs, "limit": _LIMIT, "sample_seconds": _SAMPLE_SECONDS},
    )


def _run(stand: Stand, numbers: list[str], plan: dict[str, Any], hosts: Sequence[list[str]]) -> dict[str, Any]:
    """Let a wave through; a host without a command of its own is this app's."""
    stand.reset(**_PLAN | plan)
    throttled: list[int] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            throttled.append(stand.stats()["throttled"])

    sampler = threading.Thread(target=sample)
    with ExitStack() as stack:
        parts = [stack.enter_context(stand.host(command=command)) for command in hosts]
        sampler.start()
        arrivals = stand.feed(numbers, per_second=200)
        ended.set()
        sampler.join()
    stats = stand.stats()
    calls = sum(stats["requests"][kind] for kind in ("assign", "operation", "list"))
    came = sorted(at - arrivals.started for at, _ in arrivals.events)
    orders = [operation["createdAt"] - arrivals.started for operation in stats["operations"]]
    given = [len(_ACCEPTED.findall(part.log.read_text(encoding="utf-8"))) for part in parts]
    return {
        "amount": len(numbers),
        "seconds": came[-1],
        "most": _most(came),
        "done": _most(sorted(operation["doneAt"] - arrivals.started for operation in stats["operations"])),
        "calls": calls,
        "reads": calls - stats["requests"]["assign"],
        "throttled": stats["throttled"],
        "share": stats["throttled"] / calls,
        "lost": len(numbers) - arrivals.outcomes()["Succeeded"],
        "less": min(given) / max(1, sum(given)),
        "series": {"orders": _per_second(orders), "events": _per_second(came), "throttled": throttled},
    }


def _most(moments: list[float]) -> float:
    """Return when the greater part has come."""
    return moments[int(_MOST * len(moments)) - 1]


def _per_second(moments: list[float]) -> list[int]:
    counts = Counter(int(at) for at in moments)
    return [counts[second] for second in range(max(counts, default=0) + 1)]


def _table(runs: dict[str, dict[str, Any]]) -> list[list[str]]:
    table = [
        [
            "run",
            "requests",
            "orders alone at the limit, s",
            "s until Graph was done with 95 in 100",
            "s until 95 in 100 events",
            "s until the last",
            "Graph calls each",
            "answered 429",
            "share",
            "lost",
        ]
    ]
    for way, run in runs.items():
        amounts = [number(run["amount"], 0), number(run["amount"] / _LIMIT, 1)]
        seconds = [number(run[key], 1) for key in ("done", "most", "seconds")]
        each = number(run["calls"] / run["amount"])
        shares = [each, number(run["throttled"], 0), f"{run['share']:.2%}", str(run["lost"])]
        table.append([way, *amounts, *seconds, *shares])
    return table
