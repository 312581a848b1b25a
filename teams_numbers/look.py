"""One look at a work item: what is known, what may be asked, and the ends it can come to. Pure."""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from teams_numbers import answers, failures, numbers
from teams_numbers.answers import Denied, Refused, Throttled, Unclear, Unjudged
from teams_numbers.catalogue.entry import Failure
from teams_numbers.contracts import Outcome
from teams_numbers.questions import Defer, Finish, Question, Reading, ReadNumber, ReadPerson, ReadPool
from teams_numbers.records import NumberRecord
from teams_numbers.schedule import back_off, jittered, page_pause, poll_pause, wait_pause
from teams_numbers.settings import Settings
from teams_numbers.standings import Refusal
from teams_numbers.work_item import Order, Problem, Verdict, WorkItem, shortened

#: How old one may be on which an unassignment is given, in seconds.
FRESH_SECONDS = 5.0
#: How old a reading may be that shows what came of an order, in seconds: as long as a poll run takes for what is due.
NEW_SECONDS = 10.0
#: How long an order may take after the readings that allow it, in seconds: ten for the list, ten for its turn.
TURN_SECONDS = 20.0
#: How long after its deadline a request still waits for a readable answer, as a share of the deadline.
_GRACE = 1 / 8

type Steps[T] = Generator[Question, tuple[Any, datetime], T]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision may depend on besides the item and the time.

    Attributes:
        settings: the app's.
        rng: a source of jitter.
        careful: whether this room may give orders that can hurt.
    """

    settings: Settings
    rng: Random
    careful: bool = True


class UnreadError(Exception):
    """A reading could not be had; carries what was asked, and what Graph said instead."""

    def __init__(self, question: Question, answer: Refused | Unjudged) -> None:
        super().__init__()
        self.question, self.answer = question, answer


@dataclass(slots=True)
class Look:
    """One look at an item. `now` is the moment after the last answer.

    Attributes:
        item: as it is by now.
        now: the time.
        rules: settings and jitter.
        refusal: what Graph refused in this look and must be observed.
        picks: how many picks were refused in this look.
        shared: whether the last reading came from a page that answers many questions.
        read_at: when the oldest was made of the readings that the next order goes by.
    """

    item: WorkItem
    now: datetime
    rules: Rules
    refusal: Refusal | None = None
    picks: int = 0
    shared: bool = False
    read_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing read."""
        self.read_at = self.now

    @property
    def settings(self) -> Settings:
        """The app's settings."""
        return self.rules.settings

    @property
    def recent(self) -> datetime:
        """From when a reading must date that allows an order: shortly before, and after this request's last one."""
        since = self.now - self.settings.recent
        return max(since, self.item.submitted_at or since)

    def since(self, moment: datetime) -> datetime:
        """Return from when a reading must date that follows what happened at a moment: it is new, or nearly so."""
        return max(moment, self.now - timedelta(seconds=NEW_SECONDS))

    def ask(self, question: Question) -> Steps[Any]:
        """Ask, and note the time of the answer."""
        answer, self.now = yield question
        return answer

    def number(self, telephone_number: str, since: datetime, *, alone: bool = False) -> Steps[Reading]:
        """Read one number; alone where a first reading is to be confirmed."""
        return self._read(ReadNumber(telephone_number, since, alone or self.item.doubt is not None))

    def held_by(self, person: str) -> Steps[Reading]:
        """Read which numbers a person has."""
        return self._read(ReadPerson(person, self.recent))

    def listed(self, pool: str) -> Steps[Reading]:
        """Read a pool's listed numbers; a pick is read itself before it is ordered, so the list may be older."""
        return self._read(ReadPool(pool, self.now - self.settings.list_lag))

    def _read(self, question: Question) -> Steps[Reading]:
        answer = yield from self.ask(question)
        if not isinstance(answer, Reading):
            raise UnreadError(question, answer)
        self.shared = answer.shared
        if not isinstance(question, ReadPool):  # a pick is read itself
            self.read_at = min(self.read_at, answer.at)
        return answer

    @property
    def deadline(self) -> datetime:
        """When the request is given up."""
        if self.item.giving_back is not None:
            return self.item.giving_back.completed_at + self.settings.deadline * _GRACE
        return self.item.due_from + self.settings.deadline

    @property
    def overdue(self) -> bool:
        """Whether the deadline has passed."""
        return self.now >= self.deadline

    @property
    def patience_ends(self) -> datetime:
        """When not even a last answer is waited for any more."""
        return max(self.deadline, self.item.late_since or self.deadline) + self.settings.deadline * _GRACE

    def succeed(self, note: str, record: NumberRecord | None = None) -> Finish:
        """End the request: its wish holds."""
        if self.item.request.dry_run:
            return self.would(f"Nothing would change: {note}", record)
        return self._finish(Outcome.SUCCEEDED, record, note=note + self._odd_number())

    def would(self, note: str, record: NumberRecord | None = None) -> Finish:
        """End a dry run: this is what would be ordered."""
        return self._finish(Outcome.VALIDATED, record, note=note + self._odd_number())

    def _odd_number(self) -> str:
        """Say so where the request's number has the right length for its country, but is of no range known there."""
        number = self.item.request.telephone_number
        if number is None or numbers.is_valid(number):
            return ""
        return f" Check {number}: it is not in a number range that is known for its country."

    def fail(
        self,
        failure: Failure,
        message: str,
        request_id: str | None = None,
        *,
        outcome: Outcome = Outcome.FAILED,
        reason: str | None = None,
    ) -> Finish:
        """End the request with what the catalogue says of a failure."""
        advice = failures.by_code(reason).advice if reason else failure.advice
        problem = Problem(
            code=failure.code,
            message=(shortened(message) or failure.advice) + self.item.left_over,
            advice=advice,
            reason=reason,
            graph_request_id=request_id,
        )
        if self.item.request.dry_run and outcome is Outcome.FAILED:
            outcome = Outcome.REJECTED
        return self._finish(outcome, None, problem=problem)

    def _finish(
        self, outcome: Outcome, record: NumberRecord | None, *, note: str | None = None, problem: Problem | None = None
    ) -> Finish:
        request = self.item.request
        verdict = Verdict(
            outcome=outcome,
            completed_at=self.now,
            telephone_number=request.telephone_number or self.item.number,
            number_type=record and record.number_type,
            assignment_category=record and record.category,
            location_id=record and record.location_id,
            activation_state=record and record.activation_state,
            unassigned_numbers=self.item.unassigned,
            note=note,
            problem=problem,
        )
        return Finish(self.item, verdict)

    def wait_for(self, failure: Failure, said: str) -> Defer:
        """Defer the item for what must happen outside first: WAIT_SECONDS in turn."""
        return self._judged(failure, said, wait_pause(self.item.attempt, self.settings))

    def try_again(self, failure: Failure, said: str) -> Defer:
        """Defer the item for what trying again helps against, with growing pauses."""
        return self._judged(failure, said, back_off(self.item.attempt, self.settings, self.rules.rng))

    def times(self, failure: Failure) -> int:
        """Return how often in a row until now the item was deferred for a failure."""
        return self.item.reason_times if self.item.reason == failure.code else 0

    def _judged(self, failure: Failure, said: str, after: float) -> Defer:
        self.item = self.item.but(
            attempt=self.item.attempt + 1,
            waits=0,
            waits_for=None,
            reason=failure.code,
            reason_times=self.times(failure) + 1,
            said=shortened(said) or None,
        )
        return self.defer(after, failure.code)

    def unjudged(self, answer: Unjudged) -> Defer:
        """Defer the item for an answer that says nothing about the request."""
        after = back_off(self.item.waits, self.settings, self.rules.rng)
        reason = "unclear"
        match answer:
            case Unclear(reason=answers.OUT_OF_TIME):
                return self.defer(0, "outOfTime")
            case Throttled(float() | int() as retry_after):
                reason, after = "throttled", jittered(retry_after, self.rules.rng)
                self.item = self.item.but(not_until=self.now + timedelta(seconds=after))
            case Throttled():
                reason = "throttled"
            case Denied(failure=failure):
                reason = failure.code
                after = max(after, min(wait_pause(0, self.settings), self.settings.max_poll_seconds))
        return self.waiting(reason, after)

    def waiting(self, reason: str, after: float | None = None) -> Defer:
        """Defer the item without a judgment, for so many seconds or with growing pauses."""
        if after is None:
            after = back_off(self.item.waits, self.settings, self.rules.rng)
        self.item = self.item.but(waits=self.item.waits + 1, waits_for=reason)
        return self.defer(after, reason)

    def follow_up(self, order: Order, reason: str) -> Defer:
        """Defer an item whose order goes on; where a page answers for many, looking more often costs nothing."""
        if self.shared:
            return self.defer(page_pause(order.submitted_at or order.sent_at, self.now, self.settings), reason)
        looks = order.looks + 1
        self.item = self.item.but(order=order.but(looks=looks))
        return self.defer(poll_pause(looks, self.settings, self.rules.rng), reason)

    @property
    def first_pause(self) -> float:
        """How long after its acceptance an order is first looked at; sooner where a page will answer for many."""
        return page_pause(self.now, self.now, self.settings) if self.shared else self.settings.first_poll_seconds

    def defer(self, after: float, reason: str) -> Defer:
        """Defer the item as it is."""
        return Defer(self.item, after, reason)
