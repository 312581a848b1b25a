"""The work list as a look shows it: which items there are, what each waits for, and whom it is about.

A storage queue shows a message only while it is visible, here: from the moment an item is due until the next run of
`poll_operation` takes it. So one look shows what is due now; more looks catch the others as they come due.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from assign_number.request import Envelope, read
from desk import show
from desk.account import Account, Seen
from teams_numbers.contracts import NumberRequest
from teams_numbers.work_item import WorkItem


@dataclass(frozen=True, slots=True)
class Found:
    """An item that was visible at some look.

    Attributes:
        item: what it is.
        taken_at: when it was first missed again: the app took it; None while it is due.
    """

    item: WorkItem
    taken_at: datetime | None = None


@dataclass(slots=True)
class WorkList:
    """What was seen of the work list and the in-box.

    Attributes:
        found: the items, by their message's id.
        new: requests that the app has not taken yet, by their message's id.
        unreadable: how many messages of the last look hold no work item.
        stored: about how many messages the work list holds, visible or not.
    """

    found: dict[str, Found] = field(default_factory=dict)
    new: dict[str, NumberRequest] = field(default_factory=dict)
    unreadable: int = 0
    stored: int = 0

    @property
    def items(self) -> list[WorkItem]:
        """The items, the oldest first."""
        return sorted((seen.item for seen in self.found.values()), key=lambda item: item.received_at)

    @property
    def due(self) -> int:
        """How many items were due at the last look."""
        return sum(seen.taken_at is None for seen in self.found.values())

    @property
    def unseen(self) -> int:
        """About how many items no look has shown."""
        return max(0, self.stored - len(self.found) - self.unreadable)

    @property
    def hint(self) -> str:
        """What to say of the items that no look has shown; empty where there are none."""
        if not self.unseen:
            return ""
        return f"About {self.unseen} on the work list cannot be seen: not due now. --for 60 waits for what comes due."


def look(account: Account, *, seconds: float, every: float = 1) -> WorkList:
    """Look at the work list and the in-box, again and again for so many seconds; nothing is taken.

    Args:
        account: where the queues are.
        seconds: how long; 0: once.
        every: seconds between two looks.
    """
    seen, ends, settings = WorkList(), time.monotonic() + seconds, account.settings
    while True:
        seen.unreadable = observe(seen.found, account.peek(settings.operations_queue), datetime.now(UTC))
        for message in account.peek(settings.requests_queue) if account.length(settings.requests_queue) else ():
            about = Envelope(message.text, message.id, message.dequeue_count, message.inserted_at)
            if isinstance(request := read(about, settings.number_check), NumberRequest):
                seen.new[message.id] = request
        if time.monotonic() + every > ends:
            break
        time.sleep(every)
    seen.stored = account.length(settings.operations_queue) or 0
    return seen


def observe(found: dict[str, Found], messages: list[Seen], now: datetime) -> int:
    """Take one look into account; return how many of the messages hold no work item."""
    visible = {message.id: message for message in messages}
    unreadable = 0
    for name, seen in found.items():
        if name not in visible and seen.taken_at is None:
            found[name] = Found(seen.item, now)
    for message in messages:
        try:
            found[message.id] = Found(WorkItem.model_validate_json(message.text))
        except ValidationError:
            unreadable += 1
    return unreadable


def ordered(item: WorkItem, now: datetime) -> str:
    """Return in a few words what Graph was told to do and how often that was looked at; `none` where it was not."""
    if item.order is None:
        return "none"
    order, times = item.order, item.order.looks
    said = f"{order.action} sent {_ago(order.sent_at, now)}"
    if order.done_at is not None:
        said += ", Graph says done"
    elif order.unanswered:
        said += ", no answer"
    return said + (f", {show.counted(times, 'look')}" if times else "")


def waits_for(item: WorkItem, now: datetime) -> str:
    """Return in a few words what an item waits for, by the catalogue's codes; or how it has ended."""
    if item.verdict is not None:
        return f"nothing: {item.verdict.outcome}" + ("" if item.verdict.told else ", not told yet")
    if item.request.not_before is not None and now < item.request.not_before:
        return f"notBefore, in {show.age(item.request.not_before - now)}"
    if item.giving_back is not None:
        return "givingBack"
    if item.waits_for:
        return f"{item.waits_for}{_times(item.waits)}"
    if item.reason and item.order is None:
        return f"{item.reason}{_times(item.reason_times)}"
    if item.doubt is not None:
        return f"readAgain: {item.doubt.code}"
    return "Graph" if item.order is not None else "its first look"


def of_number(telephone_number: str) -> Callable[[WorkItem | NumberRequest], bool]:
    """Return what says of an item or a request whether it is about a number."""

    def about(found: WorkItem | NumberRequest) -> bool:
        if isinstance(found, NumberRequest):
            return found.telephone_number == telephone_number
        numbers = {found.request.telephone_number, found.number, *found.touched, *(found.unassign or ())}
        numbers |= {found.order.telephone_number} if found.order else set()
        return telephone_number in numbers | ({found.replaced.telephone_number} if found.replaced else set())

    return about


def of_person(object_id: str | None, name: str | None) -> Callable[[WorkItem | NumberRequest], bool]:
    """Return what says of an item or a request whether it is about a person, by object id or user principal name."""

    def about(found: WorkItem | NumberRequest) -> bool:
        request = found if isinstance(found, NumberRequest) else found.request
        known = {request.assignment_target_id, None if isinstance(found, NumberRequest) else found.person}
        called = (request.user_principal_name or "").lower()
        return (object_id is not None and object_id in known) or (name is not None and called == name.lower())

    return about


def told(seen: WorkList, about: Callable[[WorkItem | NumberRequest], bool], now: datetime) -> Iterator[str]:
    """Yield a sentence on each item and new request that is about something, and on what no look has shown."""
    for item in filter(about, seen.items):
        order = f"order: {ordered(item, now)}" if item.order else "no order is open"
        yield (
            f"{item.request.request_id}: {item.request.action}, came {_ago(item.received_at, now)}; {order}; "
            f"waits for: {waits_for(item, now)}"
        )
    for request in filter(about, seen.new.values()):
        yield f"{request.request_id}: {request.action}, new, the app has not taken it yet"


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""


def _ago(when: datetime, now: datetime) -> str:
    return f"{show.age(max(now - when, timedelta()))} ago"
