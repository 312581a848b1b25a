"""A replacement: the old number makes room, and is given back where the new one cannot be had. Pure."""

from datetime import timedelta

from teams_numbers import failures
from teams_numbers.contracts import AssignmentCategory, NumberType, Outcome
from teams_numbers.look import Look
from teams_numbers.questions import Decision, Defer, Finish
from teams_numbers.records import NumberRecord
from teams_numbers.work_item import GRAPH_TEXT, Order, Replaced, Verdict, shortened


def as_it_was(old: NumberRecord, order: Order) -> Replaced:
    """Return a number, complete, so that it can be given back; its type as its own reading and so its order says."""
    return Replaced(
        telephone_number=old.telephone_number,
        number_type=NumberType(order.number_type or ""),
        assignment_category=AssignmentCategory(old.category or AssignmentCategory.PRIMARY),
        location_id=old.location_id,
    )


def give_back(look: Look, decision: Decision) -> Decision:
    """A replacement fails after the old number was unassigned: the old one is given back, and the event says so."""
    item = look.item
    if not isinstance(decision, Finish) or item.verdict is not None:
        return decision
    verdict, old = decision.verdict, item.replaced
    if item.giving_back is not None and old is not None:
        return Finish(item, _given_back(item.giving_back, old, verdict))
    if old is None or old.unassigned_at is None or verdict.outcome not in {Outcome.FAILED, Outcome.TIMED_OUT}:
        return decision
    since = max(look.now, old.unassigned_at + look.settings.list_lag)
    if item.order is not None:  # it may yet be carried out, and would take the old number away again
        since = max(since, item.order.sent_at + timedelta(seconds=look.settings.confirm_seconds))
    kept = verdict.but(completed_at=since)  # its time begins when it may be given
    back_to = item.but(giving_back=kept, order=None, doubt=None, number=None, waits=0, waits_for=None, not_until=since)
    return Defer(back_to, min((since - look.now).total_seconds(), look.settings.longest_pause), "givingBack")


def _given_back(first: Verdict, old: Replaced, verdict: Verdict) -> Verdict:
    """Return how a replacement ends that failed: for what reason, and what became of the old number."""
    back = verdict.outcome is Outcome.SUCCEEDED
    failure = failures.REPLACE_FAILED if back else failures.NUMBER_LOST
    why = verdict.problem.message if verdict.problem else verdict.outcome
    said = f"{old.telephone_number} was given back." if back else f"{old.telephone_number} is not given back: {why}"
    told = first.problem
    if told is not None and (verdict.problem is None or verdict.problem.code != failures.USER_HAS_NUMBER.code):
        about = {"code": failure.code, "advice": failure.advice, "reason": told.reason or told.code}
        told = told.but(**about)  # else the person is not without a number
    if told is not None:
        told = told.but(message=shortened(f"{told.message[: GRAPH_TEXT // 2]} {said}"))
    return first.but(completed_at=verdict.completed_at, problem=told)
