"""What the two functions hand over to the rooms, called as the host calls them, in a simulated world."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from azure.functions.queue import QueueMessage

from local.stack import LOCAL_SETTINGS
from teams_numbers import services
from tests.reliability.stories import NUMBER, ended, ordered, request, tenant
from tests.reliability.world import World
from tests.working import stored


def _functions() -> dict[str, Callable[[Any], None]]:
    """Return the app's functions by name, as the host finds them: an app lets itself be indexed once."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in LOCAL_SETTINGS.items():
            environment.setenv(name, value)
        found = import_module("function_app").app.get_functions()
    return {function.get_function_name(): function.get_user_function() for function in found}


FUNCTIONS = _functions()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose services are the process's."""
    made = tenant()
    monkeypatch.setitem(services._opened, "services", made.services)
    return made


def come(text: bytes, **known: Any) -> None:
    """Deliver a message, with what the host says of it."""
    FUNCTIONS["assign_number"](QueueMessage(body=text, **known))  # type: ignore[no-untyped-call] # azure-functions


def test_a_request_is_ordered_when_it_first_comes(world: World) -> None:
    came = world.clock.now() - timedelta(minutes=5)
    come(request().encode(), id="m", dequeue_count=1, insertion_time=came)
    assert (ordered(world), stored(world)[0].received_at) == ({NUMBER: 1}, came)


def test_a_request_that_comes_again_is_handed_over_and_ordered_by_the_timer(world: World) -> None:
    come(request().encode(), id="m", dequeue_count=2, insertion_time=world.clock.now())
    assert ordered(world) == {}
    FUNCTIONS["poll_operation"](None)
    assert ordered(world) == {NUMBER: 1}
    world.run()
    assert ended(world) == {"r": ("Succeeded", None)}


def test_a_message_that_is_no_text_is_rejected_by_its_own_id(world: World) -> None:
    come(b"\xff{}", id="m-1", dequeue_count=1, insertion_time=world.clock.now())
    (event,) = world.events()
    assert (event["subject"], event["data"]["error"]["code"]) == ("m-1", "invalidRequest")


def test_a_host_that_says_nothing_of_a_message_delivers_it_for_the_first_time_now(world: World) -> None:
    before = datetime.now(UTC)
    come(request().encode())
    assert ordered(world) == {NUMBER: 1}
    assert before <= stored(world)[0].received_at <= datetime.now(UTC)
    come(b"rubbish")
    assert world.events()[-1]["data"]["error"]["code"] == "invalidRequest"


@pytest.mark.parametrize(
    ("said", "received_at"),
    [
        (datetime(2026, 3, 2, 8, 0), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),  # noqa: DTZ001 - as the worker reads it
        (datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None),
    ],
)
def test_a_body_that_puts_its_own_time_in_place_of_the_hosts_is_rejected_as_any_other(
    world: World, said: datetime, received_at: datetime | None
) -> None:
    """https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Utility.cs, ApplyBindingData."""
    come(b'{"insertionTime": "..."}', id="m-1", dequeue_count=1, insertion_time=said)
    (event,) = world.events()
    assert (event["subject"], event["data"]["error"]["code"]) == ("m-1", "invalidRequest")
    found = datetime.fromisoformat(event["data"]["receivedAt"])
    assert found == (received_at or found)
    assert found <= datetime.now(UTC)
