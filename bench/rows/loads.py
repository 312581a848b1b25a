"""Graph calls per assignment, and how soon its event comes: the app's code under the simulated clock, load by load."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.processes import measured
from bench.result import Figure, Row, number
from bench.simulation import LOADS

#: The most calls per assignment, by load.
_GOALS = {
    "wave": 1.15,
    "wave, list 60 s old": 1.15,
    "wave, 20,000 numbers": 1.5,
    "wave, 20,000 numbers, list 60 s old": 1.5,
    "spread": 1.3,
    "spread, list 60 s old": 1.3,
    "spread, 20,000 numbers": 2.4,
    "by pool": 1.3,
}
#: The most GETs of a lone assignment.
_LONE = {"lone": 3.2, "lone, 5,000 numbers": 4.2}
_HALF_WAVE, _HALF_LONE, _MOST_WAVE, _MOST_LONE = 12, 18.5, 45, 46
_AT_ONCE = 2
#: The app's default pace, in calls per second.
_PACE = 20


def measure(*, quick: bool) -> tuple[Row, Row]:
    """Simulate each load in a process of its own, two at a time."""
    names = ["wave", "lone"] if quick else list(LOADS)
    with ThreadPoolExecutor(_AT_ONCE) as beside:
        found = dict(zip(names, beside.map(lambda name: measured("bench.simulation", name), names), strict=True))
    figures = [
        Figure(f"calls: {name}", found[name]["calls"], at_most=most) for name, most in _GOALS.items() if name in found
    ]
    figures += [
        Figure(f"GETs: {name}", found[name]["gets"], at_most=most) for name, most in _LONE.items() if name in found
    ]
    if "by pool" in found:
        pool = found["by pool"]
        figures.append(Figure("orders by pool", pool["posts"], at_most=1.05))
        figures.append(
            Figure("of the orders' own time, by pool", pool["ordered"] / (pool["amount"] / _PACE), at_most=1.05)
        )
        figures.append(
            Figure("requests by pool without a number of their own", pool["amount"] - pool["numbers"], at_most=0)
        )
    lost = sum(cost["amount"] - cost["outcomes"].get("Succeeded", 0) for cost in found.values())
    goals = _GOALS | {name: 1 + most for name, most in _LONE.items()}
    shown = {
        name: {key: cost[key] for key in ("posts", "gets")} | {"goal": goals.get(name)} for name, cost in found.items()
    }
    calls = Row(
        "Graph calls per assignment",
        (*figures, Figure("not assigned", lost, at_most=0)),
        {"loads": _table(found)},
        {"loads": shown},
    )
    soon = Row(
        "done → event",
        (
            Figure("s p50 in the wave", found["wave"]["p50"], at_most=_HALF_WAVE),
            Figure("s p99 in the wave", found["wave"]["p99"], at_most=_MOST_WAVE),
            Figure("s p50 alone", found["lone"]["p50"], at_most=_HALF_LONE),
            Figure("s p99 alone", found["lone"]["p99"], at_most=_MOST_LONE),
        ),
        {},
        {"waited": {name: found[name]["waited"] for name in ("wave", "lone")}},
    )
    return calls, soon


def _table(found: dict[str, dict[str, Any]]) -> list[list[str]]:
    table = [
        [
            "load",
            "inventory",
            "requests",
            "Graph calls each",
            "of them orders",
            "done → event p50, s",
            "p99, s",
            "queue calls each",
        ]
    ]
    for name, cost in found.items():
        load = LOADS[name]
        values = (cost["calls"], cost["posts"], cost["p50"], cost["p99"], cost["queue"])
        calls, posts, half, most, queue = (number(value) for value in values)
        table.append([name, number(load.areas * 100, 0), number(load.amount, 0), calls, posts, half, most, queue])
    return table
