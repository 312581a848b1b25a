"""One queue's messages: what is due, who holds it, when it expires."""

import heapq
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from local.queues.errors import refused

#: What the service writes for "never".
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(slots=True)
class Stored:
    """A message as the service keeps it.

    Attributes:
        id: the service's name for it.
        text: its content.
        inserted_on: when it was sent.
        expires_on: when it vanishes by itself.
        visible_on: when it can be received next.
        dequeue_count: how often it was received.
        pop_receipt: of the last send, receive or update; only that one may change or delete the message.
        turn: the place in the queue's order that its present visibility gave it.
    """

    id: str
    text: str
    inserted_on: datetime
    expires_on: datetime
    visible_on: datetime
    dequeue_count: int = 0
    pop_receipt: str = ""
    turn: int = 0


class Store:
    """A queue's messages, ordered by when they become visible; every act costs the logarithm of their number.

    Args:
        metadata: the queue's name-value pairs.
        rng: hands out what is due in random order, as the service may; None: in the order in which it became due.
    """

    def __init__(self, metadata: dict[str, str], rng: Random | None = None) -> None:
        self.metadata = metadata
        self._rng = rng
        self._messages: dict[str, Stored] = {}
        # Entries are never searched for: one whose turn is not its message's any more is dropped when it comes up.
        self._due: list[tuple[datetime, int, str]] = []
        self._expiring: list[tuple[datetime, str]] = []
        self._turns = 0

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Stored]:
        """Go through all messages, visible or not, in the order of their first sending."""
        return iter(list(self._messages.values()))

    def text_of(self, message_id: str) -> str | None:
        """Return a message's text by its id, visible or not; None: there is no such message."""
        message = self._messages.get(message_id)
        return message.text if message is not None else None

    def add(self, text: str, now: datetime, after: float, lives: float | None) -> Stored:
        """Store a message, visible after so many seconds, for so many seconds; None: for ever."""
        left = (NEVER - now).total_seconds()
        expires_on = NEVER if lives is None or lives >= left else now + timedelta(seconds=lives)
        message = Stored(str(uuid.uuid4()), text, now, expires_on, now)
        self._messages[message.id] = message
        if expires_on != NEVER:
            heapq.heappush(self._expiring, (expires_on, message.id))
        self._schedule(message, now, after)
        return message

    def take(self, most: int, now: datetime, lease: float) -> list[Stored]:
        """Take up to so many messages that are visible, and hide them for the lease, in seconds."""
        taken = self._pop_due(most, now)
        for message in taken:
            message.dequeue_count += 1
            self._schedule(message, now, lease)
        return taken

    def look(self, most: int, now: datetime) -> list[Stored]:
        """Return up to so many messages that are visible, and change nothing."""
        seen = self._pop_due(most, now)
        for message in seen:
            heapq.heappush(self._due, (message.visible_on, message.turn, message.id))
        return seen

    def held(self, message_id: str, pop_receipt: str, now: datetime) -> Stored:
        """Return a message to whoever has its latest pop receipt, also after the lease, until the next receive.

        Raises:
            ResourceNotFoundError: there is no such message (404, MessageNotFound).
            HttpResponseError: somebody received or changed it since (400, PopReceiptMismatch).
        """
        self.expire(now)
        message = self._messages.get(message_id)
        if message is None:
            code = "MessageNotFound"
            raise refused(code)
        if message.pop_receipt != pop_receipt:
            code = "PopReceiptMismatch"
            raise refused(code)
        return message

    def update(self, message: Stored, now: datetime, after: float, text: str | None) -> None:
        """Change when a message is visible next, and its text where one is given."""
        message.text = message.text if text is None else text
        self._schedule(message, now, after)

    def remove(self, message: Stored) -> None:
        """Delete a message."""
        del self._messages[message.id]

    def clear(self) -> None:
        """Delete every message."""
        self._messages.clear()
        self._due.clear()
        self._expiring.clear()

    def expire(self, now: datetime) -> None:
        """Drop what has expired."""
        while self._expiring and self._expiring[0][0] <= now:
            self._messages.pop(heapq.heappop(self._expiring)[1], None)

    def next_due(self) -> datetime | None:
        """Return when the next message becomes visible, in the past where one is; None for an empty queue."""
        while self._due and not self._current(self._due[0]):
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def release(self, message_id: str, pop_receipt: str, now: datetime) -> bool:
        """End the lease that a pop receipt stands for, as time would; return whether it was still held.

        The receipt stays good until somebody receives the message.
        """
        message = self._messages.get(message_id)
        if message is None or message.pop_receipt != pop_receipt:
            return False
        self._place(message, now)
        return True

    def _schedule(self, message: Stored, now: datetime, after: float) -> None:
        message.pop_receipt = uuid.uuid4().hex
        self._place(message, now + timedelta(seconds=after))

    def _place(self, message: Stored, visible_on: datetime) -> None:
        self._turns += 1
        message.visible_on, message.turn = visible_on, self._turns
        heapq.heappush(self._due, (visible_on, message.turn, message.id))

    def _pop_due(self, most: int, now: datetime) -> list[Stored]:
        self.expire(now)
        wanted = most if self._rng is None else 2 * most
        found: list[Stored] = []
        while len(found) < wanted and (due := self.next_due()) is not None and due <= now:
            found.append(self._messages[heapq.heappop(self._due)[2]])
        if self._rng is not None:
            self._rng.shuffle(found)
        for message in found[most:]:
            heapq.heappush(self._due, (message.visible_on, message.turn, message.id))
        return found[:most]

    def _current(self, entry: tuple[datetime, int, str]) -> bool:
        message = self._messages.get(entry[2])
        return message is not None and message.turn == entry[1]
