"""The product, broken on purpose: one rule at a time taken away, each with the targets that must then be missed."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from unittest.mock import patch

from assign_number import submission
from poll_operation import item as work
from teams_numbers import events, lifecycle, loop, orders, outbox, services, wishes
from teams_numbers.contracts import Action, Outcome
from teams_numbers.in_flight import InFlight
from teams_numbers.look import Look, Steps
from teams_numbers.questions import Decision
from teams_numbers.queues import Queue
from teams_numbers.standings import Holds, Standing
from teams_numbers.work_item import Order, Verdict, WorkItem
from tests.reliability import admins, many_requests, workload
from tests.reliability.world import World
from tests.without_rules import of_nobody, stored_later, taken_back_unread

#: Owner, name there, and what stands in its place.
type Patch = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that the product does not keep.

    Attributes:
        rule: its name.
        missed: a part of the name of each target that must be missed then; others may be missed besides.
        patches: what stands in the product's place.
        which: the tenant: it says how long the list lags, and whether Graph takes second orders.
        count: how many requests it takes to show.
    """

    rule: str
    missed: tuple[str, ...]
    patches: tuple[Patch, ...]
    which: int = 0
    count: int = 80

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Run the product without the rule."""
        with ExitStack() as stack:
            for owner, name, replacement in self.patches:
                stack.enter_context(patch.object(owner, name, replacement))
            yield


def _sent_or_not(event: Any, outcome: Any, services_: Any) -> None:
    """Send an event, and take a failure for a success."""
    try:
        _SEND(event, outcome, services_)
    except Exception:  # noqa: BLE001 - that is what is wrong
        return


def _told_both_ways(item: WorkItem, verdict: Verdict, services_: Any) -> None:
    """Tell how a request ends, and then that it was given up."""
    _TELL(item, verdict, services_)
    _TELL(item, verdict.model_copy(update={"outcome": Outcome.TIMED_OUT}), services_)


def _under_another_name(item: WorkItem, verdict: Verdict, source: str) -> Any:
    event = _EVENT_OF(item, verdict, source)
    return event.model_copy(update={"subject": f"{event.subject}.", "id": event.id})


def _without_what_was_unassigned(item: WorkItem, verdict: Verdict, source: str) -> Any:
    event = _EVENT_OF(item, verdict, source)
    return event.model_copy(update={"data": event.data.model_copy(update={"unassigned_numbers": None})})


def _raises(*_: Any) -> None:
    message = "nobody foresaw it"
    raise RuntimeError(message)


def _end_without_storing(item: WorkItem, verdict: Verdict, room: Any, services_: Any) -> str:
    """End an item, but tell the verdict before it is stored."""
    if item.verdict is None:
        outbox.tell(item, verdict, services_)
    return _END(item.but(verdict=verdict), verdict, room, services_)


def _never_deleted(_queue: Queue, _message: Any) -> None:
    """Leave a message where it is."""


def _read_one_of_two(text: str, services_: Any) -> WorkItem:
    item = _READ(text, services_)
    if item.request.request_id[-1] in "02468":
        message = "not a work item"
        raise ValueError(message)
    return item


def _repeated_blindly(look: Look) -> Steps[Decision | None]:
    """Give an order without an answer again at once, unread."""
    order = look.item.order
    if order is None or order.operation_url is not None or order.done_at is not None:
        return None
    return (yield from orders._send(look, order, datetime.max.replace(tzinfo=UTC)))


def _due_at_once(_look: Look) -> Steps[Decision | None]:
    yield from ()
    return None


def _for_another(order: Order) -> dict[str, str]:
    body = _BODY_OF(order)
    if order.action is Action.ASSIGN and order.telephone_number[-1] in "02468":
        body["assignmentTargetId"] = str(uuid.UUID(int=7, version=4))
    return body


def _believed(_order: Order, _found: Any) -> bool:
    """Take Graph's word for what it did."""
    return True


def _holds_when_ordered(look: Look) -> Steps[Standing]:
    """Take a wish for fulfilled once its order was given."""
    if look.item.touched and look.item.order is None:
        return Holds("Graph took the order.")
    return (yield from _STANDING(look))


class _Forgets(InFlight):
    """Lets everybody work on everything."""

    def claim(self, item_id: str, item: WorkItem, numbers: tuple[str, ...]) -> Any:
        self._entries.clear()
        self._holders.clear()
        self._knows_all = True
        return super().claim(item_id, item, numbers)


def _set_up(**settings: Any) -> Patch:
    """Return what makes the app forget or misread its own settings."""

    def world(seed: int, **given: Any) -> World:
        return World(seed, **given | settings)

    return many_requests, "World", world


def _rows(row: Callable[..., Any], by: Callable[..., Any]) -> Patch:
    return lifecycle, "ROWS", tuple(by if known is row else known for known in lifecycle.ROWS)


_SEND, _EVENT_OF, _END, _READ = outbox.send, events.event_of, work._end, work.read
_TELL = outbox.tell
_BODY_OF, _STANDING = loop.body_of, wishes.standing
_UNREAD: Final = (wishes, "_take_back", taken_back_unread)

#: Nothing but leavers, and an administrator who moves a number every hour.
BUSY_ADMIN: Final[tuple[Patch, ...]] = (
    (admins, "_CHANCE", 1.0),
    (many_requests, "_PER_DAY", 24),
    (workload, "SHARES", {"unassign": 100}),
)

#: Each rule, and the targets that nobody misses without it.
BROKEN: Final = (
    Broken(
        "an event that is not sent is sent again",
        ("sendings lost", "requests: lost"),
        ((outbox, "send", _sent_or_not),),
    ),
    Broken("an event names its request", ("unexpected",), ((outbox, "event_of", _under_another_name),), count=10),
    Broken(
        "a sending ends in one way", ("two outcomes for one sending",), ((outbox, "tell", _told_both_ways),), count=6
    ),
    Broken("the same end has the same id", ("not the same event",), ((uuid, "uuid5", lambda *_: uuid.uuid4()),)),
    Broken(
        "the app's own failures end nothing",
        ("failure of the app itself",),
        ((work, "AzureError", KeyError), (work, "_FAILING", work._FAILING * 0)),
    ),
    Broken("nothing is raised", ("exceptions besides",), ((submission, "hand_over", _raises),), count=6),
    Broken("what has ended is deleted", ("left over",), ((Queue, "delete", _never_deleted),), count=6),
    Broken("what can be read is not set aside", ("set aside though",), ((work, "read", _read_one_of_two),)),
    Broken(
        "an order is read about before it is given again",
        ("given again",),
        (_rows(lifecycle.order_unanswered, _repeated_blindly),),
        which=3,
    ),
    Broken(
        "the person's numbers are read before an order",
        ("without a reading of number and person",),
        ((Look, "held_by", of_nobody),),
    ),
    Broken("the holder is read before an unassignment", ("shows the person",), (_UNREAD,)),
    Broken("an order is stored before it is sent", ("not stored first",), ((work._WorkList, "store", stored_later),)),
    Broken(
        "nothing happens before its time", ("before their time",), (_rows(lifecycle.not_due, _due_at_once),), which=4
    ),
    Broken(
        "the verdict is stored before the event", ("before their verdict",), ((work, "_end", _end_without_storing),)
    ),
    Broken("what is protected stays", ("protected",), (_set_up(PROTECTED_NUMBERS=""),)),
    Broken(
        "an order names the request's person", ("nobody had asked for",), ((loop, "body_of", _for_another),), count=10
    ),
    Broken(
        "the holder is read, so nobody else's number is taken",
        ("taken from somebody who was not named",),
        (_UNREAD, *BUSY_ADMIN),
        which=2,
        count=60,
    ),
    Broken("one careful request at a time", ("two numbers of a pool",), ((services, "InFlight", _Forgets),), which=5),
    Broken(
        "a success is read",
        ("that were not so",),
        ((lifecycle, "achieved", _believed), (wishes, "standing", _holds_when_ordered)),
    ),
    Broken(
        "an event tells what was unassigned",
        ("otherwise than the events say",),
        ((outbox, "event_of", _without_what_was_unassigned),),
    ),
    Broken("what is asked for is done", ("came true",), (_set_up(ACTIONS="assign"),), count=40),
)
