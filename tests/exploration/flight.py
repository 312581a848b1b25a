"""What a process knows of orders in flight, as a value: the real InFlight, taken apart and put together again."""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from poll_operation import poller
from teams_numbers.in_flight import InFlight, _Entry
from teams_numbers.queues import Message
from teams_numbers.settings import Settings
from tests.exploration.effects import TICK


class Flight(NamedTuple):
    """An InFlight's memory.

    Attributes:
        entries: of each item its keys and until when, in seconds.
        holders: who holds each key, the first one first.
        knows_all: every item with an order has been noted.
        all_due_at: when it has, at the latest, in seconds.
    """

    entries: tuple[tuple[str, frozenset[str], float], ...] = ()
    holders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    knows_all: bool = True
    all_due_at: float = 0


class _Stands:
    """A clock that stands still at a tick."""

    def __init__(self, tick: int) -> None:
        self._seconds = tick * TICK

    def monotonic(self) -> float:
        return self._seconds


class _Known:
    """What a poller learns from: its memory, and how many messages the list holds."""

    def __init__(self, in_flight: InFlight, length: int) -> None:
        self.in_flight = in_flight
        self.queues = self.operations = self.graph = self
        self._length = length

    def length(self) -> int:
        return self._length

    def operation_url(self, url: str) -> str:
        return url


class Flights:
    """Carries out calls to an InFlight; what it has carried out once it remembers.

    Args:
        settings: the app's.
        make: makes an InFlight.
    """

    def __init__(self, settings: Settings, make: Callable[[Settings, Any], InFlight]) -> None:
        self._settings, self._make = settings, make
        self._seen: dict[Any, tuple[Any, Flight]] = {}
        self._started: dict[int, Flight] = {}

    def started(self, tick: int) -> Flight:
        """Return what a process knows that starts at a tick."""
        if tick not in self._started:
            started = self._make(self._settings, _Stands(tick))
            started.work_begins()
            self._started[tick] = _taken_apart(started)
        return self._started[tick]

    def call(self, flight: Flight, tick: int, method: str, args: tuple[Any, ...]) -> tuple[Any, Flight]:
        """Return a call's answer, and what is known after it."""
        key = (flight, tick, method, args)
        if key not in self._seen:
            real = self.real(flight, tick)
            answer = getattr(real, method)(*args)
            self._seen[key] = answer, _taken_apart(real)
        return self._seen[key]

    def learned(self, flight: Flight, tick: int, batch: list[Message], length: int) -> Flight:
        """Return what is known after a poller took so many messages of a list that holds so many."""
        if flight.knows_all:
            return flight
        known: Any = _Known(self.real(flight, tick), length)
        poller._learn(batch, known)
        return _taken_apart(known.in_flight)

    def real(self, flight: Flight, tick: int) -> InFlight:
        """Return an InFlight that knows this."""
        real = self._make(self._settings, _Stands(tick))
        real._lock = threading.Lock()
        real._entries = {name: _Entry(keys, until) for name, keys, until in flight.entries}
        real._holders = dict(flight.holders)
        real._knows_all = flight.knows_all
        real._all_due_at = flight.all_due_at
        return real


def _taken_apart(real: InFlight) -> Flight:
    entries = tuple(sorted((name, entry.keys, entry.until) for name, entry in real._entries.items()))
    all_due_at = 0 if real.knows_all else real._all_due_at
    holders = tuple(sorted(real._holders.items()))
    return Flight(entries, holders, real.knows_all, all_due_at)
