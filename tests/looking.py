"""A driver for the pure life cycle: one look at an item, against scripted answers, without a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from teams_numbers.answers import Accepted, Operation, Person
from teams_numbers.contracts import Action, NumberType
from teams_numbers.lifecycle import live
from teams_numbers.look import Rules
from teams_numbers.questions import (
    Brake,
    Claim,
    Claimed,
    Decision,
    Defer,
    Finish,
    Follow,
    Poll,
    Question,
    Reading,
    ReadNumber,
    ReadPerson,
    ReadPool,
    Resolve,
    Send,
)
from teams_numbers.records import NumberRecord
from teams_numbers.settings import Settings
from teams_numbers.work_item import Order, WorkItem
from tests.values import NOW, NUMBER, OPERATION_URL, USER, settings, work_item

#: Answers in place of the usual ones, by type of question: one value, a list used up in turn, or a function.
type Answers = Mapping[Any, Any]

_MOST_QUESTIONS = 40
ALL = settings(ACTIONS="assign,unassign,update", UNASSIGN_PER_DAY="25")
UPN = {"assignmentTargetId": None, "userPrincipalName": "anna@contoso.example"}
UNASSIGN = {"action": "unassign", "numberType": None}
LAG, CONFIRM = 300.0, 3600.0


def free(number: str = NUMBER, **about: Any) -> NumberRecord:
    """Return a number that nobody holds."""
    return NumberRecord(number, **{"number_type": "callingPlan"} | about)


def held(number: str = NUMBER, by: str | None = USER, **about: Any) -> NumberRecord:
    """Return a number that somebody holds; `by` None is a phantom."""
    return NumberRecord(number, **{"number_type": "callingPlan", "target": by, "assigned": True} | about)


@dataclass
class Looked:
    """How one look ended, and what was asked."""

    decision: Decision
    asked: list[Question] = field(default_factory=list)

    @property
    def item(self) -> WorkItem:
        """The item after the look."""
        return self.decision.item

    @property
    def sent(self) -> list[Order]:
        """The orders that were sent."""
        return [q.item.order for q in self.asked if isinstance(q, Send) and q.item.order is not None]

    def times(self, kind: type) -> int:
        """Return how often a type of question was asked."""
        return sum(isinstance(question, kind) for question in self.asked)

    @property
    def end(self) -> tuple[str, str | None]:
        """The outcome and the problem's code."""
        assert isinstance(self.decision, Finish), self.decision
        verdict = self.decision.verdict
        return str(verdict.outcome), verdict.problem.code if verdict.problem else None

    @property
    def message(self) -> str:
        """The words of the problem, or the note."""
        assert isinstance(self.decision, Finish), self.decision
        verdict = self.decision.verdict
        return verdict.problem.message if verdict.problem else verdict.note or ""

    @property
    def deferred(self) -> tuple[str, float]:
        """The reason and the seconds."""
        assert isinstance(self.decision, Defer), self.decision
        return self.decision.reason, self.decision.after

    @property
    def follows(self) -> bool:
        """Whether Graph took an order."""
        return isinstance(self.decision, Follow)


def look(
    item: WorkItem,
    *numbers: NumberRecord,
    after: float = 0,
    answers: Answers | None = None,
    careful: bool = True,
    shared: bool = False,
    sets: Settings | None = None,
) -> Looked:
    """Look at an item once.

    Args:
        item: the item.
        numbers: what Graph lists.
        after: how many seconds after NOW.
        answers: in place of the usual ones.
        careful: whether orders that can hurt may be given.
        shared: whether readings come from a page.
        sets: the settings.
    """
    now = NOW + timedelta(seconds=after)
    special = {kind: list(told) if isinstance(told, list) else told for kind, told in (answers or {}).items()}
    life = live(item, now, Rules(sets or settings(), Random(1), careful))  # noqa: S311 - jitter
    asked: list[Question] = []
    try:
        question = next(life)
        while True:
            asked.append(question)
            assert len(asked) < _MOST_QUESTIONS, asked
            question = life.send((_answer(question, numbers, now, special, shared), now))
    except StopIteration as end:
        return Looked(end.value, asked)


def _answer(
    question: Question, numbers: tuple[NumberRecord, ...], now: datetime, special: dict[type, Any], shared: bool
) -> Any:
    if type(question) in special:
        told = special[type(question)]
        told = told.pop(0) if isinstance(told, list) else told
        return told(question) if callable(told) else told
    match question:
        case ReadNumber(telephone_number=number):
            return Reading(now, tuple(one for one in numbers if one.telephone_number == number), shared)
        case ReadPerson(person=person):
            return Reading(now, tuple(one for one in numbers if one.target == person), shared)
        case ReadPool():
            return Reading(now, numbers, shared)
        case Claim(numbers=wanted):
            return Claimed(wanted[0] if wanted else None)
        case Brake():
            return True
        case Send():
            return Accepted(OPERATION_URL, "g-1")
        case Poll():
            return Operation("running", None, "g-2")
        case Resolve():
            return Person(USER)


def order(action: Action = Action.ASSIGN, **about: Any) -> Order:
    """Return an order of the request's, sent just now."""
    known: dict[str, Any] = {
        "telephone_number": NUMBER,
        "number_type": NumberType.CALLING_PLAN,
        "assignment_target_id": USER,
    }
    return Order(**{"action": action, "sent_at": NOW} | known | about)


def followed(action: Action = Action.ASSIGN, **about: Any) -> Order:
    """Return an order that Graph accepted just now."""
    return order(action, **{"operation_url": OPERATION_URL, "submitted_at": NOW} | about)


def ordered(given: Order, **known: Any) -> WorkItem:
    """Return an item with an order."""
    fields = dict(UNASSIGN) if given.action is Action.UNASSIGN else {}
    return work_item(
        fields=fields, person=USER, order=given, touched=(NUMBER,), submitted_at=given.submitted_at, **known
    )
