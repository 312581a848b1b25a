"""One queue, with the methods of `QueueClient` that an app needs."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, Self

from azure.core.paging import ItemPaged
from azure.storage.queue import QueueMessage, QueueProperties

from local.queues.errors import refused

if TYPE_CHECKING:
    from local.queues.store import Store, Stored

type Operation = Literal["create", "drop", "properties", "send", "receive", "peek", "update", "delete", "clear"]
#: https://learn.microsoft.com/rest/api/storageservices/get-messages and put-message
_RECEIVE_MOST, _VISIBILITY_MOST, _TEXT_BYTES = 32, 7 * 24 * 3600, 64 * 1024
_RECEIVE_LEASE, _LIVES = 30, 7 * 24 * 3600
#: Characters that XML 1.0, in which messages travel, cannot carry: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Account(Protocol):
    """The account that a queue is in, as far as the queue needs it."""

    def create(self, name: str, metadata: dict[str, str]) -> None:
        """Make a queue."""

    def drop(self, name: str) -> None:
        """Delete a queue with all its messages."""

    def store(self, name: str) -> "Store":
        """Return a queue's messages."""

    def now(self) -> datetime:
        """Return the account's time."""

    def perform[T](self, operation: Operation, queue: str, act: Callable[[], T]) -> T:
        """Perform one call on a queue, all at once, with whatever stands around it."""


class MemoryQueueClient:
    """One queue of a `MemoryQueueService`. Every call may raise `ResourceNotFoundError` (404, QueueNotFound).

    Args:
        service: the account.
        queue_name: the queue's name.
    """

    def __init__(self, service: Account, queue_name: str) -> None:
        self.queue_name = queue_name
        self._service = service

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def create_queue(self, *, metadata: dict[str, str] | None = None, **_: object) -> None:
        """Make the queue, as `MemoryQueueService.create_queue` says."""
        self._perform("create", lambda: self._service.create(self.queue_name, dict(metadata or {})))

    def delete_queue(self, **_: object) -> None:
        """Delete the queue with all its messages."""
        self._perform("drop", lambda: self._service.drop(self.queue_name))

    def get_queue_properties(self, **_: object) -> QueueProperties:
        """Return the queue's name, metadata, and how many messages it stores, visible or not."""

        def act() -> QueueProperties:
            store = self._store()
            store.expire(self._service.now())
            properties = QueueProperties(metadata=dict(store.metadata))
            properties.name, properties.approximate_message_count = self.queue_name, len(store)
            return properties

        return self._perform("properties", act)

    def send_message(
        self, content: str, *, visibility_timeout: int | None = None, time_to_live: int | None = None, **_: object
    ) -> QueueMessage:
        """Store a message.

        Args:
            content: its text, up to 64 KiB of UTF-8.
            visibility_timeout: seconds until it is visible, 0 to seven days; less than it lives.
            time_to_live: seconds until it expires; -1: never; seven days if left out.

        Raises:
            HttpResponseError: 413, RequestBodyTooLarge; 400, a bad timeout or a character that XML cannot carry.
        """

        def act() -> QueueMessage:
            store, after, lives = (
                self._store(),
                visibility_timeout or 0,
                _LIVES if time_to_live is None else time_to_live,
            )
            _check_text(content)
            _check_range(after, 0, _VISIBILITY_MOST)
            if lives != -1 and (lives < 1 or after >= lives):
                code = "InvalidQueryParameterValue"
                raise refused(code, "messagettl must be -1, or at least 1 and greater than visibilitytimeout")
            stored = store.add(content, self._service.now(), after, None if lives == -1 else lives)
            sent = _message(stored)
            sent.dequeue_count = None
            return sent

        return self._perform("send", act)

    def receive_messages(
        self,
        *,
        messages_per_page: int | None = None,
        visibility_timeout: int | None = None,
        max_messages: int | None = None,
        **_: object,
    ) -> ItemPaged[QueueMessage]:
        """Return an iterator that takes messages as it goes; `.by_page()` takes a page of up to 32 at a time.

        Args:
            messages_per_page: 1 to 32; 1 if left out.
            visibility_timeout: how long nobody else sees them, 1 second to seven days; 30 seconds if left out.
            max_messages: where the iterator ends; None: when nothing is visible any more.
        """
        left = [max_messages]

        def get_next(_token: str | None) -> list[QueueMessage]:
            size = 1 if messages_per_page is None else messages_per_page
            if left[0] is not None:
                if left[0] < 1:
                    return []
                size = min(size, left[0])
            return self._receive(size, visibility_timeout)

        def extract(page: list[QueueMessage]) -> tuple[str, list[QueueMessage]]:
            if not page:
                raise StopIteration  # as the client library does: an empty page is no page
            if left[0] is not None:
                left[0] -= len(page)
            return "no token is needed", page

        return ItemPaged(get_next, extract)

    def receive_message(self, *, visibility_timeout: int | None = None, **_: object) -> QueueMessage | None:
        """Take one message, or None where none is visible."""
        return next(iter(self._receive(1, visibility_timeout)), None)

    def peek_messages(self, max_messages: int | None = None, **_: object) -> list[QueueMessage]:
        """Return up to so many visible messages (1 if left out) and change nothing."""

        def act() -> list[QueueMessage]:
            most = 1 if max_messages is None else max_messages
            store = self._store()
            _check_range(most, 1, _RECEIVE_MOST)
            return [_message(stored, holder=False) for stored in store.look(most, self._service.now())]

        return self._perform("peek", act)

    def update_message(
        self,
        message: str | QueueMessage,
        pop_receipt: str | None = None,
        content: str | None = None,
        *,
        visibility_timeout: int | None = None,
        **_: object,
    ) -> QueueMessage:
        """Change when a message is visible next (now if left out), and its text where one is given.

        Returns:
            The message with its new pop receipt; the old one is void.

        Raises:
            ResourceNotFoundError: there is no such message any more (404, MessageNotFound).
            HttpResponseError: somebody else received it since (400, PopReceiptMismatch).
        """
        message_id, receipt = _lease(message, pop_receipt)

        def act() -> QueueMessage:
            store, now, after = self._store(), self._service.now(), visibility_timeout or 0
            _check_range(after, 0, _VISIBILITY_MOST)
            if content is not None:
                _check_text(content)
            stored = store.held(message_id, receipt, now)
            store.update(stored, now, after, content)
            return _message(stored)

        return self._perform("update", act)

    def delete_message(self, message: str | QueueMessage, pop_receipt: str | None = None, **_: object) -> None:
        """Delete a message.

        Raises:
            ResourceNotFoundError: there is no such message any more (404, MessageNotFound).
            HttpResponseError: somebody else received it since (400, PopReceiptMismatch).
        """
        message_id, receipt = _lease(message, pop_receipt)

        def act() -> None:
            store = self._store()
            store.remove(store.held(message_id, receipt, self._service.now()))

        self._perform("delete", act)

    def clear_messages(self, **_: object) -> None:
        """Delete every message."""
        self._perform("clear", lambda: self._store().clear())

    def _receive(self, most: int, visibility_timeout: int | None) -> list[QueueMessage]:
        def act() -> list[QueueMessage]:
            lease = _RECEIVE_LEASE if visibility_timeout is None else visibility_timeout
            store = self._store()
            _check_range(most, 1, _RECEIVE_MOST)
            _check_range(lease, 1, _VISIBILITY_MOST)
            return [_message(stored) for stored in store.take(most, self._service.now(), lease)]

        return self._perform("receive", act)

    def _store(self) -> "Store":
        return self._service.store(self.queue_name)

    def _perform[T](self, operation: Operation, act: Callable[[], T]) -> T:
        return self._service.perform(operation, self.queue_name, act)


def _message(stored: "Stored", *, holder: bool = True) -> QueueMessage:
    """Return the client library's view of a message; who only looks gets no pop receipt."""
    return QueueMessage(
        stored.text,
        id=stored.id,
        inserted_on=stored.inserted_on,
        expires_on=stored.expires_on,
        dequeue_count=stored.dequeue_count,
        pop_receipt=stored.pop_receipt if holder else None,
        next_visible_on=stored.visible_on if holder else None,
    )


def _lease(message: str | QueueMessage, pop_receipt: str | None) -> tuple[str, str]:
    message_id, receipt = (message, None) if isinstance(message, str) else (message.id, message.pop_receipt)
    if not (receipt := pop_receipt or receipt):
        problem = "pop_receipt must be present"
        raise ValueError(problem)
    return message_id, receipt


def _check_text(text: str) -> None:
    if _NO_XML.search(text):
        code = "InvalidXmlDocument"
        raise refused(code, "a character that XML has no word for")
    if len(text.encode()) > _TEXT_BYTES:
        code = "RequestBodyTooLarge"
        raise refused(code, f"more than {_TEXT_BYTES} bytes")


def _check_range(value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        code = "OutOfRangeQueryParameterValue"
        raise refused(code, f"{value} is not {least} to {most}")
