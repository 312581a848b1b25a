"""Follow the events of one's own requests to their end, by looking only, or by taking what is one's own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import ValidationError

from desk.account import Account
from desk.receipt import Journal
from teams_numbers.events import CompletionEvent
from teams_numbers.queues import RECEIVE_MOST

#: Seconds between two looks; while strangers' events fill the window, up to so many between two reaches behind them.
_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
#: How long a received event is hidden from others at most, in seconds; it is given back or deleted at once.
_LEASE = 30
#: After so many looks in a row at three empty queues, nothing more can come.
_EMPTY_LOOKS = 5
#: After so many looks in a row that showed a full window and nothing new, the view is blocked.
_BLOCKED_LOOKS = 10
#: An event counts for a message put at most so long before it: insertion times are whole seconds.
_SAME_SECOND = timedelta(seconds=1)


class Ending(StrEnum):
    """Why following ended."""

    ALL = "all"  #: every request's event was seen
    DRAINED = "drained"  #: nothing is in flight any more: what was not seen, its consumer took first
    TIME = "time"  #: the time is up
    STOPPED = "stopped"  #: Ctrl-C


@dataclass(slots=True)
class Followed:
    """What is known of the requests that were put.

    Attributes:
        put: when each was put, by its id.
        dry: the ids of those that are dry runs.
        ends: the events seen so far, by request id.
    """

    put: dict[str, datetime]
    dry: frozenset[str] = frozenset()
    ends: dict[str, CompletionEvent] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every request's end is known."""
        return len(self.ends) == len(self.put)

    def owns(self, event: CompletionEvent) -> bool:
        """Say whether an event is about one of the requests, this time or an earlier one."""
        return event.subject in self.put

    def note(self, event: CompletionEvent) -> bool:
        """Take an event into account; False if it is known, or about an earlier time that the request was put."""
        put = self.put.get(event.subject)
        if put is None or event.data.received_at < put - _SAME_SECOND:
            return False
        if event.data.dry_run != (event.subject in self.dry):
            return False
        known = self.ends.get(event.subject)
        if known and known.time >= event.time:
            return False
        self.ends[event.subject] = event
        return True


@dataclass(frozen=True, slots=True)
class Tick:
    """Where following stands after one look.

    Attributes:
        blocked: for some time now the same 32 events were in front and nobody took them; a look shows no more.
        ending: why it ended; None while it goes on.
    """

    blocked: bool = False
    ending: Ending | None = None


def follow(account: Account, followed: Followed, journal: Journal, *, consume: bool, seconds: float) -> Iterator[Tick]:
    """Look for events until all are known, nothing is in flight any more, or the time is up; yield after each look.

    Args:
        account: where the queues are.
        followed: the requests; filled in.
        journal: gets each event before it is deleted.
        consume: take one's own events off the queue; else only look, which shows the 32 oldest.
        seconds: how long at most.
    """
    ends = time.monotonic() + seconds
    pause, empty, stale = _PAUSE, 0, 0
    while not followed.complete:
        window = _look(account)
        own = [event for event in window.events if followed.owns(event)]
        if consume and (own or window.full):
            news = _take(account, followed, journal)
        else:
            news = sum(_noted(event, followed, journal) for event in own)
        stale = stale + 1 if window.full and not news else 0
        pause = min(_LONGEST_PAUSE, pause * 2) if consume and stale else _PAUSE
        empty = 0 if window.stored or _in_flight(account) else empty + 1
        ending = Ending.ALL if followed.complete else Ending.DRAINED if empty >= _EMPTY_LOOKS else None
        if ending is None and time.monotonic() + pause > ends:
            ending = Ending.TIME
        yield Tick(blocked=stale >= _BLOCKED_LOOKS, ending=ending)
        if ending:
            return
        time.sleep(pause)
    yield Tick(ending=Ending.ALL)


def run(ticks: Iterator[Tick], show: Callable[[Tick], None]) -> Ending:
    """Go through the ticks, show each, and return why they ended; Ctrl-C ends them, too."""
    try:
        for tick in ticks:
            show(tick)
            if tick.ending:
                return tick.ending
    except KeyboardInterrupt:
        return Ending.STOPPED
    return Ending.TIME


@dataclass(frozen=True, slots=True)
class _Window:
    """What a look at the event queue shows: the events, how many messages, whether there may be more behind."""

    events: tuple[CompletionEvent, ...]
    stored: int

    @property
    def full(self) -> bool:
        return self.stored >= RECEIVE_MOST


def _look(account: Account) -> _Window:
    seen = account.peek(account.settings.events_queue)
    return _Window(tuple(filter(None, (parse(item.text) for item in seen))), len(seen))


def _noted(event: CompletionEvent, followed: Followed, journal: Journal) -> bool:
    news = followed.note(event)
    if news:
        journal.add(event)
    return news


def parse(text: str) -> CompletionEvent | None:
    """Return the event in a message; None if there is none of ours."""
    try:
        return CompletionEvent.model_validate_json(text)
    except ValidationError:
        return None


def outcome(event: CompletionEvent) -> str:
    """Return how a request ended, by the event's type: for instance `Succeeded`."""
    return event.type.rpartition(".")[2]


def code(event: CompletionEvent) -> str:
    """Return an event's error code, and after a colon what a request waited for that timed out; empty without one."""
    error = event.data.error
    return "" if error is None else ": ".join(filter(None, (error.code, error.reason)))


def _take(account: Account, followed: Followed, journal: Journal) -> int:
    """Receive until a stranger comes round again; delete one's own, give the others back at once. Return how many.

    A stranger's event is hidden for the moment between the two calls, and its dequeue count goes up by one.
    """
    queue = account.queues.events
    strangers: set[str] = set()
    taken = 0
    while True:
        batch = queue.receive(_LEASE)
        left = {message.id: message for message in batch}
        try:
            for message in batch:
                event = parse(message.text)
                if event is not None and followed.owns(event):
                    journal.add(event)  # on the disk first: a crash here repeats an event, and loses none
                    followed.note(event)
                    queue.delete(message)
                    del left[message.id]
                    taken += 1
        finally:
            for message in left.values():
                queue.give_back(message)
        if len(batch) < RECEIVE_MOST or not strangers.isdisjoint(left):
            return taken
        strangers |= left.keys()


def _in_flight(account: Account) -> int:
    """Return about how many messages are on the three queues; the service never says fewer than there are."""
    settings = account.settings
    names = (settings.requests_queue, settings.operations_queue, settings.events_queue)
    return sum(account.length(name) or 0 for name in names)
