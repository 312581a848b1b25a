"""Requests in, events out: what a requester sees of the whole system."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import jsonschema
import requests
from azure.core.exceptions import AzureError

from local.stack import ROOT, Stack
from tests.values import USER

#: How long a test waits for what must come, in seconds: generous, since it ends as soon as it has come.
PATIENCE_SECONDS = 100
_SCHEMA = json.loads((ROOT / "schemas" / "completion-event.schema.json").read_text(encoding="utf-8"))


class Life:
    """Puts requests on the queue of a running stack, and takes every event off its queue.

    Args:
        stack: a running one.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._requests, self._operations, self._events_queue = (
            stack.queues.get_queue_client(name) for name in stack.queue_names
        )
        self._events: dict[str, list[dict[str, Any]]] = {}
        self._came = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        """Begin to read events."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()

    def send(self, **fields: Any) -> str:
        """Send a request to assign a number; return its id."""
        fields = {"assignmentTargetId": USER, "numberType": "callingPlan"} | fields
        return self.send_text(json.dumps(fields), fields.get("requestId"))

    def send_wish(self, **fields: Any) -> str:
        """Send a request as it is; return its id."""
        return self.send_text(json.dumps(fields), fields["requestId"])

    def send_text(self, text: str, request_id: str | None = None) -> str:
        """Send a message as it is; return the request's id, or the message's."""
        message = self._requests.send_message(text)
        return request_id or str(message.id)

    def send_pending(self, text: str) -> str:
        """Put a message on the queue of pending operations; return its id."""
        return str(self._operations.send_message(text).id)

    def events(self, request_id: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until a request has so many events, and return them."""
        with self._came:
            self._came.wait_for(lambda: len(self._events.get(request_id, [])) >= count, PATIENCE_SECONDS)
            found = list(self._events.get(request_id, []))
        assert len(found) >= count, f"{request_id}: {len(found)} events"
        for event in found:
            jsonschema.validate(event, _SCHEMA)
        return found

    def event(self, request_id: str) -> dict[str, Any]:
        """Wait for a request's event and return it; a repeat must have the same id."""
        found = self.events(request_id)
        assert len({event["id"] for event in found}) == 1
        return found[0]

    def end(self, request_id: str) -> tuple[str, str | None]:
        """Wait for a request's event; return the last part of its type, and its error code."""
        event = self.event(request_id)
        return event["type"].rpartition(".")[2], event["data"].get("error", {}).get("code")

    def stats(self) -> dict[str, Any]:
        """Return what the emulator has counted."""
        counted: dict[str, Any] = requests.get(f"{self.stack.graph_url}/emulator/stats", timeout=10).json()
        return counted

    def accepted(self, telephone_number: str) -> int:
        """Return how many orders for a number Graph accepted."""
        count: int = self.stats()["acceptedPerNumber"].get(telephone_number, 0)
        return count

    def polled(self, telephone_number: str) -> int:
        """Return how often the operations of a number were asked."""
        operations = self.stats()["operations"]
        return sum(len(one["polledAt"]) for one in operations if one["telephoneNumber"] == telephone_number)

    def move(self, telephone_number: str, person: str | None) -> None:
        """Change a number's holder as an administrator does."""
        body = {"telephoneNumber": telephone_number, "assignmentTargetId": person}
        requests.post(f"{self.stack.graph_url}/emulator/move", json=body, timeout=10).raise_for_status()

    def log(self, name: str, **fields: Any) -> list[dict[str, Any]]:
        """Return the app's log lines of one event that have these fields."""
        lines = self.stack.host.log.read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines if line.startswith("{")]
        return [record for record in records if record["name"] == name and fields.items() <= record.items()]

    def poison(self, queue: int) -> list[str]:
        """Return the texts in a queue's poison queue: 0 the requests', 1 the operations'."""
        client = self.stack.queues.get_queue_client(f"{self.stack.queue_names[queue]}-poison")
        return [message.content for message in client.peek_messages(max_messages=32)]

    def _read(self) -> None:
        while not self._stop.is_set():
            taken = []
            with suppress(AzureError):
                taken = list(self._events_queue.receive_messages(messages_per_page=32, visibility_timeout=60))
                for message in taken:
                    self._events_queue.delete_message(message)
            with self._came:
                for message in taken:
                    event = json.loads(message.content)
                    self._events.setdefault(event["subject"], []).append(event)
                self._came.notify_all()
            self._stop.wait(0.1)


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)
