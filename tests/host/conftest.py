"""Azurite for the session, a queue and hosts for each test."""

import signal
import uuid
from collections.abc import Iterator

import pytest
from azure.storage.queue import QueueClient

from tests.host.processes import Azurite, Host, Stand


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with Azurite() as service:
        yield service


@pytest.fixture
def stand(azurite: Azurite) -> Iterator[Stand]:
    """A fresh queue; `stand.start()` runs a host on it, ended with the test.

    Options are given as in the real host's environment: `stand.start(batchSize=2)`.
    """
    name = f"q{uuid.uuid4().hex}"
    hosts: list[Host] = []

    def start(*arguments: str, app: str = "recorder", env: dict[str, str] | None = None, **options: object) -> Host:
        environment = {"QUEUE": name, "Store": azurite.connection} | (env or {})
        prefix = "AzureFunctionsJobHost__extensions__queues__"
        environment |= {prefix + key: str(value) for key, value in options.items()}
        host = Host(app, environment, *arguments)
        hosts.append(host)
        host.wait_for("host ready: ")
        return host

    queue = QueueClient.from_connection_string(azurite.connection, name)
    poison = QueueClient.from_connection_string(azurite.connection, f"{name}-poison")
    with queue, poison:
        queue.create_queue()
        yield Stand(azurite, queue, poison, start)
        for host in hosts:
            host.end(signal.SIGKILL)  # some still hold a message
