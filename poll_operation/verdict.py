"""An operation's answer -> wait, done, failed, try again, settle. Pure; in the order of the design's table."""

from dataclasses import dataclass

from teams_numbers import failures
from teams_numbers.answers import Denied, Operation, Refused, Throttled, Unclear, Unjudged
from teams_numbers.decisions import (
    Finish,
    PutBack,
    Rules,
    Settle,
    by_deadline,
    by_failure,
    by_holder,
    cause,
    judged,
)
from teams_numbers.log import plain
from teams_numbers.messages import Outcome, PendingOperation
from teams_numbers.schedule import back_off, jittered, poll_pause
from teams_numbers.settle import Holder


@dataclass(frozen=True, slots=True)
class Postpone:
    """The operation is looked at again after so many seconds; `status` says why."""

    after: float
    status: str


def verdict(
    answer: Operation | Refused | Unjudged, pending: PendingOperation, polls: int, rules: Rules
) -> Finish | PutBack | Postpone | Settle:
    """Decide on what the operation's URL said.

    Args:
        answer: what it said.
        pending: the operation.
        polls: how often it was looked at, this time included.
        rules: the settings and the time.
    """
    pause = poll_pause(polls, rules.settings, rules.rng)
    match answer:
        case Operation("notStarted" | "running" as status):
            return Postpone(pause, status)
        case Operation("failed", None, graph_request_id) | Operation(_, _, graph_request_id, doubtful=True):
            return Settle(failures.OPERATION_FAILED, answer.detail or "Graph gave no reason.", graph_request_id)
        case Operation("succeeded"):
            return Finish(Outcome.SUCCEEDED, note="The number is assigned to the user.")
        case Operation("failed", str() as detail, graph_request_id):
            return by_failure(failures.recognize(detail), detail, graph_request_id, pending.request, rules)
        case Operation("skipped", detail, graph_request_id):
            return Settle(failures.OPERATION_SKIPPED, detail or "Graph gave no reason.", graph_request_id)
        case Operation(word):
            return Postpone(pause, plain(word))
        case Refused(status):
            return Postpone(pause, str(status)) if _young(pending, rules) else Settle()
        case Throttled(float() as retry_after):
            return Postpone(rules.in_time(pending.request, jittered(retry_after, rules.rng)), cause(answer))
        case Throttled() | Unclear() | Denied():
            return Postpone(pause, cause(answer))


def settled(
    found: Holder | Unjudged, settle: Settle, pending: PendingOperation, polls: int, rules: Rules
) -> Finish | PutBack | Postpone:
    """Decide on whose the number is, where the operation itself did not say enough."""
    pause = poll_pause(polls, rules.settings, rules.rng)
    if not isinstance(found, Holder):
        return Postpone(pause, cause(found))
    if found is Holder.CHANGING:
        return Postpone(pause, found)
    if (end := by_holder(found, settle, pending.request)) is not None:
        return end
    if settle.doubt is None and _young(pending, rules):
        return Postpone(pause, found)
    after = back_off(pending.request.delivery.attempt, rules.settings, rules.rng)
    return judged(pending.request, after, settle.reason, rules)


def last_word(found: Holder | Unjudged, pending: PendingOperation, polls: int, rules: Rules) -> Finish | Postpone:
    """Decide on an operation whose request is past its deadline; wait a little longer for a clear answer."""
    if rules.final(found, pending.request):
        return by_deadline(found)
    status = found if isinstance(found, Holder) else cause(found)
    return Postpone(poll_pause(polls, rules.settings, rules.rng), status)


def _young(pending: PendingOperation, rules: Rules) -> bool:
    """Say whether Graph may yet be working on the order unseen: for MAX_POLL_SECONDS after its acceptance."""
    return (rules.now - pending.submitted_at).total_seconds() < rules.settings.max_poll_seconds
