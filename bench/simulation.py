"""`python -m bench.simulation [NAME ...]`: count an assignment's calls under the simulated clock; a line of JSON each.

The product's code runs in `tests.reliability.world`; here requests come at their pace, and the timer's runs fall
between them, as in the cloud, where two processes share the work. A call takes no time, but keeps its pace.
"""

import json
import logging
import math
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from statistics import NormalDist
from typing import Any

from local.graph.inventory import good_numbers
from tests.reliability.world import OPERATIONS, REQUESTS, World

TICK_SECONDS = 15
_TICK = timedelta(seconds=TICK_SECONDS)
#: How long Graph takes for an order. Nobody has published it; assumed is that half of the orders take up to eight
#: seconds, and one in a hundred more than five minutes.
MEDIAN_SECONDS = 8.0
SIGMA = math.log(300 / MEDIAN_SECONDS) / NormalDist().inv_cdf(0.99)
_POOL = {
    "numberType": "callingPlan",
    "country": "US",
    "locationId": "loc-1",
}
_POOLS = {
    f"p{place}": _POOL
    | {"numbers": [{"startsWith": f"+1{area}5550{tens}"} for area in areas for tens in range(10, 14)]}
    for place, areas in enumerate([range(201, 226), range(226, 251), range(251, 276)])
}


@dataclass(frozen=True, slots=True)
class Load:
    """What comes.

    Attributes:
        amount: how many requests.
        areas: the inventory, in hundreds of numbers.
        lag: how old Graph's list is, in seconds.
        spread: over how many seconds the requests come, evenly.
        instances: how many processes run `assign_number`.
        pools: how many pools the requests name in turn; none: numbers.
        settings: app settings that differ from the defaults.
        plan: how the emulator behaves besides.
    """

    amount: int
    areas: int
    lag: float = 0.0
    spread: float = 0.0
    instances: int = 1
    pools: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """What it came to.

    Attributes:
        outcomes: how many events of each kind.
        calls: Graph calls by kind.
        storage: queue calls.
        waited: seconds from when Graph was done to the event, ascending.
        seconds: until the last event.
        numbers: how many different numbers were assigned.
        ordered: from the first order to the last, in seconds.
        amount: how many requests there were.
    """

    outcomes: Counter[str]
    calls: Counter[str]
    storage: int
    waited: list[float]
    seconds: float
    numbers: int
    ordered: float
    amount: int

    def each(self, *kinds: str) -> float:
        """Return the calls of some kinds per request; of all kinds where none is named."""
        return sum(count for kind, count in self.calls.items() if not kinds or kind in kinds) / self.amount

    def as_json(self) -> dict[str, Any]:
        """Return what rows and plots show."""
        posts = self.each("POST assignNumber")
        return {
            "calls": round(self.each(), 4),
            "posts": round(posts, 4),
            "gets": round(self.each() - posts, 4),
            **{f"p{share * 100:g}": round(self.within(share), 2) for share in (0.5, 0.9, 0.99)},
            "seconds": round(self.seconds),
            "ordered": round(self.ordered),
            "numbers": self.numbers,
            "amount": self.amount,
            "queue": round(self.storage / self.amount, 2),
            "outcomes": dict(self.outcomes),
            "waited": [round(waited, 2) for waited in self.waited[:: max(1, len(self.waited) // 200)]],
        }

    def within(self, share: float) -> float:
        """Return within how many seconds a share of the events came."""
        return self.waited[min(len(self.waited) - 1, int(share * len(self.waited)))]


class Stage(World):
    """A world with several processes for requests, and a timer that fires while they come."""

    def __init__(self, load: Load) -> None:
        self.counted: Counter[str] = Counter()
        pools = {"NUMBER_POOLS": json.dumps(_POOLS)} if load.pools else {}
        super().__init__(1, self._count, **pools | load.settings)
        operations = {"operationSeconds": {"median": MEDIAN_SECONDS, "sigma": SIGMA}}
        lists = {"inventoryAreas": load.areas, "readLagSeconds": load.lag, "secondNumber": "both"}
        self.emulator.change(operations | lists | load.plan)
        self._in_boxes = [self.services, *(self.process() for _ in range(load.instances - 1))]
        self._turn = 0

    def run(self, until: datetime | None = None) -> bool:
        """Let the app work until nothing is left to do, or until a moment; return whether nothing is left."""
        while (due := self.next_due()) is not None and (until is None or due <= until):
            self.clock.advance_to(due)
            poll_at, now = self._poll_at(), self.clock.now()
            if poll_at is not None and poll_at <= now:
                self._ticked = self.started + (now - self.started) // _TICK * _TICK
                self.poll(self.services)
            if self._due(REQUESTS):
                self._turn += 1
                self.deliver(self._in_boxes[self._turn % len(self._in_boxes)])
        if until is not None:
            self.clock.advance_to(until)
        return self.next_due() is None

    def next_due(self) -> datetime | None:
        """Return when the next thing happens; None when nothing is left."""
        return min(filter(None, (self.queues.store(REQUESTS).next_due(), self._poll_at())), default=None)

    def _poll_at(self) -> datetime | None:
        """Return the first of the timer's moments that finds an item due: whole multiples of its period."""
        due = self.queues.store(OPERATIONS).next_due()
        if due is None:
            return None
        return max(self.started - (self.started - due) // _TICK * _TICK, self._ticked + _TICK)

    def _count[T](self, step: str, act: Callable[[], T]) -> T:
        self.counted[step] += 1
        return act()


def measure(load: Load) -> Cost:
    """Let a load through and return what it came to."""
    stage = Stage(load)
    stage.poll(stage.services)  # the app has run for a while: a poller that starts gives no careful order at first
    began = stage.clock.now()
    numbers = list(islice(good_numbers(), load.amount))
    for place in range(load.amount):
        if load.spread:
            stage.run(began + timedelta(seconds=load.spread * place / load.amount))
        wish = (
            {"pool": f"p{place % load.pools}"}
            if load.pools
            else {"telephoneNumber": numbers[place], "numberType": "callingPlan"}
        )
        person = str(uuid.UUID(int=place + 10**9))
        stage.send(json.dumps({"requestId": f"r.{place}", "assignmentTargetId": person} | wish))
    stage.run()
    orders = stage.emulator.stats()["operations"]
    created = [order["createdAt"] for order in orders]
    done = {order["telephoneNumber"]: order["doneAt"] for order in orders}
    events = stage.events()
    told = [(event, datetime.fromisoformat(event["time"])) for event in events]
    ordered = [(event["data"].get("telephoneNumber"), at) for event, at in told]
    calls = Counter({step: count for step, count in stage.counted.items() if _to_graph(step)})
    return Cost(
        outcomes=Counter(event["type"].rpartition(".")[2] for event in events),
        calls=calls,
        storage=stage.counted.total() - calls.total() - stage.counted["GET token"],
        waited=sorted(at.timestamp() - done[number] for number, at in ordered if number in done),
        seconds=(max(at for _, at in told) - began).total_seconds(),
        numbers=len({number for number, _ in ordered}),
        ordered=max(created) - min(created),
        amount=load.amount,
    )


def _to_graph(step: str) -> bool:
    return step.startswith(("GET", "POST")) and step != "GET token"


#: 5,000 numbers: the smallest inventory of the emulator that has 2,000 plainly good ones.
_WAVE = Load(2000, 50)
_LONE = Load(300, 9, spread=300 * 307.3)
LOADS = {
    "wave": _WAVE,
    "wave, list 60 s old": replace(_WAVE, lag=60),
    "wave, 20,000 numbers": replace(_WAVE, areas=200),
    "wave, 20,000 numbers, list 60 s old": replace(_WAVE, areas=200, lag=60),
    "spread": replace(_WAVE, spread=600, instances=2),
    "spread, 20,000 numbers": replace(_WAVE, spread=600, instances=2, areas=200),
    "spread, list 60 s old": replace(_WAVE, spread=600, instances=2, lag=60),
    "by pool": replace(_WAVE, pools=3, areas=75),
    "a batch of 120": Load(120, 9, spread=40),
    "lone": _LONE,
    "lone, 5,000 numbers": replace(_LONE, areas=50),
    "lone by pool": replace(_LONE, pools=1, amount=200, spread=200 * 307.3),
}


def main() -> None:
    """Measure the loads that are named, or all, and print a line for each."""
    logging.disable(logging.CRITICAL)
    for name in sys.argv[1:] or LOADS:
        cost = measure(LOADS[name])
        print(json.dumps({"load": name} | cost.as_json()), flush=True)


if __name__ == "__main__":
    main()
