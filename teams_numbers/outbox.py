"""The way out: the completion event of a request, and the line that tells of it."""

import logging

from teams_numbers import log, numbers
from teams_numbers.contracts import Outcome
from teams_numbers.events import CompletionEvent, event_of
from teams_numbers.questions import Defer, Follow
from teams_numbers.services import Services
from teams_numbers.work_item import Verdict, WorkItem


def tell(item: WorkItem, verdict: Verdict, services: Services) -> None:
    """Send the event that ends a request; the caller deletes what the request came with afterwards."""
    send(event_of(item, verdict, services.settings.event_source), verdict.outcome, services)


def send(event: CompletionEvent, outcome: Outcome, services: Services) -> None:
    """Store a completion event and log it."""
    services.queues.events.send(event.to_text())
    data, error = event.data, event.data.error
    log.emit(
        "request.completed",
        logging.INFO if error is None else logging.WARNING,
        request_id=data.request_id,
        action=data.action,
        dry_run=data.dry_run or None,
        outcome=outcome,
        code=error and error.code,
        reason=error and error.reason,
        advice=error and error.advice,
        attempts=data.attempts,
        elapsed_seconds=round((data.completed_at - data.received_at).total_seconds(), 3),
        number_type=data.number_type,
        pool=data.pool,
        telephone_number=numbers.mask(data.telephone_number) if data.telephone_number else None,
        graph_request_id=error and error.graph_request_id,
    )


def note(decision: Follow | Defer) -> None:
    """Log what an item that is not at its end goes on with."""
    item = decision.item
    if isinstance(decision, Follow) and item.order is not None:
        log.emit(
            "order.submitted",
            request_id=item.request.request_id,
            action=item.order.action,
            attempt=item.attempt,
            telephone_number=numbers.mask(item.order.telephone_number),
            due_seconds=round(decision.after, 1),
            graph_request_id=item.order.graph_request_id,
        )
    elif isinstance(decision, Defer):
        log.emit(
            "request.deferred",
            request_id=item.request.request_id,
            action=item.request.action,
            attempt=item.attempt,
            reason=log.plain(decision.reason),
            waits=item.waits,
            delay_seconds=round(decision.after, 1),
        )
