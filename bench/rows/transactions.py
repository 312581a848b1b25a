"""Storage transactions per assignment, and what the app asks for with empty queues: counted in Azurite's access log."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench import version_1
from bench.result import Figure, Row, number
from bench.stand import Stand
from local.graph.inventory import good_numbers

_PER_SECOND = 200
#: What waits comes alone: a new hire whose license is late.
_LATE_PER_SECOND = 1
_DAY, _MONTH_DAYS = 86_400, 30
_NUMBER, _POOL, _WAITS, _BEFORE = "by number", "by pool", "one that waits twice", "the same with version 1"
#: One page of numbers. What is known of a lone assignment counts: nothing is waited for, and all is looked at once.
_AREAS, _LAG_SECONDS = 9, 30
#: A license that comes after two refusals: one such number in each area code. The waits cost nothing: short ones do.
_LATE, _LATE_AREAS = "+1{}5550140", range(201, 231)
_SETTINGS = {
    "WAIT_SECONDS": "5",
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
    """Count what assignments cost beyond what the idle app asks for in the same time."""
    amount, idle_seconds = (40, 30) if quick else (200, 40)
    numbers = list(good_numbers())[:amount]
    with ThreadPoolExecutor(1) as beside:
        before = beside.submit(_version_1)
        with Stand(_SETTINGS) as stand, stand.host():
            idle = _idle(stand, idle_seconds)
            counts = {way: _feed(stand, numbers, way) for way in (_NUMBER, _POOL)}
            counts[_WAITS] = _feed(stand, _late(), _WAITS)
        counts[_BEFORE] = before.result()
    amounts = {_NUMBER: amount, _POOL: amount, _WAITS: len(_late()), _BEFORE: len(_late())}
    per = {way: _net(count, seconds, idle) / amounts[way] for way, (count, seconds) in counts.items()}
    daily = sum(idle.values()) * _DAY
    return Row(
        "storage transactions per assignment",
        (
            Figure("by number", per[_NUMBER], at_most=6.3),
            Figure("by pool", per[_POOL], at_most=10),
            Figure("that waits for a license, less version 1's", per[_WAITS] - per[_BEFORE], at_most=0),
        ),
        {"transactions": _table(counts, idle, amounts)},
        {"idle_per_day": daily, "idle": dict(idle), "per": per},
    )


def _version_1() -> tuple[Counter[str], float]:
    """Count the same for version 1's requests that wait, at a stand of its own."""
    with version_1.host_command() as command, Stand(_SETTINGS) as stand, stand.host(command=command):
        return _feed(stand, _late(), _BEFORE)


def _late() -> list[str]:
    return [_LATE.format(area) for area in _LATE_AREAS]


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


def _feed(stand: Stand, numbers: Sequence[str], way: str) -> tuple[Counter[str], float]:
    """Return what was asked for from the first request to the last event, and how long that took."""
    areas = _AREAS if way in {_NUMBER, _POOL} else len(_LATE_AREAS)
    stand.reset(operationSeconds=0.5, inventoryAreas=areas)
    before, began = stand.transactions(), time.monotonic()
    pace = _PER_SECOND if way in {_NUMBER, _POOL} else _LATE_PER_SECOND
    arrivals = stand.feed(numbers, per_second=pace, pool="here" if way == _POOL else None)
    time.sleep(1.6 * _LAG_SECONDS if way == _POOL else 1)  # a pick is remembered until the list shows it
    count, seconds = stand.transactions(), time.monotonic() - began
    count.subtract(before)
    assert arrivals.outcomes()["Succeeded"] == len(numbers), arrivals.outcomes()  # noqa: S101 - or it is no figure
    for name in _READER:
        del count[name]
    return +count, seconds


def _net(count: Counter[str], seconds: float, idle: Counter[str]) -> float:
    return sum(count.values()) - seconds * sum(idle.values())


def _table(
    counts: dict[str, tuple[Counter[str], float]], idle: Counter[str], amounts: dict[str, int]
) -> list[list[str]]:
    names = sorted({name for count, _ in counts.values() for name in count})
    table = [["per assignment", *counts]]
    for name in names:
        who = " (the requester)" if name == _REQUESTER else ""
        table.append([name + who, *(number(count[name] / amounts[way], 3) for way, (count, _) in counts.items())])
    alls = [number(sum(count.values()) / amounts[way], 3) for way, (count, _) in counts.items()]
    idles = [number(seconds * sum(idle.values()) / amounts[way], 3) for way, (_, seconds) in counts.items()]
    nets = [f"**{_net(count, seconds, idle) / amounts[way]:.2f}**" for way, (count, seconds) in counts.items()]
    return [
        *table,
        ["all of it", *alls],
        ["less what an idle app asks for in that time", *idles],
        ["**per assignment**", *nets],
    ]


def _dollars(operations: float) -> str:
    return f"{operations * _PRICE / 10_000:.2f}"
