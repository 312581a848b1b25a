"""The account: its queues, its time, and what stands around every call."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any, Self

from azure.storage.queue import QueueProperties

from local.queues.client import MemoryQueueClient, Operation
from local.queues.errors import refused
from local.queues.store import Store
from teams_numbers.clock import Clock, SystemClock

#: Stands around every call: is told the operation and the queue, and returns what `act` returned, or raises.
type Around = Callable[[Operation, str, Callable[[], Any]], Any]

#: https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata
_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")


class MemoryQueueService:
    """A storage account's queues, gone with the process; safe to use from many threads.

    Args:
        clock: tells the time; a simulation hands over its own.
        around: stands around every call, so that a test can let it fail before or after it took effect, or record it.
        rng: hands out what is due in random order, as the service may; None: in the order in which it became due.
    """

    def __init__(
        self, clock: Clock | None = None, around: Around | None = None, rng: Random | None = None, url: str = "memory:"
    ) -> None:
        self.url = url
        self._clock: Clock = clock or SystemClock()
        self._around: Around = around or (lambda _operation, _queue, act: act())
        self._rng = rng
        self._stores: dict[str, Store] = {}
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Do nothing: there is no connection; the queues stay."""

    def get_queue_client(self, queue: str) -> MemoryQueueClient:
        """Return a client for a queue, whether it exists or not."""
        return MemoryQueueClient(self, queue)

    def create_queue(self, name: str, metadata: dict[str, str] | None = None, **_: object) -> MemoryQueueClient:
        """Make a queue.

        Raises:
            ResourceExistsError: it exists, with the same metadata (204) or with others (409, QueueAlreadyExists).
            HttpResponseError: the name is no queue name (400, InvalidResourceName).
        """
        client = self.get_queue_client(name)
        client.create_queue(metadata=metadata)
        return client

    def delete_queue(self, queue: str, **_: object) -> None:
        """Delete a queue with all its messages.

        Raises:
            ResourceNotFoundError: there is none (404, QueueNotFound).
        """
        self.get_queue_client(queue).delete_queue()

    def list_queues(self, name_starts_with: str | None = None, **_: object) -> Iterator[QueueProperties]:
        """Return every queue, by name."""
        with self._lock:
            names = sorted(name for name in self._stores if name.startswith(name_starts_with or ""))
        for name in names:
            properties = QueueProperties()
            properties.name = name
            yield properties

    def store(self, name: str) -> Store:
        """Return a queue's messages, for a test to look at.

        Raises:
            ResourceNotFoundError: there is no such queue (404, QueueNotFound).
        """
        if name not in self._stores:
            code = "QueueNotFound"
            raise refused(code, name)
        return self._stores[name]

    def now(self) -> datetime:
        """Return the service's time."""
        return self._clock.now()

    def create(self, name: str, metadata: dict[str, str]) -> None:
        """Make a queue, as `create_queue` says."""
        if not _NAME.fullmatch(name):
            code = "InvalidResourceName"
            raise refused(code, name)
        if name in self._stores:
            error = refused("QueueAlreadyExists", name)
            if self._stores[name].metadata == metadata:
                error.status_code = 204  # the service takes it for done, the client library says so all the same
            raise error
        self._stores[name] = Store(metadata, self._rng)

    def drop(self, name: str) -> None:
        """Delete a queue, as `delete_queue` says."""
        self.store(name)
        del self._stores[name]

    def perform[T](self, operation: Operation, queue: str, act: Callable[[], T]) -> T:
        """Perform one call on a queue, all at once, with whatever stands around it."""

        def alone() -> T:
            with self._lock:
                return act()

        done: T = self._around(operation, queue, alone)
        return done
