"""Thirty requests a second for five minutes through the real stack: every one ends, nothing piles up, memory is flat.

`python -m tests.reliability --only load` runs this part alone.
"""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.processes import cpu_seconds, resident_mb
from local.demo import SCALED
from local.stack import Part, Stack
from tests.reliability.history import History, tell
from tests.reliability.requester import Requester, feed, good_requests
from tests.reliability.targets import Target, all_of, at_least, at_most, none

_PER_SECOND: Final = 30.0
_SECONDS: Final = 300.0
#: The slowest that the feed may have been: a sixtieth less than meant.
_HELD: Final = 29.5
#: How many times as many messages may be stored in the last minute as in the second: none pile up.
_PILED: Final = 1.25
#: How much more memory the host may have in the last minute than in the second, in MB of 10^6 bytes. 5,400 requests
#: lie between the two. The tenant's list grows by 1 MB with them, and up to three are in memory while one is read; a
#: process that kept as much as one message of each besides, about 1 kB, would be above it.
_GROWTH_MB: Final = 6.5
_SAMPLE_SECONDS: Final = 1.0
#: How long the last requests may take, in seconds.
_PATIENCE: Final = 60.0
SETTINGS: Final = SCALED | {
    "GRAPH_REQUESTS_PER_SECOND": "100",
    "REQUEST_DEADLINE_HOURS": "1",
    # A reading allows an order for a tenth of this; the list's pages take a second here.
    "LIST_LAG_SECONDS": "60",
}
#: As many area codes as the requests need numbers: 24 pages. Answers and orders take little time, so that not more than
#: a hundred or two wait at once: Azurite's receives cost more the more it stores; beyond some hundreds it falls behind.
_PLAN: Final = {"latencySeconds": 0.03, "operationSeconds": 1.0, "inventoryAreas": 230}


@dataclass(frozen=True, slots=True)
class Sample:
    """How things stood at a moment of the feed.

    Attributes:
        seconds: since the feed began.
        stored: messages on all three queues.
        host_mb: the host's resident memory.
    """

    seconds: float
    stored: int
    host_mb: float


@dataclass(frozen=True, slots=True)
class Run:
    """What happened.

    Attributes:
        history: what was sent and heard.
        wanted: the requests, by their ids.
        per_second: at which rate they were sent.
        samples: how things stood, about every second while they were sent.
        left: messages on the queues at the end.
        seconds: how long each request took, in order of length.
        cpu: how much of one core each process used, by its name.
        orders: how many orders Graph accepted.
    """

    history: History
    wanted: dict[str, dict[str, Any]]
    per_second: float
    samples: list[Sample]
    left: int
    seconds: list[float]
    cpu: dict[str, float]
    orders: int


def run(seed: int, seconds: float = _SECONDS) -> Run:
    """Feed requests for so many seconds, and wait until nothing is left to do."""
    wanted = good_requests(round(_PER_SECOND * seconds), Random(seed))  # noqa: S311 - a test
    # On disk: in memory, Azurite keeps an extent for each message, and once a minute answers nobody while it sweeps
    # them: for a minute and more where there were some thousands.
    with (
        Stack(SETTINGS, persistent=True) as stack,
        Requester(stack) as requester,
        ThreadPoolExecutor(1) as feeder,
    ):
        requester.plan(**_PLAN)
        parts, began, samples = (stack.host, stack.azurite, stack.graph), time.monotonic(), list[Sample]()
        before = _used(parts)
        feeding = feeder.submit(feed, requester, wanted, _PER_SECOND, time.monotonic)
        while not feeding.done():
            time.sleep(_SAMPLE_SECONDS)
            stored = requester.stored()
            samples.append(Sample(time.monotonic() - began, stored, resident_mb(stack.host.pid)))
        first, last = feeding.result()
        took, after = time.monotonic() - began, _used(parts)
        requester.heard_of_all(_PATIENCE)
        requester.emptied(_PATIENCE)
        return Run(
            history=requester.history(),
            wanted=wanted,
            per_second=(len(wanted) - 1) / (last - first),
            samples=samples,
            left=requester.stored(),
            seconds=requester.seconds(),
            cpu={name: (after[name] - before[name]) / took for name in after},
            orders=sum(requester.stats()["acceptedPerNumber"].values()),
        )


def targets(found: Run) -> list[Target]:
    """Return the figures."""
    queue, outcomes = found.history.check(), found.history.outcomes()
    name = f"{_PER_SECOND:g} requests a second for {len(found.wanted) / _PER_SECOND / 60:g} minutes:"
    mb, later_mb = _minutes(found, lambda sample: sample.host_mb)
    stored, later_stored = _minutes(found, lambda sample: sample.stored)
    piled = round(later_stored / max(1, stored), 2)
    succeeded = sum(outcomes.get(request_id) == {"Succeeded"} for request_id in found.wanted)
    return [
        at_least(f"{name} sent", round(found.per_second, 2), _HELD, "a second"),
        none(f"{name} lost", len(queue.lost)),
        none(f"{name} unexpected", len(queue.unexpected)),
        all_of(f"{name} succeeded", succeeded, len(found.wanted)),
        none(f"{name} orders beyond the first", found.orders - len(found.wanted)),
        at_most(f"{name} messages stored, last minute over second", piled, _PILED, "times"),
        none(f"{name} messages stored at the end", found.left),
        at_most(f"{name} memory of the host, last minute over second", round(later_mb - mb, 2), _GROWTH_MB, "MB"),
    ]


def describe(found: Run) -> str:
    """Return what the table does not say."""
    second, last = _minutes(found, lambda sample: sample.host_mb)
    stored = [sample.stored for sample in found.samples]
    middle, most = (found.seconds[int(len(found.seconds) * share)] for share in (0.5, 0.99))
    return (
        f"{tell(found.history.check())}\n"
        f"from request to event: p50 {middle:.1f} s, p99 {most:.1f} s\n"
        f"stored messages: median {statistics.median(stored):.0f}, most {max(stored)}\n"
        f"host memory: {second:.1f} MB in the second minute, {last:.1f} MB in the last\n"
        f"share of one core: {', '.join(f'{name} {share:.0%}' for name, share in found.cpu.items())}"
    )


def _used(parts: tuple[Part, ...]) -> dict[str, float]:
    return {part.name: cpu_seconds(part.pid) for part in parts}


def _minutes(found: Run, value: Callable[[Sample], float]) -> tuple[float, float]:
    """Return the median of a value in the second minute and in the last, or in such fifths of a shorter feed."""
    fifth = found.samples[-1].seconds / 5
    second = [value(sample) for sample in found.samples if fifth <= sample.seconds < 2 * fifth]
    last = [value(sample) for sample in found.samples if sample.seconds >= 4 * fifth]
    return statistics.median(second), statistics.median(last)
