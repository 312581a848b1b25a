"""Ten thousand requests while everything fails: the app's own code, simulated time, a 5 % chance of each fault.

They go to twenty small tenants, each with its own lag of Graph's list and its own way to take a second order.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final

from azure.core.exceptions import AzureError

from tests.reliability.admins import Admin
from tests.reliability.allowed import Judged, judge
from tests.reliability.ends import Ends, Office, sending_of
from tests.reliability.faults import Faults
from tests.reliability.history import History
from tests.reliability.tenants import make_tenant
from tests.reliability.witness import named
from tests.reliability.workload import Wanted, requests
from tests.reliability.world import OPERATIONS, POISON, REQUESTS, Crash, LogTap, World

#: How many requests come in a day, and how many there are in one tenant.
_PER_DAY, _PER_TENANT = 250, 500
#: How long after the last request the app may take: seven days are no notBefore, a deadline, its grace, a lease or two.
_PATIENCE: Final = timedelta(hours=72)
#: How long the readings lag, in turn, and how Graph takes a second order of a number for the same person.
LAGS: Final = (0, 60, 120)
_SECOND_POSTS: Final = ("badRequest", "accepted", "conflict")
#: How long the first holders have their numbers before anything happens: no reading shows them without.
_SETTLED: Final = timedelta(minutes=10)
#: A day has so many unassignments, and the brake is not what is tried here.
_UNASSIGN_PER_DAY: Final = 1000
_HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Run:
    """What happened, in one tenant or in all.

    Attributes:
        requests: how many there were.
        history: what HR did and heard.
        sendings: which sendings were acknowledged, and which were heard of.
        faults: how often each fault struck.
        unhandled: what the app's functions raised, by type.
        left: how many messages nobody finished.
        judged: what is wrong with orders.
        ends: what is wrong with the ends.
        untold: events that the work list sent before their verdict was stored.
        protected: orders to unassign what is protected.
        by_moves: the requests whose number or person an administrator moved.
        orders: accepted orders, by action.
        moves: how often administrators moved a number.
        aside: messages in the poison queues.
        astray: those among them that are no rejected requests, and rejected requests that ended otherwise.
        restarts: how often the process began anew.
        simulated: how much time passed for the app.
    """

    requests: int = 0
    history: History = field(default_factory=History)
    sendings: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    faults: Counter[str] = field(default_factory=Counter)
    unhandled: Counter[str] = field(default_factory=Counter)
    left: int = 0
    judged: Judged = field(default_factory=Judged)
    ends: Ends = field(default_factory=Ends)
    untold: int = 0
    protected: int = 0
    by_moves: set[str] = field(default_factory=set)
    orders: Counter[str] = field(default_factory=Counter)
    moves: int = 0
    aside: int = 0
    astray: list[str] = field(default_factory=list)
    restarts: int = 0
    simulated: timedelta = timedelta()

    def add(self, other: "Run") -> None:
        """Add what happened in another tenant."""
        self.requests += other.requests
        self.history.attempted |= other.history.attempted
        self.history.acknowledged |= other.history.acknowledged
        self.history.events += other.history.events
        for which in (0, 1):
            self.sendings[which].update(other.sendings[which])
        for name in ("faults", "unhandled", "orders"):
            getattr(self, name).update(getattr(other, name))
        for name in ("left", "untold", "protected", "moves", "aside", "astray", "restarts", "simulated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.by_moves |= other.by_moves
        for mine_, theirs_ in ((self.judged, other.judged), (self.ends, other.ends)):
            for name in type(mine_).__slots__:
                setattr(mine_, name, getattr(mine_, name) + getattr(theirs_, name))


def run(count: int, seed: int, processes: int = 1) -> Run:
    """Send so many requests to as many tenants as they need, and let the app work until nothing is left to do."""
    tenants = max(1, count // _PER_TENANT)
    each = partial(live, count // tenants, seed)
    whole = Run()
    if processes == 1:
        for found in map(each, range(tenants)):
            whole.add(found)
        return whole
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(each, range(tenants)):
            whole.add(found)
    return whole


def live(count: int, seed: int, which: int) -> Run:
    """Send so many requests to one tenant and let the app work until nothing is left to do."""
    rng = Random(f"{seed} {which}")  # noqa: S311 - a simulation
    tenant = make_tenant(count, rng)
    world = World(
        rng.getrandbits(32),
        NUMBER_POOLS=json.dumps(tenant.pools),
        ACTIONS="assign,unassign,update",
        UNASSIGN_PER_DAY=_UNASSIGN_PER_DAY,
        PROTECTED_NUMBERS=tenant.protected,
    )
    lag = LAGS[which % len(LAGS)]
    faults = Faults(world, rng, _plan(tenant.areas, lag, which, rng))
    faults.calm()
    for number, holder in tenant.holders().items():
        world.emulator.move(number, holder)
    world.clock.advance(_SETTLED.total_seconds())
    begin, seconds = world.clock.now(), count / _PER_DAY * 86_400
    wanted = requests(tenant, count, seconds, begin, rng, first=which * _PER_TENANT)
    admin = Admin(world, tenant, [request.person for request in wanted if request.person], rng)
    found = Run(requests=count)
    with LogTap(lambda _line: None, logging.CRITICAL):
        _live(world, faults, admin, wanted, found)
    world.around = lambda _step, act: act()
    found.history.events = world.events()
    found.sendings[1].update(sending_of(event) for event in found.history.events)
    orders = world.emulator.orders()
    by_id = {request.request_id: request for request in wanted}
    found.judged = judge(orders, world.notes, by_id, begin.timestamp(), world.settings)
    graph, doubled = world.emulator.tenant, world.notes.doubled
    office = Office(wanted, tenant.pools, tenant.holders(), graph, orders, lag, world.settings, doubled)
    found.ends = office.judge(found.history.events)
    found.by_moves = {request.request_id for request in wanted if admin.touched(request)}
    found.untold = len(world.notes.untold)
    found.protected = sum(order.action == "unassign" and order.number == tenant.protected for order in orders)
    found.orders = Counter(order.action for order in orders)
    found.moves = admin.moves
    found.faults = faults.counts + world.emulator.stats()["faults"]
    found.unhandled = Counter(world.unhandled)
    found.left = sum(len(world.queues.store(queue)) for queue in (REQUESTS, OPERATIONS))
    aside = [(queue, text) for queue in POISON for text in world.drained(queue)]
    found.aside, found.astray = len(aside), _astray(aside, by_id, found.history)
    found.simulated = world.clock.now() - world.started
    return found


def _plan(areas: Sequence[int], lag: int, which: int, rng: Random) -> dict[str, Any]:
    return {
        "inventoryAreas": list(areas),
        "operationSeconds": {"median": 40, "sigma": 1.0},
        "bodyShape": "mixed",
        "readLagSeconds": lag,
        "secondPost": _SECOND_POSTS[which // len(LAGS) % len(_SECOND_POSTS)],
        "secondNumber": rng.choice(["both", "refused"]),
        "unassignFree": rng.choice(["failed", "succeeded", "badRequest"]),
        "updateEffect": rng.choice(["done", "later"]),
        "freedBlockedSeconds": rng.choice([0, 300]),
    }


def _live(world: World, faults: Faults, admin: Admin, wanted: Sequence[Wanted], found: Run) -> None:
    """Let time pass, hour by hour, with HR's requests and the administrator's moves in it."""
    sends = sorted((at, request.request_id, turn) for request in wanted for turn, at in enumerate(request.at))
    texts = {request.request_id: request for request in wanted}
    begin = world.clock.now()
    end = begin + timedelta(seconds=sends[-1][0]) + _PATIENCE
    world.around = faults
    hour = begin
    for at, request_id, turn in sends:
        moment = begin + timedelta(seconds=at)
        while hour <= moment:
            found.restarts += _until(world, hour)
            faults.begin_hour()
            admin.hour()
            hour += _HOUR
        found.restarts += _until(world, moment)
        found.history.attempted.add(request_id)
        try:
            world.send(texts[request_id].text(turn))
        except (AzureError, Crash):
            continue
        found.history.acknowledged.add(request_id)
        if texts[request_id].orders:
            found.sendings[0].add(f"{request_id}#{turn}")
    while world.next_due() is not None and hour < end:
        found.restarts += _until(world, hour)
        faults.begin_hour()
        hour += _HOUR


def _until(world: World, moment: Any) -> int:
    """Let the app work until a moment, as often as its process dies; return how often that was."""
    died = 0
    while True:
        try:
            world.run(until=moment)
        except Crash:
            world.restart()
            died += 1
        else:
            return died


def _astray(aside: Sequence[tuple[str, str]], wanted: Mapping[str, Wanted], history: History) -> list[str]:
    """Return what was set aside though it is well-formed, and what is not and was not rejected."""
    names = [(queue, named(text)[0]) for queue, text in aside]
    wrong = {name for name, request in wanted.items() if request.wrong}
    found = [f"{name} in {queue}" for queue, name in names if queue != POISON[0] or name not in wrong]
    ends = history.outcomes()
    return found + [f"{name} {ends[name]}" for name in sorted(wrong & set(ends)) if ends[name] != {"Rejected"}]
