"""Orders: when one is given, and what its answers mean. Pure; the second half of "The life of a request"."""

from datetime import datetime, timedelta
from typing import Any

from teams_numbers import answers, failures, replacement
from teams_numbers.answers import Accepted, Done, Operation, Refused, Unclear, Unjudged
from teams_numbers.catalogue.entry import Failure, Kind
from teams_numbers.contracts import Action, Outcome
from teams_numbers.deadline import may_order
from teams_numbers.goal import withdrawn
from teams_numbers.look import FRESH_SECONDS, TURN_SECONDS, Look, Steps
from teams_numbers.origin import operation_id
from teams_numbers.questions import Brake, Claim, Claimed, Decision, Follow, Send
from teams_numbers.schedule import back_off
from teams_numbers.standings import Refusal, Step, achieved, repeats
from teams_numbers.work_item import NUMBERS_MOST, Order

#: How often an operation's unknown word is taken for an order that runs.
ODD_LOOKS = 3
#: In a wave an order's operation is first asked so many FIRST_POLL_SECONDS after the order: three minutes by default.
_ASK_AFTER = 12
#: How often a number is read whose reading is refused in words that nobody knows.
READINGS = 3
#: How often in one look a refused pick is followed by another.
_MOST_PICKS = 5


def clear(look: Look, step: Step) -> Steps[Decision | None]:
    """The way is clear: store the order, send it."""
    item, order = look.item, step.order
    if item.request.dry_run:
        return look.would(step.sentence)
    if look.refusal is not None and repeats(order, look.refusal.order):  # what was read since may ask for another one
        return refusal_stands(look, look.refusal)
    careful = item.request.careful or order.action is not Action.ASSIGN
    if careful and not look.rules.careful:
        return look.defer(0, "handedOver")
    if not may_order(look):
        answers_were = item.waits_for or "orderUnanswered"  # throttled, unclear
        return look.waiting(answers_were) if item.order is not None else look.defer(0, "deadline")
    if careful and (waits := (yield from _claim(look, step))) is not None:
        return waits
    if step.picks:
        return None  # the pick is read itself before anything is ordered
    if order.action is Action.UNASSIGN and not (yield from look.ask(Brake())):
        look.item = look.item.but(braked_at=look.now)
        return look.waiting(failures.UNASSIGN_PAUSED.code)
    if step.replaces is not None:
        look.item = look.item.but(replaced=replacement.as_it_was(step.replaces, order))
    # A process may stand still between reading and sending, for as long as its lease is not taken over.
    expires = look.read_at + look.settings.recent + timedelta(seconds=TURN_SECONDS)
    if step.read_at is not None:
        expires = min(expires, step.read_at + timedelta(seconds=FRESH_SECONDS))
    return (yield from _send(look, order, expires))


def _claim(look: Look, step: Step) -> Steps[Decision | None]:
    """Claim the person and the number, picked or known; return None, or the deferral where others work on them."""
    item = look.item
    claimed = yield from look.ask(Claim(item, step.picks or (step.order.telephone_number,), len(step.picks) or None))
    if isinstance(claimed, Claimed):
        if step.picks:
            look.item = item.but(number=claimed.number)
        return None
    if item.number not in item.touched:
        look.item = item.but(number=None)  # others may order it meanwhile: picked anew
    return look.waiting(claimed.reason, claimed.seconds)


def _send(look: Look, order: Order, expires: datetime) -> Steps[Decision | None]:
    repeated = look.item.order is not None and repeats(order, look.item.order)
    # What is given again may have been carried out: it had no answer, or its operation is gone.
    order = order.but(sent_at=look.now, unanswered=repeated)
    number = order.telephone_number
    touched = look.item.touched if number in look.item.touched else (*look.item.touched, number)[-NUMBERS_MOST:]
    stored = look.item.but(order=order, touched=touched, not_until=None)
    answer = yield from look.ask(Send(stored, expires))
    match answer:
        case Unclear(reason=answers.EXPIRED):
            return look.waiting("readAgain", 1)
        case _ if answers.not_sent(answer):
            return look.unjudged(answer)  # the item stays as it was
    look.item = stored
    return (yield from _answered(look, order, answer))


def _answered(look: Look, order: Order, answer: Accepted | Done | Refused | Unjudged) -> Steps[Decision | None]:
    """202, a Location or none; done at once; no answer; refused."""
    match answer:
        case Accepted(operation_url=url, graph_request_id=request_id):
            taken = {"operation_url": url, "submitted_at": look.now, "unanswered": False}
            changed(look, order, **taken, graph_request_id=request_id)
            operation = operation_id(url) if url else None
            look.item = look.item.but(submitted_at=look.now, operation_id=operation, waits=0, waits_for=None)
            return Follow(look.item, look.first_pause)
        case Done(graph_request_id=request_id):
            changed(look, order, done_at=look.now, submitted_at=look.now, graph_request_id=request_id)
            look.item = look.item.but(submitted_at=look.now, waits=0, waits_for=None)
            return Follow(look.item, look.first_pause)
        case Refused():
            look.item = look.item.but(order=order if order.unanswered else None)
            return (yield from refused(look, answer, order))
        case _:
            changed(look, order, unanswered=True)
            return look.unjudged(answer)


def refused(look: Look, answer: Refused, order: Order) -> Steps[Decision | None]:
    """Graph said no, in words: the catalogue says what that means."""
    said = answer.message or f"{answer.status} {answer.code}".strip()
    failure = failures.recognize(said, answer.status)
    return (yield from judged(look, failure, said, answer.graph_request_id, order))


def judged(look: Look, failure: Failure, said: str, request_id: str | None, order: Order) -> Steps[Decision | None]:
    """Decide on what Graph refused, by its kind: wait, transient, observe, permanent."""
    yield from ()
    if failure.kind is Kind.WAIT:
        return look.wait_for(failure, said)
    if _tried_again(look, failure):
        return look.try_again(failure, said)
    if failure.kind is Kind.OBSERVE or failure is failures.UNKNOWN:
        look.refusal = Refusal(failure, said, request_id, order)
        look.item = look.item.but(submitted_at=look.now)  # what is read now must date from after this
        if failure is failures.NUMBER_TAKEN and look.item.request.pool and not order.unanswered:
            return next_pick(look, order.telephone_number)
        return None
    if failure.kind is Kind.CONFIGURATION:
        return look.waiting(failure.code)
    return look.fail(failure, said, request_id)


def reading_refused(look: Look, answer: Refused | Unjudged, unknown: Failure) -> Decision:
    """A reading was refused: in words, that says something about what was read; else it says nothing."""
    if not isinstance(answer, Refused):
        return look.unjudged(answer)
    if look.item.order is not None:
        return look.waiting("unclear")  # whatever is wrong with the reading, the order may be carried out
    said = answer.message or f"{answer.status} {answer.code}".strip()
    failure = failures.recognize(said, answer.status)
    if failure.kind is Kind.WAIT:
        return look.wait_for(failure, said)
    unheard_of = failure is failures.UNKNOWN and look.times(failure) + 1 < READINGS
    if unheard_of or _tried_again(look, failure):
        return look.try_again(failure, said)
    if failure.kind is Kind.CONFIGURATION:
        return look.waiting(failure.code)
    return look.fail(unknown if failure is failures.UNKNOWN else failure, said, answer.graph_request_id)


def _tried_again(look: Look, failure: Failure) -> bool:
    """Say whether trying again may yet help."""
    return failure.kind is Kind.TRANSIENT and (failure.tries is None or look.times(failure) + 1 < failure.tries)


def refusal_stands(look: Look, refusal: Refusal) -> Decision:
    """What Graph refused was observed, and the number does not say otherwise: tried again, a few times."""
    failure, said, request_id = refusal.failure, refusal.said, refusal.request_id
    if look.times(failure) + 1 < (failure.tries or 1):
        return look.try_again(failure, said)
    if failure is failures.NUMBER_TAKEN:
        return look.fail(failures.NUMBER_QUARANTINED, said, request_id)
    return look.fail(failure, said, request_id)


def next_pick(look: Look, number: str) -> Decision | None:
    """A pick is somebody else's, or was refused as taken: remembered; the next one."""
    look.item = look.item.but(refused=(*look.item.refused, number)[-NUMBERS_MOST:], number=None, order=None)
    look.picks += 1
    return look.waiting("pickRefused", 1) if look.picks >= _MOST_PICKS or withdrawn(look) else None


def operation_says(look: Look, order: Order, answer: Operation | Refused | Unjudged) -> Steps[Decision | None]:
    """The operation: running, succeeded, failed, skipped, gone, or a word that nobody knows."""
    if order.action is Action.UNASSIGN and _over(look, order, answer):
        reading = yield from look.number(order.telephone_number, look.now)
        if achieved(order, reading.number(order.telephone_number)):
            return step_taken(look, order)
    match answer:
        case Operation(status="succeeded", doubtful=False):
            order = changed(look, order, done_at=look.now)
            return look.follow_up(order, "notVisible")
        case Operation(status="notStarted" | "running"):
            return look.follow_up(order, "orderRunning")
        case Refused() | Operation(doubtful=True) if young(look, order):
            return look.follow_up(order, "orderRunning")
        case Operation(status="failed", detail=str() as detail, graph_request_id=request_id):
            look.item = look.item.but(order=None)
            return (yield from judged(look, failures.recognize(detail), detail, request_id, order))
        case Operation(status="failed" | "skipped" | "succeeded" as status, detail=detail, graph_request_id=request_id):
            look.item = look.item.but(order=None)
            failure = failures.OPERATION_SKIPPED if status == "skipped" else failures.OPERATION_FAILED
            return (yield from judged(look, failure, detail or "Graph gave no reason.", request_id, order))
        case Operation(status=word):
            order = changed(look, order, odd_looks=order.odd_looks + 1)
            return look.follow_up(order, "orderRunning" if order.odd_looks < ODD_LOOKS else f"operation:{word}"[:64])
        case Refused():
            changed(look, order, operation_url=None, unanswered=order.action is Action.UNASSIGN)
            after = back_off(look.item.attempt, look.settings, look.rules.rng)
            look.item = look.item.but(attempt=look.item.attempt + 1)
            return look.waiting("orderUnanswered", after)
        case _:
            return look.unjudged(answer)


def _over(look: Look, order: Order, answer: Operation | Refused | Unjudged) -> bool:
    """Say whether an unassignment runs no more, and the number alone tells what became of it."""
    match answer:
        case Operation(status="notStarted" | "running") | Operation(status="succeeded", doubtful=False):
            return False
        case Operation(status="failed" | "skipped" | "succeeded"):
            return True
    return look.now >= runs_until(look, order)


def step_taken(look: Look, order: Order) -> Decision | None:
    """An order shows: noted; what is next is judged anew."""
    number = order.telephone_number
    look.item = look.item.but(order=None, doubt=None, waits=0, waits_for=None)
    if order.action is Action.UNASSIGN:
        look.item = look.item.but(unassigned=(*look.item.unassigned, number)[-NUMBERS_MOST:])
        old = look.item.replaced
        if old is not None and old.telephone_number == number:
            look.item = look.item.but(replaced=old.but(unassigned_at=look.now))
    return None


def not_visible(look: Look, order: Order) -> Decision:
    """Graph says that an order succeeded, and nothing shows it for CONFIRM_SECONDS: Unconfirmed."""
    said = f"Graph reports that the order for {order.telephone_number} succeeded, but the number does not show it."
    return look.fail(failures.UNCONFIRMED, said, order.graph_request_id, outcome=Outcome.UNCONFIRMED)


def young(look: Look, order: Order) -> bool:
    """Say whether an order may yet be carried out unseen: for MAX_POLL_SECONDS after its acceptance."""
    since = order.submitted_at or order.sent_at
    return (look.now - since).total_seconds() < look.settings.max_poll_seconds


def runs_until(look: Look, order: Order) -> datetime:
    """Return how long an order counts as running of which nothing better is known."""
    return order.sent_at + timedelta(seconds=look.settings.confirm_seconds)


def ask_at(look: Look, order: Order) -> datetime:
    """Return when an order's operation is asked in a wave: first late, then each time it is twice as old."""
    first = timedelta(seconds=_ASK_AFTER * look.settings.first_poll_seconds)
    since = order.submitted_at or order.sent_at
    if order.asked_at is None:
        return since + first
    most = max(first, timedelta(seconds=look.settings.max_poll_seconds))
    return order.asked_at + min(most, max(first, order.asked_at - since))


def changed(look: Look, order: Order, **changes: Any) -> Order:  # noqa: ANN401 - whatever a field's type is
    """Return the order with some fields changed, noted in the item."""
    order = order.but(**changes)
    look.item = look.item.but(order=order)
    return order
