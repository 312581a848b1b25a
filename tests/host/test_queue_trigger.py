"""The queue trigger: one test per promise of the real host that this one keeps."""

import base64
import json
import signal
from datetime import timedelta
from pathlib import Path

from azure.core.exceptions import ResourceNotFoundError

from tests.host.processes import Stand, until


def _poisoned(stand: Stand) -> list[str]:
    """Wait until the poison queue holds something and the queue nothing; return the texts."""

    def texts() -> list[str]:
        try:
            found = [message.content for message in stand.poison.peek_messages(32)]
        except ResourceNotFoundError:
            return []
        return found if stand.empty() else []

    return until("the poison queue", texts)


def test_a_message_that_succeeds_is_deleted(stand: Stand) -> None:
    host = stand.start()
    stand.queue.send_message("hello")
    [record] = host.wait_for_events("ended", 1)
    until("an empty queue", stand.empty)
    assert record["body"] == "hello"


def test_a_batch_costs_one_receive_and_one_delete_per_message(stand: Stand, tmp_path: Path) -> None:
    """Nothing more reaches the storage service, so that a benchmark may count transactions."""
    gate = tmp_path / "gate"
    for _ in range(16):
        stand.queue.send_message(f"hold {gate}")
    host = stand.start(batchSize=16, newBatchThreshold=0, env={"PYTHON_THREADPOOL_THREAD_COUNT": "16"})
    host.wait_for_events("began", 16)

    def by_host() -> list[str]:
        return [kind for line in stand.requests() if (kind := line.partition(" ")[0]) != "POST"]  # the test's own

    until("the receive", by_host)
    assert by_host() == ["GET"]
    gate.touch()
    until("all deletes", lambda: by_host().count("DELETE") >= 16)
    assert by_host().count("DELETE") == 16
    assert set(by_host()) == {"GET", "DELETE"}


def test_batch_size_is_the_messages_per_receive(stand: Stand) -> None:
    stand.start(batchSize=7)
    until("a receive", lambda: [line for line in stand.requests() if "numofmessages=7&" in line])


def test_at_most_batch_size_plus_new_batch_threshold_run_at_once(stand: Stand, tmp_path: Path) -> None:
    gates = [tmp_path / str(number) for number in range(9)]
    for gate in gates:
        stand.queue.send_message(f"hold {gate}")
    host = stand.start(batchSize=2, newBatchThreshold=1)
    first, _ = host.wait_for_events("began", 2)
    Path(first["body"].removeprefix("hold ")).touch()  # one ends, one is left: the threshold; two more come
    host.wait_for_events("began", 4)
    for gate in gates:
        gate.touch()
    host.wait_for_events("ended", 9)
    assert max(record["active"] for record in host.events("began")) == 3


def test_def_functions_run_in_as_many_threads_as_the_setting_says(stand: Stand) -> None:
    for number in range(12):
        stand.queue.send_message(f"number {number}")
    host = stand.start(env={"PYTHON_THREADPOOL_THREAD_COUNT": "1"})
    records = host.wait_for_events("began", 12)
    assert {record["active"] for record in records} == {1}


def test_async_functions_run_too(stand: Stand) -> None:
    queue = f"{stand.queue.queue_name}-async"
    with stand.queue.from_connection_string(stand.azurite.connection, queue) as client:
        client.create_queue()
        client.send_message("hello")
    [record] = stand.start().wait_for_events("began", 1)
    assert record["body"] == "hello"


def test_a_failing_message_is_poison_after_max_dequeue_count(stand: Stand) -> None:
    host = stand.start(maxDequeueCount=3)
    stand.queue.send_message("fail please")
    assert _poisoned(stand) == ["fail please"]
    assert [record["deliveries"] for record in host.events("began")] == [1, 2, 3]
    [poisoned] = stand.poison.peek_messages()
    assert poisoned.expires_on
    assert poisoned.inserted_on
    assert poisoned.expires_on - poisoned.inserted_on == timedelta(days=7)


def test_a_message_delivered_too_often_already_is_poison_without_a_run(stand: Stand) -> None:
    stand.queue.send_message("too often")
    for _ in range(2):
        message = stand.queue.receive_message()
        assert message
        stand.queue.update_message(message, visibility_timeout=0)
    host = stand.start(maxDequeueCount=2)
    assert _poisoned(stand) == ["too often"]
    assert not host.events("began")


def test_visibility_timeout_delays_a_failed_message(stand: Stand) -> None:
    host = stand.start(visibilityTimeout="00:01:00")
    stand.queue.send_message("fail please")
    host.wait_for("record failed")
    [update] = until("the update", lambda: [line for line in stand.requests() if line.startswith("PUT messages/")])
    assert update.endswith("visibilitytimeout=60")
    assert not stand.empty()


def test_visibility_timeout_does_not_delay_a_message_that_succeeds(stand: Stand) -> None:
    stand.start(visibilityTimeout="00:01:00")
    stand.queue.send_message("hello")
    until("an empty queue", stand.empty)
    assert not [line for line in stand.requests() if line.startswith("PUT messages/")]


def test_base64_messages_are_decoded(stand: Stand) -> None:
    host = stand.start(messageEncoding="base64")
    stand.queue.send_message(base64.b64encode("grüezi".encode()).decode())
    [record] = host.wait_for_events("ended", 1)
    assert record["body"] == "grüezi"


def test_a_plain_message_is_poison_at_once_where_base64_is_expected(stand: Stand) -> None:
    host = stand.start(messageEncoding="base64")
    stand.queue.send_message("{plain}")
    assert _poisoned(stand) == ["{plain}"]
    assert not host.events("began")
    assert len(host.containing("Warning")) == 1
    assert "is not base64" in host.containing("Warning")[0]


def test_base64_of_no_text_is_a_failed_run(stand: Stand) -> None:
    host = stand.start(messageEncoding="base64", maxDequeueCount=1)
    content = base64.b64encode(b"\xff\xfe").decode()
    stand.queue.send_message(content)
    assert _poisoned(stand) == [content]
    assert not host.events("began")
    host.wait_for("UnicodeDecodeError")


def test_none_takes_messages_as_they_are(stand: Stand) -> None:
    host = stand.start(messageEncoding="none")
    stand.queue.send_message("aGVsbG8=")
    [record] = host.wait_for_events("ended", 1)
    assert record["body"] == "aGVsbG8="


def test_the_processing_lease_is_ten_minutes(stand: Stand) -> None:
    stand.start()
    until("a receive", lambda: [line for line in stand.requests() if "visibilitytimeout=600" in line])


def test_a_long_run_keeps_its_message_by_renewing_the_lease(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    host = stand.start(env={"LOCAL_HOST_LEASE_SECONDS": "2"})
    stand.queue.send_message(f"hold {gate}")

    def renewals() -> list[str]:
        return [line for line in stand.requests() if line.startswith("PUT messages/")]

    until("four renewals: twice the lease", lambda: len(renewals()) >= 4)
    gate.touch()
    until("an empty queue", stand.empty)
    assert len(host.events("began")) == 1
    assert all(line.endswith("visibilitytimeout=2") for line in renewals())
    assert not host.containing("Warning")


def test_a_message_of_a_killed_host_comes_back_when_its_lease_ends_with_one_delivery_more(
    stand: Stand, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    first = stand.start("--lease", "1")
    stand.queue.send_message(f"hold {gate}")
    first.wait_for_events("began", 1)
    first.end(signal.SIGKILL)
    [record] = stand.start().wait_for_events("began", 1)
    assert record["deliveries"] == 2
    gate.touch()
    until("an empty queue", stand.empty)


def test_deleting_a_message_that_is_gone_is_fine(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    host = stand.start()
    stand.queue.send_message(f"hold {gate}")
    [record] = host.wait_for_events("began", 1)
    stand.queue.delete_message(record["id"], record["receipt"])
    gate.touch()
    until("the host's own delete", lambda: len([line for line in stand.requests() if line.startswith("DELETE")]) == 2)
    stand.queue.send_message("next")
    host.wait_for_events("ended", 2)
    assert not host.containing("Warning")


def test_deleting_a_message_that_somebody_else_leased_is_fine(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    host = stand.start()
    stand.queue.send_message(f"hold {gate}")
    [record] = host.wait_for_events("began", 1)
    stand.queue.update_message(record["id"], record["receipt"], visibility_timeout=60)
    gate.touch()
    until("the host's own delete", lambda: [line for line in stand.requests() if line.startswith("DELETE")])
    stand.queue.send_message("next")
    host.wait_for_events("ended", 2)
    assert not host.containing("Warning")
    assert not stand.empty()


def test_a_json_body_overwrites_the_trigger_metadata(stand: Stand) -> None:
    host = stand.start()
    body = {"ID": "mine", "dequeuecount": 7, "insertionTime": "2020-02-02T02:02:02Z", "popReceipt": ["ignored"]}
    stand.queue.send_message(json.dumps(body))
    [record] = host.wait_for_events("ended", 1)
    [began] = host.events("began")
    assert (began["id"], began["deliveries"], began["inserted"]) == ("mine", 7, "2020-02-02 02:02:02+00:00")
    assert began["receipt"] != "ignored"
    assert json.loads(record["body"]) == body


def test_an_insertion_time_that_is_no_date_fails_before_the_function(stand: Stand) -> None:
    host = stand.start(maxDequeueCount=2)
    stand.queue.send_message('{"InsertionTime": "yesterday"}')
    assert _poisoned(stand) == ['{"InsertionTime": "yesterday"}']
    assert not host.events("began")
    assert len(host.containing("record failed")) == 2
