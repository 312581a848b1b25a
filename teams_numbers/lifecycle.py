"""The life of a request: from what is known to what to ask or do next. Pure; the rows stand in the table's order.

`live` yields questions and is sent each answer with the moment after it; what it returns is how this look at the item
ends. docs/architecture.md has the table; a test holds that both name the same rows.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from teams_numbers import failures, orders, replacement, wishes
from teams_numbers.answers import NoSuchPerson, Person
from teams_numbers.catalogue.entry import Kind
from teams_numbers.contracts import Action, Outcome
from teams_numbers.deadline import in_time
from teams_numbers.goal import withdrawn
from teams_numbers.look import Look, Rules, Steps, UnreadError
from teams_numbers.questions import Busy, Decision, Defer, Finish, Poll, ReadNumber, Resolve
from teams_numbers.standings import Changing, Holds, InTheWay, Lost, NotTheirs, Step, achieved
from teams_numbers.work_item import Doubt, WorkItem

#: How long nobody of a user principal name is waited for where a number is to be unassigned.
NOBODY_SECONDS = 900.0

type Row = Callable[[Look], Steps[Decision | None]]


def live(item: WorkItem, now: datetime, rules: Rules) -> Steps[Decision]:
    """Look at an item once: the first row that applies decides.

    Args:
        item: all that is known of the request.
        now: the moment at which the look begins.
        rules: the settings, jitter, and whether orders that can hurt may be given.
    """
    look = Look(item, now, rules)
    decision: Decision | None = None
    try:
        for row in ROWS:
            decision = yield from row(look)
            if decision is not None:
                break
    except UnreadError as unread:
        unknown = failures.NUMBER_NOT_FOUND if isinstance(unread.question, ReadNumber) else failures.UNKNOWN
        decision = orders.reading_refused(look, unread.answer, unknown)
    return replacement.give_back(look, in_time(look, decision or look.waiting("unclear")))


def tell_again(look: Look) -> Steps[Decision | None]:
    """The item has a verdict: tell it again."""
    yield from ()
    return Finish(look.item, look.item.verdict) if look.item.verdict else None


def not_enabled(look: Look) -> Steps[Decision | None]:
    """The app is not set up for it: Rejected; Failed where the set-up changed after an order."""
    yield from ()
    item, request, settings = look.item, look.item.request, look.settings
    if item.order is not None or item.giving_back is not None:
        return None
    outcome = Outcome.FAILED if item.touched else Outcome.REJECTED
    if missing := sorted(item.needs - settings.actions):
        said = f"action: {', '.join(missing)} is not enabled here."
        return look.fail(failures.ACTION_NOT_ENABLED, said, outcome=outcome)
    if request.pool is not None and request.pool not in settings.number_pools:
        known = ", ".join(sorted(settings.number_pools)) or "none"
        said = f"pool: there is no pool {request.pool!r} here; there are: {known}."
        return look.fail(failures.POOL_UNKNOWN, said, outcome=outcome)
    return None


def not_due(look: Look) -> Steps[Decision | None]:
    """Before notBefore, or before Graph wants to be asked again: deferred to it."""
    item, request = look.item, look.item.request
    if item.not_until is not None and look.now < item.not_until and not look.overdue:
        return look.defer((item.not_until - look.now).total_seconds(), "throttled")
    if request.not_before is None or look.now >= request.not_before or request.dry_run:
        return None
    if request.action is Action.UNASSIGN and (decision := (yield from not_resolved(look))) is not None:
        return decision
    return look.defer((request.not_before - look.now).total_seconds(), "notBefore")


def not_resolved(look: Look) -> Steps[Decision | None]:
    """The person is not resolved: who is it?"""
    item, request = look.item, look.item.request
    if item.person is not None or request.user_principal_name is None:
        look.item = item.but(person=item.person or request.assignment_target_id)
        return None
    answer = yield from look.ask(Resolve(request.user_principal_name))
    match answer:
        case Person(id=person):
            look.item = look.item.but(person=person)
            return None
        case NoSuchPerson() if request.dry_run:
            return look.fail(failures.USER_NOT_FOUND, "Nobody has this userPrincipalName.")
        case NoSuchPerson() if request.action is not Action.ASSIGN:
            since = item.received_at if request.action is Action.UNASSIGN else item.due_from
            if look.now >= since + timedelta(seconds=NOBODY_SECONDS):
                said = "Nobody has this userPrincipalName; a deleted account has none: send the object id."
                return look.fail(failures.USER_NOT_FOUND, said)
            return look.try_again(failures.USER_NOT_FOUND, "Nobody has this userPrincipalName.")
        case NoSuchPerson():
            return look.wait_for(failures.USER_NOT_FOUND, "Nobody has this userPrincipalName.")
        case _:
            return orders.reading_refused(look, answer, failures.UNKNOWN)


def order_unanswered(look: Look) -> Steps[Decision | None]:
    """An order may have been sent, and nobody knows its answer: observe; then the same order again, or none."""
    order = look.item.order
    if order is None or order.operation_url is not None or order.done_at is not None:
        return None
    # An unassignment counts as running: who ends it early may let it hit the next holder.
    if order.action is Action.UNASSIGN and look.now < orders.runs_until(look, order):
        return look.waiting("orderUnanswered")
    reading = yield from look.number(order.telephone_number, max(order.sent_at, look.recent))
    if achieved(order, reading.number(order.telephone_number)):
        return orders.step_taken(look, order)
    if order.action is Action.UNASSIGN:
        look.item = look.item.but(order=None)
    elif not order.unanswered and orders.young(look, order):
        return look.follow_up(order, "orderUnanswered")
    elif withdrawn(look):
        return look.waiting("orderUnanswered")  # it is not given again, but may be carried out
    return None


def order_followed(look: Look) -> Steps[Decision | None]:
    """Graph took the order: does it show? If not, how does its operation go?"""
    order = look.item.order
    if order is None or (order.operation_url is None and order.done_at is None):
        return None
    if order.action is not Action.UNASSIGN or order.done_at is not None:  # else the operation is asked first
        # A list that lacks the number would never show the order: the number itself is read from then on.
        alone = order.done_at is not None and look.now >= order.done_at + look.settings.list_lag
        since = look.since(order.done_at or order.sent_at)
        reading = yield from look.number(order.telephone_number, since, alone=alone)
        if achieved(order, reading.number(order.telephone_number)):
            return orders.step_taken(look, order)
    if order.done_at is not None:
        if look.now >= order.done_at + timedelta(seconds=look.settings.confirm_seconds):
            return orders.not_visible(look, order)
        return look.follow_up(order, "notVisible")
    if look.shared and not look.overdue and look.now < orders.ask_at(look, order):
        return look.follow_up(order, "orderRunning")
    answer = yield from look.ask(Poll(order.operation_url or ""))
    order = orders.changed(look, order, asked_at=look.now)
    return (yield from orders.operation_says(look, order, answer))


def reconcile(look: Look) -> Steps[Decision | None]:
    """Compare the wish with what is, and take the next step."""
    while True:
        look.read_at = look.now
        standing = yield from wishes.standing(look)
        match standing:
            case Busy():
                decision: Decision | None = in_flight(look, standing)
            case Holds():
                decision = wish_holds(look, standing)
            case Changing():
                decision = changing(look)
            case NotTheirs():
                decision = not_theirs(look, standing)
            case Lost():
                decision = pick_lost(look, standing)
            case InTheWay():
                decision = in_the_way(look, standing)
            case Step():
                decision = (yield from not_enabled(look)) or (yield from orders.clear(look, standing))
        if decision is not None:
            return decision


def in_flight(look: Look, busy: Busy) -> Defer:
    """Person or number is in flight for another request: deferred."""
    return look.waiting(busy.reason, busy.seconds)


def wish_holds(look: Look, holds: Holds) -> Decision:
    """The wish holds by observation, in full: Succeeded."""
    return look.succeed(holds.note, holds.record)


def changing(look: Look) -> Decision:
    """Somebody's order for the number is running: deferred until it shows what came of it."""
    if look.item.request.dry_run:
        return look.fail(failures.ACTIVATION_PENDING, "An order for this number is still running.")
    return look.waiting("orderRunning")


def not_theirs(look: Look, standing: NotTheirs) -> Decision | None:
    """A number to unassign is not the person's: believed when read twice; then there is nothing to do for it."""
    if (again := believed(look, f"notTheirs:{standing.number}", standing.read_at)) is not None:
        return again
    left = tuple(number for number in look.item.unassign or () if number != standing.number)
    look.item = look.item.but(unassign=left, doubt=None)
    return None


def pick_lost(look: Look, standing: Lost) -> Decision | None:
    """A pick shows somebody else, or does not suit: the next one; where its order had no answer, only if read twice."""
    order = look.item.order
    if order is not None and (again := believed(look, f"lost:{standing.number}", standing.read_at)) is not None:
        return again
    look.item = look.item.but(doubt=None)
    return orders.next_pick(look, standing.number)


def in_the_way(look: Look, standing: InTheWay) -> Decision:
    """Somebody else's, another number, another category: Failed when read twice. Unsuited: Failed. Pool empty: wait."""
    failure, said = standing.failure, standing.message
    if look.refusal is not None and failure.code == look.refusal.failure.code:
        said = look.refusal.said
    if look.item.request.dry_run:
        return look.fail(failure, said)
    if failure.kind is Kind.WAIT:
        return look.wait_for(failure, said)
    if not standing.certain and (again := believed(look, failure.code, standing.read_at)) is not None:
        return again
    return look.fail(failure, said)


def believed(look: Look, code: str, read_at: datetime) -> Defer | None:
    """Return None where a reading is believed: it is the second of its kind, LIST_LAG_SECONDS after the first."""
    if look.item.request.dry_run:
        return None
    doubt = look.item.doubt
    if doubt is None or doubt.code != code:
        doubt = Doubt(code=code, first_read_at=read_at)
        look.item = look.item.but(doubt=doubt)
    if (left := (doubt.first_read_at + look.settings.list_lag - read_at).total_seconds()) > 0:
        return look.defer(left, "readAgain")
    return None


#: The rows, in the order in which they are tried. The last one always decides.
ROWS: tuple[Row, ...] = (
    tell_again,
    not_enabled,
    not_due,
    not_resolved,
    order_unanswered,
    order_followed,
    reconcile,
)
