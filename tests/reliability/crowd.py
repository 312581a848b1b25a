"""A crowd: people, numbers and pools of a scenario, what each request is to bring about, and what came of it."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from local.graph.inventory import AREAS, PLAIN_BELOW, good_numbers
from tests.reliability.world import World

#: So many of an area's hundred numbers are plainly good, and are used here.
GOOD_PER_AREA: Final = PLAIN_BELOW
LOCATION: Final = "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"


def people(count: int, first: int = 0) -> list[str]:
    """Return the object ids of so many people."""
    return [f"c{index:07x}-90f5-4a0e-9c39-1f0a3f8b6d21" for index in range(first, first + count)]


def numbers(count: int) -> list[str]:
    """Return so many plainly good Calling Plan numbers, in order."""
    good = good_numbers()
    return [next(good) for _ in range(count)]


def tenant(seed: int, pool: Sequence[str], plan: Mapping[str, Any], areas: int | None = None, **settings: Any) -> World:
    """Return a world whose app has a pool `seattle` of exactly these numbers, and may do everything.

    Args:
        seed: of all that is random.
        pool: the numbers.
        plan: how Graph behaves.
        areas: how many hundred numbers the tenant has; None: as few as have the pool.
        settings: app settings that differ from the usual.
    """
    areas = areas or -(-len(pool) // GOOD_PER_AREA)
    given = set(pool)
    every = (f"+1{area}55501{last:02}" for area in AREAS[:areas] for last in range(100))
    made = {
        "numberType": "callingPlan",
        "numbers": [{"startsWith": "+1"}],
        "except": [number for number in every if number not in given],
        "locationId": LOCATION,
    }
    usual: dict[str, Any] = {"ACTIONS": "assign,unassign,update", "NUMBER_POOLS": json.dumps({"seattle": made})}
    world = World(seed, **usual | settings)
    world.emulator.change({"inventoryAreas": areas, "secondNumber": "both"} | dict(plan))
    return world


@dataclass(frozen=True, slots=True)
class Wish:
    """A request, and what it is to bring about.

    Attributes:
        fields: as it is sent.
        holds: how many numbers the person has at the end.
        among: the numbers that may be the person's then.
    """

    fields: Mapping[str, Any]
    holds: int
    among: Collection[str] = ()

    @property
    def request_id(self) -> str:
        """Its id."""
        return str(self.fields["requestId"])

    @property
    def person(self) -> str:
        """Whom it is about."""
        return str(self.fields["assignmentTargetId"])


@dataclass(slots=True)
class Ends:
    """How requests ended, and how the tenant stands.

    Attributes:
        outcomes: of each request, by its id: the last part of its events' types.
        numbers: what its events say that the person has.
        reasons: of those that did not succeed: the code, and what a TimedOut waited for.
        held: the numbers that each person has in Graph.
        left: messages that nobody finished, or that were set aside.
        sent: how many calls of each kind Graph had.
        stats: all that Graph counted.
    """

    outcomes: dict[str, set[str]]
    numbers: dict[str, str]
    reasons: Counter[str]
    held: dict[str, list[str]]
    left: int
    sent: dict[str, int]
    stats: dict[str, Any] = field(repr=False)

    def ended(self, outcome: str) -> int:
        """Return how many requests ended so, each time that they were told."""
        return sum(ends == {outcome} for ends in self.outcomes.values())


def ends(world: World, poison: Sequence[str] = ("number-requests-poison", "pending-operations-poison")) -> Ends:
    """Return how everything ended; it empties the out-box."""
    outcomes: dict[str, set[str]] = {}
    told: dict[str, str] = {}
    reasons: Counter[str] = Counter()
    for event in world.events():
        data, name = event["data"], event["subject"]
        outcomes.setdefault(name, set()).add(event["type"].rpartition(".")[2])
        if data.get("telephoneNumber"):
            told[name] = data["telephoneNumber"]
        if error := data.get("error"):
            reasons[f"{error['code']}:{error.get('reason') or ''}".rstrip(":")] += 1
    left = sum(len(world.queues.store(name)) for name in ("number-requests", "pending-operations"))
    left += sum(len(world.drained(name)) for name in poison)
    stats = world.emulator.stats()
    return Ends(outcomes, told, reasons, stats["numbersPerPerson"], left, stats["requests"], stats)


def wave(count: int, pool: Sequence[str], others: Sequence[str]) -> tuple[list[Wish], dict[str, str]]:
    """Return a mixed wave of requests that all can be fulfilled, and who has which number before it.

    Of ten, four are joiners by pool, two by name, two are leavers, one is a mover, and one a new location.

    Args:
        count: how many.
        pool: the numbers of the pool `seattle`.
        others: as many numbers of no pool.
    """
    wishes, before = [], {}
    for index, (person, other) in enumerate(zip(people(count), others[:count], strict=True)):
        make, has = _KINDS[index % len(_KINDS)]
        fields, holds, among = make(other, pool)
        if has:
            before[other] = person
        wishes.append(Wish({"requestId": f"r{index}", "assignmentTargetId": person} | fields, holds, among))
    return wishes, before


type _Made = tuple[dict[str, Any], int, Collection[str]]


def _joiner(_other: str, pool: Sequence[str]) -> _Made:
    return {"pool": "seattle"}, 1, pool


def _by_name(other: str, _pool: Sequence[str]) -> _Made:
    return {"telephoneNumber": other, "numberType": "callingPlan"}, 1, (other,)


def _leaver(_other: str, _pool: Sequence[str]) -> _Made:
    return {"action": "unassign"}, 0, ()


def _mover(_other: str, pool: Sequence[str]) -> _Made:
    return {"pool": "seattle", "existingNumber": "replace"}, 1, pool


def _moved(other: str, _pool: Sequence[str]) -> _Made:
    return {"action": "update", "telephoneNumber": other, "locationId": "another-one"}, 1, (other,)


#: What each makes, and whether the person has the other number before it.
_KINDS: Final[tuple[tuple[Callable[[str, Sequence[str]], _Made], bool], ...]] = (
    (_joiner, False),
    (_leaver, True),
    (_joiner, False),
    (_by_name, False),
    (_joiner, False),
    (_mover, True),
    (_joiner, False),
    (_leaver, True),
    (_by_name, False),
    (_moved, True),
)


def send(world: World, wishes: Sequence[Wish]) -> None:
    """Send every request."""
    for wish in wishes:
        world.send(json.dumps(dict(wish.fields)))


def unlike(found: Ends, wishes: Sequence[Wish]) -> list[str]:
    """Return the people who end with a number, or without one, that the requests did not ask for."""
    wrong = []
    for wish in wishes:
        held = found.held.get(wish.person, [])
        if len(held) != wish.holds or not set(held) <= set(wish.among):
            wrong.append(wish.person)
    asked = {wish.person for wish in wishes}
    return wrong + [person for person, held in found.held.items() if held and person not in asked]
