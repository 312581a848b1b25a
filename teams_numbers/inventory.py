"""What is so: whose a number is, which numbers a person or a pool has; by single reads or by pages.

Graph's list tells of 1,000 numbers in one call, so where many questions are due, a few pages answer them all. A page
can prove that something is so. That something is not so is decided on two readings (`lifecycle`), the second alone.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from teams_numbers.answers import Listing, Refused, Unclear, Unjudged
from teams_numbers.clock import Clock
from teams_numbers.graph import FILTERED_PAGES, Graph
from teams_numbers.pages import FEW, LIST_MOST, PAGE, Pages, Snapshot, records_of
from teams_numbers.pools import Pool
from teams_numbers.questions import Reading
from teams_numbers.records import NumberRecord

#: Questions of so many seconds count as due together.
_WINDOW_SECONDS = 10.0
#: How many single answers are remembered.
_SINGLES_MOST = 4096
#: A list that takes longer is too old for most questions when it has come: numbers are then read one by one.
_SLOW = timedelta(seconds=10)
#: By how much a remembered answer may be older than the time of day says, in seconds: the clock may be set back.
_SET_BACK = 1.0
#: How long the list is left alone after it could not be had in time, in seconds; doubled each time, up to an hour.
_LEFT_SECONDS, _LEFT_MOST = 15.0, 3600.0

type Answer = Reading | Refused | Unjudged


class Inventory:
    """Answers questions about numbers, each with the moment from which the answer must date; one per process.

    Args:
        graph: is asked.
        pools: the app's.
        clock: tells the time.
    """

    def __init__(self, graph: Graph, pools: Mapping[str, Pool], clock: Clock) -> None:
        self._graph, self._pools, self._clock = graph, pools, clock
        self._listing = threading.Lock()
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._singles: OrderedDict[tuple[str, str], tuple[Reading, float]] = OrderedDict()
        self._asked: deque[float] = deque(maxlen=1024)
        self._pages = Pages(graph, clock)
        self._due = 0
        self._failures, self._left_until = 0, float("-inf")

    def expect(self, questions: int) -> None:
        """Note that so many questions are due now."""
        self._due = questions

    def number(self, telephone_number: str, since: datetime, *, alone: bool = False) -> Answer:
        """Return one number, as it was at that moment or later; empty where it is not listed."""

        def listed(snapshot: Snapshot) -> tuple[NumberRecord, ...]:
            found = snapshot.numbers.get(telephone_number)
            return (found,) if found else ()

        key = ("number", telephone_number)
        return self._answer(key, since, listed, {"telephoneNumber": telephone_number}, alone=alone)

    def person(self, person: str, since: datetime) -> Answer:
        """Return the numbers that a person has, as they were at that moment or later."""
        return self._answer(
            ("person", person),
            since,
            lambda snapshot: tuple(snapshot.people.get(person, ())),
            {"assignmentTargetId": person},
        )

    def pool(self, name: str, since: datetime) -> Answer:
        """Return a pool's listed numbers, as they were at that moment or later; only free ones may be among them."""
        pool = self._pools[name]
        if (known := self._known(("pool", name), since)) is not None:
            return known
        if (snapshot := self._snapshot_from(since)) is not None:
            if name not in snapshot.by_pool:
                snapshot.by_pool[name] = tuple(found for number, found in snapshot.numbers.items() if number in pool)
            return snapshot.reading(snapshot.by_pool[name])
        # Numbers of a range need not be listed to be free, so there those that are held must be known, too.
        free = {} if pool.ranges else {"assignmentStatus": "unassigned"}
        at, began = self._clock.now(), self._clock.monotonic()
        filters = {"numberType": pool.number_type} | free
        capability = None if pool.ranges else "userAssignment"
        found: dict[str, NumberRecord] = {}
        for skip in range(0, LIST_MOST, PAGE * FILTERED_PAGES):
            answer = self._graph.numbers(filters, capability=capability, top=PAGE, skip=skip)
            if not isinstance(answer, Listing):
                return answer
            listed = (number for number in records_of(answer) if number.telephone_number in pool)
            found |= {number.telephone_number: number for number in listed}
            if answer.complete:
                return self._remember(("pool", name), Reading(at, tuple(found.values())), began)
            if len(answer.numbers) < PAGE * FILTERED_PAGES:
                break
        return Unclear("the list broke off")

    def _answer(
        self,
        key: tuple[str, str],
        since: datetime,
        listed: Callable[[Snapshot], tuple[NumberRecord, ...]],
        filters: Mapping[str, str],
        *,
        alone: bool = False,
    ) -> Answer:
        if (known := self._known(key, since)) is not None:
            return known
        if not alone and (snapshot := self._snapshot_from(since)) is not None:
            return snapshot.reading(listed(snapshot))
        at, began = self._clock.now(), self._clock.monotonic()
        self._asked.append(began)
        answer = self._graph.numbers(filters)
        if not isinstance(answer, Listing):
            return answer
        if not answer.complete:
            return Unclear("the list broke off")
        found = tuple(dict.fromkeys(records_of(answer)))
        if len({number.telephone_number for number in found}) < len(found):
            return Unclear("a number is listed twice, in two ways")
        return self._remember(key, Reading(at, found), began)

    def _known(self, key: tuple[str, str], since: datetime) -> Reading | None:
        known = self._singles.get(key)
        return known[0] if known is not None and self._dates_from(since, known[0].at, known[1]) else None

    def _remember(self, key: tuple[str, str], reading: Reading, began: float) -> Reading:
        with self._lock:
            self._singles[key] = reading, began
            self._singles.move_to_end(key)
            while len(self._singles) > _SINGLES_MOST:
                self._singles.popitem(last=False)
        return reading

    def _snapshot_from(self, since: datetime) -> Snapshot | None:
        """Return the whole list, as it was at that moment or later; None where numbers are to be read one by one."""
        snapshot = self._young(since)
        return self._list(since) if snapshot is None and self._worth_listing() else snapshot

    def _young(self, since: datetime) -> Snapshot | None:
        snapshot = self._snapshot
        known = snapshot is not None and self._dates_from(since, snapshot.at, snapshot.began)
        return snapshot if known else None

    def _dates_from(self, since: datetime, at: datetime, began: float) -> bool:
        """Say whether an answer is of that moment or later, also where the clock was set back after it."""
        passed = self._clock.monotonic() - began
        return at >= since and passed <= (self._clock.now() - at).total_seconds() + _SET_BACK

    def _worth_listing(self) -> bool:
        """Say whether the questions due are as many as the pages that would answer them."""
        if self._clock.monotonic() < self._left_until:
            return False
        if self._pages.count == 1:
            return True
        before = self._snapshot
        if before is not None and before.hits >= before.pages and self._age(before) < 4 * _WINDOW_SECONDS:
            return True  # the last pages paid off just now: the wave goes on
        return self._questions() >= max(self._pages.count, FEW)

    def _questions(self) -> int:
        """Return how many questions are due together, as far as one can tell."""
        now = self._clock.monotonic()
        return max(sum(now - at < _WINDOW_SECONDS for at in tuple(self._asked)), self._due)

    def _age(self, snapshot: Snapshot) -> float:
        return (self._clock.now() - snapshot.at).total_seconds()

    def _list(self, since: datetime) -> Snapshot | None:
        """Read the whole list, one thread for all that wait for it; None where it cannot be had."""
        with self._listing:
            if (snapshot := self._young(since)) is not None:
                return snapshot
            if not self._worth_listing():
                return None  # it could not be had just now: whoever waited for it reads alone
            at, began, pages = self._clock.now(), self._clock.monotonic(), self._pages.count
            found = self._pages.read(most=1 if pages == 1 else None)
            longer = self._pages.count != pages  # than one thought, and that is all
            if self._clock.now() - at > _SLOW or (found is None and not longer):
                self._failures = min(self._failures + 1, 10)
                pause = min(_LEFT_MOST, _LEFT_SECONDS * 2**self._failures)
                self._left_until = self._clock.monotonic() + pause
            elif found is not None:
                self._failures = 0
            if found is None:
                return None
            people: dict[str, list[NumberRecord]] = {}
            for number in found.values():
                if number.target is not None:
                    people.setdefault(number.target, []).append(number)
            self._snapshot = Snapshot(at, began, found, people, self._pages.count, self._questions())
            self._asked.clear()
            return self._snapshot
