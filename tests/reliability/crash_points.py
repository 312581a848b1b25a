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

from tests.reliability.allowed import judge
from tests.reliability.history import History
from tests.reliability.targets import Target, at_least, none
from tests.reliability.tenants import LOCATION, calling_plan
from tests.reliability.workload import Wanted
from tests.reliability.world import OPERATIONS, World

_TARGET: Final = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
_PATIENCE: Final = timedelta(hours=30)
#: A place that one request passes again and again is crashed at so many times.
_TIMES: Final = 2
#: A tenant whose list is one page.
_AREAS: Final = [201, 206, 555]
#: How long somebody has had a number, in seconds: no reading shows the person without.
_SETTLED: Final = 600
_POOLS: Final = {
    "north": calling_plan([201]),
    "range": {"numberType": "directRouting", "numbers": [{"from": "+493012345000", "to": "+493012345009"}]},
}


class Crash(BaseException):
    """The process dies: nothing in it catches this."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One request and its life.

    Attributes:
        name: what is special about it; the request's id.
        digits: the last two digits of its number, which tell the emulator what happens.
        area: the number's area code.
        kind: what is asked for.
        fields: of the request, besides the usual ones.
        held: the number that the person has beforehand.
        lag: of Graph's list, in seconds.
    """

    name: str
    digits: str = "10"
    area: str = "206"
    kind: str = "number"
    fields: tuple[tuple[str, object], ...] = ()
    held: str | None = None
    lag: int = 0

    def wanted(self) -> Wanted:
        """Return the request."""
        number = f"+1{self.area}55501{self.digits}"
        usual: dict[str, object] = {"requestId": self.name, "assignmentTargetId": _TARGET}
        if self.kind == "number":
            usual |= {"telephoneNumber": number, "numberType": "callingPlan"}
        fields: dict[str, Any] = usual | dict(self.fields)
        location = fields.get("locationId") or (LOCATION if "pool" in fields else None)
        named = fields.get("telephoneNumber")
        orders = not fields.get("dryRun") and "@" not in fields["assignmentTargetId"]
        return Wanted(self.name, self.kind, _TARGET, named, fields.get("pool"), location, fields, (0.0,), orders=orders)


_HELD: Final = "+12065550115"
_POOL: Final = ("pool", "north")
_REPLACE: Final = (_POOL, ("existingNumber", "replace"))
_LEAVES: Final = (("action", "unassign"),)
_MOVES: Final = (("action", "update"), ("telephoneNumber", _HELD), ("locationId", "loc-2"))
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
    Scenario("by-pool", kind="pool", fields=(_POOL,)),
    Scenario("by-pool-of-a-range", kind="pool", fields=(("pool", "range"),), lag=60),
    Scenario("by-pool-the-list-lags", kind="pool", fields=(_POOL,), lag=120),
    Scenario("leaves", kind="unassign", fields=_LEAVES, held=_HELD),
    Scenario("leaves-the-list-lags", kind="unassign", fields=_LEAVES, held=_HELD, lag=60),
    Scenario("leaves-one", kind="unassign", fields=(*_LEAVES, ("telephoneNumber", _HELD)), held=_HELD),
    Scenario("replaces", kind="replace", fields=_REPLACE, held=_HELD),
    Scenario("replaces-the-list-lags", kind="replace", fields=_REPLACE, held=_HELD, lag=60),
    Scenario("moves", kind="update", fields=_MOVES, held=_HELD),
)
_SHORT: Final = {"good", "rejected", "taken-meanwhile", "answer-lost", "skipped"} | {
    *("by-pool", "by-pool-of-a-range", "leaves", "leaves-the-list-lags", "replaces", "moves")
}
#: Every kind of way out once: for the tests.
SHORT: Final = tuple(scenario for scenario in SCENARIOS if scenario.name in _SHORT)


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
        in_place: how many of the crashes came right after a work item was changed where it is.
        lost: scenarios and places after which no event came.
        changed: those after which the request ended otherwise, or in several ways.
        held: those after which somebody has another number than without the crash.
        wrong: orders and events that nothing allowed.
    """

    crashes: int
    places: frozenset[tuple[str, str]]
    in_place: int
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    held: tuple[str, ...]
    wrong: tuple[str, ...]


def run(seed: int, scenarios: tuple[Scenario, ...] = SCENARIOS, times: int = _TIMES) -> Found:
    """Crash at every place of every scenario, restart, and drain."""
    places: Counter[tuple[str, str]] = Counter()
    lost, changed, held, wrong = [], [], [], []
    for scenario in scenarios:
        calm = Recorder()
        usual = _live(scenario, seed, calm)
        wrong += [f"{scenario.name}: {line}" for line in usual.wrong]
        seen: Counter[tuple[str, str]] = Counter()
        for index, place in enumerate(_places(calm.acts or [])):
            seen[place] += 1
            if seen[place] > times:
                continue
            end = _live(scenario, seed, Recorder(crash_after=index))
            places[place] += 1
            where = f"{scenario.name}: {place[0]} | {place[1]}"
            if not end.outcomes:
                lost.append(where)
            elif end.outcomes != usual.outcomes:
                changed.append(f"{where}: {sorted(usual.outcomes)} -> {sorted(end.outcomes)}")
            elif end.holders != usual.holders:
                held.append(f"{where}: {usual.holders} -> {end.holders}")
            wrong += [f"{where}: {line}" for line in end.wrong]
    in_place = sum(times for (before, _), times in places.items() if before == f"update {OPERATIONS}")
    return Found(places.total(), frozenset(places), in_place, tuple(lost), tuple(changed), tuple(held), tuple(wrong))


def targets(found: Found) -> list[Target]:
    """Return the figures."""
    return [
        at_least("crash points: places between two side effects", len(found.places), 20),
        at_least("crash points: crashes", found.crashes, 100),
        at_least("crash points: crashes right after a work item was changed in place", found.in_place, 20),
        none("crash points: requests lost", len(found.lost)),
        none("crash points: requests that ended otherwise than without the crash", len(found.changed)),
        none("crash points: people with other numbers than without the crash", len(found.held)),
        none("crash points: orders and events that nothing stored or read allowed", len(found.wrong)),
    ]


def describe(found: Found) -> str:
    """Return what the table does not say."""
    places = "\n".join(f"  {before} | {after}" for before, after in sorted(found.places))
    return "\n".join([f"places:\n{places}", *found.lost, *found.changed, *found.held, *found.wrong])


def _places(acts: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip(["start", *acts], [*acts, "end"], strict=True)


@dataclass(frozen=True, slots=True)
class _End:
    """How a scenario ended: the outcomes, who has which number, and what nothing allowed."""

    outcomes: set[str]
    holders: dict[str, str]
    wrong: list[str]


def _live(scenario: Scenario, seed: int, recorder: Recorder) -> _End:
    """Run a scenario to its end, with another process after a crash."""
    world, wanted = World(seed, ACTIONS="assign,unassign,update", NUMBER_POOLS=json.dumps(_POOLS)), scenario.wanted()
    areas = _AREAS if wanted.pool is not None else None  # a long list is not read for one request
    world.emulator.change({"readLagSeconds": scenario.lag, "inventoryAreas": areas})
    if scenario.held is not None:
        world.emulator.move(scenario.held, _TARGET)
        world.clock.advance(_SETTLED)
    begin = world.clock.now()
    world.send(wanted.text(0))
    world.around = recorder
    while True:
        try:
            world.run(until=begin + _PATIENCE)
            break
        except Crash:
            recorder.crash_after = None
            world.restart()
    judged = judge(world.emulator.orders(), world.notes, {scenario.name: wanted}, begin.timestamp(), world.settings)
    untold = ["an event before its verdict was stored" for _ in world.notes.untold]
    outcomes = History(events=world.events()).outcomes().get(scenario.name, set())
    return _End(outcomes, world.emulator.stats()["holders"], [*judged.lines(), *untold])
