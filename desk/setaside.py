"""The messages of the poison queues: found, taken for a moment, given back; and what is wrong with each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from assign_number.request import Envelope, Rejection, read
from desk.account import Account, Seen
from desk.errors import DeskError
from teams_numbers.queues import LeaseLostError, Message
from teams_numbers.work_item import WorkItem

#: How long messages are out of others' sight at most while the operator decides, in seconds.
_LEASE = 300
#: The most messages that are taken out of the poison queues at once.
_MOST = 10_000


class Which(StrEnum):
    """Whose poison queue."""

    REQUESTS = "requests"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class Item:
    """A message that was set aside, under lease.

    Attributes:
        source: the queue it came from.
        message: the message, on that queue's poison queue.
    """

    source: str
    message: Message


@dataclass(frozen=True, slots=True)
class About:
    """What can be told of a message.

    Attributes:
        request: the request's id, as far as there is one.
        number: its telephone number, as far as there is one.
        reason: why it may have been set aside.
    """

    request: str
    number: str
    reason: str


def sources(account: Account, which: Which | None) -> list[str]:
    """Return the names of the queues whose poison queue is meant."""
    names = {Which.REQUESTS: account.settings.requests_queue, Which.OPERATIONS: account.settings.operations_queue}
    return [names[which]] if which else list(names.values())


def poison(source: str) -> str:
    """Return the name of a queue's poison queue."""
    return f"{source}-poison"


def about(source: str, message: Message | Seen, account: Account) -> About:
    """Return what the app's own reading of a message says."""
    if source == account.settings.requests_queue:
        found = Envelope(message.text, message.id, message.dequeue_count, message.inserted_at)
        request = read(found, account.settings.number_check)
        if isinstance(request, Rejection):
            return About(request.request_id, str(request.readable.get("telephoneNumber", "")), request.reason)
        reason = "a good request; the app failed on it, look for `unforeseen` in the log"
        return About(request.request_id, request.telephone_number or "", reason)
    try:
        item = WorkItem.model_validate_json(message.text)
    except ValidationError:
        return About("", "", "not a work item")
    number = item.request.telephone_number or item.number or ""
    return About(item.request.request_id, number, "a good work item; look for `item.set_aside` in the log")


@contextmanager
def taken(account: Account, which: Which | None, ids: list[str], *, every: bool) -> Iterator[list[Item]]:
    """Take the messages that are meant; whatever is still in the list at the end is given back at once.

    Args:
        account: where the queues are.
        which: whose poison queue; None: both.
        ids: message ids, or how they begin.
        every: take all.

    Raises:
        DeskError: no message is meant, or an id fits none, or more than one.
    """
    if bool(ids) == every:
        message = "name the messages by their ids (`desk poison list` shows them), or say --all"
        raise DeskError(message)
    leased: list[Item] = []
    items: list[Item] = []
    try:
        for source in sources(account, which):
            _lease_all(account, source, leased)
        items += leased if every else [_one(name, leased) for name in dict.fromkeys(ids)]
        if not items:
            message = "nothing is set aside"
            raise DeskError(message)
        for item in [item for item in leased if item not in items]:
            give_back(account, item)
            leased.remove(item)
        leased.clear()
        yield items
    finally:
        for item in leased or items:
            give_back(account, item)


def give_back(account: Account, item: Item) -> None:
    """Make a message visible on its poison queue again."""
    account.queue(poison(item.source)).give_back(item.message)


def still_held(account: Account, items: list[Item], item: Item) -> Item | None:
    """Return an item with its lease renewed; None if somebody else has it by now: an answer may take its time.

    Args:
        account: where the queues are.
        items: what was taken; changed in place.
        item: one of them.
    """
    try:
        message = account.queue(poison(item.source)).replace(item.message, item.message.text, _LEASE)
    except LeaseLostError:
        items.remove(item)
        return None
    items[items.index(item)] = held = Item(item.source, message)
    return held


def remove(account: Account, item: Item) -> None:
    """Delete a message from its poison queue."""
    account.queue(poison(item.source)).delete(item.message)


def _lease_all(account: Account, source: str, leased: list[Item]) -> None:
    if not account.length(poison(source)):
        return
    while len(leased) < _MOST and (batch := account.queue(poison(source)).receive(_LEASE)):
        leased += [Item(source, message) for message in batch]


def _one(name: str, leased: list[Item]) -> Item:
    found = [item for item in leased if item.message.id.startswith(name)]
    if len(found) != 1:
        said = "fits more than one message; write more of it" if found else "is no message that is set aside"
        message = f"{name}: {said}"
        raise DeskError(message)
    return found[0]
