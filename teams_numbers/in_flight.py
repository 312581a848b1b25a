"""Whose order may be running: one careful request per person and per number at a time.

A person and a number count as in flight from a request's first order until LIST_LAG_SECONDS after its end, and a tenth
longer: until then Graph's list may not show what the order did, and a reading that allows the next order may be that
old. The poller holds this in memory and learns it from the work list, where
every item with an order comes by at least once in the longest pause.
"""

import sys
import threading
from dataclasses import dataclass

from teams_numbers.clock import Clock
from teams_numbers.questions import Busy, Claimed
from teams_numbers.settings import Settings
from teams_numbers.work_item import WorkItem

#: From so many entries on, those that count no more are looked for.
_SWEPT_FROM = 1000


@dataclass(frozen=True, slots=True)
class _Entry:
    keys: frozenset[str]
    until: float


class InFlight:
    """Knows what is in flight, as far as one process can; safe to use from many threads.

    Args:
        settings: the pauses.
        clock: tells the time.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        # Of each key, who holds it: the first one works on it, and the next one counts where that is gone.
        self._holders: dict[str, tuple[str, ...]] = {}
        self._sweep_at = _SWEPT_FROM
        self._knows_all = False
        # Whatever was given an order before this process began to work on the list is due again by then.
        self._all_due_at = float("inf")

    def work_begins(self) -> None:
        """Take notice of a run: before the first one here, another process may have worked on the list."""
        all_due_at = self._clock.monotonic() + max(self._settings.longest_pause, self._settings.lease_seconds)
        self._all_due_at = min(self._all_due_at, all_due_at)

    @property
    def knows_all(self) -> bool:
        """Whether every item with an order has been noted."""
        return self._knows_all

    def all_noted(self) -> None:
        """Take notice that every item of the work list has been noted."""
        self._knows_all = True

    def nothing_due(self) -> None:
        """Take notice that no item is due just now: after the longest pause, each has come by once."""
        if self._clock.monotonic() >= self._all_due_at:
            self._knows_all = True

    def claim(self, item_id: str, item: WorkItem, numbers: tuple[str, ...]) -> Claimed | Busy:
        """Let an item work on its person and on the first of these numbers that nobody else works on.

        Args:
            item_id: the item's name, the same in every look at it.
            item: the item.
            numbers: in the order in which they are wanted; empty: only the person matters.
        """
        with self._lock:
            now = self._clock.monotonic()
            if not self._knows_all:
                # After that ever later: so many may wait that while they are looked at the first are due again.
                left = self._all_due_at - now
                return Busy("starting", max(left, self._settings.first_poll_seconds) if left > 0 else None)
            if any(self._others(key, item_id, now) for key in _keys(item)):
                return Busy("inFlight")
            number = next((one for one in numbers if not self._others(f"number {one}", item_id, now)), None)
            if numbers and number is None:
                return Busy("inFlight")
            claimed = {f"number {number}"} if number else set()
            self._hold(item_id, _keys(item) | claimed, now + self._settings.confirm_seconds)
            return Claimed(number)

    def ordered(self, item_id: str, item: WorkItem, after: float = 0) -> None:
        """Note an item that has given an order; it comes by again after so many seconds."""
        with self._lock:
            # An item that never comes by again was deleted by a person: it is forgotten in the end.
            until = self._clock.monotonic() + after + self._settings.confirm_seconds
            self._hold(item_id, _keys(item) | self._held(item_id), until)

    def ended(self, item_id: str, item: WorkItem) -> None:
        """Note an item at its end: for a while a reading may not show what it did."""
        with self._lock:
            until = self._clock.monotonic() + self._settings.settled_seconds
            self._hold(item_id, _keys(item) | self._held(item_id), until)

    def forget(self, item_id: str) -> None:
        """Forget an item: it has given no order, or its end is long enough ago."""
        with self._lock:
            self._drop(item_id)

    def _others(self, key: str, item_id: str, now: float) -> bool:
        while holders := self._holders.get(key):
            if holders[0] == item_id:
                return False
            if self._entries[holders[0]].until > now:
                return True
            self._drop(holders[0])
        return False

    def _held(self, item_id: str) -> frozenset[str]:
        entry = self._entries.get(item_id)
        return entry.keys if entry else frozenset()

    def _hold(self, item_id: str, keys: frozenset[str] | set[str], until: float) -> None:
        for key in self._held(item_id) - keys:
            self._release(key, item_id)
        self._entries[item_id] = _Entry(frozenset(keys), until)
        for key in keys:
            holders = self._holders.get(key, ())
            if item_id not in holders:
                self._holders[key] = (*holders, item_id)
        if len(self._entries) >= self._sweep_at:
            self._sweep()

    def _sweep(self) -> None:
        """Drop what counts no more: an item that is deleted at its end never comes by again to be forgotten."""
        now = self._clock.monotonic()
        for item_id in [name for name, entry in self._entries.items() if entry.until <= now]:
            self._drop(item_id)
        self._sweep_at = max(_SWEPT_FROM, 2 * len(self._entries))

    def _drop(self, item_id: str) -> None:
        for key in self._held(item_id):
            self._release(key, item_id)
        self._entries.pop(item_id, None)

    def _release(self, key: str, item_id: str) -> None:
        if left := tuple(holder for holder in self._holders[key] if holder != item_id):
            self._holders[key] = left
        else:
            del self._holders[key]


def _keys(item: WorkItem) -> frozenset[str]:
    """Return what an item works on: its wish, its person, the numbers that it names, picked, or gave orders for.

    The number that a replacement names is to be had when the old one has made room.
    """
    keys = {f"wish {item.request.fingerprint}"}
    keys |= {f"person {item.person}"} if item.person else set()
    keys |= {f"number {number}" for number in (*item.touched, item.number, item.request.telephone_number) if number}
    return frozenset(map(sys.intern, keys))  # the same in each look at an item: kept once
