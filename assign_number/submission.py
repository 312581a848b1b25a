"""One delivery in the in-box: reject it, end it, order it, or hand it over to the work list."""

import logging

from assign_number.request import Envelope, Rejection, read
from teams_numbers import failures, log, outbox
from teams_numbers.contracts import Action, Outcome
from teams_numbers.events import EventData, completion_event
from teams_numbers.loop import look_at
from teams_numbers.questions import Busy, Claim, Decision, Defer, Finish, Follow
from teams_numbers.services import Services
from teams_numbers.work_item import Problem, WorkItem


class _InBox:
    """What this room may do: order assignments of a named number. A duplicate of one does no harm."""

    careful = False

    def claim(self, claim: Claim) -> Busy:  # noqa: ARG002 - nobody is asked
        """Claim nothing: what can hurt is handed over before it is asked for."""
        return Busy("handedOver", 0)

    def brake(self) -> bool:
        """Let nothing pass: nothing is unassigned here."""
        return False

    def not_sent(self) -> None:
        """Take nothing back: nothing was counted."""

    def store(self, item: WorkItem) -> None:
        """Store nothing: the delivery says it all, and a redelivery is judged anew."""


def handle(envelope: Envelope, services: Services) -> None:
    """Bring one delivery to its next station; once this returns, the message may be deleted.

    Raises:
        Exception: the app's own storage failed, or something that nobody foresaw: nothing is decided, and the host
            delivers the message again.
    """
    request = read(envelope, services.settings.number_check)
    if isinstance(request, Rejection):
        reject(request, envelope, services)
        return
    item = WorkItem(request=request, received_at=envelope.inserted_at)
    early = request.not_before is not None and request.not_before > services.clock.now()
    if envelope.deliveries > 1 or request.careful or (early and not request.dry_run):
        hand_over(item, envelope, services)
        return
    try:
        decision = look_at(item, services, _InBox())
        carry_out(decision, services)
    except Exception as error:
        log.emit(
            "unforeseen",
            logging.ERROR,
            where="assign_number",
            request_id=request.request_id,
            error=type(error).__name__,
        )
        raise


def hand_over(item: WorkItem, envelope: Envelope, services: Services) -> None:
    """Put a request on the work list without a call to Graph; the poller judges it in full."""
    services.queues.operations.send(item.to_text())
    log.emit(
        "request.handed_over",
        request_id=item.request.request_id,
        action=item.request.action,
        deliveries=envelope.deliveries,
    )


def carry_out(decision: Decision, services: Services) -> None:
    """Store what comes next. The message the request came with is deleted after this, by the host."""
    match decision:
        case Finish(item, verdict):
            outbox.tell(item, verdict, services)
        case Follow(item, after) | Defer(item, after):
            services.queues.operations.send(item.to_text(), after)
            outbox.note(decision)


def reject(rejection: Rejection, envelope: Envelope, services: Services) -> None:
    """Tell the requester what is wrong, and set the message aside unchanged."""
    failure = failures.INVALID_REQUEST
    action = rejection.readable.get("action")
    data = EventData.model_validate(
        rejection.readable
        | {
            "requestId": rejection.request_id,
            "receivedAt": envelope.inserted_at,
            "completedAt": services.clock.now(),
            "attempts": 1,
            "error": Problem(code=failure.code, message=rejection.reason, advice=failure.advice),
        }
    )
    kind = Action(action) if action in set(Action) else Action.ASSIGN
    event = completion_event(services.settings.event_source, kind, Outcome.REJECTED, data, rejection.fingerprint)
    outbox.send(event, Outcome.REJECTED, services)
    services.queues.requests.set_aside(envelope.text)
    log.emit(
        "request.set_aside",
        logging.WARNING,
        request_id=rejection.request_id,
        reason=failure.code,
        fields=rejection.fields,
    )
