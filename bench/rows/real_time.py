"""The latency row once more on the real stack in real time, to show that the simulation tells the truth."""

from bench.result import number
from bench.simulation import MEDIAN_SECONDS, SIGMA
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

_PER_SECOND = 3
_PLAN = {"operationSeconds": {"median": MEDIAN_SECONDS, "sigma": SIGMA}, "latencySeconds": 0.15}


def measure(*, quick: bool) -> list[list[str]]:
    """Return a table of one run with the usual settings; operations that outlast it are counted, not waited for."""
    amount, seconds = (20, 60) if quick else (150, 270)
    with Stand() as stand, stand.host(ROOT):
        stand.reset(**_PLAN)
        arrivals = stand.feed(list(good_numbers())[:amount], per_second=_PER_SECOND, collect_seconds=seconds)
        operations = {operation["telephoneNumber"]: operation for operation in stand.stats()["operations"]}
    waited = sorted(at - operations[event["data"]["telephoneNumber"]]["doneAt"] for at, event in arrivals.events)
    looks = sum(len(operation["polledAt"]) for operation in operations.values()) / amount
    return [
        ["requests", "ended in time", "GETs, mean", "p50, s", "p90, s", "p99, s"],
        [
            number(amount),
            number(len(waited)),
            number(looks),
            *(number(waited[int(share * len(waited))], 1) for share in (0.5, 0.9, 0.99)),
        ],
    ]
