"""The two ways out that both rooms share: the completion event, and the way back to the request queue."""

import logging

from teams_numbers import log
from teams_numbers.decisions import Finish, PutBack
from teams_numbers.messages import AssignmentRequest, EventData, Outcome, PendingOperation, completion_event
from teams_numbers.origin import operation_id
from teams_numbers.services import Services


def finish(
    request: AssignmentRequest, end: Finish, services: Services, pending: PendingOperation | None = None
) -> None:
    """Send the event that ends a request; the caller deletes what the request came with afterwards."""
    url = pending.operation_url if pending else None
    data = EventData(
        **request.model_dump(exclude={"delivery"}),
        received_at=request.delivery.received_at,
        submitted_at=pending.submitted_at if pending else request.delivery.submitted_at,
        completed_at=services.clock.now(),
        attempts=request.delivery.attempt + 1,
        operation_id=operation_id(url) if url else None,
        note=end.note,
        error=end.problem,
    )
    send_event(end.outcome, data, services)


def send_event(outcome: Outcome, data: EventData, services: Services) -> None:
    """Store a completion event and log it."""
    services.queues.events.send(completion_event(services.settings.event_source, outcome, data).to_text())
    error = data.error
    log.emit(
        "request.completed",
        logging.INFO if error is None else logging.WARNING,
        request_id=data.request_id,
        outcome=outcome,
        code=error and error.code,
        advice=error and error.advice,
        attempts=data.attempts,
        elapsed_seconds=round((data.completed_at - data.received_at).total_seconds(), 3),
        number_type=data.number_type,
        telephone_number=log.mask(data.telephone_number) if data.telephone_number else None,
        graph_request_id=error and error.graph_request_id,
    )


def put_back(request: AssignmentRequest, again: PutBack, services: Services) -> None:
    """Store the request anew for its next attempt; the caller deletes what it came with afterwards."""
    text = request.model_copy(update={"delivery": again.delivery}).to_text()
    services.queues.requests.send(text, again.after)
    log.emit(
        "request.put_back",
        request_id=request.request_id,
        reason=again.reason,
        attempt=again.delivery.attempt,
        held=again.delivery.held,
        uncertain=again.delivery.uncertain,
        delay_seconds=round(again.after, 1),
    )
