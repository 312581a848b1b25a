"""A mixed wave while its lists are wrong, or while the app's own queues are out for an hour, in simulated time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from tests.reliability.crowd import GOOD_PER_AREA, Ends, Wish, ends, numbers, send, tenant, unlike, wave
from tests.reliability.targets import Target, all_of, at_least, none
from tests.reliability.world import EVENTS, OPERATIONS, REQUESTS, UNASSIGNMENTS, World

_OUT: Final = timedelta(hours=1)
#: How often a call in an outage takes effect all the same, and only its answer is lost.
_TAKES_EFFECT: Final = 0.1
#: What is wrong with the lists, each with the plan that does it. The first is how they are without it.
LISTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as they are": {},
    "stale": {"readLagSeconds": 120},
    "shifted back": {"faults": {"page-shifted-back": 0.5}},
    "shifted on": {"faults": {"page-shifted-on": 0.5}},
    "cut off": {"faults": {"page-cut-off": 0.5}},
    "empty": {"faults": {"page-empty": 0.5}},
    "stale and all of these": {
        "readLagSeconds": 120,
        "faults": dict.fromkeys(("page-shifted-back", "page-shifted-on", "page-cut-off", "page-empty"), 0.15),
    },
}
#: Which queues are out, in words and by their names.
OUTAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "the in-box": (REQUESTS,),
    "the work list": (OPERATIONS,),
    "the out-box": (EVENTS,),
    "the brake's queue": (UNASSIGNMENTS,),
    "the storage account": (REQUESTS, OPERATIONS, EVENTS, UNASSIGNMENTS),
}


@dataclass(frozen=True, slots=True)
class Wave:
    """What became of a mixed wave.

    Attributes:
        wishes: its requests.
        end: how everything ended.
        reads: how many lists and operations Graph was asked for.
        disturbed: how often a disturbance struck.
    """

    wishes: Sequence[Wish]
    end: Ends
    reads: int
    disturbed: int

    @property
    def otherwise(self) -> int:
        """How many requests ended otherwise than once, as Succeeded."""
        return sum(self.end.outcomes.get(wish.request_id, set()) - {"Succeeded"} != set() for wish in self.wishes)

    @property
    def lost(self) -> int:
        """How many requests nothing was heard of."""
        return sum(wish.request_id not in self.end.outcomes for wish in self.wishes)


def _begun(seed: int, count: int, areas: int, plan: Mapping[str, Any]) -> tuple[World, list[Wish]]:
    """Return a tenant of so many area codes, and a wave whose people have what they are to have before it."""
    chosen = numbers(2 * count + count // 4)
    pool, others = chosen[: count + count // 4], chosen[-count:]
    usual = {"operationSeconds": {"median": 20, "sigma": 0.5}, "seed": seed}
    world = tenant(seed, pool, usual, areas, UNASSIGN_PER_DAY=10 * count)
    wishes, before = wave(count, pool, others)
    for number, person in before.items():
        world.emulator.move(number, person)
    world.clock.advance(600)
    world.emulator.change(dict(plan))
    return world, wishes


def wrong_lists(seed: int, count: int, areas: int, kinds: Collection[str] = LISTS) -> dict[str, Wave]:
    """Let a wave pass with each kind of list; return what became of each.

    Args:
        seed: of all that is random.
        count: how many requests a wave has.
        areas: how many hundred numbers the tenant has; a page holds ten hundred.
        kinds: of lists.
    """
    return {name: _passed(*_begun(seed, count, areas, LISTS[name])) for name in kinds}


def _passed(world: World, wishes: list[Wish]) -> Wave:
    send(world, wishes)
    world.run()
    found = ends(world)
    reads = found.sent["list"] + found.sent["operation"]
    return Wave(wishes, found, reads, sum(found.stats["faults"].values()))


def list_targets(found: Mapping[str, Wave]) -> list[Target]:
    """Return the figures."""
    count = sum(len(one.wishes) for one in found.values())
    part = f"{count:,} requests while lists are stale, shifted, cut off or empty:"
    shifting = [one for name, one in found.items() if "faults" in LISTS[name]]
    return [
        none(f"{part} lost", sum(one.lost for one in found.values())),
        none(f"{part} that end otherwise than with right lists", sum(one.otherwise for one in found.values())),
        none(f"{part} people with a number, or without one, that nobody asked for", _unlike(found)),
        at_least(f"{part} lists that were wrong, of the kind that was least so", _least(shifting), 1),
    ]


def describe_lists(found: Mapping[str, Wave]) -> str:
    """Return what the wrong lists cost."""
    usual = found["as they are"].reads
    return "\n".join(
        f"lists {name}: {one.reads:,} GETs, {one.reads / usual:.1f} times as many" for name, one in found.items()
    )


@dataclass(slots=True)
class Outage:
    """Stands around every act of a world, and lets those on some queues fail for an hour; `failed` counts them.

    Args:
        world: whose acts they are.
        queues: which are out.
        begins: when.
        rng: decides whether a call takes effect though its answer is lost.
    """

    world: World
    queues: tuple[str, ...]
    begins: datetime
    rng: Random
    failed: int = 0

    def __call__(self, step: str, act: Callable[[], Any]) -> Any:
        """Perform an act, or fail at it."""
        out = self.begins <= self.world.clock.now() < self.begins + _OUT
        if not out or step.rpartition(" ")[2] not in self.queues:
            return act()
        self.failed += 1
        if self.rng.random() < _TAKES_EFFECT:
            act()
            raise ServiceResponseError(step)
        raise ServiceRequestError(step)


def outages(seed: int, count: int, begins: Sequence[float]) -> dict[str, Wave]:
    """Let a wave pass while queues are out for an hour; return what became of each.

    Args:
        seed: of all that is random.
        count: how many requests a wave has.
        begins: how many seconds after the wave each outage begins.
    """
    found = {}
    for name, queues in OUTAGES.items():
        for after in begins:
            world, wishes = _begun(seed, count, -(-3 * count // GOOD_PER_AREA), {})
            send(world, wishes)
            rng = Random(f"{seed} {name} {after}")  # noqa: S311 - a simulation
            outage = world.around = Outage(world, queues, world.clock.now() + timedelta(seconds=after), rng)
            world.run()
            end = ends(world)
            found[f"{name}, {after:g} s after"] = Wave(wishes, end, 0, outage.failed)
    return found


def outage_targets(found: Mapping[str, Wave]) -> list[Target]:
    """Return the figures."""
    part = f"{len(found)} outages of an hour, of each queue and of the whole account:"
    struck = {name.partition(",")[0] for name, one in found.items() if one.disturbed}
    return [
        none(f"{part} lost", sum(one.lost for one in found.values())),
        none(f"{part} requests that end otherwise than without it", sum(one.otherwise for one in found.values())),
        none(f"{part} people with a number, or without one, that nobody asked for", _unlike(found)),
        none(f"{part} messages left unfinished or set aside", sum(one.end.left for one in found.values())),
        all_of(f"{part} kinds that struck", len(struck), len(OUTAGES)),
    ]


def describe_outages(found: Mapping[str, Wave]) -> str:
    """Return how often each struck."""
    return "\n".join(f"{name}: {one.disturbed:,} calls failed" for name, one in found.items())


def _unlike(found: Mapping[str, Wave]) -> int:
    return sum(len(unlike(one.end, one.wishes)) for one in found.values())


def _least(waves: Sequence[Wave]) -> int:
    return min(one.disturbed for one in waves)
