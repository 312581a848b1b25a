"""Named scenarios in simulated time: a leaver sent twice, a feed that unassigns everybody, a crowd at a pool."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

from teams_numbers.services import Services
from tests.reliability.crowd import Ends, Wish, ends, numbers, people, send, tenant
from tests.reliability.targets import Target, all_of, at_least, at_most, none
from tests.reliability.world import UNASSIGNMENTS, World, app_settings

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_TICK: Final = timedelta(seconds=15)
#: How many orders per person a crowd may cost.
_ORDERS_MOST: Final = 1.05


@dataclass(frozen=True, slots=True)
class Again:
    """A leaver's request arrives again, after its number was given to somebody new: what happened in one case.

    Attributes:
        held: the new person had the number before the request came again.
        taken: how often the number was taken from the new person.
        succeeded: every request ended, as Succeeded.
    """

    held: bool
    taken: int
    succeeded: bool


#: Whether the leaver names the number and whether its new person does, how far readings lag in seconds, how long after
#: the number was given to somebody new the request comes again, and whether the process starts anew before that.
_AGAIN: Final = (
    (True, False),
    (True, False),
    (0, 60, 120, 280),
    (0, 15, 40, 100, 200, 320, 700, 4000),
    (False, True),
)


def leavers_again(seed: int, short: bool) -> list[Again]:
    """Run every case, or some."""
    cases = list(product(*_AGAIN))
    return [_again(seed, case) for case in (cases[::17] if short else cases)]


def _again(seed: int, case: tuple[bool, bool, float, float, bool]) -> Again:
    leaver_names, joiner_names, lag, after, restarts = case
    (number,), (old, new) = numbers(1), people(2)
    world = tenant(seed, [number], {"operationSeconds": 5})
    world.emulator.move(number, old)
    world.clock.advance(600)
    world.emulator.change({"readLagSeconds": lag})
    named = {"telephoneNumber": number}
    leaver = {"requestId": "leaver", "assignmentTargetId": old, "action": "unassign"} | (named if leaver_names else {})
    wanted = named | {"numberType": "callingPlan"} if joiner_names else {"pool": "seattle"}
    joiner = {"requestId": "joiner", "assignmentTargetId": new} | wanted
    world.send(json.dumps(leaver))
    _wait_for(world, lambda: _holder(world, number) is None)
    world.send(json.dumps(joiner))
    _wait_for(world, lambda: _holder(world, number) == new)
    world.run(until=world.clock.now() + timedelta(seconds=after))
    if restarts:
        world.restart()
    held = _holder(world, number) == new
    world.send(json.dumps(leaver))
    world.run(until=world.clock.now() + 2 * _DAY)
    found = ends(world)
    taken = sum(change["before"] == new for change in found.stats["holderChanges"])
    return Again(held, taken, found.ended("Succeeded") == len(found.outcomes) == 2)


def again_targets(found: Sequence[Again]) -> list[Target]:
    """Return the figures."""
    part = "a leaver's request that arrives again, the number given to somebody new:"
    return [
        all_of(f"{part} given before it arrives", sum(case.held for case in found), len(found)),
        none(f"{part} taken from the new holder", sum(case.taken for case in found)),
        all_of(f"{part} both people's requests succeed", sum(case.succeeded for case in found), len(found)),
    ]


@dataclass(frozen=True, slots=True)
class Braked:
    """A feed unassigned everybody.

    Attributes:
        people: how many.
        allowed: how many unassignments a day are.
        before: the most that were sent within a day before a person did anything.
        released: how many more were sent in the hour after a release.
        waiting: how many requests had ended, before the limit was raised, in any way but as Succeeded.
        end: how everything ended, after the limit was raised.
    """

    people: int
    allowed: int
    before: int
    released: int
    waiting: int
    end: Ends


def brake(seed: int, count: int, allowed: int, hours: float) -> Braked:
    """Let a feed unassign everybody; release the brake after some hours, raise its limit an hour later.

    Two instances work at once, and each starts anew every two hours.
    """
    given, staff = numbers(count), people(count)
    world = tenant(seed, given, {"operationSeconds": 5}, UNASSIGN_PER_DAY=allowed)
    for number, person in zip(given, staff, strict=True):
        world.emulator.move(number, person)
    world.clock.advance(600)
    for index, person in enumerate(staff):
        world.send(json.dumps({"requestId": f"r{index}", "assignmentTargetId": person, "action": "unassign"}))
    pair = _Pair(world)
    pair.work(world.clock.now() + timedelta(hours=hours))
    before = _most_in_a_day(_unassignments(world))
    world.queues.get_queue_client(UNASSIGNMENTS).clear_messages()  # as `desk brake --release` does
    sent = len(_unassignments(world))
    pair.work(world.clock.now() + _HOUR)
    released = len(_unassignments(world)) - sent
    texts = [json.loads(message.text) for message in world.queues.store("number-events")]
    waiting = sum(not text["type"].endswith(".Succeeded") for text in texts)
    pools = world.settings.number_pools
    world.settings = app_settings(ACTIONS="assign,unassign", UNASSIGN_PER_DAY=2 * count, NUMBER_POOLS=pools)
    pair.restart()
    pair.work(world.clock.now() + timedelta(hours=3))
    return Braked(count, allowed, before, released, waiting, ends(world))


class _Pair:
    """Two instances of the app at one work list: while one counts an unassignment, the other works on what is due."""

    def __init__(self, world: World) -> None:
        self._world, self._other, self._nested = world, world.process(), False
        world.around = self._around

    def restart(self) -> None:
        """Let both start anew."""
        self._world.restart()
        self._other = self._world.process()

    def work(self, until: datetime) -> None:
        """Let both work until a moment; each starts anew every two hours, an hour apart."""
        world, hour, turns = self._world, self._world.clock.now() + _HOUR, 0
        while (due := world.next_due()) is not None and due < until:
            world.run(until=min(max(due, world.clock.now() + _TICK), until))
            self._poll(self._other)
            if world.clock.now() >= hour:
                hour, turns = hour + _HOUR, turns + 1
                if turns % 2:
                    world.restart()
                else:
                    self._other = world.process()
        world.clock.advance_to(until)

    def _around(self, step: str, act: Callable[[], Any]) -> Any:
        if step == f"send {UNASSIGNMENTS}" and not self._nested:
            self._poll(self._other)
        return act()

    def _poll(self, services: Services) -> None:
        self._nested = True
        self._world.poll(services)
        self._nested = False


def brake_targets(found: Braked) -> list[Target]:
    """Return the figures."""
    part = f"a feed that unassigns {found.people}, {found.allowed} a day allowed, two instances that restart:"
    return [
        at_most(f"{part} sent within a day", found.before, found.allowed),
        at_least(f"{part} sent within a day, so that the brake is what stops it", found.before, found.allowed),
        none(f"{part} ended otherwise than Succeeded while it waits for a person", found.waiting),
        all_of(f"{part} sent within an hour of a release", found.released, found.allowed),
        all_of(f"{part} succeeded once the limit is raised", found.end.ended("Succeeded"), found.people),
    ]


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people at once at a pool.

    Attributes:
        people: how many.
        free: how many numbers the pool has.
        lag: how far readings lag, in seconds.
        end: how everything ended.
    """

    people: int
    free: int
    lag: float
    end: Ends


def crowd(seed: int, count: int, free: int, lag: float) -> Crowd:
    """Send requests of so many people at once for a number of a pool."""
    plan = {"operationSeconds": {"median": 20, "sigma": 0.5}, "readLagSeconds": lag, "seed": seed}
    world = tenant(seed, numbers(free), plan)
    asked = [
        Wish({"requestId": f"r{index}", "assignmentTargetId": person, "pool": "seattle"}, 1)
        for index, person in enumerate(people(count))
    ]
    send(world, asked)
    world.run()
    return Crowd(count, free, lag, ends(world))


def crowd_targets(found: Crowd) -> list[Target]:
    """Return the figures."""
    part = f"{found.people:,} people at once on a pool of {found.free:,} at a list lag of {found.lag:g} s:"
    end, served = found.end, min(found.people, found.free)
    told = [end.numbers[name] for name, how in end.outcomes.items() if how == {"Succeeded"} and name in end.numbers]
    held = [number for theirs in end.held.values() for number in theirs]
    empty = end.reasons["timedOut:poolEmpty"]
    return [
        all_of(f"{part} succeeded, with distinct numbers", len(set(told)), served),
        all_of(f"{part} numbers held at the end, one by each", _single(end, held), served),
        all_of(f"{part} ended TimedOut for poolEmpty", empty, found.people - served),
        none(f"{part} ended Failed", end.ended("Failed")),
        at_most(f"{part} orders sent for each who got one", round(end.sent["assign"] / served, 4), _ORDERS_MOST),
    ]


def _single(end: Ends, held: list[str]) -> int:
    return len(set(held)) if all(len(theirs) <= 1 for theirs in end.held.values()) else -1


def _wait_for(world: World, so: Callable[[], bool]) -> None:
    """Let the app work until something is so, for a day at most."""
    until = world.clock.now() + _DAY
    while not so() and world.clock.now() < until:
        if world.run(until=world.clock.now() + _TICK) and not so():
            return


def _holder(world: World, number: str) -> str | None:
    holder: str | None = world.emulator.stats()["holders"].get(number)
    return holder


def _unassignments(world: World) -> list[float]:
    return [order["at"] for order in world.emulator.stats()["orders"] if order["action"] == "unassign"]


def _most_in_a_day(moments: Sequence[float]) -> int:
    return max(_in_a_day(sorted(moments)), default=0)


def _in_a_day(moments: Sequence[float]) -> Iterator[int]:
    for index, first in enumerate(moments):
        yield sum(moment < first + _DAY.total_seconds() for moment in moments[index:])
