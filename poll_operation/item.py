"""One item of the work list: look at it, store what comes next in place, and end it in steps that a crash may part."""

import contextlib
import json
import logging
from datetime import datetime, timedelta
from typing import Any

from azure.core.exceptions import AzureError
from pydantic import ValidationError

from teams_numbers import failures, log, outbox
from teams_numbers.contracts import NumberRequest, Outcome
from teams_numbers.earlier import from_version_1
from teams_numbers.loop import look_at
from teams_numbers.questions import Busy, Claim, Claimed, Decision, Defer, Finish, Follow, Reading
from teams_numbers.queues import LeaseLostError, Message
from teams_numbers.schedule import poll_pause
from teams_numbers.services import Services
from teams_numbers.work_item import Problem, Verdict, WorkItem

#: For how long the app itself may fail on an item before its request ends for that.
_FAILING = timedelta(days=1)
#: How long the brake remembers an unassignment, in seconds.
_DAY_SECONDS = 24 * 3600

#: How `poll.run` counts a message, and its item if that could be read.
type Handled = tuple[str, WorkItem | None]


class _WorkList:
    """What this room may do: every order, one careful one per person and number at a time."""

    careful = True

    def __init__(self, message: Message, services: Services) -> None:
        self.message = message
        self._services = services
        self._counted: Message | None = None

    def claim(self, claim: Claim) -> Claimed | Busy:
        """Claim an item's person and the first of the numbers that nobody else works on."""
        if claim.free is not None and claim.item.request.pool is not None:
            pool = claim.item.request.pool
            low_water = self._services.settings.number_pools[pool].low_water
            level = logging.WARNING if claim.free < low_water else logging.INFO
            log.emit("pool.level", level, pool=pool, free=claim.free, low_water=low_water)
        self._counted = None  # for an order before this one, which was sent
        return self._services.in_flight.claim(self.message.id, claim.item, claim.numbers)

    def brake(self) -> bool:
        """Count one more unassignment, then say whether today has room for it; the count may run high, never low."""
        queue, most = self._services.queues.unassignments, self._services.settings.unassign_per_day
        with self._services.braking:
            if queue.length() < most:
                at = self._services.clock.now().isoformat()
                self._counted = queue.send(json.dumps({"at": at}), lives=_DAY_SECONDS)
                if queue.length() <= most:
                    return True
        self._services.faults.report(failures.UNASSIGN_PAUSED)
        return False

    def not_sent(self) -> None:
        """Take back what the brake counted: nothing was unassigned; where that fails, the count runs high."""
        if self._counted is not None:
            with contextlib.suppress(AzureError):
                self._services.queues.unassignments.delete(self._counted)

    def store(self, item: WorkItem, after: float | None = None) -> None:
        """Store an item in place, for so many seconds or for as long as it is leased."""
        hidden = self._services.settings.lease_seconds if after is None else after
        self.message = self._services.queues.operations.replace(self.message, item.to_text(), hidden)
        if item.touched or item.order is not None:
            self._services.in_flight.ordered(self.message.id, item, after or 0)


def handle(message: Message, services: Services, ends: float) -> Handled:
    """Bring one item to its next station; never raises, so that one message's harm is its own."""
    room = _WorkList(message, services)
    item: WorkItem | None = None
    try:
        try:
            item = read(message.text, services)
        except ValueError as error:
            return _set_aside(message, str(error), services), None
        _note(item, message, services)
        return _carry_out(look_at(item, services, room, ends), room, services), item
    except LeaseLostError:
        return "lease_lost", item
    except Exception as error:  # noqa: BLE001 - whatever it is, the other messages go on
        name, said = item and item.request.request_id, type(error).__name__
        log.emit("unforeseen", logging.ERROR, where="poll_operation", request_id=name, error=said)
        # Where it is our own storage, nothing is decided: the lease ends by itself.
        if item is not None and not isinstance(error, AzureError):
            _unforeseen(room, services)
        return "errors", item


def note_order(message: Message, services: Services) -> None:
    """Note an item whose order may be running, before anybody may give a careful one."""
    with contextlib.suppress(ValueError):
        _note(read(message.text, services), message, services)


def _note(item: WorkItem, message: Message, services: Services) -> None:
    if item.touched or item.order is not None:
        services.in_flight.ordered(message.id, item)


def read(text: str, services: Services) -> WorkItem:
    """Return the item in a message; an operation's address that is not this Graph's is left out: the number tells.

    Raises:
        ValueError: it holds none; without the text itself.
    """
    try:
        item = WorkItem.model_validate_json(text)
    except ValidationError:
        try:
            item = from_version_1(text)
        except ValueError:
            reason = "not a work item"
            raise ValueError(reason) from None
    if item.order is None or item.order.operation_url is None:
        return item
    url = services.graph.operation_url(item.order.operation_url)
    order = item.order.but(operation_url=url, unanswered=url is None or item.order.unanswered)
    return item.but(order=order)


def _carry_out(decision: Decision, room: _WorkList, services: Services) -> str:
    """Store what comes next; return how `poll.run` counts it."""
    match decision:
        case Finish(item, verdict):
            return _end(item, verdict, room, services)
        case Follow(item, after) | Defer(item, after):
            room.store(item.but(failing_since=None), after)
            if not item.touched:
                services.in_flight.forget(room.message.id)
            outbox.note(decision)
    return "deferred"


def _end(item: WorkItem, verdict: Verdict, room: _WorkList, services: Services) -> str:
    """Store the verdict, tell it, and delete the item; one that gave careful orders stays for a while."""
    queue, in_flight, name = services.queues.operations, services.in_flight, room.message.id
    if verdict.told:
        queue.delete(room.message)
        in_flight.forget(name)
        return "ended"
    if item.verdict is None:
        item = item.but(verdict=verdict)
        room.store(item)
    outbox.tell(item, verdict, services)
    if item.touched and item.request.careful:
        room.store(item.but(verdict=verdict.but(told=True)), services.settings.settled_seconds)
    else:
        queue.delete(room.message)
    if item.touched:
        in_flight.ended(name, item)
    else:
        in_flight.forget(name)
    return _COUNTED.get(verdict.outcome, "failed")


_COUNTED = {
    Outcome.SUCCEEDED: "succeeded",
    Outcome.VALIDATED: "succeeded",
    Outcome.UNCONFIRMED: "unconfirmed",
}


def _unforeseen(room: _WorkList, services: Services) -> None:
    """Look again later at what the app itself failed on; after a day of that, end it with what is known."""
    now = services.clock.now()
    try:
        item = read(room.message.text, services)  # as it was stored last: an order may have been sent since
        since = item.failing_since or now
        if item.verdict is None and now - since >= _FAILING:
            _end(item, _internal_error(item, services), room, services)
        else:
            room.store(item.but(failing_since=since), poll_pause(1, services.settings, services.rng))
    except Exception as error:  # noqa: BLE001 - the lease ends by itself, and the item is due again
        log.emit("unforeseen", logging.ERROR, where="poll_operation", error=type(error).__name__)


def _internal_error(item: WorkItem, services: Services) -> Verdict:
    """Return the end of a request on which the app fails, with what its number reads."""
    said = "The app itself failed on this request for a day."
    number = item.request.telephone_number or item.number
    if number is not None:
        reading = services.inventory.number(number, services.clock.now(), alone=True)
        found = reading.number(number) if isinstance(reading, Reading) else None
        if found is not None:
            said += f" The number reads: {found.holder(item.person)}."
    verdict = _failed_here(said, services.clock.now())
    return verdict.but(telephone_number=number, unassigned_numbers=item.unassigned)


def _failed_here(said: str, at: datetime) -> Verdict:
    """Return the end of a request on which the app itself failed."""
    failure = failures.INTERNAL_ERROR
    problem = Problem(code=failure.code, message=said, advice=failure.advice)
    return Verdict(outcome=Outcome.FAILED, completed_at=at, problem=problem)


def _set_aside(message: Message, reason: str, services: Services) -> str:
    """Set an unreadable message aside; tell its request's end if that can be read."""
    queue = services.queues.operations
    request = _request_in(message.text)
    if request is not None:
        verdict = _failed_here("The app could not read its own work item.", message.inserted_at)
        outbox.tell(WorkItem(request=request, received_at=message.inserted_at), verdict, services)
    queue.set_aside(message.text)
    queue.delete(message)
    log.emit("item.set_aside", logging.ERROR, message_id=message.id, reason=reason)
    return "set_aside"


def _request_in(text: str) -> NumberRequest | None:
    """Return the request in an unreadable item, if that much can be read."""
    try:
        raw: Any = json.loads(text)
        return NumberRequest.model_validate(raw["request"] if isinstance(raw, dict) else raw)
    except (ValueError, KeyError, RecursionError):
        return None
