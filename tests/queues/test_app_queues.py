"""What the app does with its queues, on Azurite and on the service in memory."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError

from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from local.queues.errors import refused
from teams_numbers import queues
from teams_numbers.queues import LeaseLostError, Message, Queue, connect, open_queues
from teams_numbers.session import PlainSession
from teams_numbers.settings import Settings
from tests.pipeline.loopback import FOREVER, RESET, Loopback, Tokens
from tests.queues.conftest import Account
from tests.values import settings

FOR_EVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
WEEK = 7 * 24 * 3600


@pytest.fixture
def queue(account: Account, name: str) -> Queue:
    """The app's view of an empty queue."""
    account.service.create_queue(name)
    return Queue(account.service, name)


def test_a_message_never_expires_and_is_due_after_its_pause(account: Account, queue: Queue, name: str) -> None:
    began = account.monotonic()
    queue.send("later", after=2.1)
    queue.send("now")
    client = account.service.get_queue_client(name)
    taken = client.receive_message(visibility_timeout=60)
    assert taken is not None
    assert (taken.content, taken.expires_on) == ("now", FOR_EVER)
    assert client.receive_message() is None
    account.until(client.receive_message)
    assert account.monotonic() - began >= 2.9, "whole seconds, rounded up"


def test_a_message_that_is_to_live_for_a_day_expires_then(account: Account, queue: Queue, name: str) -> None:
    queue.send("counted", lives=24 * 3600)
    sent = queue.send("taken back", lives=24 * 3600)
    assert (sent.text, sent.dequeue_count, sent.inserted_at.tzinfo) == ("taken back", 0, UTC)
    queue.delete(sent)
    assert queue.length() == 1
    taken = account.service.get_queue_client(name).receive_message()
    assert taken is not None
    assert taken.expires_on is not None
    assert taken.inserted_on is not None
    assert taken.expires_on - taken.inserted_on == timedelta(days=1)


def test_what_is_set_aside_never_expires_and_its_queue_is_made_when_needed(
    account: Account, queue: Queue, name: str
) -> None:
    for text in ("first", "second"):
        queue.set_aside(text)
    messages = account.service.get_queue_client(f"{name}-poison").peek_messages(max_messages=5)
    assert [(message.content, message.expires_on) for message in messages] == [
        ("first", FOR_EVER),
        ("second", FOR_EVER),
    ]


def test_a_received_message_is_leased_and_says_what_it_is(account: Account, queue: Queue) -> None:
    for text in "abc":
        queue.send(text)
    first = queue.receive(0, 2)
    assert [message.text for message in first] == ["a", "b"]
    assert first[0].dequeue_count == 1
    assert first[0].inserted_at.tzinfo is not None
    assert [message.text for message in queue.receive(60)] == ["c"], "even a lease of nothing lasts a second"
    assert queue.receive(60) == []
    account.wait(1.1)
    again = queue.receive(60)
    assert [(message.text, message.dequeue_count) for message in again] == [("a", 2), ("b", 2)]
    assert {message.id for message in again} == {message.id for message in first}
    assert queue.length() == 3


def test_a_replaced_message_keeps_its_lease_and_comes_with_its_new_text(account: Account, queue: Queue) -> None:
    queue.send("old")
    (message,) = queue.receive(60)
    stored = queue.replace(message, "new", 1)
    assert (stored.id, stored.text) == (message.id, "new")
    stored = queue.replace(stored, "newer", 3)
    assert queue.receive(60) == []
    account.wait(3.1)
    assert [message.text for message in queue.receive(60)] == ["newer"]


def test_a_message_that_is_given_back_is_due_at_once_as_it_was(queue: Queue) -> None:
    queue.send("mine")
    (message,) = queue.receive(60)
    queue.give_back(message)
    assert [message.text for message in queue.receive(60)] == ["mine"]


def taken_by_another(account: Account, queue: Queue) -> tuple[Any, Any]:
    """Return a message whose lease is lost, and the same one in other hands."""
    queue.send("mine")
    (lost,) = queue.receive(1)
    account.wait(1.1)
    return lost, queue.receive(60)[0]


def test_who_has_lost_the_lease_changes_nothing_and_is_told_so(account: Account, queue: Queue) -> None:
    lost, theirs = taken_by_another(account, queue)
    with pytest.raises(LeaseLostError):
        queue.replace(lost, "stale", 0)
    queue.give_back(lost)
    queue.delete(lost)
    assert queue.receive(60) == []
    assert queue.replace(theirs, "kept", 0).text == "kept"


def test_a_message_that_is_gone_is_deleted_again_without_harm(queue: Queue) -> None:
    queue.send("once")
    (message,) = queue.receive(60)
    queue.delete(message)
    queue.delete(message)
    queue.give_back(message)
    with pytest.raises(LeaseLostError):
        queue.replace(message, "x", 0)
    assert queue.length() == 0


def out_of_order(status: int, on: str) -> MemoryQueueService:
    """Return an account on which one kind of call is refused."""

    def around(operation: str, queue: str, act: Callable[[], Any]) -> Any:
        del queue
        if operation == on:
            error = HttpResponseError(message="refused")
            error.status_code = status
            raise error
        return act()

    service = MemoryQueueService(SimulatedClock(), around)
    service.create_queue("number-events")
    return service


@pytest.mark.parametrize("status", [403, 409, 412, 500, 503])
def test_an_error_that_is_no_lost_lease_is_not_taken_for_one(status: int) -> None:
    acts: list[tuple[str, Callable[[Queue, Message], object]]] = [
        ("update", lambda queue, message: queue.replace(message, "x", 0)),
        ("update", lambda queue, message: queue.give_back(message)),
        ("delete", lambda queue, message: queue.delete(message)),
    ]
    for on, act in acts:
        queue = Queue(cast("Any", out_of_order(status, on)), "number-events")
        queue.send("x")
        (message,) = queue.receive(60)
        with pytest.raises(HttpResponseError):
            act(queue, message)


def test_a_poison_queue_that_another_process_makes_just_now_is_used() -> None:
    def around(operation: str, queue: str, act: Callable[[], Any]) -> Any:
        result = act()
        if (operation, queue) == ("create", "number-events-poison"):
            code = "QueueAlreadyExists"
            raise refused(code)
        return result

    service = MemoryQueueService(SimulatedClock(), around)
    service.create_queue("number-events")
    Queue(cast("Any", service), "number-events").set_aside("text")
    assert [message.text for message in service.store("number-events-poison")] == ["text"]
    with pytest.raises(ResourceExistsError):
        service.create_queue("number-events-poison")


def test_a_pause_is_at_most_seven_days_and_never_negative() -> None:
    clock = SimulatedClock()
    service = MemoryQueueService(clock)
    service.create_queue("number-events")
    queue = Queue(cast("Any", service), "number-events")
    queue.send("far", after=10 * WEEK)
    queue.send("past", after=-5)
    assert [message.text for message in queue.receive(60)] == ["past"]
    clock.advance(WEEK - 1)
    assert [message.text for message in queue.receive(60)] == ["past"]
    clock.advance(1)
    assert [message.text for message in queue.receive(60)] == ["far"]


def test_each_queue_is_the_one_that_its_setting_names() -> None:
    service = MemoryQueueService(SimulatedClock())
    named = {"REQUESTS_QUEUE": "in", "OPERATIONS_QUEUE": "work", "EVENTS_QUEUE": "out", "UNASSIGNMENTS_QUEUE": "brake"}
    for name in named.values():
        service.create_queue(f"q-{name}")
    opened = open_queues(settings(**{key: f"q-{name}" for key, name in named.items()}), cast("Any", service))
    for queue, name in ((opened.requests, "in"), (opened.operations, "work"), (opened.events, "out")):
        queue.send(name)
    opened.unassignments.send("brake")
    assert all([message.text for message in service.store(f"q-{name}")] == [name] for name in named.values())


def _identity() -> Any:
    raise AssertionError


def test_a_stalled_account_is_called_three_times_and_never_by_the_transport_alone() -> None:
    """Who repeats is the client library, which knows what may be repeated; its pauses are short."""
    with Loopback(lambda _: [RESET]) as account:
        opened = connect(_by_key(account.url), _identity, 4)
        with pytest.raises(AzureError):
            opened.requests.length()
        assert [heard.method for heard in account.heard] == ["GET"] * 3


def _by_key(url: str) -> Settings:
    return settings(NumbersStorage=f"QueueEndpoint={url}/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=a2V5")


def test_a_silent_account_is_given_up_after_its_third_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("connection_timeout", 0.1), ("read_timeout", 0.2)):
        monkeypatch.setitem(queues._TIMEOUTS, name, seconds)
    for name in ("initial_backoff", "increment_base", "random_jitter_range"):
        monkeypatch.setitem(queues._RETRIES, name, 0.1)
    with Loopback(lambda _: [FOREVER]) as account:
        opened = connect(_by_key(account.url), _identity, 4)
        with pytest.raises(AzureError):
            opened.requests.length()
        assert len(account.heard) == 3


@pytest.mark.parametrize(
    "chosen",
    [
        _by_key("https://numbers.queue.example"),
        settings(NumbersStorage=None, NumbersStorage__queueServiceUri="https://numbers.queue.example"),
    ],
    ids=["by-key", "by-identity"],
)
def test_however_an_account_is_reached_it_is_in_our_own_session_and_given_up_after_70_seconds(chosen: Settings) -> None:
    client = cast("Any", connect(chosen, Tokens(), 4).events)._queue
    transport, retries = client._pipeline._transport._transport, client._config.retry_policy
    assert isinstance(transport.session, PlainSession)
    pauses = [
        retries.initial_backoff + retries.increment_base**count + retries.random_jitter_range
        for count in range(1, 1 + retries.total_retries)
    ]
    timeouts = transport.connection_config
    assert (timeouts.timeout, timeouts.read_timeout, pauses) == (5, 15, [4, 6])


def test_an_account_without_a_connection_string_is_reached_by_identity() -> None:
    made = []

    def identity() -> Any:
        made.append(1)
        return Tokens()()

    chosen = settings(NumbersStorage=None, NumbersStorage__queueServiceUri="https://numbers.queue.example")
    opened = connect(chosen, identity, 4)
    assert cast("Any", opened.events)._queue.url == "https://numbers.queue.example/number-events"
    assert made == [1]
