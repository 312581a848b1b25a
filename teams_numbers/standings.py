"""How a wish stands, compared with what is. Values, and what an order repeats and shows."""

from dataclasses import dataclass
from datetime import datetime

from teams_numbers.catalogue.entry import Failure
from teams_numbers.contracts import Action
from teams_numbers.questions import Busy
from teams_numbers.records import Holder, NumberRecord
from teams_numbers.work_item import Order


@dataclass(frozen=True, slots=True)
class Holds:
    """The wish holds, in full."""

    note: str
    record: NumberRecord | None = None


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Something speaks against the wish.

    Attributes:
        failure: what.
        message: what was read.
        read_at: when.
        certain: it does not change from one minute to the next, so one reading is enough.
    """

    failure: Failure
    message: str
    read_at: datetime
    certain: bool = False


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """A number that is to be unassigned is not the person's; None: the person has no number at all."""

    number: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Lost:
    """The number that was picked from a pool shows somebody else, or is no number of the pool's kind."""

    number: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Changing:
    """Somebody's order for the number is running."""


@dataclass(frozen=True, slots=True)
class Step:
    """The way is clear for this order.

    Attributes:
        order: complete but for the time, and for the number where that is yet to be picked.
        picks: all free numbers of the pool, the wanted one first; empty: the number is known.
        read_at: when the holder was read, where the order must not be sent on an older reading.
        sentence: what it does, for a dry run.
        replaces: the number that makes room, as it was.
    """

    order: Order
    sentence: str
    picks: tuple[str, ...] = ()
    read_at: datetime | None = None
    replaces: NumberRecord | None = None


type Standing = Holds | InTheWay | NotTheirs | Lost | Changing | Busy | Step


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Graph refused in words that must be observed.

    Attributes:
        failure: the catalogue's entry.
        said: the words.
        request_id: Graph's `request-id`.
        order: what was refused.
    """

    failure: Failure
    said: str
    request_id: str | None
    order: Order


def repeats(order: Order, before: Order) -> bool:
    """Say whether an order does the same to the same number as one before it."""
    return (order.action, order.telephone_number) == (before.action, before.telephone_number)


def achieved(order: Order, found: NumberRecord | None) -> bool:
    """Say whether a number's reading shows what an order was to bring about."""
    person = order.assignment_target_id
    match order.action:
        case Action.ASSIGN:
            return found is not None and found.holder(person) is Holder.TARGET and not found.changing
        case Action.UNASSIGN:
            return found is None or not found.names(person)
        case Action.UPDATE:
            return found is not None and found.located(order.location_id)
