"""What the life cycle asks for, what it is told, and how it ends. Values only."""

from dataclasses import dataclass
from datetime import datetime

from teams_numbers.records import NumberRecord
from teams_numbers.work_item import Verdict, WorkItem


@dataclass(frozen=True, slots=True)
class Resolve:
    """Who has this user principal name? Answer: Person, NoSuchPerson, Refused or Unjudged."""

    user_principal_name: str


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """Whose is this number? Answer: Reading, Refused or Unjudged.

    Attributes:
        telephone_number: which one.
        since: the answer must date from then or later.
        alone: the number itself must be read, not a page that shows it.
    """

    telephone_number: str
    since: datetime
    alone: bool = False


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """Which numbers has this person? Answer: Reading, Refused or Unjudged."""

    person: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ReadPool:
    """Which listed numbers has this pool? Answer: Reading, Refused or Unjudged."""

    pool: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """May this request give a careful order for this person, and for which of these numbers? Answer: Claimed or Busy.

    Attributes:
        item: the request's.
        numbers: in the order in which they are wanted; empty: only the person matters.
        free: how many numbers its pool has, where one is picked.
    """

    item: WorkItem
    numbers: tuple[str, ...] = ()
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Brake:
    """May one more unassignment be sent today? Answer: bool. Counted before it is answered."""


@dataclass(frozen=True, slots=True)
class Send:
    """Store the item with its order, then send that. Answer: Accepted, Done, Refused or Unjudged.

    Attributes:
        item: with the order that is sent.
        expires: after this the order must not be sent any more: the readings that allow it are too old.
    """

    item: WorkItem
    expires: datetime


@dataclass(frozen=True, slots=True)
class Poll:
    """How does this order go? Answer: Operation, Refused or Unjudged."""

    operation_url: str


type Question = Resolve | ReadNumber | ReadPerson | ReadPool | Claim | Brake | Send | Poll


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers that a question was about.

    Attributes:
        at: when Graph was asked; they may be LIST_LAG_SECONDS older.
        records: as Graph shows them.
        shared: they come from a page that answers many questions at once.
    """

    at: datetime
    records: tuple[NumberRecord, ...]
    shared: bool = False

    def number(self, telephone_number: str) -> NumberRecord | None:
        """Return one number, or None where it is not listed."""
        return next((found for found in self.records if found.telephone_number == telephone_number), None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Nobody else works on this person, nor on this number."""

    number: str | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else does, or nobody knows yet.

    Attributes:
        reason: why, as a code.
        seconds: when to ask again; None: after a growing pause.
    """

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The request ends."""

    item: WorkItem
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Follow:
    """Graph took the order; its item is due after so many seconds."""

    item: WorkItem
    after: float


@dataclass(frozen=True, slots=True)
class Defer:
    """The item is due after so many seconds, for a reason (a code)."""

    item: WorkItem
    after: float
    reason: str


type Decision = Finish | Follow | Defer
