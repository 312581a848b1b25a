"""Graph calls per assignment, and how soon its event comes: the app's code under the simulated clock, and the model."""

import math
from itertools import pairwise
from random import Random
from typing import Any

from bench.bound import MEDIAN_SECONDS, SIGMA, least_looks, soonest_half
from bench.result import Figure, Row, number
from bench.simulation import TICK_SECONDS, Simulation
from local.graph.inventory import good_numbers
from teams_numbers.schedule import poll_pause
from teams_numbers.settings import Settings

_PLAN = {"operationSeconds": {"median": MEDIAN_SECONDS, "sigma": SIGMA}, "latencySeconds": 0.15, "bodyShape": "bare"}
#: Few at once: a simulation has one thread, so that its calls wait for each other as threads do not.
_PER_SECOND = 0.3
_FIRST_POLLS = (1, 2, 3, 5, 8, 10, 12, 15, 18, 22, 27, 33)
_MOST_LOOKS, _HALF_WITHIN, _MOST_WITHIN = 1.5, 12.0, 45.0
#: Gaps of the timers that are compared with the usual 15 seconds.
_TIMERS = (1, 5, 15, 30)


def measure(*, quick: bool) -> tuple[Row, Row]:
    """Let thousands of requests through, and read the emulator's own times."""
    amount = 1000 if quick else 20_000
    simulation = Simulation(_PLAN)
    simulation.work(list(good_numbers())[:amount], _PER_SECOND)
    operations = simulation.emulator.stats()["operations"]
    events = simulation.events()
    waited = sorted(events[f"r.{operation['telephoneNumber'][1:]}"] - operation["doneAt"] for operation in operations)
    polls = [operation["polledAt"] for operation in operations]
    settings = simulation.settings
    early = min(_slack(operation["createdAt"], at, settings) for operation, at in zip(operations, polls, strict=True))
    mean_polls = sum(map(len, polls)) / amount
    posts = simulation.emulator.stats()["requests"]["assign"] / amount
    curve = _trade_off(settings, quick=quick)
    calls = Row(
        "Graph calls per assignment",
        (
            Figure("POSTs", posts, at_most=1),
            Figure("GETs, mean", mean_polls, at_most=_MOST_LOOKS),
            Figure("seconds before its due time that the earliest GET came", max(0.0, -early), at_most=0),
        ),
        {"calls": _calls_table(polls)},
    )
    quantiles = {share: waited[int(share * amount)] for share in (0.5, 0.9, 0.95, 0.99, 0.999)}
    table = [["of the events came within", *(f"{share:.1%}" for share in quantiles)], ["seconds after Graph was done"]]
    table[1] += [number(value, 1) for value in quantiles.values()]
    latency = Row(
        "done → event",
        (
            Figure("s p50", quantiles[0.5], at_most=_HALF_WITHIN),
            Figure("s p99", quantiles[0.99], at_most=_MOST_WITHIN),
        ),
        {"latency": table, "trade_off": _trade_off_table(curve), "bound": _bound_table()},
        {
            "waited": waited[:: max(1, amount // 1000)],
            "curve": curve,
            "here": [mean_polls, quantiles[0.5], quantiles[0.99]],
        },
    )
    return calls, latency


def _slack(created: float, polled: list[float], settings: Settings) -> float:
    """Return by how much an operation's looks came later than due, the least of them, in seconds; negative: early."""
    least = [polled[0] - created - settings.first_poll_seconds] if polled else [math.inf]
    for looks, (one, next_) in enumerate(pairwise(polled), start=1):
        least.append(next_ - one - poll_pause(looks, settings, _NoJitter()))
    return min(least)


class _NoJitter(Random):
    def random(self) -> float:
        return 0.0


def model(first: float, timer: float, settings: Settings, amount: int) -> list[float]:
    """Return mean polls, p50 and p99 of the wait for a timer and a first look, by the app's own schedule.

    Nothing else is modeled: the operations' times, the timer, and when the app looks again.
    """
    rng, waited, looks = Random(1), [], 0  # noqa: S311 - a simulation
    for _ in range(amount):
        phase, done = rng.random() * timer, rng.lognormvariate(math.log(MEDIAN_SECONDS), SIGMA)
        due, polls = float(math.ceil(first)), 0
        while True:
            at = math.ceil((due - phase) / timer) * timer + phase
            polls += 1
            if at >= done:
                break
            due = at + math.ceil(poll_pause(polls, settings, rng))
        looks += polls
        waited.append(at - done)
    waited.sort()
    return [looks / amount, waited[amount // 2], waited[int(amount * 0.99)]]


def _bound_table() -> list[list[str]]:
    """Return what no schedule reaches: both waits with fewer looks, and half of the waits shorter with as many."""
    table = [
        [
            "when one may look",
            f"GETs that p50 ≤ {_HALF_WITHIN:g} s and p99 ≤ {_MOST_WITHIN:g} s need at least",
            f"p50 that {_MOST_LOOKS:g} GETs and p99 ≤ {_MOST_WITHIN:g} s allow at best, s",
        ]
    ]
    for name, timer in (("at any time", None), (f"every {TICK_SECONDS} s", TICK_SECONDS)):
        looks = least_looks(_HALF_WITHIN, _MOST_WITHIN, timer)
        table.append([name, number(looks), number(soonest_half(_MOST_LOOKS, _MOST_WITHIN, timer), 1)])
    return table


def _trade_off(settings: Settings, *, quick: bool) -> list[dict[str, Any]]:
    amount = 5_000 if quick else 60_000
    return [
        {"timer": timer, "points": [[first, *model(first, timer, settings, amount)] for first in _FIRST_POLLS]}
        for timer in _TIMERS
    ]


def _trade_off_table(curve: list[dict[str, Any]]) -> list[list[str]]:
    points = next(line["points"] for line in curve if line["timer"] == TICK_SECONDS)
    return [
        ["first look after, s", *(number(point[0]) for point in points)],
        ["GETs, mean", *(number(point[1]) for point in points)],
        ["p50, s", *(number(point[2], 1) for point in points)],
        ["p99, s", *(number(point[3], 1) for point in points)],
    ]


def _calls_table(polls: list[list[float]]) -> list[list[str]]:
    counts = [len(at) for at in polls]
    most = 6
    shares = [sum(count == looks for count in counts) / len(counts) for looks in range(1, most)]
    shares.append(sum(count >= most for count in counts) / len(counts))
    header = ["looks", *map(str, range(1, most)), f"{most} or more"]
    return [header, ["share of the operations", *(f"{share:.1%}" for share in shares)]]
