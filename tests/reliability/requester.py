"""Who puts requests on a running stack's queue until each is acknowledged, and takes every event from the other end."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Any, Final, Self

import requests
from azure.core.exceptions import AzureError
from azure.storage.queue import QueueServiceClient

from local.graph.inventory import good_numbers
from local.stack import Stack
from tests.reliability.history import History

#: How long a send is repeated, in seconds, and the pause between two tries.
_SEND_SECONDS, _PAUSE_SECONDS = 60.0, 0.2
#: How long an event that was taken stays invisible if its deletion fails, in seconds.
_TAKEN_SECONDS: Final = 5
_POLL_SECONDS: Final = 0.1
_PEEK_MOST: Final = 32


class Requester:
    """Sends requests and takes events; a context manager, safe to send from several threads.

    Args:
        stack: a running one.

    Attributes:
        repeated: how often a send was tried again.
    """

    def __init__(self, stack: Stack) -> None:
        self.repeated = 0
        self._graph_url = stack.graph_url
        # It repeats by itself: the client library's back-off would sleep through a restart.
        self._service = QueueServiceClient.from_connection_string(stack.connection, retry_total=0, read_timeout=15)
        self._names = stack.queue_names
        self._queues = [self._service.get_queue_client(name) for name in self._names]
        self._sent: dict[str, float] = {}
        self._acknowledged: set[str] = set()
        self._events: dict[str, tuple[float, dict[str, Any]]] = {}
        self._heard: set[str] = set()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._take, name="events", daemon=True)

    def __enter__(self) -> Self:
        """Begin to take events."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop taking events."""
        self._stop.set()
        self._thread.join()
        self._service.close()

    def send(self, request_id: str, text: str) -> None:
        """Put a request on the queue, again and again for a minute until the queue service says it has it."""
        ends = time.monotonic() + _SEND_SECONDS
        with self._changed:
            self._sent.setdefault(request_id, time.monotonic())
        while True:
            try:
                self._queues[0].send_message(text, time_to_live=-1)
            except AzureError:
                self.repeated += 1
                if time.monotonic() > ends or self._stop.wait(_PAUSE_SECONDS):
                    return
            else:
                with self._changed:
                    self._acknowledged.add(request_id)
                return

    def heard_of_all(self, seconds: float) -> bool:
        """Wait until every acknowledged request has an event, at most so many seconds; return whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: self._acknowledged <= self._heard, seconds)

    def emptied(self, seconds: float) -> bool:
        """Wait until no queue stores a message, at most so many seconds; return whether none does."""
        ends = time.monotonic() + seconds
        while self.stored():
            if time.monotonic() > ends:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def history(self) -> History:
        """Return what was sent and heard so far; an event that had to be taken twice counts once."""
        with self._changed:
            events = [event for _, event in self._events.values()]
            return History(set(self._sent), set(self._acknowledged), events)

    def seconds(self) -> list[float]:
        """Return how long each request took so far from its first sending to its first event, in order of length."""
        with self._changed:
            first: dict[str, float] = {}
            for came, event in self._events.values():
                first.setdefault(event["subject"], came)
            return sorted(came - self._sent[subject] for subject, came in first.items() if subject in self._sent)

    def stored(self) -> int:
        """Return how many messages the three queues store, visible or not."""
        return sum(queue.get_queue_properties().approximate_message_count or 0 for queue in self._queues)

    def set_aside(self) -> int:
        """Return how many messages the poison queues store, as far as one look shows."""
        poison = (self._service.get_queue_client(f"{name}-poison") for name in self._names[:2])
        return sum(len(queue.peek_messages(max_messages=_PEEK_MOST)) for queue in poison)

    def unfinished(self) -> set[str]:
        """Return the requests that were delivered, not finished, and are due again, as far as one look shows."""
        seen = self._queues[0].peek_messages(max_messages=_PEEK_MOST)
        return {str(json.loads(message.content)["requestId"]) for message in seen if message.dequeue_count}

    def plan(self, **fields: Any) -> None:
        """Set how the Graph emulator behaves."""
        requests.post(f"{self._graph_url}/emulator/plan", json=fields, timeout=30).raise_for_status()

    def stats(self) -> dict[str, Any]:
        """Return what the Graph emulator counted."""
        answer = requests.get(f"{self._graph_url}/emulator/stats", timeout=30)
        answer.raise_for_status()
        counted: dict[str, Any] = answer.json()
        return counted

    def _take(self) -> None:
        queue = self._queues[2]
        while not self._stop.is_set():
            taken = []
            with suppress(AzureError):
                pages = queue.receive_messages(messages_per_page=32, visibility_timeout=_TAKEN_SECONDS).by_page()
                taken = list(next(pages, ()))
            now = time.monotonic()
            with self._changed:
                for message in taken:
                    event = json.loads(message.content)
                    self._events.setdefault(str(message.id), (now, event))
                    self._heard.add(event["subject"])
                self._changed.notify_all()
            for message in taken:
                with suppress(AzureError):  # it comes again then, with the same message id
                    queue.delete_message(message.id, message.pop_receipt)
            if not taken:
                self._stop.wait(_POLL_SECONDS)


def good_requests(count: int, rng: Random) -> dict[str, dict[str, Any]]:
    """Return so many requests that nothing speaks against, each for a number and a user of its own, by their ids."""
    made = {}
    for index, number in zip(range(count), good_numbers(), strict=False):
        request_id = f"hire-{index:05}"
        made[request_id] = {
            "requestId": request_id,
            "telephoneNumber": number,
            "assignmentTargetId": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "numberType": "callingPlan",
            "context": {"employeeId": f"E-{index}", "workflowRunId": "08585-2391"},
        }
    return made


def feed(
    requester: Requester, wanted: dict[str, dict[str, Any]], per_second: float, clock: Callable[[], float]
) -> tuple[float, float]:
    """Send every request at its time, evenly; return when the first and the last were acknowledged, in seconds.

    The times are fixed beforehand: one late send does not make the next one later.
    """
    began = first = last = clock()
    for index, (request_id, message) in enumerate(wanted.items()):
        time.sleep(max(0.0, began + index / per_second - clock()))
        requester.send(request_id, json.dumps(message))
        last = clock()
        first = first if index else last
    return first, last
