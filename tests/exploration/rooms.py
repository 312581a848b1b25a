"""One look at a message by the app's real code, step by step: a look is its message and the answers it had so far.

A look in progress cannot be copied, but what it does depends on its message and on the answers alone. So it is run
again from its beginning: it is told the answers that it had, and at the next thing it asks for or does it stops.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, cast

from assign_number import submission
from assign_number.request import Envelope
from poll_operation import item as work
from teams_numbers.clock import Clock
from teams_numbers.graph import Graph
from teams_numbers.in_flight import InFlight
from teams_numbers.inventory import Inventory
from teams_numbers.questions import Poll, ReadNumber, ReadPerson, ReadPool
from teams_numbers.queues import Message, Queues
from teams_numbers.services import Services
from teams_numbers.settings import Settings
from teams_numbers.work_item import WorkItem
from tests.values import NOW, NoJitter

#: How long a tick of the model's clock is, in seconds: longer than a reading stays fresh.
TICK = 60


def at(tick: int) -> datetime:
    """Return the moment of a tick."""
    return NOW + timedelta(seconds=tick * TICK)


def tick_of(moment: datetime) -> int:
    """Return the tick at or after a moment."""
    return -int((NOW - moment).total_seconds() // TICK)


class Look(NamedTuple):
    """One look at a message, as far as it has come.

    Attributes:
        room: which function looks: assign_number at its in-box, or poll_operation at the work list.
        name: the message's id.
        text: its content.
        deliveries: how often it was delivered.
        inserted: the tick at which it was put on the queue.
        began: the tick at which the look began.
        answers: what it asked or did so far, what it was told, and the tick of that.
    """

    room: Literal["box", "list"]
    name: str
    text: str
    deliveries: int
    inserted: int
    began: int
    answers: tuple[tuple[Any, Any, int], ...] = ()

    def told(self, effect: object, answer: object, tick: int) -> "Look":
        """Return the look with one more answer."""
        return self._replace(answers=(*self.answers, (effect, answer, tick)))


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
    """An answer: the app's own storage fails."""

    error: type[Exception]


type Effect = ReadNumber | ReadPerson | ReadPool | Poll | Posted | Put | Replace | Delete | Length | Noted
#: What changes the world: a crash after anything else is the same as one before it.
SIDE_EFFECTS = (Posted, Put, Replace, Delete)


class _Stopped(BaseException):  # noqa: N818 - no error: it passes every handler of the app's
    def __init__(self, effect: Effect) -> None:
        super().__init__()
        self.effect = effect


class _Script:
    """The answers that a look had; it stops at the first thing that has none yet. Also its clock."""

    def __init__(self, look: Look) -> None:
        self._look, self._next = look, 0

    def ask(self, effect: Effect) -> Any:
        if self._next == len(self._look.answers):
            raise _Stopped(effect)
        _, answer, _ = self._look.answers[self._next]
        self._next += 1
        if isinstance(answer, Failure):
            raise answer.error
        return answer

    def now(self) -> datetime:
        return at(self._look.answers[self._next - 1][2] if self._next else self._look.began)

    def monotonic(self) -> float:
        return (self.now() - NOW).total_seconds()


class _Queue:
    def __init__(self, script: _Script, name: Any) -> None:
        self._script, self._name = script, name

    def send(self, text: str, after: float = 0, lives: int = -1) -> None:
        self._script.ask(Put(self._name, text if lives < 0 else "", after))

    def replace(self, message: Message, text: str, after: float) -> Message:
        self._script.ask(Replace(text, after))
        return Message(message.id, "", 1, message.inserted_at, text)

    def delete(self, message: Message) -> None:  # noqa: ARG002 - it is the look's own
        self._script.ask(Delete())

    def set_aside(self, text: str) -> None:
        self._script.ask(Put("poison", text))

    def length(self) -> int:
        return int(self._script.ask(Length()))


class _Graph:
    def __init__(self, script: _Script) -> None:
        self._script = script

    def operation_url(self, url: str) -> str:
        return url

    def operation(self, url: str) -> Any:
        return self._script.ask(Poll(url))

    def order(self, action: str, body: Mapping[str, str], *, expires: datetime | None) -> Any:
        posted = Posted(
            action, body["telephoneNumber"], body.get("assignmentTargetId"), body.get("locationId"), expires
        )
        return self._script.ask(posted)


class _Inventory:
    def __init__(self, script: _Script) -> None:
        self._script = script

    def number(self, number: str, since: datetime, *, alone: bool = False) -> Any:
        return self._script.ask(ReadNumber(number, since, alone))

    def person(self, person: str, since: datetime) -> Any:
        return self._script.ask(ReadPerson(person, since))

    def pool(self, pool: str, since: datetime) -> Any:
        return self._script.ask(ReadPool(pool, since))


class _InFlight:
    def __init__(self, script: _Script) -> None:
        self._script = script

    def claim(self, name: str, item: WorkItem, numbers: tuple[str, ...]) -> Any:
        return self._script.ask(Noted("claim", (name, item, numbers)))

    def ordered(self, name: str, item: WorkItem, after: float = 0) -> None:
        self._script.ask(Noted("ordered", (name, item, after)))

    def ended(self, name: str, item: WorkItem) -> None:
        self._script.ask(Noted("ended", (name, item)))

    def forget(self, name: str) -> None:
        self._script.ask(Noted("forget", (name,)))


class Rooms:
    """Runs looks of the app's real code; what it has run once it remembers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: dict[Look, Effect | Returned] = {}

    def next(self, look: Look) -> Effect | Returned:
        """Return what a look asks for or does next, or how it ended."""
        if look not in self._seen:
            self._seen[look] = self._run(look)
        return self._seen[look]

    def _run(self, look: Look) -> Effect | Returned:
        script = _Script(look)
        names = ("requests", "operations", "events", "unassignments")
        queues: Any = Queues(*(cast("Any", _Queue(script, name)) for name in names))
        services = Services(self._settings, queues, cast("Graph", _Graph(script)), cast("Clock", script), NoJitter())
        object.__setattr__(services, "inventory", cast("Inventory", _Inventory(script)))
        object.__setattr__(services, "in_flight", cast("InFlight", _InFlight(script)))
        try:
            if look.room == "box":
                submission.handle(Envelope(look.text, look.name, look.deliveries, at(look.inserted)), services)
                return Returned("handled")
            message = Message(look.name, "", look.deliveries, at(look.inserted), look.text)
            return Returned(work.handle(message, services, float("inf"))[0])
        except _Stopped as stopped:
            return stopped.effect
        except Exception:
            if any(isinstance(answer, Failure) for _, answer, _ in look.answers):
                return Returned("failed")  # assign_number: the host delivers the message again
            raise
