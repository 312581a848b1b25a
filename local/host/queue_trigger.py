"""The queue trigger: receive, run, then delete, give back or set aside."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from local.host.app import App, Function, Value
from local.host.backoff import Backoff
from local.host.errors import HostError
from local.host.lease import LOST, LeaseKeeper
from local.host.log import HOST, one_line
from local.host.options import SHORTEST_POLL, QueueOptions
from local.host.queue_message import NotBase64Error, decode, trigger_metadata

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient, QueueMessage, QueueServiceClient

#: The processing lease of the storage extension, fixed there, in seconds.
LEASE_SECONDS = 600
_POISON = "-poison"
#: https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata
_QUEUE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")
_logger = logging.getLogger(HOST)


@dataclass(frozen=True, slots=True)
class QueueTrigger:
    """One function and its queue.

    Attributes:
        function: which one.
        queue: its queue.
        options: app-wide.
        lease: the processing lease in seconds.
    """

    function: Function
    queue: str
    options: QueueOptions
    lease: int

    def __post_init__(self) -> None:
        """Refuse a name that the service refuses, and a poison queue, which the real host cannot serve either."""
        if not _QUEUE_NAME.fullmatch(self.queue):
            message = f"{self.function.name}: {self.queue!r} is no queue name: 3 to 63 of a-z, 0-9 and single dashes"
            raise HostError(message)
        if self.queue.endswith(_POISON):
            message = f"{self.function.name}: a queue that ends in {_POISON} cannot trigger a function"
            raise HostError(message)

    def __str__(self) -> str:
        """Return the line for people."""
        return f"{self.function.name} (queue {self.queue})"


class QueueListener:
    """Listens on one queue from its own thread and works on its messages in others.

    Args:
        trigger: what to listen to.
        app: runs the function.
        service: the storage account.
    """

    def __init__(self, trigger: QueueTrigger, app: App, service: "QueueServiceClient") -> None:
        self._trigger = trigger
        self._options = trigger.options
        self._app = app
        self._queue: QueueClient = service.get_queue_client(trigger.queue)
        self._poison: QueueClient = service.get_queue_client(trigger.queue + _POISON)
        self._binary = str(trigger.function.trigger.get("dataType", "")).lower() == "binary"
        self._leases = LeaseKeeper(self._queue, trigger.lease)
        self._workers = ThreadPoolExecutor(self._options.concurrency, thread_name_prefix=trigger.queue)
        self._in_flight = 0
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._listen, name=f"queue {trigger.queue}", daemon=True)

    def start(self) -> None:
        """Begin to receive."""
        self._thread.start()

    def stop(self) -> None:
        """Receive no more; what is in flight goes on."""
        with self._changed:
            self._stopping.set()
            self._changed.notify_all()

    def drained(self, deadline: float) -> int:
        """Wait until nothing is in flight, at most until the deadline (time.monotonic); return what still is."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight == 0, max(0.0, deadline - time.monotonic()))
            return self._in_flight

    def _listen(self) -> None:
        backoff = Backoff(SHORTEST_POLL, self._options.max_polling_interval)
        while not self._stopping.is_set():
            messages = self._receive()
            if not messages:
                self._stopping.wait(backoff.next())
                continue
            backoff.reset()
            with self._changed:
                self._in_flight += len(messages)
            for message in messages:
                self._workers.submit(self._work, message)
            with self._changed:
                self._changed.wait_for(self._may_receive)

    def _may_receive(self) -> bool:
        return self._in_flight <= self._options.new_batch_threshold or self._stopping.is_set()

    def _receive(self) -> list["QueueMessage"]:
        """Take what is there, at most a batch; trouble is told once, not at every try."""
        try:
            pages = self._queue.receive_messages(
                messages_per_page=self._options.batch_size, visibility_timeout=self._trigger.lease, retry_total=0
            ).by_page()
            messages = list(next(pages, ()))
        except Exception as error:  # noqa: BLE001 - a listener outlives whatever the service does
            missing = isinstance(error, ResourceNotFoundError)
            # The text of a connection error carries an object's address, different each time.
            trouble = "it does not exist" if missing else re.sub(r"0x[0-9a-f]+", "0x", one_line(error))
            if trouble != self._trouble:
                self._trouble = trouble
                level = logging.INFO if missing else logging.WARNING
                _logger.log(level, "queue %s cannot be read, trying on: %s", self._trigger.queue, trouble)
            return []
        if self._trouble:
            self._trouble = ""
            _logger.info("queue %s can be read again", self._trigger.queue)
        return messages

    def _work(self, message: "QueueMessage") -> None:
        try:
            self._process(message)
        except Exception as error:  # noqa: BLE001 - one message's harm only: its lease ends, and it comes back
            _logger.warning("queue %s, message %s: %s", self._trigger.queue, message.id, one_line(error))
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def _process(self, message: "QueueMessage") -> None:
        dequeue_count = message.dequeue_count or 0
        try:
            body = decode(message.content, is_base64=self._options.base64)
        except NotBase64Error:
            _logger.warning(
                "queue %s, message %s is not base64, moved to %s%s without running %s: "
                "set messageEncoding to none in host.json, or send base64",
                *(self._trigger.queue, message.id, self._trigger.queue, _POISON, self._trigger.function.name),
            )
            self._set_aside(message, message.pop_receipt)
            return
        if dequeue_count > self._options.max_dequeue_count:
            self._tell_poison(message)
            self._set_aside(message, message.pop_receipt)
            return
        lease = self._leases.hold(message)
        try:
            error = self._run(message, body)
        finally:
            receipt = self._leases.release(lease)
        if error is None:
            with _lost_is_fine():
                self._queue.delete_message(message.id, receipt)
            return
        _logger.error(
            "%s failed (message %s, delivery %d): %s", self._trigger.function.name, message.id, dequeue_count, error
        )
        if dequeue_count >= self._options.max_dequeue_count:
            self._tell_poison(message)
            self._set_aside(message, receipt)
            return
        with _lost_is_fine():
            after = ceil(self._options.visibility_timeout)
            self._queue.update_message(message.id, receipt, visibility_timeout=after)

    def _run(self, message: "QueueMessage", body: bytes) -> str | None:
        """Run the function; None, or what went wrong."""
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            if not self._binary:
                return one_line(error)
            text = ""
        value = Value(body, "bytes") if self._binary else Value(text, "string")
        return self._app.invoke(self._trigger.function, value, trigger_metadata(message, text))

    def _tell_poison(self, message: "QueueMessage") -> None:
        _logger.warning(
            "message %s has reached maxDequeueCount of %d, moved to %s%s",
            *(message.id, self._options.max_dequeue_count, self._trigger.queue, _POISON),
        )

    def _set_aside(self, message: "QueueMessage", receipt: str | None) -> None:
        """Store the message in the poison queue, for the service's default of 7 days, then delete it: not atomic."""
        try:
            self._poison.send_message(message.content)
        except ResourceNotFoundError:
            with suppress(ResourceExistsError):  # another worker made it just now
                self._poison.create_queue()
            self._poison.send_message(message.content)
        with _lost_is_fine():
            self._queue.delete_message(message.id, receipt)


@contextmanager
def _lost_is_fine() -> Iterator[None]:
    """Let pass what says that the message is somebody else's by now, or gone."""
    try:
        yield
    except HttpResponseError as error:
        if error.status_code not in LOST:
            raise
