"""What is so: whose a number is, which numbers a person or a pool has; by single reads or by pages.

Graph's list tells of 1,000 numbers in one call, so where many questions are due, a few pages answer them all. A page
can prove that something is so. That something is not so is decided on two readings (`lifecycle`), the second alone.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from teams_numbers.answers import Listing, Refused, Unclear, Unjudged
from teams_numbers.clock import Clock
from teams_numbers.graph import FILTERED_PAGES, LONGEST_CALL_SECONDS, Graph
from teams_numbers.pools import Pool
from teams_numbers.questions import Reading
from teams_numbers.records import NumberRecord, record

#: The most numbers on a page: https://learn.microsoft.com/graph/api/teamsadministration-telephonenumbermanagement-list-numberassignments
PAGE = 1000
#: So many numbers are listed at most; a tenant with more is read number by number.
_LIST_MOST = 200_000
#: Questions of so many seconds count as due together; below so many, pages are not worth learning how many there are.
_WINDOW_SECONDS, _FEW = 10.0, 4
#: How many single answers are remembered.
_SINGLES_MOST = 4096


@dataclass(slots=True)
class _Snapshot:
    """The whole list, as it was read page by page.

    Attributes:
        at: when the first page was asked for.
        numbers: by telephone number.
        people: the numbers that each person has.
        pages: how many calls it took.
        hits: how many questions it answered.
        due: how many were due when it was read.
        by_pool: the numbers of each pool that was asked for.
    """

    at: datetime
    numbers: dict[str, NumberRecord]
    people: dict[str, list[NumberRecord]]
    pages: int
    due: int
    hits: int = 0
    by_pool: dict[str, tuple[NumberRecord, ...]] = field(default_factory=dict)

    def reading(self, records: tuple[NumberRecord, ...]) -> Reading:
        """Return an answer; shared from the moment on when it is one of several."""
        self.hits += 1
        return Reading(self.at, records, shared=max(self.hits, self.due) >= _FEW)


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
        self._snapshot: _Snapshot | None = None
        self._singles: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._asked: deque[float] = deque(maxlen=1024)
        self._pages = 1
        self._due = 0
        self._failed_at = float("-inf")

    def expect(self, questions: int) -> None:
        """Note that so many questions are due now."""
        self._due = questions

    def number(self, telephone_number: str, since: datetime, *, alone: bool = False) -> Answer:
        """Return one number, as it was at that moment or later; empty where it is not listed."""

        def listed(snapshot: _Snapshot) -> tuple[NumberRecord, ...]:
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
        if (snapshot := self._young(since)) is None and self._worth_listing():
            snapshot = self._list(since)
        if snapshot is not None:
            if name not in snapshot.by_pool:
                snapshot.by_pool[name] = tuple(found for number, found in snapshot.numbers.items() if number in pool)
            return snapshot.reading(snapshot.by_pool[name])
        # Numbers of a range need not be listed to be free, so there those that are held must be known, too.
        free = {} if pool.ranges else {"assignmentStatus": "unassigned"}
        at = self._clock.now()
        filters = {"numberType": pool.number_type} | free
        capability = None if pool.ranges else "userAssignment"
        found: dict[str, NumberRecord] = {}
        for skip in range(0, _LIST_MOST, PAGE * FILTERED_PAGES):
            answer = self._graph.numbers(filters, capability=capability, top=PAGE, skip=skip)
            if not isinstance(answer, Listing):
                return answer
            found |= {number.telephone_number: number for number in _records(answer) if number.telephone_number in pool}
            if answer.complete:
                return self._remember(("pool", name), Reading(at, tuple(found.values())))
            if len(answer.numbers) < PAGE * FILTERED_PAGES:
                break
        return Unclear("the list broke off")

    def _answer(
        self,
        key: tuple[str, str],
        since: datetime,
        listed: Callable[[_Snapshot], tuple[NumberRecord, ...]],
        filters: Mapping[str, str],
        *,
        alone: bool = False,
    ) -> Answer:
        if (known := self._known(key, since)) is not None:
            return known
        if not alone:
            snapshot = self._young(since)
            if snapshot is None and self._worth_listing():
                snapshot = self._list(since)
            if snapshot is not None:
                return snapshot.reading(listed(snapshot))
        at = self._clock.now()
        self._asked.append(self._clock.monotonic())
        answer = self._graph.numbers(filters)
        if not isinstance(answer, Listing):
            return answer
        return self._remember(key, Reading(at, _records(answer)))

    def _known(self, key: tuple[str, str], since: datetime) -> Reading | None:
        reading = self._singles.get(key)
        return reading if reading is not None and reading.at >= since else None

    def _remember(self, key: tuple[str, str], reading: Reading) -> Reading:
        with self._lock:
            self._singles[key] = reading
            self._singles.move_to_end(key)
            while len(self._singles) > _SINGLES_MOST:
                self._singles.popitem(last=False)
        return reading

    def _young(self, since: datetime) -> _Snapshot | None:
        snapshot = self._snapshot
        return snapshot if snapshot is not None and snapshot.at >= since else None

    def _worth_listing(self) -> bool:
        """Say whether the questions due are as many as the pages that would answer them."""
        if self._pages == 1:
            return True
        before = self._snapshot
        if before is not None and before.hits >= before.pages and self._age(before) < 4 * _WINDOW_SECONDS:
            return True  # the last pages paid off just now: the wave goes on
        return self._questions() >= max(self._pages, _FEW)

    def _questions(self) -> int:
        """Return how many questions are due together, as far as one can tell."""
        now = self._clock.monotonic()
        return max(sum(now - at < _WINDOW_SECONDS for at in self._asked), self._due)

    def _age(self, snapshot: _Snapshot) -> float:
        return (self._clock.now() - snapshot.at).total_seconds()

    def _list(self, since: datetime) -> _Snapshot | None:
        """Read the whole list, one thread for all that wait for it; None where it cannot be had."""
        came = self._clock.monotonic()
        with self._listing:
            if (snapshot := self._young(since)) is not None:
                return snapshot
            if self._failed_at >= came:
                return None  # it could not be had just now: whoever waited for it reads alone
            at = self._clock.now()
            found = self._read_pages(most=1 if self._pages == 1 else None)
            if found is None:
                self._failed_at = self._clock.monotonic()
                return None
            people: dict[str, list[NumberRecord]] = {}
            for number in found:
                if number.target is not None:
                    people.setdefault(number.target, []).append(number)
            numbers = {number.telephone_number: number for number in found}
            self._snapshot = _Snapshot(at, numbers, people, self._pages, self._questions())
            self._asked.clear()
            return self._snapshot

    def _read_pages(self, most: int | None) -> list[NumberRecord] | None:
        """Read the list page by page; None where it cannot be had whole.

        Each page begins with the last number of the one before, which shows whether the list shifted meanwhile.

        Args:
            most: give up after so many pages; the list is longer.
        """
        found: dict[str, NumberRecord] = {}
        pages, skip, last = 0, 0, ""
        ends = self._clock.monotonic() + LONGEST_CALL_SECONDS
        while skip < _LIST_MOST and self._clock.monotonic() < ends:
            answer = self._graph.numbers(top=PAGE, skip=skip)
            if not isinstance(answer, Listing):
                return None
            pages += 1
            records = _records(answer)
            if last and (not records or records[0].telephone_number != last):
                return None
            found |= {number.telephone_number: number for number in records}
            if len(answer.numbers) < PAGE:
                self._pages = pages
                return list(found.values()) if answer.complete else None
            last, skip = (records[-1].telephone_number if records else ""), skip + len(answer.numbers) - 1
            if most is not None and pages >= most:
                self._pages = pages + 1
                return None
        self._pages = max(self._pages, pages + 1)  # longer than can be read at once
        return None


def _records(listing: Listing) -> tuple[NumberRecord, ...]:
    return tuple(found for entry in listing.numbers if (found := record(entry)) is not None)
