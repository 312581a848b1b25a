"""Two accounts that must behave alike: Azurite's and the one in memory."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

import pytest
from azure.storage.queue import QueueClient, QueueServiceClient

from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from tests.host.processes import Azurite

Name = Literal["memory", "azurite"]


@dataclass(frozen=True, slots=True)
class Account:
    """One of the two.

    Attributes:
        service: connected to it.
        wait: lets so many seconds of its time pass.
        monotonic: the seconds of its time since some moment.
    """

    service: QueueServiceClient
    wait: Callable[[float], None]
    monotonic: Callable[[], float]

    def until[T](self, found: Callable[[], T], seconds: float = 10) -> T:
        """Return the first true thing found, or fail after so many seconds of the account's time."""
        for _ in range(int(seconds / 0.1)):
            if result := found():
                return result
            self.wait(0.1)
        message = f"waited {seconds:g} s in vain"
        raise AssertionError(message)


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with Azurite() as service:
        yield service


@pytest.fixture(params=["memory", "azurite"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    which: Name = request.param
    if which == "memory":
        clock = SimulatedClock()
        # The product and these tests use it as if it were the client library's: that is the point.
        yield Account(cast("QueueServiceClient", MemoryQueueService(clock)), clock.advance, clock.monotonic)
        return
    running: Azurite = request.getfixturevalue("azurite")
    with QueueServiceClient.from_connection_string(running.connection, retry_total=0) as service:
        yield Account(service, time.sleep, time.monotonic)


@pytest.fixture
def name(account: Account) -> Iterator[str]:
    """A queue's name that nobody else uses; the queue is deleted with the test."""
    chosen = f"q{uuid.uuid4().hex}"
    yield chosen
    for queue in account.service.list_queues(name_starts_with=chosen):
        account.service.delete_queue(queue.name)


@pytest.fixture
def queue(account: Account, name: str) -> QueueClient:
    """An empty queue."""
    return account.service.create_queue(name)
