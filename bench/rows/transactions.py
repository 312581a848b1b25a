"""Storage transactions per assignment, and what the app asks for with empty queues: counted in Azurite's access log."""

import json
import time
from collections import Counter

from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers
from local.stack import ROOT

_PER_SECOND = 200
_DAY, _MONTH_DAYS = 86_400, 30
_NUMBER, _POOL = "by number", "by pool"
#: One page of numbers. What is known of a lone assignment counts: nothing is waited for, and all is looked at once.
_AREAS, _LAG_SECONDS = 9, 30
_SETTINGS = {
    "LIST_LAG_SECONDS": str(_LAG_SECONDS),
    "NUMBER_POOLS": json.dumps(
        {
            "here": {
                "numberType": "callingPlan",
                "locationId": "loc-1",
                "numbers": [
                    {"startsWith": f"+1{area}5550{tens}"} for area in range(201, 210) for tens in range(10, 14)
                ],
            }
        }
    ),
}
#: Dollars per 10,000 queue operations, East US: https://azure.microsoft.com/pricing/details/storage/queues/
_PRICE = 0.004
#: Durable Functions' monitor: https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-billing
_DURABLE_PER_POLL, _DURABLE_IDLE_MONTH = 13, 1_300_000
_REQUESTER, _READER = "number-requests put", ("number-events receive", "number-events delete")


def measure(*, quick: bool) -> Row:
    """Count what 200 assignments cost beyond what the idle app asks for in the same time."""
    amount, idle_seconds = (40, 30) if quick else (200, 60)
    numbers = list(good_numbers())[:amount]
    with Stand(_SETTINGS) as stand, stand.host(ROOT):
        idle = _idle(stand, idle_seconds)
        counts = {way: _feed(stand, numbers, way) for way in (_NUMBER, _POOL)}
    per = {way: _net(count, seconds, idle) / amount for way, (count, seconds) in counts.items()}
    daily = sum(idle.values()) * _DAY
    return Row(
        "storage transactions per assignment",
        (
            Figure("by number", per[_NUMBER], at_most=6.3),
            Figure("by pool", per[_POOL], at_most=10),
        ),
        {"transactions": _table(counts, idle, amount)},
        {"idle_per_day": daily, "idle": dict(idle)},
    )


def idle_row(measured: Row) -> Row:
    """Return the row on the idle app, from the same run."""
    daily = measured.series["idle_per_day"]
    monthly = daily * _MONTH_DAYS
    table = [["with nothing to do", "queue operations a day", "a month", "dollars a month"]]
    table += [["this app, one host"] + [number(value, 0) for value in (daily, monthly)] + [_dollars(monthly)]]
    for name, per_second in sorted(measured.series["idle"].items()):
        day = per_second * _DAY
        table.append([f"of it: {name}", number(day, 0), number(day * _MONTH_DAYS, 0), _dollars(day * _MONTH_DAYS)])
    durable = _DURABLE_IDLE_MONTH
    table.append(
        ["Durable Functions' idle task hub", number(durable / _MONTH_DAYS, 0), number(durable, 0), _dollars(durable)]
    )
    return Row(
        "idle",
        (Figure("queue operations a day", daily), Figure("dollars a month", monthly * _PRICE / 10_000)),
        {"idle": table},
    )


def _idle(stand: Stand, seconds: float) -> Counter[str]:
    """Return what is asked for in each second of nothing to do, once the host's polling has slowed down."""
    time.sleep(10)
    before, began = stand.transactions(), time.monotonic()
    time.sleep(seconds)
    after, took = stand.transactions(), time.monotonic() - began
    return Counter({name: (after[name] - before[name]) / took for name in after if after[name] > before[name]})


def _feed(stand: Stand, numbers: list[str], way: str) -> tuple[Counter[str], float]:
    """Return what was asked for from the first request to the last event, and how long that took."""
    stand.reset(operationSeconds=0.5, inventoryAreas=_AREAS)
    before, began = stand.transactions(), time.monotonic()
    arrivals = stand.feed(numbers, per_second=_PER_SECOND, pool="here" if way == _POOL else None)
    time.sleep(1 if way == _NUMBER else 1.6 * _LAG_SECONDS)  # a pick is remembered until the list shows it
    count, seconds = stand.transactions(), time.monotonic() - began
    count.subtract(before)
    assert arrivals.outcomes()["Succeeded"] == len(numbers), arrivals.outcomes()  # noqa: S101 - or it is no figure
    for name in _READER:
        del count[name]
    return +count, seconds


def _net(count: Counter[str], seconds: float, idle: Counter[str]) -> float:
    return sum(count.values()) - seconds * sum(idle.values())


def _table(counts: dict[str, tuple[Counter[str], float]], idle: Counter[str], amount: int) -> list[list[str]]:
    names = sorted({name for count, _ in counts.values() for name in count})
    table = [["per assignment", *counts]]
    for name in names:
        who = " (the requester)" if name == _REQUESTER else ""
        table.append([name + who, *(number(count[name] / amount, 3) for count, _ in counts.values())])
    table.append(["all of it", *(number(sum(count.values()) / amount, 3) for count, _ in counts.values())])
    table.append(
        [
            "less what an idle app asks for in that time",
            *(number(s * sum(idle.values()) / amount, 3) for _, s in counts.values()),
        ]
    )
    table.append(["**per assignment**", *(f"**{_net(count, s, idle) / amount:.2f}**" for count, s in counts.values())])
    return table


def _dollars(operations: float) -> str:
    return f"{operations * _PRICE / 10_000:.2f}"
