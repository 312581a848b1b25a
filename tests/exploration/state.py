"""The world in which the app's code runs, as values that can be compared: a state is all of it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tests.exploration.flight import Flight
from tests.exploration.rooms import Look


class Number(NamedTuple):
    """A number as Graph has it.

    Attributes:
        name: the number.
        holder: whose it is.
        location: its emergency location.
        past: what it was, each with the tick at which that ended, as long as a reading may still show it.
        moved: when an admin last moved it.
    """

    name: str
    holder: str | None
    location: str | None = None
    past: tuple[tuple[str | None, str | None, int], ...] = ()
    moved: int | None = None


class Operation(NamedTuple):
    """An order that Graph took.

    Attributes:
        url: where it is asked for; empty where nobody was told.
        owner: the work item or delivery that ordered it.
        action, number, person, location: what it does.
        until: it has ended by this tick.
        status: running, succeeded or failed.
        detail: why it failed.
    """

    url: str
    owner: str
    action: str
    number: str
    person: str | None
    location: str | None
    until: int
    status: Literal["running", "succeeded", "failed"] = "running"
    detail: str | None = None


class Delivery(NamedTuple):
    """A message in the in-box; `visible` is None while it is looked at."""

    name: str
    wish: int
    deliveries: int
    inserted: int
    visible: int | None


class Item(NamedTuple):
    """A message of the work list; invisible to others until a tick."""

    name: str
    text: str
    inserted: int
    visible: int


class Budget(NamedTuple):
    """How often something may yet go wrong.

    Attributes:
        crashes: of a process.
        lost: answers to orders that never arrive, whether the order was taken or not.
        refused: orders that Graph refuses for a reason of the world's.
        failed: orders that Graph takes and then fails.
        unread: readings without an answer.
        storage: calls to the app's own storage that fail, done or not.
        odd: exceptions that nobody foresaw, after an order was sent.
        moves: of numbers by an admin.
    """

    crashes: int = 0
    lost: int = 0
    refused: int = 0
    failed: int = 0
    unread: int = 0
    storage: int = 0
    odd: int = 0
    moves: int = 0

    def less(self, name: str) -> "Budget":
        """Return what is left after one of a kind."""
        return self._replace(**{name: getattr(self, name) - 1})


#: What an item holds that the brake holds.
PAUSED = '"waitsFor":"unassignPaused"'


class State(NamedTuple):
    """All of the world at one moment.

    Attributes:
        tick: the time.
        numbers: as Graph has them.
        operations: orders that Graph took and that run, or are still asked for.
        to_come: wishes that were not sent yet, by their place in the world, with their copy.
        box: the in-box.
        items: the work list.
        looks: those in progress; those at the work list belong to one process.
        flight: what that process knows.
        told: events, as whose they are, their id and their outcome.
        unassigned: how many unassignments the brake counts.
        sent: how many were sent.
        budget: what may yet go wrong.
    """

    tick: int
    numbers: tuple[Number, ...]
    operations: tuple[Operation, ...]
    to_come: tuple[tuple[int, int], ...]
    box: tuple[Delivery, ...]
    items: tuple[Item, ...]
    looks: tuple[Look, ...]
    flight: Flight
    told: frozenset[tuple[str, str, str]]
    unassigned: int
    sent: int
    budget: Budget

    @property
    def over(self) -> bool:
        """Whether every request has ended."""
        running = any(operation.status == "running" for operation in self.operations)
        return not (self.to_come or self.box or self.items or self.looks or running)

    @property
    def held(self) -> bool:
        """Whether all that is left waits for a person to release the brake."""
        others = self.to_come or self.box or self.looks
        return bool(self.items) and not others and all(PAUSED in item.text for item in self.items)

    def number(self, name: str) -> Number:
        """Return a number."""
        return next(number for number in self.numbers if number.name == name)


class Move(NamedTuple):
    """What may happen next: in words, the state after it, and the promise that it breaks, if any."""

    said: tuple[Any, ...]
    after: State
    broken: str | None = None


@dataclass(frozen=True)
class Wish:
    """A request of the world.

    Attributes:
        fields: as its caller writes it.
        latest: the tick by which it has been sent.
        earliest: not before this one.
        copies: how often it is sent.
    """

    fields: dict[str, Any]
    latest: int = 0
    earliest: int = 0
    copies: int = 1

    @property
    def person(self) -> str | None:
        """Whom it names."""
        return self.fields.get("assignmentTargetId")


@dataclass(frozen=True)
class World:
    """A small world: who wants what, and what may go wrong.

    Attributes:
        wishes: the requests.
        numbers: whose each number is at the start.
        budget: what may go wrong.
        settings: the app's, where they differ from the model's own.
        workers: how many items the poller looks at at once.
        boxes: how many deliveries of the in-box are looked at at once.
        lag: for how many ticks Graph's list may show what no longer is so.
        recent: how many ticks old a reading may be on which an order is given.
        runs: for how many ticks an order may run in Graph.
        deadline: of a request, in ticks.
        second: what Graph does where a person who has a number is assigned another one.
        slow: a look may last until the next tick.
        raised: by this tick a person raises the brake's limit, where it is reached; None: nobody does.
        orders_stored: holds the app to storing each order before it is sent, besides what comes of it.
    """

    wishes: tuple[Wish, ...]
    numbers: Mapping[str, str | None]
    budget: Budget = field(default_factory=Budget)
    settings: dict[str, Any] = field(default_factory=dict)
    workers: int = 1
    boxes: int = 1
    lag: int = 1
    recent: int = 0
    runs: int = 1
    deadline: int = 5
    second: Literal["replaced", "refused", "both"] = "replaced"
    slow: bool = False
    raised: int | None = None
    orders_stored: bool = True
