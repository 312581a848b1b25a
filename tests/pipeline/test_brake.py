"""The brake on unassignments, counted in a real queue."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from azure.storage.queue import QueueServiceClient

from poll_operation.item import _WorkList
from teams_numbers.clock import SystemClock
from teams_numbers.graph import Graph
from teams_numbers.identity import make_credential
from teams_numbers.queues import Message, open_queues
from teams_numbers.services import Services
from teams_numbers.session import PlainSession
from tests.host.processes import Azurite
from tests.values import NOW, settings

_THREADS, _ALLOWED = 8, 5


@pytest.fixture
def services() -> Iterator[Services]:
    """Services with a queue of their own for the count."""
    chosen = settings(UNASSIGNMENTS_QUEUE=f"recent-{uuid.uuid4().hex[:8]}", UNASSIGN_PER_DAY=_ALLOWED)
    clock = SystemClock()
    with Azurite() as azurite, QueueServiceClient.from_connection_string(azurite.connection) as service:
        service.create_queue(chosen.unassignments_queue)
        graph = Graph(chosen, make_credential, PlainSession(1), clock)
        yield Services(chosen, open_queues(chosen, service), graph, clock)


def test_of_many_threads_at_once_as_many_may_unassign_as_are_allowed(services: Services) -> None:
    barrier = Barrier(_THREADS)

    def ask(place: int) -> bool:
        room = _WorkList(Message(str(place), "receipt", 1, NOW, ""), services)
        barrier.wait()
        return room.brake()

    with ThreadPoolExecutor(_THREADS) as threads:
        answers = list(threads.map(ask, range(_THREADS)))
    assert answers.count(True) == _ALLOWED
    assert services.queues.unassignments.length() == _ALLOWED
