"""What only the service in memory can do: another clock, faults around a call, disorder, size."""

from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError

from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from teams_numbers.queues import open_queues
from tests.values import settings


def test_it_takes_its_time_from_the_clock_it_is_given() -> None:
    clock = SimulatedClock()
    queue = MemoryQueueService(clock).create_queue("queue")
    queue.send_message("x", visibility_timeout=86_400, time_to_live=-1)
    clock.advance(86_399)
    assert queue.receive_message() is None
    clock.advance(1)
    received = queue.receive_message()
    assert received is not None
    assert received.inserted_on is not None
    assert (clock.now() - received.inserted_on).days == 1


def test_a_call_can_fail_before_or_after_it_took_effect() -> None:
    when = "never"

    def around(operation: str, _queue: str, act: Callable[[], Any]) -> Any:
        if operation == "send" and when == "before":
            raise ServiceRequestError(when)
        done = act()
        if operation == "send" and when == "after":
            raise ServiceRequestError(when)
        return done

    queue = MemoryQueueService(SimulatedClock(), around).create_queue("queue")
    for when in ("before", "after"):
        with pytest.raises(ServiceRequestError, match=when):
            queue.send_message(when)
    assert [message.content for message in queue.receive_messages(messages_per_page=32)] == ["after"]


def test_what_is_due_can_come_in_any_order_and_comes_once() -> None:
    rng = Random(1)  # noqa: S311 - disorder hides nothing
    queue = MemoryQueueService(SimulatedClock(), rng=rng).create_queue("queue")
    for number in range(100):
        queue.send_message(str(number))
    received = [int(message.content) for message in queue.receive_messages(messages_per_page=32)]
    assert received != sorted(received)
    assert sorted(received) == list(range(100))


# Azurite stores such a message and then fails every receive of the queue, so this is asked of the one in memory only.
@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ufffe", "\ud800"])
def test_a_character_that_xml_cannot_carry_is_refused_as_azure_does(text: str) -> None:
    queue = MemoryQueueService(SimulatedClock()).create_queue("queue")
    with pytest.raises(HttpResponseError) as caught:
        queue.send_message(text)
    assert caught.value.status_code == 400


def test_the_apps_queues_run_on_it_unchanged() -> None:
    service = MemoryQueueService(SimulatedClock())
    for name in ("number-requests", "pending-operations", "number-events"):
        service.create_queue(name)
    queue = open_queues(settings(), cast("Any", service)).operations
    queue.send("x", 0.2)
    assert queue.receive(60) == []
    queue.set_aside("bad")
    assert service.get_queue_client("pending-operations-poison").peek_messages()[0].content == "bad"


def test_a_hundred_thousand_messages_cost_no_more_each_than_a_few() -> None:
    """Bounded in work, not in time: the heap is asked, never searched."""
    clock = SimulatedClock()
    service = MemoryQueueService(clock)
    queue = service.create_queue("queue")
    for number in range(100_000):
        queue.send_message("x", visibility_timeout=number % 86_400, time_to_live=-1)
    received = 0
    while received < 100_000:
        page = list(next(queue.receive_messages(messages_per_page=32).by_page(), ()))
        for message in page:
            queue.delete_message(message)
        received += len(page)
        due = service.store("queue").next_due()
        if due is not None:
            clock.advance_to(due)
    assert queue.get_queue_properties().approximate_message_count == 0
