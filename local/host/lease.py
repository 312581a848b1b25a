"""Processing leases: a message in work stays invisible to others until it is settled."""

import logging
import threading
import time
from typing import TYPE_CHECKING

from azure.core.exceptions import HttpResponseError

from local.host.log import HOST, one_line

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient, QueueMessage

#: The message is somebody else's, or it or its queue is gone: pop receipt mismatch, not found, being deleted.
LOST = frozenset({400, 404, 409})
_logger = logging.getLogger(HOST)


class Lease:
    """One message's lease.

    Args:
        message: as received.
        until_renewal: seconds from now.
    """

    def __init__(self, message: "QueueMessage", until_renewal: float) -> None:
        self.message = message
        self.due = time.monotonic() + until_renewal
        self._receipt = message.pop_receipt
        self._ended = False
        self._lock = threading.Lock()

    def end(self) -> str | None:
        """Stop renewing and return the pop receipt that is valid now."""
        with self._lock:
            self._ended = True
            return self._receipt

    def renew(self, queue: "QueueClient", seconds: int) -> None:
        """Extend the lease by so many seconds from now, and set the next renewal at half of them."""
        with self._lock:
            if self._ended:
                return
            self.due = time.monotonic() + seconds / 2
            try:
                updated = queue.update_message(self.message.id, self._receipt, visibility_timeout=seconds)
                self._receipt = updated.pop_receipt
            except HttpResponseError as error:
                if error.status_code not in LOST:
                    raise
                self._ended = True


class LeaseKeeper:
    """Renews the leases of a queue's messages at half their time, from one thread.

    Args:
        queue: whose messages they are.
        seconds: a lease's length; at least 1.
    """

    def __init__(self, queue: "QueueClient", seconds: int) -> None:
        self._queue = queue
        self._seconds = seconds
        self._leases: set[Lease] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._run, name=f"leases {queue.queue_name}", daemon=True).start()

    def hold(self, message: "QueueMessage") -> Lease:
        """Keep a message just received."""
        lease = Lease(message, self._seconds / 2)
        with self._lock:
            self._leases.add(lease)
        return lease

    def release(self, lease: Lease) -> str | None:
        """Stop keeping a message; return its valid pop receipt."""
        with self._lock:
            self._leases.discard(lease)
        return lease.end()

    def _run(self) -> None:
        while True:
            # A quarter of the half: at the latest at five eighths a lease is renewed.
            time.sleep(self._seconds / 8)
            now = time.monotonic()
            with self._lock:
                due = [lease for lease in self._leases if lease.due <= now]
            for lease in due:
                try:
                    lease.renew(self._queue, self._seconds)
                except Exception as error:  # noqa: BLE001 - the keeper outlives whatever the service does
                    _logger.warning("lease of %s not renewed: %s", lease.message.id, one_line(error))
                    lease.due = now  # try again at the next round
