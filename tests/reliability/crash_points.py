"""Every place between two side effects: the process dies there, another takes over, nothing is lost.

The places are not listed here. Each scenario is run once while its side effects are written down; then once more for
each of them, with a crash right after it (the first time also right before the first).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tests.reliability.history import History
from tests.reliability.targets import Target, at_least, none
from tests.reliability.world import World

_TARGET: Final = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
_PATIENCE: Final = timedelta(hours=30)
#: A place that one request passes again and again is crashed at so many times.
_TIMES: Final = 2


class Crash(BaseException):
    """The process dies: nothing in it catches this."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One request and its life.

    Attributes:
        name: what is special about it; the request's id.
        digits: the last two digits of its number, which tell the emulator what happens.
        area: the number's area code.
        fields: of the request, besides the usual ones.
    """

    name: str
    digits: str = "10"
    area: str = "206"
    fields: tuple[tuple[str, object], ...] = ()

    def text(self) -> str:
        """Return the request."""
        number = f"+1{self.area}55501{self.digits}"
        usual = {"telephoneNumber": number, "assignmentTargetId": _TARGET, "numberType": "callingPlan"}
        return json.dumps(usual | {"requestId": self.name} | dict(self.fields))


SCENARIOS: Final = (
    Scenario("good"),
    Scenario("dry-run", fields=(("dryRun", True),)),
    Scenario("rejected", fields=(("assignmentTargetId", "kim@contoso.example"),)),
    Scenario("license-late", "40"),
    Scenario("license-late-in-the-operation", "41"),
    Scenario("taken", "45"),
    Scenario("taken-meanwhile", "47"),
    Scenario("throttled", "48"),
    Scenario("server-error-accepted", "54"),
    Scenario("answer-lost", "61"),
    Scenario("without-Location", "64"),
    Scenario("skipped", "68"),
    Scenario("failed-for-good", "73"),
    Scenario("operation-not-found", "79"),
    Scenario("forbidden-once", "84"),
    Scenario("second-order-accepted", "93"),
    Scenario("runs-for-ever", "67"),
    Scenario("answer-lost-unseen-second-order-accepted", "57", "555"),
)
#: Every way out once: for the tests.
SHORT: Final = tuple(scenario for scenario in SCENARIOS if scenario.digits not in {"67", "54", "79", "93"})


@dataclass(slots=True)
class Recorder:
    """Writes down each act that leaves the process, and crashes after the one it is told.

    Attributes:
        crash_after: the number of acts before the crash; None: no crash.
        acts: the acts so far, in order.
    """

    crash_after: int | None = None
    acts: list[str] | None = None

    def __call__(self, step: str, act: Callable[[], Any]) -> Any:
        """Perform an act."""
        acts = self.acts = [] if self.acts is None else self.acts
        if self.crash_after == 0 and not acts:
            acts.append("crash")
            raise Crash
        done = act()
        acts.append(step)
        if len(acts) == self.crash_after:
            raise Crash
        return done


@dataclass(frozen=True, slots=True)
class Found:
    """What all the crashes led to.

    Attributes:
        crashes: how many there were.
        places: between which two acts they were, all scenarios together.
        lost: scenarios and places after which no event came.
        changed: those after which the request ended otherwise, or in several ways.
        twice: those after which somebody got an order that nothing Graph said allowed.
    """

    crashes: int
    places: frozenset[tuple[str, str]]
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    twice: tuple[str, ...]


def run(seed: int, scenarios: tuple[Scenario, ...] = SCENARIOS) -> Found:
    """Crash at every place of every scenario, restart, and drain."""
    places: set[tuple[str, str]] = set()
    lost, changed, twice, crashes = [], [], [], 0
    for scenario in scenarios:
        calm = Recorder()
        world, usual = _live(scenario, seed, calm)
        acts = calm.acts or []
        seen: Counter[tuple[str, str]] = Counter()
        for index, place in enumerate(_places(acts)):
            seen[place] += 1
            if seen[place] > _TIMES:
                continue
            world, ends = _live(scenario, seed, Recorder(crash_after=index))
            crashes += 1
            places.add(place)
            where = f"{scenario.name}: {place[0]} | {place[1]}"
            if not ends:
                lost.append(where)
            elif ends != usual:
                changed.append(f"{where}: {sorted(usual)} -> {sorted(ends)}")
            if _too_many(world):
                twice.append(where)
    return Found(crashes, frozenset(places), tuple(lost), tuple(changed), tuple(twice))


def targets(found: Found) -> list[Target]:
    """Return the figures."""
    return [
        at_least("crash points: places between two side effects", len(found.places), 20),
        at_least("crash points: crashes", found.crashes, 100),
        none("crash points: requests lost", len(found.lost)),
        none("crash points: requests that ended otherwise than without the crash", len(found.changed)),
        none("crash points: orders beyond the first that no reading of Graph allowed", len(found.twice)),
    ]


def describe(found: Found) -> str:
    """Return what the table does not say."""
    places = "\n".join(f"  {before} | {after}" for before, after in sorted(found.places))
    return "\n".join([f"places:\n{places}", *found.lost, *found.changed, *found.twice])


def _places(acts: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip(["start", *acts], [*acts, "end"], strict=True)


def _live(scenario: Scenario, seed: int, recorder: Recorder) -> tuple[World, set[str]]:
    """Run a scenario to its end, with another process after a crash; return the world and how the request ended."""
    world = World(seed)
    world.send(scenario.text())
    world.around = recorder
    end = world.clock.now() + _PATIENCE
    while True:
        try:
            world.run(until=end)
            break
        except Crash:
            recorder.crash_after = None
            world.restart()
    return world, History(events=world.events()).outcomes().get(scenario.name, set())


def _too_many(world: World) -> bool:
    grounds, accepted = world.emulator.grounds, world.emulator.stats()["acceptedPerNumber"]
    return any(orders > 1 + grounds.free[number] + grounds.failed[number] for number, orders in accepted.items())
