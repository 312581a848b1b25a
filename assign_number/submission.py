"""What to do with one request: submit, settle, defer, reject. `decide` reads like the table "The life of a request"."""

import contextlib
import logging
from dataclasses import dataclass

from assign_number.request import Envelope, Rejection, read
from teams_numbers import failures, log, outbox, settle
from teams_numbers.answers import Accepted, Denied, Refused, Throttled, Unclear
from teams_numbers.decisions import (
    Finish,
    PutBack,
    Rules,
    Settle,
    by_deadline,
    by_failure,
    by_holder,
    failed,
    held,
    judged,
    order_running,
    problem,
)
from teams_numbers.graph import Graph
from teams_numbers.messages import AssignmentRequest, EventData, NumberType, Outcome, PendingOperation
from teams_numbers.schedule import back_off
from teams_numbers.services import Services
from teams_numbers.settle import Holder

#: The host's `maxDequeueCount`: what fails on this delivery goes to the poison queue. A test compares it to host.json.
LAST_DELIVERY = 5
#: How often the next step's storing is tried again on it, before the request is ended for it.
_LAST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Follow:
    """Graph accepted the order: its operation is looked at after so many seconds."""

    pending: PendingOperation
    after: float


type Decision = Follow | Finish | PutBack


def handle(envelope: Envelope, services: Services) -> None:
    """Bring one delivery of a message to its next station; once this returns, the message may be deleted.

    Raises:
        Exception: whatever nobody foresaw; the host delivers the message again. On the last delivery the request's
            event is sent first.
    """
    request = read(envelope)
    if isinstance(request, Rejection):
        reject(request, envelope, services)
        return
    decision: Decision | None = None
    try:
        decision = decide(request, redelivered=envelope.deliveries > 1, graph=services.graph, rules=services.rules())
        carry_out(request, decision, services)
    except Exception as error:
        log.emit(
            "unforeseen",
            logging.ERROR,
            where="assign_number",
            request_id=request.request_id,
            error=type(error).__name__,
        )
        if envelope.deliveries >= LAST_DELIVERY:
            if decision is not None and _carried_out_at_last(request, decision, services):
                return
            end = failed(failures.INTERNAL_ERROR, f"The app failed {envelope.deliveries} times on this request.")
            outbox.finish(request, decision if isinstance(decision, Finish) else end, services)
        raise


def _carried_out_at_last(request: AssignmentRequest, decision: Decision, services: Services) -> bool:
    """Try again to store what comes next: a request that could be decided on does not fail for a failing queue."""
    for _ in range(_LAST_TRIES):
        with contextlib.suppress(Exception):
            carry_out(request, decision, services)
            return True
    return False


def decide(request: AssignmentRequest, *, redelivered: bool, graph: Graph, rules: Rules) -> Decision:
    """Ask Graph what must be asked about a request, and return what becomes of it."""
    if rules.overdue(request):
        return last_word(request, graph, rules)
    if request.dry_run:
        return validate(request, graph, rules)
    if redelivered or request.delivery.uncertain:
        earlier = settled(request, Settle(), graph, rules)
        if earlier is not None:
            return earlier
    answer = graph.assign(request)
    match answer:
        case Accepted(url, graph_request_id):
            pending = PendingOperation(
                request=request, operation_url=url, submitted_at=rules.now, graph_request_id=graph_request_id
            )
            return Follow(pending, rules.settings.first_poll_seconds)
        case Throttled() | Unclear() | Denied():
            return held(request, answer, rules, ordered=True)
        case Refused(status, code, message, graph_request_id):
            said = message or f"{status} {code}".strip()
            verdict = by_failure(failures.recognize(message, status), said, graph_request_id, request, rules)
            if not isinstance(verdict, Settle):
                return verdict
            pause = back_off(request.delivery.attempt, rules.settings, rules.rng)
            again = judged(request, pause, verdict.reason, rules, uncertain=True)
            return settled(request, verdict, graph, rules) or again


def settled(request: AssignmentRequest, doubt: Settle, graph: Graph, rules: Rules) -> Finish | PutBack | None:
    """Read the number; None where it is nobody's, so that the order may be given (again)."""
    found = settle.read(graph, request)
    if not isinstance(found, Holder):
        return held(request, found, rules)
    if found is Holder.CHANGING and doubt.doubt is None:
        return order_running(request, rules)
    return by_holder(found, doubt, request)


def last_word(request: AssignmentRequest, graph: Graph, rules: Rules) -> Finish | PutBack:
    """Settle a request whose deadline has passed; wait a little longer for a readable answer, not for a good one."""
    found = settle.read(graph, request)
    if isinstance(found, Holder) and request.dry_run:
        return foreseen(found, request)
    if rules.final(found, request):
        return by_deadline(found)
    return order_running(request, rules) if isinstance(found, Holder) else held(request, found, rules)


def validate(request: AssignmentRequest, graph: Graph, rules: Rules) -> Finish | PutBack:
    """Read the number, say what an order would do, and give none."""
    found = settle.read(graph, request)
    return foreseen(found, request) if isinstance(found, Holder) else held(request, found, rules)


def foreseen(found: Holder, request: AssignmentRequest) -> Finish:
    """Say what an order would do, from whose the number is."""
    unlisted_is_fine = request.number_type is NumberType.DIRECT_ROUTING
    match found:
        case Holder.OURS:
            return Finish(Outcome.VALIDATED, note="The number is assigned to the user already; nothing would change.")
        case Holder.FREE:
            return Finish(Outcome.VALIDATED, note="The number is free; it would be ordered for the user.")
        case Holder.UNLISTED if unlisted_is_fine:
            note = "The number is not in the inventory, as is usual for Direct Routing; it would be ordered."
            return Finish(Outcome.VALIDATED, note=note)
        case Holder.THEIRS:
            found_problem = problem(failures.NUMBER_TAKEN, "The number is assigned to somebody else.")
        case Holder.CHANGING:
            found_problem = problem(failures.ACTIVATION_PENDING, "An order for this number is still running.")
        case Holder.UNSUITED:
            found_problem = problem(failures.NUMBER_UNAVAILABLE, "The number cannot be assigned to users.")
        case Holder.UNLISTED | Holder.OTHER_TYPE:
            said = f"The tenant has no such number of type {request.number_type}."
            found_problem = problem(failures.NUMBER_NOT_FOUND, said)
    return Finish(Outcome.REJECTED, found_problem)


def carry_out(request: AssignmentRequest, decision: Decision, services: Services) -> None:
    """Store what comes next. The message the request came with is deleted after this, by the host."""
    match decision:
        case Follow(pending, after):
            services.queues.operations.send(pending.to_text(), after)
            log.emit(
                "request.submitted",
                request_id=request.request_id,
                attempt=request.delivery.attempt,
                telephone_number=log.mask(request.telephone_number),
                due_seconds=after,
                graph_request_id=pending.graph_request_id,
            )
        case Finish():
            outbox.finish(request, decision, services)
        case PutBack():
            outbox.put_back(request, decision, services)


def reject(rejection: Rejection, envelope: Envelope, services: Services) -> None:
    """Tell the requester what is wrong, and set the message aside unchanged."""
    data = EventData.model_validate(
        {key: value for key, value in rejection.readable.items() if key != "delivery"}
        | {
            "requestId": rejection.request_id,
            "receivedAt": envelope.inserted_at,
            "completedAt": services.clock.now(),
            "attempts": 1,
            "error": problem(failures.INVALID_REQUEST, rejection.reason),
        }
    )
    outbox.send_event(Outcome.REJECTED, data, services)
    services.queues.requests.set_aside(envelope.text)
    log.emit(
        "request.set_aside",
        logging.WARNING,
        request_id=rejection.request_id,
        reason=failures.INVALID_REQUEST.code,
        fields=rejection.fields,
    )
