"""The bench's stand: one queue service and one Graph emulator, the hosts under test, and who feeds and collects."""

import json
import re
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from local.stack import ROOT, Part, Stack

#: Azurite's cost grows with what it stores; beyond so many messages it would be what is measured.
MOST_STORED = 250
_LINE = re.compile(r'"(?P<method>[A-Z]+) /[^/]+/(?P<queue>[^/?]+)(?P<rest>[^ ]*) HTTP/1.1"')
_DEADLINE_SECONDS, _PAUSE_SECONDS, _COLLECT_LEASE = 300, 0.05, 5


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came of a feed.

    Attributes:
        started: when its first request was sent, in epoch seconds.
        events: the events, with the time at which each was taken, in epoch seconds.
    """

    started: float
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def outcomes(self) -> Counter[str]:
        """Return how many events there were of each type."""
        return Counter(event["type"].rpartition(".")[2] for _, event in self.events)


class Stand:
    """A queue service and an emulator for one row; a context manager.

    Args:
        settings: app settings that differ from local.settings.json.
        persistent: keep the queues on disk: in memory, Azurite sweeps its extents once a minute and answers nobody
            meanwhile, which would be what a row of more than a minute measures.
    """

    def __init__(self, settings: dict[str, str] | None = None, *, persistent: bool = False) -> None:
        self.stack = Stack(settings, persistent=persistent, with_host=False)
        self._names = count()
        self._control = requests.Session()
        self._control.trust_env = False

    def __enter__(self) -> Self:
        self.stack.__enter__()
        self.plan(bodyShape="bare")  # what the metadata says, and all that the generated SDK can read
        requests_queue, _, events_queue = self.stack.queue_names
        self._requests = self.stack.queues.get_queue_client(requests_queue)
        self._events = self.stack.queues.get_queue_client(events_queue)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self.stack.__exit__(kind, error, trace)

    @contextmanager
    def host(self, app: Path = ROOT, *, command: Sequence[str] = (), **settings: str) -> Iterator[Part]:
        """Run a function app on the local host, or on the one that a command starts."""
        name = f"host-{next(self._names)}"
        part = Part(
            name,
            list(command) or [sys.executable, "-m", "local.host", "--app", str(app)],
            "host ready.*",
            self.stack.folder / f"{name}.log",
            self.stack.environment | settings,
        )
        part.start()
        try:
            yield part
        finally:
            part.stop()

    def plan(self, **fields: object) -> None:
        """Set how the emulator behaves."""
        self._ask("POST", "plan", fields)

    def reset(self, **plan: object) -> None:
        """Let the emulator forget all that happened, and behave as planned."""
        self._ask("POST", "reset", {})
        self.plan(**{"bodyShape": "bare"} | plan)

    def stats(self) -> dict[str, Any]:
        """Return what the emulator counted."""
        return self._ask("GET", "stats", None)

    def transactions(self) -> Counter[str]:
        """Return the calls that the queue service has answered so far, from its access log.

        The keys are a queue and what was done there: `number-requests put`.
        """
        log = self.stack.azurite.log.read_text(encoding="utf-8", errors="replace")
        calls = (_LINE.search(line) for line in log.splitlines())
        return Counter(f"{call['queue']} {_act(call['method'], call['rest'])}" for call in calls if call)

    def feed(
        self,
        numbers: Sequence[str],
        *,
        per_second: float,
        collect_seconds: float = _DEADLINE_SECONDS,
        pool: str | None = None,
    ) -> Arrivals:
        """Send one request for each number, evenly, and take the events until each has its own.

        Args:
            numbers: what to order; the request's id ends in the number's digits.
            per_second: how many requests a second.
            pool: what the requests name instead of a number of their own.
            collect_seconds: how long after the first request the last event is waited for.
        """
        arrivals, sent, name = Arrivals(time.time()), 0, uuid.uuid4().hex[:6]
        began = time.monotonic()
        while len(arrivals.events) < len(numbers) and time.monotonic() - began < collect_seconds:
            due = min(len(numbers), 1 + int((time.monotonic() - began) * per_second))
            while sent < due and sent - len(arrivals.events) < MOST_STORED:
                self._requests.send_message(request(numbers[sent], f"{name}.{sent}", pool), time_to_live=-1)
                sent += 1
            if not self._collect(arrivals):
                time.sleep(_PAUSE_SECONDS)
        return arrivals

    def _collect(self, arrivals: Arrivals) -> int:
        pages = self._events.receive_messages(messages_per_page=32, visibility_timeout=_COLLECT_LEASE).by_page()
        batch = list(next(pages, ()))
        now, seen = time.time(), {event["subject"] for _, event in arrivals.events}
        came = [(now, json.loads(message["content"])) for message in batch]
        arrivals.events.extend(entry for entry in came if entry[1]["subject"] not in seen)
        for message in batch:
            self._events.delete_message(message["id"], message["pop_receipt"])
        return len(batch)

    def _ask(self, method: str, control: str, body: object) -> dict[str, Any]:
        url = f"{self.stack.graph_url}/emulator/{control}"
        answer = self._control.request(method, url, json=body, timeout=30)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def request(number: str, request_id: str, pool: str | None = None) -> str:
    """Return a request as HR sends it."""
    wish = {"pool": pool} if pool else {"telephoneNumber": number, "numberType": "callingPlan"}
    return json.dumps(
        {
            "requestId": request_id,
            "assignmentTargetId": str(uuid.uuid4()),
            "context": {"employeeId": "E-1047", "workflowRunId": "08585-2391"},
        }
        | wish
    )


def _act(method: str, rest: str) -> str:
    """Say in the queue service's words what a call does."""
    if "comp=metadata" in rest:
        return "length"
    on_one = "popreceipt" in rest
    return {"POST": "put", "GET": "receive", "PUT": "update" if on_one else "create", "DELETE": "delete"}.get(
        method, method.lower()
    )
