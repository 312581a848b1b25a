"""`python -m bench.bare AMOUNT`: make the calls of so many assignments, and nothing else; prints one line of JSON.

One thread makes the same calls through the same client libraries as the app and its host, with texts of the same size.
Nothing is read, decided, waited for, listed or logged in between.
"""

import json
import os
import sys
import uuid

from bench.items import followed
from bench.processes import cpu_seconds
from local.graph.inventory import good_numbers
from teams_numbers.answers import Accepted
from teams_numbers.contracts import Action, NumberRequest, NumberType
from teams_numbers.loop import body_of
from teams_numbers.services import Services, open_services
from teams_numbers.settings import load
from teams_numbers.work_item import Order, WorkItem

_BATCH = 16


def assign(services: Services, numbers: list[str]) -> None:
    """Make the calls of these assignments; the queues are empty, and so they are afterwards."""
    queues, now = services.queues, services.clock.now()
    items, orders = list[str](), list[Order]()
    for place, number in enumerate(numbers):
        request = NumberRequest(
            request_id=f"r.{place}",
            telephone_number=number,
            assignment_target_id=str(uuid.uuid4()),
            number_type=NumberType.CALLING_PLAN,
        )
        items.append(followed(request, services.settings.graph_endpoint, now))
        orders.append(WorkItem.model_validate_json(items[-1]).order or sys.exit("an item without an order"))
        queues.requests.send(request.model_dump_json())
    before = cpu_seconds(os.getpid())
    left = iter(zip(items, orders, strict=True))
    while batch := queues.requests.receive(60, _BATCH):
        for message in batch:
            item, order = next(left)
            answer = services.graph.order(Action.ASSIGN, body_of(order))
            assert isinstance(answer, Accepted), answer  # noqa: S101 - or it is no figure
            queues.operations.send(item)
            queues.requests.delete(message)
    while batch := queues.operations.receive(60, _BATCH):
        for message in batch:
            stored = queues.operations.replace(message, message.text, 60)
            queues.events.send(message.text)
            queues.operations.delete(stored)
    print(json.dumps({"cpu": cpu_seconds(os.getpid()) - before}))
    while batch := queues.events.receive(60):  # they are no events
        for message in batch:
            queues.events.delete(message)


if __name__ == "__main__":
    assign(open_services(load()), list(good_numbers())[: int(sys.argv[1])])
