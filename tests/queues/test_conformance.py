"""What Azure Queue Storage promises, asked of Azurite and of the service in memory with the same tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueClient, QueueMessage

from tests.queues.conftest import Account

WEEK = 7 * 24 * 3600


def take(queue: QueueClient, most: int = 32, lease: int = 60) -> list[QueueMessage]:
    """Receive one page."""
    return list(next(queue.receive_messages(messages_per_page=most, visibility_timeout=lease).by_page(), ()))


def texts(queue: QueueClient, most: int = 32) -> list[str]:
    return [message.content for message in take(queue, most)]


def stored(queue: QueueClient) -> int:
    return queue.get_queue_properties().approximate_message_count or 0


def refused(act: Callable[[], object], status: int, code: str | None = None) -> None:
    with pytest.raises(HttpResponseError) as caught:
        act()
    assert caught.value.status_code == status
    assert code is None or getattr(caught.value, "error_code", None) == code


def test_a_message_comes_as_it_was_sent_and_says_when(queue: QueueClient) -> None:
    text = '{"a": "<&>]]> \r\n\té 🙂"}  '
    sent = queue.send_message(text)
    received = queue.receive_message(visibility_timeout=30)
    assert received is not None
    assert sent.inserted_on is not None
    assert sent.expires_on is not None
    assert (received.content, received.id, received.dequeue_count) == (text, sent.id, 1)
    assert received.inserted_on == sent.inserted_on
    assert received.expires_on == sent.expires_on
    assert sent.expires_on - sent.inserted_on == timedelta(seconds=WEEK)
    assert received.next_visible_on is not None
    assert timedelta(seconds=29) <= received.next_visible_on - sent.inserted_on <= timedelta(seconds=60)


def test_minus_one_lives_for_ever(queue: QueueClient) -> None:
    assert queue.send_message("x", time_to_live=-1).expires_on == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_messages_become_due_in_order(queue: QueueClient) -> None:
    for text in "abc":
        queue.send_message(text)
    assert texts(queue) == ["a", "b", "c"]


def test_a_receive_takes_what_it_asks_for_and_at_most_32(queue: QueueClient) -> None:
    for number in range(40):
        queue.send_message(str(number))
    assert len(take(queue, 3)) == 3
    assert len(take(queue, 32)) == 32
    assert len(take(queue, 32)) == 5
    assert take(queue, 32) == []
    refused(lambda: take(queue, 33), 400, "OutOfRangeQueryParameterValue")
    refused(lambda: take(queue, 0), 400)


def test_pages_follow_until_nothing_is_due(queue: QueueClient) -> None:
    for number in range(5):
        queue.send_message(str(number))
    pages = queue.receive_messages(messages_per_page=2, visibility_timeout=60).by_page()
    assert [[message.content for message in page] for page in pages] == [["0", "1"], ["2", "3"], ["4"]]


def test_a_most_of_messages_ends_the_iteration(queue: QueueClient) -> None:
    for number in range(5):
        queue.send_message(str(number))
    received = queue.receive_messages(messages_per_page=2, max_messages=3, visibility_timeout=60)
    assert [message.content for message in received] == ["0", "1", "2"]
    assert texts(queue) == ["3", "4"]


def test_an_empty_queue_gives_nothing(queue: QueueClient) -> None:
    assert take(queue) == []
    assert queue.receive_message() is None
    assert queue.peek_messages(5) == []
    assert stored(queue) == 0


def test_a_leased_message_is_nobody_elses_and_counts_as_stored(queue: QueueClient) -> None:
    queue.send_message("x")
    assert texts(queue) == ["x"]
    assert texts(queue) == []
    assert stored(queue) == 1


def test_a_lease_ends_by_itself_and_the_next_delivery_counts_on(account: Account, queue: QueueClient) -> None:
    queue.send_message("x")
    first = take(queue, lease=1)[0]
    second = account.until(lambda: take(queue, lease=60))[0]
    assert (second.id, first.dequeue_count, second.dequeue_count) == (first.id, 1, 2)
    assert second.pop_receipt != first.pop_receipt


def test_an_ended_lease_may_still_act_until_somebody_receives(account: Account, queue: QueueClient) -> None:
    queue.send_message("x")
    held = take(queue, lease=1)[0]
    account.until(lambda: queue.peek_messages(1))
    queue.delete_message(held)
    assert stored(queue) == 0


def test_who_lost_the_lease_can_neither_delete_nor_update(account: Account, queue: QueueClient) -> None:
    queue.send_message("x")
    lost = take(queue, lease=1)[0]
    held = account.until(lambda: take(queue, lease=60))[0]
    refused(lambda: queue.delete_message(lost), 400, "PopReceiptMismatch")
    refused(lambda: queue.update_message(lost, visibility_timeout=0), 400, "PopReceiptMismatch")
    queue.delete_message(held)
    refused(lambda: queue.delete_message(lost), 404, "MessageNotFound")
    refused(lambda: queue.update_message(lost, visibility_timeout=0), 404, "MessageNotFound")


def test_a_message_waits_for_its_time(account: Account, queue: QueueClient) -> None:
    queue.send_message("later", visibility_timeout=3)
    queue.send_message("now")
    assert texts(queue) == ["now"]
    assert account.until(lambda: texts(queue)) == ["later"]


def test_an_update_moves_the_time_and_keeps_the_text_and_the_count(account: Account, queue: QueueClient) -> None:
    queue.send_message("x")
    held = take(queue)[0]
    updated = queue.update_message(held, visibility_timeout=3)
    assert updated.pop_receipt != held.pop_receipt
    assert texts(queue) == []
    again = account.until(lambda: take(queue))[0]
    assert (again.content, again.dequeue_count) == ("x", 2)


def test_an_update_without_a_time_makes_a_message_visible_at_once(queue: QueueClient) -> None:
    queue.send_message("x")
    held = take(queue)[0]
    queue.update_message(held.id, held.pop_receipt, "y")
    assert texts(queue) == ["y"]


def test_an_update_makes_the_old_receipt_void(queue: QueueClient) -> None:
    queue.send_message("x")
    held = take(queue)[0]
    updated = queue.update_message(held, visibility_timeout=60)
    refused(lambda: queue.delete_message(held), 400, "PopReceiptMismatch")
    queue.delete_message(held.id, updated.pop_receipt)
    assert stored(queue) == 0


def test_the_senders_receipt_may_delete(queue: QueueClient) -> None:
    queue.delete_message(queue.send_message("x"))
    assert stored(queue) == 0


def test_a_message_expires_by_itself_held_or_not(account: Account, queue: QueueClient) -> None:
    queue.send_message("x", time_to_live=1)
    queue.send_message("y", time_to_live=2)
    held = next(message for message in take(queue, lease=60) if message.content == "y")
    account.until(lambda: not _deletable(queue, held))
    assert take(queue) == []
    assert stored(queue) == 0


def _deletable(queue: QueueClient, message: QueueMessage) -> bool:
    try:
        message.pop_receipt = queue.update_message(message, visibility_timeout=60).pop_receipt
    except ResourceNotFoundError:
        return False
    return True


def test_a_look_changes_nothing(queue: QueueClient) -> None:
    queue.send_message("x")
    for _ in range(2):
        seen = queue.peek_messages(32)[0]
        assert (seen.content, seen.dequeue_count, seen.pop_receipt) == ("x", 0, None)
    assert take(queue)[0].dequeue_count == 1
    assert queue.peek_messages(32) == []


@pytest.mark.parametrize("size", [0, 1, 65_536])
def test_a_message_may_have_64_kib(queue: QueueClient, size: int) -> None:
    queue.send_message("&" * size)
    assert texts(queue) == ["&" * size]


def test_a_message_may_have_no_more(queue: QueueClient) -> None:
    refused(lambda: queue.send_message("x" * 65_537), 413, "RequestBodyTooLarge")
    refused(lambda: queue.send_message("é" * 32_769), 413, "RequestBodyTooLarge")
    queue.send_message("x")
    held = take(queue)[0]
    refused(lambda: queue.update_message(held, content="x" * 65_537), 413, "RequestBodyTooLarge")


@pytest.mark.parametrize(("after", "lives"), [(-1, None), (WEEK + 1, None), (5, 5), (None, 0), (None, -2)])
def test_a_send_refuses_times_out_of_range(queue: QueueClient, after: int | None, lives: int | None) -> None:
    refused(lambda: queue.send_message("x", visibility_timeout=after, time_to_live=lives), 400)
    assert stored(queue) == 0


@pytest.mark.parametrize("lease", [-1, 0, WEEK + 1])
def test_a_receive_refuses_leases_out_of_range(queue: QueueClient, lease: int) -> None:
    queue.send_message("x")
    refused(lambda: take(queue, lease=lease), 400, "OutOfRangeQueryParameterValue")
    assert take(queue, lease=WEEK)[0].dequeue_count == 1


def test_an_update_refuses_times_out_of_range(queue: QueueClient) -> None:
    queue.send_message("x")
    held = take(queue)[0]
    refused(lambda: queue.update_message(held, visibility_timeout=WEEK + 1), 400, "OutOfRangeQueryParameterValue")
    refused(lambda: queue.update_message(held, visibility_timeout=-1), 400, "OutOfRangeQueryParameterValue")
    queue.update_message(held, visibility_timeout=WEEK)
    assert texts(queue) == []


def test_clearing_deletes_all(queue: QueueClient) -> None:
    queue.send_message("x")
    queue.send_message("y", visibility_timeout=60)
    queue.clear_messages()
    assert stored(queue) == 0


def test_a_missing_queue_is_not_found(account: Account, name: str) -> None:
    missing = account.service.get_queue_client(name)
    acts: list[Callable[[], object]] = [
        lambda: missing.send_message("x"),
        lambda: take(missing),
        missing.receive_message,
        missing.peek_messages,
        missing.get_queue_properties,
        missing.clear_messages,
        missing.delete_queue,
        lambda: missing.delete_message("id", "receipt"),
        lambda: missing.update_message("id", "receipt"),
    ]
    for act in acts:
        with pytest.raises(ResourceNotFoundError) as caught:
            act()
        assert (caught.value.status_code, caught.value.error_code) == (404, "QueueNotFound")  # type: ignore[attr-defined]


def test_a_queue_exists_once(account: Account, name: str) -> None:
    account.service.create_queue(name)
    with pytest.raises(ResourceExistsError):
        account.service.create_queue(name)
    with pytest.raises(ResourceExistsError):
        account.service.create_queue(name, metadata={"a": "b"})
    assert [queue.name for queue in account.service.list_queues(name_starts_with=name)] == [name]


def test_a_deleted_queue_is_gone_with_its_messages(account: Account, queue: QueueClient) -> None:
    queue.send_message("x")
    account.service.delete_queue(queue.queue_name)
    assert list(account.service.list_queues(name_starts_with=queue.queue_name)) == []


@pytest.mark.parametrize("name", ["Upper", "two--dashes", "-dash", "ab", "x" * 64])
def test_a_bad_name_is_refused(account: Account, name: str) -> None:
    refused(lambda: account.service.create_queue(name), 400)
