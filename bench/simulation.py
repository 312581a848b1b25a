"""The app's own code under a simulated clock: queues in memory, the emulator in the process, nothing on a network."""

import json
from collections import deque
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, cast

from azure.core.credentials import AccessToken

from assign_number import submission
from assign_number.request import Envelope
from bench.stand import request
from local.clock import SimulatedClock
from local.graph.adapter import Adapter
from local.graph.emulator import Emulator
from local.queues import MemoryQueueService
from poll_operation import poller
from teams_numbers.graph import Graph, make_session
from teams_numbers.queues import open_queues
from teams_numbers.services import Services
from teams_numbers.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ORIGIN = "https://graph.example"
TICK_SECONDS = 15
_TOKEN_SECONDS = 3600
_QUEUES = {"REQUESTS_QUEUE": "requests", "OPERATIONS_QUEUE": "operations", "EVENTS_QUEUE": "events"}


class Inline(Executor):
    """Does the work at once, in the caller's thread: simulated time knows no threads."""

    def __init__(self, *_: object, **__: object) -> None:
        """Take what a pool of threads takes."""

    def submit[**P, T](self, fn: "Callable[P, T]", /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it."""
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class _Identity:
    """Gives the emulator's tokens, without an endpoint."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def get_token(self, *_: str, **__: object) -> AccessToken:
        """Return one that is good for an hour."""
        return AccessToken(*self._emulator.issuer.issue(ORIGIN, self._emulator.plan.roles, _TOKEN_SECONDS))


class Simulation:
    """One tenant, one storage account, one app.

    Args:
        plan: how the emulator behaves.
        settings: app settings that differ from the defaults.
    """

    def __init__(self, plan: dict[str, Any], **settings: object) -> None:
        self.clock = SimulatedClock()
        self.emulator = Emulator((ORIGIN,), lambda: self.clock.now().timestamp(), seed=1)
        self.emulator.change(plan)
        self.service = MemoryQueueService(self.clock)
        for name in _QUEUES.values():
            self.service.create_queue(name)
        given = {"NumbersStorage": "in memory", "POLL_SCHEDULE": "*/15 * * * * *", "GRAPH_ENDPOINT": f"{ORIGIN}/v1.0"}
        self.settings = load(**given | _QUEUES | settings)
        session = make_session(1)
        session.mount("https://", Adapter(self.emulator, wait=self.clock.advance))
        graph = Graph(self.settings, lambda: _Identity(self.emulator), session, self.clock)
        self.services = Services(
            self.settings, open_queues(self.settings, cast("Any", self.service)), graph, self.clock
        )

    def assign(self, number: str, request_id: str) -> None:
        """Let `assign_number` work on one request that has just come."""
        envelope = Envelope(request(number, request_id), request_id, 1, self.clock.now())
        submission.handle(envelope, self.services)

    def poll(self) -> float:
        """Let `poll_operation` run once; return the seconds it took, by the simulated clock."""
        began = self.clock.monotonic()
        poller.run(self.services, make_workers=Inline)
        return self.clock.monotonic() - began

    def work(self, numbers: "Sequence[str]", per_second: float) -> None:
        """Let requests come evenly, and the timer run, until every operation has its event."""
        coming = deque((place / per_second, number) for place, number in enumerate(numbers))
        tick = TICK_SECONDS
        while coming or len(self.service.store(_QUEUES["OPERATIONS_QUEUE"])):
            while coming and coming[0][0] <= tick:
                at, number = coming.popleft()
                self.clock.advance(at - self.clock.monotonic())
                self.assign(number, f"r.{number[1:]}")
            self.clock.advance(tick - self.clock.monotonic())
            self.poll()
            tick += TICK_SECONDS * max(1, 1 + int((self.clock.monotonic() - tick) // TICK_SECONDS))

    def events(self) -> dict[str, float]:
        """Return when each request's event was stored, by its id, in epoch seconds."""
        stored = self.service.store(_QUEUES["EVENTS_QUEUE"])
        return {json.loads(event.text)["subject"]: event.inserted_on.timestamp() for event in stored}
