"""What a look at a message asks for or does, as values; and the model's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from teams_numbers.questions import Poll, ReadNumber, ReadPerson, ReadPool
from tests.values import NOW

#: How long a tick of the model's clock is, in seconds: longer than a reading stays fresh.
TICK = 60


def at(tick: int) -> datetime:
    """Return the moment of a tick."""
    return NOW + timedelta(seconds=tick * TICK)


def tick_of(moment: datetime) -> int:
    """Return the tick at or after a moment."""
    return -int((NOW - moment).total_seconds() // TICK)


@dataclass(frozen=True, slots=True)
class Posted:
    """An order on its way to Graph."""

    action: str
    number: str
    person: str | None
    location: str | None
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Put:
    """A message for a queue, visible after so many seconds."""

    queue: Literal["operations", "events", "unassignments", "poison"]
    text: str
    after: float = 0


@dataclass(frozen=True, slots=True)
class Replace:
    """The message's own new content, for so many seconds."""

    text: str
    after: float


@dataclass(frozen=True, slots=True)
class Delete:
    """The message is deleted."""


@dataclass(frozen=True, slots=True)
class Length:
    """How many messages the brake counts."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A call to what the process knows of orders in flight."""

    method: str
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """The look is over."""

    result: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer: an exception, of the app's own storage or of what nobody foresaw."""

    error: Exception


type Effect = ReadNumber | ReadPerson | ReadPool | Poll | Posted | Put | Replace | Delete | Length | Noted
#: What changes the world: a crash after anything else is the same as one before it.
SIDE_EFFECTS = (Posted, Put, Replace, Delete)
