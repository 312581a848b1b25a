"""The whole list of a tenant's numbers, read page by page: had whole, or not at all."""

from dataclasses import dataclass, field
from datetime import datetime

from teams_numbers.answers import Listing
from teams_numbers.clock import Clock
from teams_numbers.graph import Graph
from teams_numbers.limits import LONGEST_CALL_SECONDS
from teams_numbers.questions import Reading
from teams_numbers.records import NumberRecord, record

#: The most numbers on a page: https://learn.microsoft.com/graph/api/teamsadministration-telephonenumbermanagement-list-numberassignments
PAGE = 1000
#: So many numbers are listed at most; a tenant with more is read number by number.
LIST_MOST = 200_000
#: From so many questions on, an answer counts as shared, and pages are worth learning how many there are.
FEW = 4
#: By how many numbers a list may be shorter than the one before without a second look at its end.
_SHRINKS = 20
#: How many numbers that look asks for: the last one must come, and no other.
_END = 10
#: So many pages after each other may bring nothing new and name another one.
_EMPTY_MOST = 3


@dataclass(slots=True)
class Snapshot:
    """The whole list, as it was read page by page.

    Attributes:
        at, began: when the first page was asked for, by the time of day and in the clock's monotonic seconds.
        numbers: by telephone number.
        people: the numbers that each person has.
        pages: how many calls it took.
        hits: how many questions it answered.
        due: how many were due when it was read.
        by_pool: the numbers of each pool that was asked for.
    """

    at: datetime
    began: float
    numbers: dict[str, NumberRecord]
    people: dict[str, list[NumberRecord]]
    pages: int
    due: int
    hits: int = 0
    by_pool: dict[str, tuple[NumberRecord, ...]] = field(default_factory=dict)

    def reading(self, records: tuple[NumberRecord, ...]) -> Reading:
        """Return an answer; shared from the moment on when it is one of several."""
        self.hits += 1
        return Reading(self.at, records, shared=max(self.hits, self.due) >= FEW)


class Pages:
    """Reads the list.

    Args:
        graph: is asked.
        clock: tells the time.

    Attributes:
        count: how many calls the whole list takes, as far as is known.
    """

    def __init__(self, graph: Graph, clock: Clock) -> None:
        self._graph, self._clock = graph, clock
        self._length: int | None = None
        self.count = 1

    def read(self, most: int | None) -> dict[str, NumberRecord] | None:
        """Return the list by telephone number, read page by page; None where it cannot be had whole.

        Each page begins with the last number of the one before, which shows whether the list shifted meanwhile. Where
        it is shorter than it ever was, or read for the first time, the end is looked at twice.

        Args:
            most: give up after so many pages; the list is longer.
        """
        found: dict[str, NumberRecord] = {}
        pages, empty, link, answer = 0, 0, None, Listing((), complete=False)
        ends = self._clock.monotonic() + LONGEST_CALL_SECONDS
        while most is None or pages < most:
            skip = max(0, len(found) - 1)
            asked = self._graph.numbers_after(link) if link else self._graph.numbers(top=PAGE, skip=skip)
            last = next(reversed(found)) if found and not link else None
            if not isinstance(asked, Listing) or (records := _numbers_of(asked, found, last)) is None:
                return None
            answer, pages, before = asked, pages + 1, len(found)
            found |= {number.telephone_number: number for number in records}
            if answer.next is None:
                break
            empty = empty + 1 if len(found) == before else 0
            if empty > _EMPTY_MOST:
                return None
            if len(found) >= LIST_MOST or self._clock.monotonic() >= ends:
                break
            # Pages smaller than was asked for are Graph's own to go on from; there nothing can overlap.
            link = answer.next if link or len(records) < PAGE else None
        self.count = pages if answer.complete else max(self.count, pages + 1)
        return found if answer.complete and self._ends_there(list(found)) else None

    def _ends_there(self, found: list[str]) -> bool:
        """Say whether a list was the whole: one that broke off reads like one that ends."""
        length = len(found)
        if self._length is None or length < self._length - _SHRINKS:
            end = self._graph.numbers(top=_END, skip=max(0, length - 1))
            if not (isinstance(end, Listing) and end.complete):
                return False
            if [number.telephone_number for number in records_of(end)] != found[-1:]:
                return False
        self._length = length
        return True


def _numbers_of(listing: Listing, found: dict[str, NumberRecord], last: str | None) -> tuple[NumberRecord, ...] | None:
    """Return a page's numbers; None where it does not begin with the last one before.

    None also where one is unreadable, or listed twice: that may be in two ways.
    """
    records = records_of(listing)
    names = {number.telephone_number for number in records}
    if len(names) < len(listing.numbers) or names & found.keys() - {last}:
        return None
    return records if last is None or (records and records[0].telephone_number == last) else None


def records_of(listing: Listing) -> tuple[NumberRecord, ...]:
    """Return a listing's numbers that can be read."""
    return tuple(found for entry in listing.numbers if (found := record(entry)) is not None)
