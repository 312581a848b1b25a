"""The deadline: no deferral leads past it, and where it has passed the request ends with what it waited for. Pure."""

from teams_numbers import failures
from teams_numbers.catalogue.entry import Kind
from teams_numbers.contracts import Outcome
from teams_numbers.look import Look
from teams_numbers.questions import Decision, Defer, Finish

#: What is waited for past the deadline, as long as the grace lasts: it tells how the request truly ends.
_TELLING = frozenset(
    {"throttled", "unclear", "orderRunning", "orderUnanswered", "notVisible", "readAgain", "outOfTime"}
)


def in_time(look: Look, decision: Decision) -> Decision:
    """Keep a deferral within the deadline, and the pause of an item with an order short enough to be known of."""
    if not isinstance(decision, Defer):
        return decision
    item, after, reason = decision.item, decision.after, decision.reason
    telling = reason in _TELLING or failures.by_code(reason).kind is Kind.CONFIGURATION
    if not (look.now < look.patience_ends and (telling or may_order(look))):
        return time_out(look, reason)
    left = (look.deadline - look.now).total_seconds()
    after = min(after, left if left > 0 else look.settings.max_poll_seconds)
    if item.touched or item.order is not None:
        after = min(after, look.settings.longest_pause)
    return Defer(look.item, max(after, 0.0), reason)


def may_order(look: Look) -> bool:
    """Say whether an order may still be given: before the deadline, or after it where Graph's judgment was awaited."""
    item = look.item
    if not look.overdue:
        return True
    # Of the same request, sent or delivered twice, one item may have been judged before it was told to wait.
    if item.late_since is None and item.submitted_at is None and (item.waits or not item.attempt):
        look.item = item.but(late_since=look.now)
    return look.item.late_since is not None and look.now < look.patience_ends


def time_out(look: Look, reason: str) -> Finish:
    """End the request at its deadline: it says what it waited for."""
    if look.item.order is None:
        reason = look.item.waits_for or look.item.reason or ("orderUnanswered" if look.item.touched else reason)
    said, times = f"Not done by its deadline. It waited for: {reason}", 1
    if reason == failures.NUMBER_WITHOUT_HOLDER.code:
        return look.fail(failures.NUMBER_WITHOUT_HOLDER, look.item.said or said)
    judged = reason == look.item.reason
    if judged or reason == look.item.waits_for:
        times = look.item.reason_times if judged else look.item.waits
    said += f", {times} times in a row" if times > 1 else ""
    said += f". Last seen: {look.item.said}" if judged and look.item.said else "."
    return look.fail(failures.TIMED_OUT, said, outcome=Outcome.TIMED_OUT, reason=reason)
