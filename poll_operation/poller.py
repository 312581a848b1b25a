"""One run of the timer: work on what is due, within a time and rate budget."""

import contextvars
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait

from poll_operation.item import Handled, handle, note_order
from teams_numbers import log
from teams_numbers.queues import RECEIVE_MOST, Message
from teams_numbers.services import Services

#: A run takes at a time what Graph may be asked within a second, and only when so small a part of its threads is busy
#: yet. What one run holds no other can work on: two at a shared limit end soonest with equal shares.
_FEW = 4


def run(services: Services, make_workers: Callable[..., Executor] = ThreadPoolExecutor) -> None:
    """Work on every item that is due, until none is, the time is used up, or Graph throttles.

    The host runs this once for the whole app. Two runs at once by mistake are kept apart by their leases.

    Args:
        services: the process's queues, Graph, settings and clock.
        make_workers: makes what the work is done in; a simulation hands over one without threads.
    """
    clock, settings, queue = services.clock, services.settings, services.queues.operations
    services.in_flight.work_begins()
    started = clock.monotonic()
    ends = started + settings.poll_budget_seconds
    tally: Counter[str] = Counter()
    pending = []  # since when each request with an open order has been due
    working: set[Future[Handled]] = set()
    ended_by, ask_at = "", settings.poll_workers // _FEW
    most = max(1, min(RECEIVE_MOST, int(settings.graph_requests_per_second)))
    with make_workers(settings.poll_workers, "poll") as workers:
        while working or not ended_by:
            ended_by = ended_by or _end(services, ends)
            if not ended_by and len(working) <= ask_at:
                batch = queue.receive(settings.lease_seconds, most)
                _learn(batch, services)
                services.inventory.expect(len(batch))
                # The worker finds a log line's invocation in a context variable: a line without one never leaves it.
                working |= {
                    workers.submit(contextvars.copy_context().run, handle, message, services, ends) for message in batch
                }
                tally["received"] += len(batch)
                ended_by = "" if batch else "empty"
            if ended_by or len(working) > ask_at:
                done, working = wait(working, return_when=FIRST_COMPLETED)
                for result, item in (future.result() for future in done):
                    tally[result] += 1
                    if item is not None and item.order is not None and item.verdict is None:
                        pending.append(item.due_from)
    log.emit(
        "poll.run",
        **{key: tally[key] for key in ("received", *log.RESULTS)},
        oldest_age_seconds=round((clock.now() - min(pending)).total_seconds()) if pending else 0,
        queue_length=queue.length(),
        requests_length=services.queues.requests.length(),
        duration_seconds=round(clock.monotonic() - started, 3),
        ended_by=ended_by,
    )


def _learn(batch: list[Message], services: Services) -> None:
    """Learn what is in flight, in a process that has just started.

    Where the queue holds no more than this batch, that is all there is: its count is never lower than the truth.
    https://learn.microsoft.com/rest/api/storageservices/get-queue-metadata#response-headers
    """
    in_flight = services.in_flight
    if in_flight.knows_all:
        return
    for message in batch:
        note_order(message, services)
    if services.queues.operations.length() <= len(batch):
        in_flight.all_noted()
    elif not batch:
        in_flight.nothing_due()


def _end(services: Services, ends: float) -> str:
    """Say why a run takes no more messages; empty while it does."""
    if services.graph.closed_for:
        return "throttled"
    return "budget" if services.clock.monotonic() >= ends else ""
