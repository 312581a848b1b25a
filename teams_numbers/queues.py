"""The app's queues and their poison queues: connect, send, receive, replace, delete, set aside."""

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, DecodeError, HttpResponseError, ResourceExistsError, ResourceNotFoundError

from teams_numbers.identity import AccountIdentity
from teams_numbers.session import PlainSession
from teams_numbers.settings import Settings

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient, QueueServiceClient

#: The most that one receive may take: https://learn.microsoft.com/rest/api/storageservices/get-messages
RECEIVE_MOST = 32
_VISIBILITY_MOST = 7 * 24 * 3600
_NEVER_EXPIRES = -1
#: How a silent queue is given up, in seconds and tries: after 70 seconds. By default the client library
#: waits 15 s and more before each retry, and its transport five minutes for each answer.
_TIMEOUTS: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 15}
_RETRIES: dict[str, Any] = {
    "retry_total": 2,
    "initial_backoff": 1,
    "increment_base": 2,
    "random_jitter_range": 1,
}
#: The service says so where a lease is lost: pop receipt mismatch; message or queue not found.
_LEASE_LOST = frozenset({400, 404})


class LeaseLostError(Exception):
    """Somebody else has the message by now, or it is gone: whoever has it goes on."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message under lease.

    Attributes:
        id: the queue service's name for it.
        pop_receipt: proves the lease; the next receive by anybody makes it void.
        dequeue_count: how often it was received, this time included.
        inserted_at: when it was put on the queue.
        text: its content, as it came.
    """

    id: str
    pop_receipt: str
    dequeue_count: int
    inserted_at: datetime
    text: str


class Queue:
    """One storage queue and its poison queue, `<name>-poison`, which is made when first needed.

    Every call may raise what the client library raises: azure.core.exceptions.AzureError.

    Args:
        service: connected to the account.
        name: the queue's name.
    """

    def __init__(self, service: "QueueServiceClient", name: str) -> None:
        self._queue: QueueClient = service.get_queue_client(name)
        self._poison: QueueClient = service.get_queue_client(f"{name}-poison")

    def send(self, text: str, after: float = 0, lives: int = _NEVER_EXPIRES) -> Message:
        """Store a message, visible after so many seconds, that lives for so many, or for ever; return it."""
        sent = self._queue.send_message(text, visibility_timeout=_visibility(after), time_to_live=lives)
        return Message(sent["id"], sent["pop_receipt"], 0, sent["inserted_on"], text)

    def receive(self, lease: float, most: int = RECEIVE_MOST) -> list[Message]:
        """Take messages that are due, at most 32, invisible to others for the lease, in seconds; empty if none is."""
        pages = self._queue.receive_messages(
            messages_per_page=most, visibility_timeout=max(1, _visibility(lease))
        ).by_page()
        try:
            return [
                Message(item["id"], item["pop_receipt"], item["dequeue_count"], item["inserted_on"], item["content"])
                for item in next(pages, ())
            ]
        except DecodeError:  # its text repeats the messages, and the host logs it
            message = "the queue's answer cannot be read"
            raise AzureError(message) from None

    def replace(self, message: Message, text: str, after: float) -> Message:
        """Store a message's new content in place, visible to others after so many seconds; return it with its lease.

        Raises:
            LeaseLostError: somebody else has the message by now, or it is gone.
        """
        try:
            stored = self._queue.update_message(
                message.id, message.pop_receipt, content=text, visibility_timeout=_visibility(after)
            )
        except HttpResponseError as error:
            if error.status_code not in _LEASE_LOST:
                raise
            raise LeaseLostError from error
        return replace(message, pop_receipt=stored.pop_receipt or "", text=text)

    def give_back(self, message: Message) -> None:
        """Make a message visible at once, unchanged; gone already, or somebody else's by now: nothing happens."""
        with contextlib.suppress(LeaseLostError):
            self.replace(message, message.text, 0)

    def delete(self, message: Message) -> None:
        """Delete a message; gone already, or somebody else's by now: nothing happens."""
        try:
            self._queue.delete_message(message.id, message.pop_receipt)
        except HttpResponseError as error:
            if error.status_code not in _LEASE_LOST:
                raise

    def set_aside(self, text: str) -> None:
        """Store a text unchanged in the poison queue, for a person to look at."""
        try:
            self._poison.send_message(text, time_to_live=_NEVER_EXPIRES)
        except ResourceNotFoundError:
            with contextlib.suppress(ResourceExistsError):  # another process may make it just now
                self._poison.create_queue()
            self._poison.send_message(text, time_to_live=_NEVER_EXPIRES)

    def length(self) -> int:
        """Return about how many messages are stored, visible or not."""
        return self._queue.get_queue_properties().approximate_message_count or 0


@dataclass(frozen=True, slots=True)
class Queues:
    """The app's queues: the in-box, the work list, the out-box, and what the brake counts."""

    requests: Queue
    operations: Queue
    events: Queue
    unassignments: Queue


def connect(settings: Settings, make_credential: Callable[[], TokenCredential], threads: int) -> Queues:
    """Return the queues for so many threads, connected by connection string if there is one, else by identity."""
    # Heavy imports, not needed at start.
    from azure.core.pipeline.transport import RequestsTransport  # noqa: PLC0415
    from azure.storage.queue import QueueServiceClient  # noqa: PLC0415

    # The client leaves the timeouts to a transport that it is given. It would send a message on to any address that
    # the account answers with.
    transport = RequestsTransport(session=PlainSession(threads), **_TIMEOUTS)
    options = _RETRIES | {"transport": transport, "permit_redirects": False}
    if settings.storage:
        service = QueueServiceClient.from_connection_string(settings.storage, **options)
    else:
        identity: Any = AccountIdentity(make_credential())
        service = QueueServiceClient(settings.storage_uri or "", identity, **options)
    return open_queues(settings, service)


def open_queues(settings: Settings, service: "QueueServiceClient") -> Queues:
    """Return the queues of an account."""
    return Queues(
        Queue(service, settings.requests_queue),
        Queue(service, settings.operations_queue),
        Queue(service, settings.events_queue),
        Queue(service, settings.unassignments_queue),
    )


def _visibility(seconds: float) -> int:
    """Return a visibility timeout: whole seconds, rounded up, at most the service's seven days."""
    return min(_VISIBILITY_MOST, max(0, math.ceil(seconds)))
