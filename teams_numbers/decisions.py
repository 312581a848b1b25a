"""What both rooms decide alike, as values: how a request ends, or when it is tried again. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from teams_numbers import failures
from teams_numbers.answers import Denied, Throttled, Unclear, Unjudged
from teams_numbers.failures import Failure, Kind
from teams_numbers.messages import GRAPH_TEXT, AssignmentRequest, Delivery, Outcome, Problem
from teams_numbers.schedule import back_off, jittered, wait_pause
from teams_numbers.settings import Settings
from teams_numbers.settle import Holder

#: How long after its deadline a request still waits for one readable answer, as a share of the deadline.
_GRACE = 1 / 8


@dataclass(frozen=True, slots=True)
class Finish:
    """The request ends, with an event; `note` is one plain sentence where there is no problem."""

    outcome: Outcome
    problem: Problem | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """The request goes back on its queue, visible after so many seconds, for the reason (a code)."""

    delivery: Delivery
    after: float
    reason: str


@dataclass(frozen=True, slots=True)
class Settle:
    """The number must be read first; `doubt` is what Graph said, if it said anything."""

    doubt: Failure | None = None
    message: str = ""
    graph_request_id: str | None = None

    @property
    def reason(self) -> str:
        """The code under which a request is put back after it."""
        return self.doubt.code if self.doubt else "orderLost"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision may depend on besides the message: the settings, the time, and a source of jitter."""

    settings: Settings
    now: datetime
    rng: Random

    def overdue(self, request: AssignmentRequest) -> bool:
        """Say whether the request's deadline has passed."""
        return self.now >= request.delivery.received_at + self.settings.deadline

    def past_grace(self, request: AssignmentRequest) -> bool:
        """Say whether not even a last answer is waited for any more."""
        return self.now >= request.delivery.received_at + self.settings.deadline * (1 + _GRACE)

    def final(self, found: object, request: AssignmentRequest) -> bool:
        """Say whether a reading after the deadline is the last: it is clear, or its request's grace is over as well."""
        return (isinstance(found, Holder) and found is not Holder.CHANGING) or self.past_grace(request)

    def in_time(self, request: AssignmentRequest, after: float) -> float:
        """Return a pause in seconds, cut so that the request is looked at at its deadline, and in its grace often."""
        left = (request.delivery.received_at + self.settings.deadline - self.now).total_seconds()
        return min(after, left if left > 0 else self.settings.max_poll_seconds)


def failed(failure: Failure, message: str, graph_request_id: str | None = None) -> Finish:
    """End the request with what the catalogue says of it."""
    return Finish(Outcome.FAILED, problem(failure, message, graph_request_id))


def problem(failure: Failure, message: str, graph_request_id: str | None = None) -> Problem:
    """Return a failure as the event tells it."""
    return Problem(
        code=failure.code,
        message=message[:GRAPH_TEXT] or failure.advice,
        advice=failure.advice,
        graph_request_id=graph_request_id,
    )


def by_failure(
    failure: Failure, message: str, graph_request_id: str | None, request: AssignmentRequest, rules: Rules
) -> Finish | PutBack | Settle:
    """Decide on what Graph refused: the catalogue's kinds, in its order."""
    attempt = request.delivery.attempt
    match failure.kind:
        case Kind.WAIT:
            return judged(request, wait_pause(attempt, rules.settings), failure.code, rules)
        case Kind.TRANSIENT if failure.tries is None or request.delivery.times(failure.code) + 1 < failure.tries:
            return judged(request, back_off(attempt, rules.settings, rules.rng), failure.code, rules)
        case Kind.OBSERVE:
            return Settle(failure, message, graph_request_id)
    return failed(failure, message, graph_request_id)


def by_holder(holder: Holder, settle: Settle, request: AssignmentRequest) -> Finish | None:
    """Decide on whose the number is; None: neither ours nor somebody else's, so it is tried again."""
    if holder is Holder.OURS:
        return Finish(Outcome.SUCCEEDED, note="The number is assigned to the user.")
    if holder is Holder.THEIRS:
        return failed(failures.NUMBER_TAKEN, settle.message or "The number is assigned to somebody else.")
    doubt = settle.doubt
    tried_enough = doubt and doubt.tries and request.delivery.times(doubt.code) + 1 >= doubt.tries
    if doubt and tried_enough and holder is not Holder.CHANGING:
        return failed(doubt, settle.message, settle.graph_request_id)
    return None


def by_deadline(holder: Holder | Unjudged) -> Finish:
    """Say the last word on a request whose deadline has passed; the same reading ends it as it would have before."""
    if holder is Holder.OURS:
        return Finish(Outcome.SUCCEEDED, note="The number is assigned to the user.")
    if holder is Holder.THEIRS:
        return failed(failures.NUMBER_TAKEN, "The number is assigned to somebody else.")
    known = (
        f"the number reads: {holder}" if isinstance(holder, Holder) else f"the number is unreadable: {cause(holder)}"
    )
    return Finish(Outcome.TIMED_OUT, problem(failures.TIMED_OUT, f"Not done by its deadline; {known}."))


def judged(request: AssignmentRequest, after: float, reason: str, rules: Rules, *, uncertain: bool = False) -> PutBack:
    """Put back a request on which Graph has spoken: its next attempt is due, after a settle where that is uncertain."""
    update = {
        "attempt": request.delivery.attempt + 1,
        "held": 0,
        "uncertain": uncertain,
        "reason": reason,
        "reason_times": request.delivery.times(reason) + 1,
    }
    return _again(request, after, reason, rules, update)


def held(request: AssignmentRequest, why: Unjudged, rules: Rules, *, ordered: bool = False) -> PutBack:
    """Put back a request on which Graph has not spoken.

    Args:
        request: the request.
        why: the answer there was.
        rules: the settings and the time.
        ordered: it was the answer to an order, so if that was sent nobody knows what became of it.
    """
    after = back_off(request.delivery.held, rules.settings, rules.rng)
    if isinstance(why, Throttled) and why.retry_after is not None:
        after = jittered(why.retry_after, rules.rng)
    elif isinstance(why, Denied):
        after = max(after, min(wait_pause(0, rules.settings), rules.settings.max_poll_seconds))
    update: dict[str, object] = {"held": request.delivery.held + 1}
    if ordered and not isinstance(why, Denied) and why.sent:
        update |= {"uncertain": True, "submitted_at": rules.now}
    return _again(request, after, cause(why), rules, update)


def order_running(request: AssignmentRequest, rules: Rules) -> PutBack:
    """Put back a request for whose number an order is running: whose it is will be read when that has ended."""
    after = back_off(request.delivery.held, rules.settings, rules.rng)
    return _again(request, after, "orderRunning", rules, {"held": request.delivery.held + 1, "uncertain": True})


def cause(why: Unjudged) -> str:
    """Return the code that events and logs give an answer which says nothing about the request."""
    match why:
        case Throttled():
            return "throttled"
        case Unclear():
            return "unclear"
        case Denied(failure=failure):
            return failure.code


def _again(
    request: AssignmentRequest, after: float, reason: str, rules: Rules, update: Mapping[str, object]
) -> PutBack:
    """Put a request back, in time for its deadline at the latest."""
    return PutBack(request.delivery.model_copy(update=update), rules.in_time(request, after), reason)
