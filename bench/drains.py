"""`python -m bench.drains WAY`: end what is due on the pending-operations queue, once, and say what it took.

Each way runs in a process of its own, with the environment of the function app, and prints one line of JSON.
"""

import asyncio
import importlib.util
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bench.ways import APPS, OURS

if TYPE_CHECKING:
    from collections.abc import Callable

FLOOR = "floor"
_STORAGE = "NumbersStorage"  # spelled as the host reads it
_LEASE = 300
_ANY_NUMBER = "+12015550100"


def ours() -> "Callable[[], None]":
    """Return the app's own poller."""
    from poll_operation import poller  # noqa: PLC0415 - only this way imports it
    from teams_numbers.services import open_services  # noqa: PLC0415
    from teams_numbers.settings import load  # noqa: PLC0415

    services = open_services(load())
    services.graph.numbers(
        {"telephoneNumber": _ANY_NUMBER}
    )  # the identity's library and the token are there, as in a process that runs
    return lambda: poller.run(services)


def floor() -> "Callable[[], None]":
    """Return a loop that makes the calls that must be made, GET, put, delete, and decides nothing."""
    import requests  # noqa: PLC0415
    from azure.core.pipeline.transport import RequestsTransport  # noqa: PLC0415
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415
    from azure.storage.queue import QueueServiceClient  # noqa: PLC0415

    threads = int(os.environ["POLL_WORKERS"])
    graph, storage = requests.Session(), requests.Session()
    for session in (graph, storage):
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=threads))
    transport = RequestsTransport(session=storage, session_owner=False)
    service = QueueServiceClient.from_connection_string(os.environ[_STORAGE], transport=transport)
    operations = service.get_queue_client(os.environ["OPERATIONS_QUEUE"])
    events = service.get_queue_client(os.environ["EVENTS_QUEUE"])
    scope = f"{os.environ['GRAPH_ENDPOINT'].rpartition('/')[0]}/.default"
    header = {"Authorization": f"Bearer {DefaultAzureCredential().get_token(scope).token}"}

    def follow(message: Any) -> None:  # noqa: ANN401 - the queue library's
        graph.get(json.loads(message.content)["operationUrl"], headers=header, timeout=30).json()
        events.send_message(message.content, time_to_live=-1)
        operations.delete_message(message)

    def drain() -> None:
        with ThreadPoolExecutor(threads) as workers:
            pages = operations.receive_messages(messages_per_page=32, visibility_timeout=_LEASE).by_page()
            for page in pages:
                for message in page:
                    workers.submit(follow, message)

    return drain


def peer(way: str) -> "Callable[[], None]":
    """Return a peer's poll_operation."""
    app = _load(way)

    def drain() -> None:
        done = app.poll_operation.build().get_user_function()(None)
        if asyncio.iscoroutine(done):
            asyncio.run(done)

    return drain


def _load(way: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("peer", APPS[way] / "function_app.py")
    assert spec  # noqa: S101 - the file is there
    assert spec.loader  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run one way."""
    way = sys.argv[1]
    drain = {OURS: ours, FLOOR: floor}.get(way, lambda: peer(way))()
    began, used = time.monotonic(), time.process_time()
    drain()
    print(json.dumps({"seconds": time.monotonic() - began, "cpu": time.process_time() - used}))


if __name__ == "__main__":
    main()
