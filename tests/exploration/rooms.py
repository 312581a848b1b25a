"""One look at a message by the app's real code, step by step: a look is its message and the answers it had so far.

A look in progress cannot be copied, but what it does depends on its message and on the answers alone. So it is run
again from its beginning: it is told the answers that it had, and at the next thing it asks for or does it stops.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast

from assign_number import submission
from assign_number.request import Envelope
from poll_operation import item as work
from teams_numbers.questions import Poll, ReadNumber, ReadPerson, ReadPool
from teams_numbers.queues import Message, Queues
from teams_numbers.services import Services
from teams_numbers.settings import Settings
from teams_numbers.work_item import WorkItem
from tests.exploration.effects import Delete, Effect, Failure, Length, Noted, Posted, Put, Replace, Returned, at
from tests.values import NOW, NoJitter


class Beginning(NamedTuple):
    """What a look depends on besides its answers; `Look` says what each is."""

    room: Literal["box", "list"]
    name: str
    text: str
    deliveries: int
    inserted: int
    began: int


class Look:
    """One look at a message, as far as it has come; `Rooms` makes each only once, so two are the same or differ.

    Attributes:
        room: which function looks: assign_number at its in-box, or poll_operation at the work list.
        name: the message's id.
        text: its content.
        deliveries: how often it was delivered.
        inserted: the tick at which it was put on the queue.
        began: the tick at which the look began.
        answers: what it asked or did so far, what it was told, and the tick of that.
        next: what it asks for or does next, or how it ended.
        further: the looks that it goes on as, by the answer and its tick.
    """

    __slots__ = ("answers", "began", "deliveries", "further", "inserted", "name", "next", "room", "text")

    def __init__(self, began: Beginning, answers: tuple[tuple[Any, Any, int], ...] = ()) -> None:
        self.room, self.name, self.text, self.deliveries, self.inserted, self.began = began
        self.answers = answers
        self.next: Effect | Returned = Returned("")
        self.further: dict[tuple[Any, int], Look] = {}

    @property
    def foreseen(self) -> bool:
        """Whether it does not end in an exception that nobody foresaw."""
        fails = any(isinstance(answer, Failure) for _, answer, _ in self.answers)
        return fails or self.next != Returned("errors")


class _Stopped(BaseException):
    """No error: it passes every handler of the app's."""

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
            raise answer.error.with_traceback(None)
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
        self._begun: dict[Beginning, Look] = {}

    def begin(self, beginning: Beginning) -> Look:
        """Return a look that begins."""
        if beginning not in self._begun:
            look = self._begun[beginning] = Look(beginning)
            look.next = self._run(look)
        return self._begun[beginning]

    def told(self, look: Look, answer: Any, tick: int) -> Look:
        """Return a look that goes on with an answer."""
        key = (answer, tick)
        if key not in look.further:
            beginning = Beginning(look.room, look.name, look.text, look.deliveries, look.inserted, look.began)
            longer = look.further[key] = Look(beginning, (*look.answers, (look.next, answer, tick)))
            longer.next = self._run(longer)
        return look.further[key]

    def _run(self, look: Look) -> Effect | Returned:
        script = _Script(look)
        names = ("requests", "operations", "events", "unassignments")
        queues: Any = Queues(*(cast("Any", _Queue(script, name)) for name in names))
        graph: Any = _Graph(script)
        clock: Any = script
        services = Services(self._settings, queues, graph, clock, NoJitter())
        object.__setattr__(services, "inventory", _Inventory(script))
        object.__setattr__(services, "in_flight", _InFlight(script))
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
