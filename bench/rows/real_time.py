"""One load once more on the real stack in real time, to show that the simulation tells the truth."""

from bench.result import number
from bench.simulation import LOADS, MEDIAN_SECONDS, SIGMA
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

#: The load's name in the table of loads.
SAME = "a batch of 120"
_PLAN = {"operationSeconds": {"median": MEDIAN_SECONDS, "sigma": SIGMA}, "latencySeconds": 0.15}


def measure(*, quick: bool) -> list[list[str]]:
    """Return a table of one run with the usual settings; operations that outlast it are counted, not waited for."""
    load, seconds = LOADS[SAME], 75 if quick else 220
    pace = load.amount / load.spread
    with Stand() as stand, stand.host(ROOT):
        stand.reset(**_PLAN, inventoryAreas=load.areas)
        arrivals = stand.feed(list(good_numbers())[: load.amount], per_second=pace, collect_seconds=seconds)
        stats = stand.stats()
    operations = {operation["telephoneNumber"]: operation for operation in stats["operations"]}
    waited = sorted(at - operations[event["data"]["telephoneNumber"]]["doneAt"] for at, event in arrivals.events)
    calls = sum(stats["requests"][kind] for kind in ("assign", "operation", "list"))
    return [
        ["requests", "ended in time", "Graph calls each", "p50, s", "p90, s", "p99, s"],
        [
            number(load.amount),
            number(len(waited)),
            number(calls / load.amount),
            *(number(waited[min(len(waited) - 1, int(share * len(waited)))], 1) for share in (0.5, 0.9, 0.99)),
        ],
    ]
