"""What the checkers go by: each look at a message, what it was told of numbers, and the orders that went out in it.

Written down where it happens and never told to the app. An order is tied to the look that gave it, and so to one
sending of one request: a request's `context` comes back in every message about it, and names the sending.
"""

import base64
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, override

from teams_numbers.inventory import Answer, Inventory
from teams_numbers.questions import Reading
from teams_numbers.records import NumberRecord

if TYPE_CHECKING:
    from teams_numbers.services import Services

#: The two rooms, by the queues they work on.
IN_BOX: Final = "number-requests"
WORK_LIST: Final = "pending-operations"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one message.

    Attributes:
        number: counts the looks of a world.
        room: the queue that the message is on.
        message_id: the message's.
        request_id: of the request in it; empty where it cannot be read.
        sending: which sending of the request it is.
    """

    number: int
    room: str
    message_id: str
    request_id: str = ""
    sending: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a look was told of numbers.

    Attributes:
        look: which one.
        kind: `number`, `person` or `pool`: what the question was about.
        key: which number, person or pool.
        at: when Graph was asked, which may be long before the look.
        shared: it comes from a page.
        records: the numbers.
    """

    look: int
    kind: str
    key: str
    at: datetime
    shared: bool
    records: tuple[NumberRecord, ...]


@dataclass(slots=True)
class Ordered:
    """An order that Graph took.

    Attributes:
        at: when.
        look: which look gave it.
        action: assign, unassign or update.
        number: which number.
        target: for whom, as the order says; None where it names nobody.
        holder: whose the number truly was.
        stored: the order as the work list had it at that moment; None: not at all.
        request_id: its client-request-id.
        status: how its operation truly ended.
        done_at: when, in epoch seconds.
    """

    at: datetime
    look: Look
    action: str
    number: str
    target: str | None
    holder: str | None
    stored: dict[str, Any] | None
    request_id: str
    status: str = "succeeded"
    done_at: float = 0.0


@dataclass(slots=True)
class Notes:
    """All that was written down.

    Attributes:
        look: the one that is going on; None between two.
        observed: what looks were told, by look.
        ordered: the orders, in turn.
        untold: looks of the work list that sent an event before the verdict was stored.
        items: the items of the work list that a sending has had.
    """

    look: Look | None = None
    observed: dict[int, list[Observed]] = field(default_factory=dict)
    ordered: list[Ordered] = field(default_factory=list)
    untold: list[Look] = field(default_factory=list)
    items: dict[str, set[str]] = field(default_factory=dict)
    _looks: int = 0

    @contextlib.contextmanager
    def looking(self, room: str, message_id: str, text: str) -> Iterator[None]:
        """Tie what happens meanwhile to a look at a message."""
        before, self._looks = self.look, self._looks + 1
        self.look = Look(self._looks, room, message_id, *named(text))
        if room == WORK_LIST:
            self.items.setdefault(self.look.sending, set()).add(message_id)
        try:
            yield
        finally:
            self.look = before

    @property
    def doubled(self) -> set[str]:
        """The sendings that had several items: delivered again, or stored again where the first answer was lost."""
        return {sending for sending, items in self.items.items() if len(items) > 1}

    def told(self, kind: str, key: str, answer: Answer) -> None:
        """Write down what a look is told."""
        if self.look is not None and isinstance(answer, Reading):
            said = Observed(self.look.number, kind, key, answer.at, answer.shared, answer.records)
            self.observed.setdefault(self.look.number, []).append(said)


class WatchedInventory(Inventory):
    """The app's inventory; what it answers is written down.

    Args:
        services: whose it is.
        notes: where.
    """

    def __init__(self, services: "Services", notes: Notes) -> None:
        super().__init__(services.graph, services.settings.number_pools, services.clock)
        self._notes = notes

    @override
    def number(self, telephone_number: str, since: datetime, *, alone: bool = False) -> Answer:
        """Return one number."""
        answer = super().number(telephone_number, since, alone=alone)
        self._notes.told("number", telephone_number, answer)
        return answer

    @override
    def person(self, person: str, since: datetime) -> Answer:
        """Return the numbers that a person has."""
        answer = super().person(person, since)
        self._notes.told("person", person, answer)
        return answer

    @override
    def pool(self, name: str, since: datetime) -> Answer:
        """Return a pool's listed numbers."""
        answer = super().pool(name, since)
        self._notes.told("pool", name, answer)
        return answer


def named(text: str) -> tuple[str, str]:
    """Return the request's id and the sending that a message is about, as far as it can be read."""
    with contextlib.suppress(ValueError, AttributeError, RecursionError):
        if not text.lstrip().startswith("{"):
            text = base64.b64decode(text, validate=True).decode()
        content = json.loads(text)
        request = content.get("request", content)
        return str(request.get("requestId", "")), str((request.get("context") or {}).get("sending", ""))
    return "", ""
