"""Ten thousand requests while everything fails: the app's own code, simulated time, a 5 % chance of each fault."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from azure.core.exceptions import AzureError

from local.graph.inventory import SOMEBODY, VOICE_APPLICATION
from tests.reliability.faults import Faults
from tests.reliability.history import History, tell
from tests.reliability.targets import Target, all_of, at_least, none
from tests.reliability.workload import Request, requests
from tests.reliability.world import OPERATIONS, POISON, REQUESTS, World

#: How many requests come in a day.
_PER_DAY: Final = 700
#: How long after the last request the app may take: a deadline, its grace, and a lease or two.
_PATIENCE: Final = timedelta(hours=48)
#: Graph has these from the start; nobody asks for it.
_THERE_BEFORE: Final = {SOMEBODY, VOICE_APPLICATION}


@dataclass(slots=True)
class Run:
    """What happened.

    Attributes:
        history: what HR did and heard.
        faults: how often each fault struck.
        unhandled: what the app's functions raised, by type.
        left: how many messages nobody finished.
        unasked: numbers ordered for, or held by, somebody nobody asked for.
        excess: orders beyond one per request that nothing Graph said allowed.
        orders: accepted orders in all.
        aside: messages in the poison queues.
        simulated: how much time passed for the app.
    """

    history: History
    faults: Counter[str]
    unhandled: Counter[str]
    left: int
    unasked: set[str]
    excess: dict[str, int]
    orders: int
    aside: list[str]
    simulated: timedelta


def run(count: int, seed: int) -> Run:
    """Send so many requests and let the app work until nothing is left to do."""
    rng = Random(seed)  # noqa: S311 - a simulation
    world = World(seed)
    faults = Faults(world, rng)
    world.around = faults
    wanted = requests(count, count / _PER_DAY * 86_400, rng)
    history = _live(world, faults, wanted)
    left = world.queues.store(REQUESTS), world.queues.store(OPERATIONS)
    history.events = world.events()
    stats = world.emulator.stats()
    counts = faults.counts + stats["faults"]
    return Run(
        history,
        counts,
        Counter(world.unhandled),
        sum(map(len, left)),
        _unasked(stats, wanted),
        _excess(stats, world, wanted),
        sum(stats["acceptedPerNumberAndTarget"].values()),
        [text for queue in POISON for text in world.drained(queue)],
        world.clock.now() - world.started,
    )


def targets(found: Run) -> list[Target]:
    """Return the figures."""
    queue, outcomes = found.history.check(), found.history.outcomes()
    several = [request_id for request_id, ends in outcomes.items() if len(ends) > 1]
    distinct = len(queue.attempted)
    part = f"{distinct:,} requests under faults:"
    return [
        none(f"{part} lost", len(queue.lost)),
        none(f"{part} unexpected", len(queue.unexpected)),
        all_of(f"{part} acknowledged and heard of", len(queue.ok & queue.acknowledged), len(queue.acknowledged)),
        at_least(f"{part} recovered", len(queue.recovered), 1),
        at_least(f"{part} duplicated", len(queue.duplicated), 1),
        none(f"{part} with more than one outcome", len(several)),
        none(f"{part} whose repeated events differ in id", len(found.history.renamed())),
        none(f"{part} orders beyond the first that no reading of Graph allowed", sum(found.excess.values())),
        none(f"{part} numbers ordered for or held by somebody nobody asked for", len(found.unasked)),
        none(f"{part} messages left unfinished", found.left),
        at_least(f"{part} faults injected", sum(found.faults.values()), distinct),
    ]


def describe(found: Run) -> str:
    """Return what the table does not say."""
    ends = Counter(end for ends in found.history.outcomes().values() for end in ends)
    lines = [
        tell(found.history.check()),
        f"outcomes: {_listed(ends)}",
        f"simulated time: {found.simulated.total_seconds() / 86_400:.1f} days; orders accepted: {found.orders}",
        f"set aside: {len(found.aside)}; raised to the host: {_listed(found.unhandled)}",
        f"faults: {_listed(found.faults)}",
    ]
    return "\n".join(lines)


def _live(world: World, faults: Faults, wanted: Sequence[Request]) -> History:
    """Let time pass, hour by hour, with HR's requests in it; return what HR did."""
    history = History()
    sends = sorted((at, request.request_id, request.text) for request in wanted for at in request.at)
    begin = world.clock.now()
    end = begin + timedelta(seconds=sends[-1][0]) + _PATIENCE
    hour = begin
    for at, request_id, text in sends:
        moment = begin + timedelta(seconds=at)
        while hour <= moment:
            world.run(until=hour)
            faults.begin_hour()
            hour += timedelta(hours=1)
        world.run(until=moment)
        history.attempted.add(request_id)
        try:
            world.send(text)
            history.acknowledged.add(request_id)
        except AzureError:
            continue
    while not world.run(until=hour) and hour < end:
        faults.begin_hour()
        hour += timedelta(hours=1)
    return history


def _unasked(stats: dict[str, Any], wanted: Sequence[Request]) -> set[str]:
    asked = {(request.number, request.target) for request in wanted if request.orders}
    got = {tuple(key.split("|")) for key in stats["acceptedPerNumberAndTarget"]}
    got |= {(number, target) for number, target in stats["holders"].items() if target not in _THERE_BEFORE}
    return {number for number, target in got if (number, target) not in asked}


def _excess(stats: dict[str, Any], world: World, wanted: Sequence[Request]) -> dict[str, int]:
    """Return, by request id, the orders that nothing allowed: the first is free, each reading allows one more."""
    grounds, accepted = world.emulator.grounds, stats["acceptedPerNumberAndTarget"]
    found = {}
    for request in wanted:
        orders = accepted.get(f"{request.number}|{request.target}", 0)
        allowed = 1 + grounds.free[request.number] + grounds.failed[request.number]
        if orders > allowed:
            found[request.request_id] = orders - allowed
    return found


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"
