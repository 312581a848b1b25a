"""The app in a world of its own: simulated time, queues in memory, the Graph emulator's state machine, no network.

The code that runs is the product's: `submission.handle` and `poller.run`, with the queues, the Graph client and the
rules they have in Azure. Ours is what stands around it, as docs and sources describe it: the queue trigger's semantics
and a timer.
"""

import contextlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final, Self, cast

from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueMessage

from assign_number import submission
from assign_number.request import Envelope
from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from poll_operation import poller
from teams_numbers.graph import Graph
from teams_numbers.queues import Message, open_queues
from teams_numbers.services import Services
from teams_numbers.session import PlainSession
from teams_numbers.settings import Settings, load
from tests.reliability.transport import ENDPOINT, ORIGIN, Around, Identity, Wire, Witness
from tests.reliability.witness import Notes, WatchedInventory

REQUESTS, OPERATIONS, EVENTS = "number-requests", "pending-operations", "number-events"
UNASSIGNMENTS = "recent-unassignments"
POISON: Final = (f"{REQUESTS}-poison", f"{OPERATIONS}-poison")
#: How long the host leases a message of the in-box.
HOST_LEASE: Final = 600
_BATCH, _MOST_DELIVERIES, _AFTER_FAILURE = 16, 100, 60
#: The timer's period, and the pauses of a trigger whose receiving fails: the first, doubled up to the longest.
_TICK, _RETRY, _RETRY_MOST = 15.0, 1.0, 60.0


class Crash(BaseException):
    """The process dies: nothing in it catches this."""


class Inline(Executor):
    """Does the work at once, in the caller's thread: the same seed gives the same history.

    Args:
        notes: where each look at a message is written down.
    """

    def __init__(self, *_: object, notes: Notes | None = None) -> None:
        self._notes = notes or Notes()

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it."""
        future: Future[T] = Future()
        message = next((one for one in args if isinstance(one, Message)), None)
        if message is None:
            future.set_result(fn(*args, **kwargs))
            return future
        with self._notes.looking(OPERATIONS, message.id, message.text):
            future.set_result(fn(*args, **kwargs))
        return future


class World:
    """One tenant, one storage account, one app.

    Args:
        seed: of all that is random.
        around: stands around every act that leaves the app: queue calls, Graph calls, asking for a token.
        settings: app settings that differ from the defaults, by their names.

    Attributes:
        notes: what the checkers go by.
        unhandled: what the app's functions raised, by type: the host saw each and delivered the message again.
        started: when the simulation began.
    """

    def __init__(self, seed: int, around: Around | None = None, **settings: Any) -> None:
        self.seed = seed
        self.around: Around = around or (lambda _step, act: act())
        self.clock = SimulatedClock()
        self.rng = Random(seed)  # noqa: S311 - a simulation
        self.notes = Notes()
        self.queues = MemoryQueueService(self.clock, self._call, Random(seed))  # noqa: S311 - disorder
        for name in (REQUESTS, OPERATIONS, EVENTS, UNASSIGNMENTS):
            self.queues.create_queue(name)
        self.emulator = Witness((ORIGIN,), self.clock.now, self.notes, self._stored_order, seed)
        self.settings = app_settings(**settings)
        self.services = self.process()
        self.unhandled: list[str] = []
        self.started = self._ticked = self._blocked_until = self.clock.now()
        self._failures = 0

    def process(self) -> Services:
        """Return what a process that has just started holds."""
        session = PlainSession(1)
        session.mount("https://", Wire(self.emulator, self._step, lambda _seconds: None))
        graph = Graph(self.settings, lambda: Identity(self.emulator, self._step), session, self.clock)
        queues = open_queues(self.settings, cast("Any", self.queues))
        jitter = Random(self.rng.random())  # noqa: S311 - a simulation
        services = Services(self.settings, queues, graph, self.clock, jitter)
        object.__setattr__(services, "inventory", WatchedInventory(services, self.notes))  # it is made once
        return services

    def restart(self) -> None:
        """Lose everything a process holds."""
        self.services = self.process()

    def send(self, text: str) -> None:
        """Put a message on the request queue, as HR does."""
        self.queues.get_queue_client(REQUESTS).send_message(text, time_to_live=-1)

    def run(self, until: datetime | None = None) -> bool:
        """Let the app work until nothing is left to do, or until a moment; return whether nothing is left.

        Raises:
            Crash: the process dies; go on after `restart`.
        """
        while (due := self.next_due()) is not None and (until is None or due <= until):
            self.clock.advance_to(due)
            while self._due(REQUESTS) and self.clock.now() >= self._blocked_until:
                self._failures = 0 if self.deliver(self.services) else self._failures + 1
                if self._failures:
                    pause = min(_RETRY * 2 ** (self._failures - 1), _RETRY_MOST)
                    self._blocked_until = self.clock.now() + timedelta(seconds=pause)
            if self._due(OPERATIONS) and self.clock.now() >= self._next_tick():
                self._ticked = self._next_tick()
                self.poll(self.services)
        if until is not None:
            self.clock.advance_to(until)
        return self.next_due() is None

    def next_due(self) -> datetime | None:
        """Return when the next thing happens; None when nothing is left."""
        requests, operations = (self.queues.store(name).next_due() for name in (REQUESTS, OPERATIONS))
        requests = requests and max(requests, self._blocked_until)
        return min(filter(None, (requests, operations and max(operations, self._next_tick()))), default=None)

    def deliver(self, services: Services) -> bool:
        """Receive a batch as the queue trigger does and run the function on each; return whether there was any."""
        queue = self.queues.get_queue_client(REQUESTS)
        try:
            pages = queue.receive_messages(messages_per_page=_BATCH, visibility_timeout=HOST_LEASE).by_page()
            batch = list(next(pages, ()))
        except AzureError:
            return False
        for message in batch:
            try:
                self._process(message, services)
            except AzureError:  # the host's own call failed: the lease ends by itself
                continue
        return bool(batch)

    def poll(self, services: Services) -> None:
        """Run the timer's function once."""
        try:
            poller.run(services, make_workers=partial(Inline, notes=self.notes))
        except AzureError as error:
            self.unhandled.append(type(error).__name__)

    def drained(self, queue: str) -> list[str]:
        """Take every message that a queue has, whether it is due or not."""
        if queue not in {properties.name for properties in self.queues.list_queues()}:
            return []
        texts = [message.text for message in self.queues.store(queue)]
        self.queues.store(queue).clear()
        return texts

    def events(self) -> list[dict[str, Any]]:
        """Take every completion event."""
        return [json.loads(text) for text in self.drained(EVENTS)]

    def _step(self, step: str, act: Callable[[], Any]) -> Any:
        return self.around(step, act)

    def _call(self, operation: str, queue: str, act: Callable[[], Any]) -> Any:
        """Let a queue be called, with whatever stands around it; an event's verdict must be stored by then."""
        look = self.notes.look
        if (operation, queue) == ("send", EVENTS) and look is not None and look.room == OPERATIONS:
            stored = self._stored()
            if stored is not None and stored.get("verdict") is None:
                self.notes.untold.append(look)
        return self.around(f"{operation} {queue}", act)

    def _stored_order(self) -> dict[str, Any] | None:
        """Return the order in the work item that is being looked at, as the work list has it now."""
        stored = self._stored()
        order: dict[str, Any] | None = stored.get("order") if stored is not None else None
        return order

    def _stored(self) -> dict[str, Any] | None:
        """Return the work item that is being looked at, as the work list has it now; None: it is none."""
        look = self.notes.look
        text = self.queues.store(OPERATIONS).text_of(look.message_id) if look is not None else None
        try:
            content = json.loads(text or "null")
        except ValueError:
            return None
        return content if isinstance(content, dict) and "request" in content else None

    def _process(self, message: QueueMessage, services: Services) -> None:
        """Do with one message what the queue trigger does."""
        queue, deliveries = self.queues.get_queue_client(REQUESTS), message.dequeue_count or 1
        if deliveries > _MOST_DELIVERIES:
            self._poison(message)
            return
        envelope = Envelope(message.content, message.id, deliveries, message.inserted_on or datetime.now(UTC))
        try:
            with self.notes.looking(REQUESTS, message.id, message.content):
                submission.handle(envelope, services)
        except Exception as error:  # noqa: BLE001 - the host catches whatever a function raises
            self.unhandled.append(type(error).__name__)
            if deliveries >= _MOST_DELIVERIES:
                self._poison(message)
            else:
                _unless_lost(lambda: queue.update_message(message, visibility_timeout=_AFTER_FAILURE))
            return
        _unless_lost(lambda: queue.delete_message(message))

    def _poison(self, message: QueueMessage) -> None:
        poison = self.queues.get_queue_client(POISON[0])
        try:
            poison.send_message(message.content)
        except ResourceNotFoundError:
            with contextlib.suppress(ResourceExistsError):
                poison.create_queue()
            poison.send_message(message.content)
        _unless_lost(lambda: self.queues.get_queue_client(REQUESTS).delete_message(message))

    def _due(self, queue: str) -> bool:
        due = self.queues.store(queue).next_due()
        return due is not None and due <= self.clock.now()

    def _next_tick(self) -> datetime:
        """Return the timer's next time: every 15 seconds, never twice for one of them."""
        return max(self._ticked + timedelta(seconds=_TICK), self.clock.now())


class LogTap(logging.Handler):
    """Hands every line that the app logs to a function; a context manager.

    Args:
        take: is called with each line.
        level: from which level up.
    """

    def __init__(self, take: Callable[[str], object], level: int = logging.DEBUG) -> None:
        super().__init__(level)
        self._take = take
        self._logger = logging.getLogger("teams_numbers")
        self._before = (self._logger.level, self._logger.propagate)

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        self._take(record.getMessage())

    def __enter__(self) -> Self:
        self._logger.setLevel(self.level)
        self._logger.propagate = False
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._before[0])
        self._logger.propagate = self._before[1]


def app_settings(**values: Any) -> Settings:
    """Return app settings for a simulation, by their names."""
    given = {
        "NumbersStorage": "in memory",
        "REQUESTS_QUEUE": REQUESTS,
        "OPERATIONS_QUEUE": OPERATIONS,
        "EVENTS_QUEUE": EVENTS,
        "POLL_SCHEDULE": "*/15 * * * * *",
        "GRAPH_ENDPOINT": ENDPOINT,
        "POLL_WORKERS": 1,
    }
    return load(**given | values)


def _unless_lost(act: Callable[[], object]) -> None:
    """Let pass what says that the message is somebody else's by now, or gone, as the queue trigger does."""
    try:
        act()
    except HttpResponseError as error:
        if error.status_code not in {400, 404, 409}:
            raise
