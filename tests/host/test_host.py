"""The host as a process: settings, start, end, and a queue service that comes and goes."""

import re
import signal
from pathlib import Path

from azure.storage.queue import QueueClient

from tests.host.processes import Azurite, Host, Stand, until


def _fails(app: str, **environment: str) -> str:
    """Run a host that cannot start; return its only line of error."""
    host = Host(app, environment)
    assert host.process.wait(30) == 1
    host.end()
    [line] = host.containing("host: error: ")
    assert not host.containing("Traceback")
    return line


def test_the_ready_line_names_every_trigger(stand: Stand) -> None:
    queue = stand.queue.queue_name
    expected = f"host ready: record (queue {queue}), record_async (queue {queue}-async)"
    assert stand.start().wait_for("host ready") == expected


def test_a_missing_setting_in_an_expression_is_named(tmp_path: Path) -> None:
    line = _fails("clock", GATE=str(tmp_path))
    assert "tick: schedule is '%SCHEDULE%', and the setting SCHEDULE is missing" in line


def test_a_wrong_schedule_is_named(tmp_path: Path) -> None:
    assert "the schedule 'often' cannot be read" in _fails("clock", GATE=str(tmp_path), SCHEDULE="often")


def test_a_wrong_queue_name_is_named() -> None:
    assert "'not_a_queue' is no queue name" in _fails("recorder", QUEUE="not_a_queue")


def test_a_connection_string_that_is_none_is_named_without_being_shown() -> None:
    line = _fails("recorder", Store="some-secret")
    assert "the setting Store is no storage connection string" in line
    assert "some-secret" not in line


def test_a_poison_queue_cannot_trigger() -> None:
    assert "cannot trigger a function" in _fails("recorder", QUEUE="requests-poison")


def test_local_settings_stand_under_the_environment(stand: Stand) -> None:
    """The environment has named the queue all along in the other tests; without it, the file does."""
    with Host("recorder", {"Store": stand.azurite.connection}) as host:
        assert "(queue from-local-settings)" in host.wait_for("host ready")


def test_an_app_that_cannot_be_imported_tells_which_setting_and_where() -> None:
    line = _fails("import_error")
    assert "the app cannot be loaded: KeyError: 'WANTED_SETTING' (function_app.py:8)" in line


def test_an_app_without_functions_is_told() -> None:
    assert "no functions found" in _fails("no_functions")


def test_a_folder_without_host_json_is_told(tmp_path: Path) -> None:
    assert "host.json is missing" in _fails(str(tmp_path))


def test_a_trigger_that_is_not_supported_is_named() -> None:
    assert "hello: the binding httpTrigger is not supported by this host" in _fails("web")


def test_a_wrong_option_is_named() -> None:
    line = _fails("recorder", AzureFunctionsJobHost__extensions__queues__batchSize="33", QUEUE="some-queue")
    assert "host.json extensions.queues.batchSize must be a whole number from 1 to 32, not '33'" in line


def test_the_end_waits_for_what_is_in_flight(stand: Stand, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    host = stand.start()
    stand.queue.send_message(f"hold {gate}")
    host.wait_for_events("began", 1)
    host.process.send_signal(signal.SIGTERM)
    host.wait_for("host: stopping")
    stand.queue.send_message("too late")
    gate.touch()
    assert host.process.wait(30) == 0
    host.end()
    assert [record["body"] for record in host.events("ended")] == [f"hold {gate}"]
    [left] = stand.queue.peek_messages(32)
    assert left.content == "too late"


def test_the_end_waits_no_longer_than_told(stand: Stand, tmp_path: Path) -> None:
    host = stand.start("--drain", "1")
    stand.queue.send_message(f"hold {tmp_path / 'gate'}")
    host.wait_for_events("began", 1)
    assert host.end(signal.SIGINT) == 0
    assert "1 still running after 1 s" in host.containing("host: Warning: ")[0]
    assert not stand.empty()


def test_the_host_outlives_its_queue_service(stand: Stand) -> None:
    with Azurite() as service:
        host = stand.start(env={"Store": service.connection})
        with QueueClient.from_connection_string(service.connection, stand.queue.queue_name) as queue:
            queue.create_queue()
            queue.send_message("before")
        host.wait_for_events("ended", 1)
    trouble = host.wait_for(f"queue {stand.queue.queue_name} cannot be read, trying on: ServiceRequestError")
    with Azurite(service.port) as again:
        with QueueClient.from_connection_string(again.connection, stand.queue.queue_name) as queue:
            queue.create_queue()
            queue.send_message("after")
        assert host.wait_for_events("ended", 2)[1]["body"] == "after"
    assert host.containing(f"queue {stand.queue.queue_name} can be read again")
    assert host.lines.count(trouble) == 1  # told once, not at every try


def test_an_app_logs_bare_lines_and_the_host_marked_ones(stand: Stand) -> None:
    host = stand.start(maxDequeueCount=1)
    stand.queue.send_message("fail please")
    until("the poison queue", lambda: host.containing("maxDequeueCount"))
    assert host.containing('"failing"') == ['{"event": "failing", "body": "fail please"}']
    [failed] = host.containing("host: record failed")
    assert re.search(r"delivery 1\): RuntimeError\('as the message says'\) \(function_app.py:\d+\)$", failed)
