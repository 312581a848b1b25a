"""Drain what is due, within a time and rate budget: one run of the timer."""

import contextvars
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from poll_operation.verdict import Postpone, last_word, settled, verdict
from teams_numbers import failures, log, outbox, settle
from teams_numbers.decisions import Finish, PutBack, Rules, Settle, failed
from teams_numbers.messages import Outcome, PendingOperation
from teams_numbers.queues import RECEIVE_MOST, Message
from teams_numbers.schedule import poll_pause
from teams_numbers.services import Services

#: How long a message is leased, in budgets: a run that ends on time has given back or ended all it took.
_LEASE_BUDGETS = 1.25
#: How much a run takes at a time: what Graph may be asked within so many seconds, and only when so small a part of its
#: threads is busy yet. What one run holds no other can work on: two at a shared limit end soonest with equal shares.
_TAKEN_SECONDS, _FEW = 1.0, 4


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one message, as `poll.run` counts it, and when its request first came."""

    result: str
    received_at: datetime | None = None


def run(
    services: Services,
    make_workers: Callable[..., Executor] = ThreadPoolExecutor,
) -> None:
    """Work on every pending operation that is due, until none is, the time is used up, or Graph throttles.

    Two runs at once do no harm: leases keep them apart.

    Args:
        services: the process's queues, Graph, settings and clock.
        make_workers: makes what the work is done in; a simulation hands over one without threads.
    """
    clock, settings = services.clock, services.settings
    started = clock.monotonic()
    tally: Counter[str] = Counter()
    oldest: datetime | None = None
    working: set[Future[Handled]] = set()
    ended_by, ask_at = "", settings.poll_workers // _FEW
    most = max(1, min(RECEIVE_MOST, int(settings.graph_requests_per_second * _TAKEN_SECONDS)))
    with make_workers(settings.poll_workers, "poll") as workers:
        while working or not ended_by:
            ended_by = ended_by or _end(services, started)
            if not ended_by and len(working) <= ask_at:
                batch = services.queues.operations.receive(settings.poll_budget_seconds * _LEASE_BUDGETS, most)
                # The worker finds a log line's invocation in a context variable: a line without one never leaves it.
                working |= {
                    workers.submit(contextvars.copy_context().run, handle, message, services) for message in batch
                }
                tally["received"] += len(batch)
                ended_by = "" if batch else "empty"
            if working and (ended_by or len(working) > ask_at):
                done, working = wait(working, return_when=FIRST_COMPLETED)
                for handled in (future.result() for future in done):
                    tally[handled.result] += 1
                    oldest = min(filter(None, (oldest, handled.received_at)), default=None)
    log.emit(
        "poll.run",
        **{
            key: tally[key]
            for key in ("received", "succeeded", "failed", "postponed", "put_back", "set_aside", "errors")
        },
        oldest_age_seconds=round((clock.now() - oldest).total_seconds()) if oldest else 0,
        queue_length=services.queues.operations.length(),
        requests_length=services.queues.requests.length(),
        duration_seconds=round(clock.monotonic() - started, 3),
        ended_by=ended_by,
    )


def handle(message: Message, services: Services) -> Handled:
    """Bring one pending operation to its next station; never raises, so that one message's harm is its own."""
    queue = services.queues.operations
    pending: PendingOperation | None = None
    decision: Finish | PutBack | Postpone | None = None
    try:
        try:
            pending = read(message.text, services)
        except ValueError as error:
            queue.set_aside(message.text)
            queue.delete(message)
            log.emit("operation.set_aside", logging.ERROR, message_id=message.id, reason=str(error))
            return Handled("set_aside")
        decision = decide(pending, message.dequeue_count, services)
        return Handled(carry_out(decision, pending, message, services), pending.request.delivery.received_at)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other messages go on
        log.emit(
            "unforeseen",
            logging.ERROR,
            where="poll_operation",
            request_id=pending and pending.request.request_id,
            error=type(error).__name__,
        )
        _recover(pending, decision, message, services)
        return Handled("errors")


def read(text: str, services: Services) -> PendingOperation:
    """Return the pending operation in a message.

    Raises:
        ValueError: it holds none, or its URL is not one of this Graph's operations; without the text itself.
    """
    try:
        pending = PendingOperation.model_validate_json(text)
    except ValidationError:
        reason = "not a pending operation"
        raise ValueError(reason) from None
    if pending.operation_url is None:
        return pending
    url = services.graph.operation_url(pending.operation_url)
    if url is None:
        reason = "its URL is not an operation of GRAPH_ENDPOINT"
        raise ValueError(reason)
    return pending.model_copy(update={"operation_url": url})


def decide(pending: PendingOperation, polls: int, services: Services) -> Finish | PutBack | Postpone:
    """Ask Graph what must be asked about an operation, and return what becomes of it."""
    graph, request = services.graph, pending.request
    if services.rules().overdue(request):
        found = settle.read(graph, request)
        return last_word(found, pending, polls, services.rules())
    decision: Finish | PutBack | Postpone | Settle = Settle()
    if pending.operation_url is not None:
        answer = graph.operation(pending.operation_url)
        decision = verdict(answer, pending, polls, services.rules())
    if isinstance(decision, Settle):
        found = settle.read(graph, request)
        return settled(found, decision, pending, polls, services.rules())
    return decision


def carry_out(
    decision: Finish | PutBack | Postpone, pending: PendingOperation, message: Message, services: Services
) -> str:
    """Store what comes next, then delete what led to it; return how `poll.run` counts it."""
    queue = services.queues.operations
    match decision:
        case Postpone(after, status):
            queue.postpone(message, after)
            log.emit(
                "operation.postponed",
                request_id=pending.request.request_id,
                status=status,
                polls=message.dequeue_count,
                delay_seconds=round(after, 1),
            )
            return "postponed"
        case PutBack():
            outbox.put_back(pending.request, decision, services)
            queue.delete(message)
            return "put_back"
        case Finish():
            outbox.finish(pending.request, decision, services, pending)
            queue.delete(message)
            return "succeeded" if decision.outcome is Outcome.SUCCEEDED else "failed"


def _end(services: Services, started: float) -> str:
    """Say why a run takes no more messages; empty while it does."""
    if services.graph.closed_for:
        return "throttled"
    over = services.clock.monotonic() - started >= services.settings.poll_budget_seconds
    return "budget" if over else ""


def _recover(
    pending: PendingOperation | None,
    decision: Finish | PutBack | Postpone | None,
    message: Message,
    services: Services,
) -> None:
    """Postpone a message that could not be handled; past its request's grace, end it. Else its lease ends by itself."""
    rules: Rules = services.rules()
    try:
        if pending is not None and rules.past_grace(pending.request):
            end = failed(failures.INTERNAL_ERROR, "The app failed on this request until its deadline.")
            carry_out(decision if isinstance(decision, Finish) else end, pending, message, services)
        else:
            pause = poll_pause(message.dequeue_count, services.settings, services.rng)
            services.queues.operations.postpone(message, pause)
    except Exception as error:  # noqa: BLE001 - the lease ends by itself, and the message is due again
        log.emit("unforeseen", logging.ERROR, where="poll_operation", error=type(error).__name__)
