"""host.json's queue section, the pauses between receives, and connections: pure decisions."""

import os
from typing import Any

import pytest

from local.host.backoff import Backoff
from local.host.connections import connect
from local.host.errors import HostError
from local.host.options import queue_options
from local.host.settings import AppSettings

_NOTHING = AppSettings({})
_KEY = "a2V5"


def _host_json(**queues: Any) -> dict[str, Any]:
    return {"version": "2.0", "extensions": {"queues": queues}}


def test_the_defaults_are_the_real_hosts() -> None:
    options = queue_options({"version": "2.0"}, _NOTHING)
    assert (options.batch_size, options.max_dequeue_count) == (16, 5)
    assert (options.visibility_timeout, options.max_polling_interval, options.base64) == (0, 60, True)


def test_the_cores_count_in_the_default_threshold_only() -> None:
    assert queue_options(_host_json(batchSize=10), _NOTHING).new_batch_threshold == 5 * (os.process_cpu_count() or 1)
    assert queue_options(_host_json(batchSize=10, newBatchThreshold=3), _NOTHING).concurrency == 13


def test_the_environment_overrides_host_json_ignoring_case() -> None:
    settings = AppSettings({"azurefunctionsjobhost__EXTENSIONS__queues__maxPollingInterval": "00:00:03"})
    assert queue_options(_host_json(maxPollingInterval="00:00:02"), settings).max_polling_interval == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("batchSize", 0),
        ("batchSize", 33),
        ("newBatchThreshold", -1),
        ("maxDequeueCount", 0),
        ("visibilityTimeout", "10"),
        ("maxPollingInterval", "00:00:00.05"),
        ("messageEncoding", "utf-8"),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(HostError, match=f"extensions.queues.{key}"):
        queue_options(_host_json(**{key: value}), _NOTHING)


def test_idle_polling_backs_off_from_100_ms_by_two_with_jitter_up_to_the_longest() -> None:
    backoff = Backoff(0.1, 2)
    pauses = [backoff.next() for _ in range(80)]
    assert pauses[0] == 0.1
    for step, pause in enumerate(pauses[1:5]):
        assert 0.1 + 0.08 * 2**step <= pause <= 0.1 + 0.12 * 2**step
    assert set(pauses[6:]) == {2}
    assert len({round(Backoff(0.1, 2).next(), 9) for _ in range(5)}) == 1


def test_any_message_resets_the_pause() -> None:
    backoff = Backoff(0.1, 60)
    for _ in range(20):
        backoff.next()
    backoff.reset()
    assert backoff.next() == 0.1


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (
            {"X": f"AccountName=plain;AccountKey={_KEY}", "X__accountName": "other"},
            "https://plain.queue.core.windows.net/",
        ),
        (
            {"AzureWebJobsX": f"AccountName=first;AccountKey={_KEY}", "X": f"AccountName=second;AccountKey={_KEY}"},
            "https://first.queue.core.windows.net/",
        ),
        (
            {"X__accountName": "named", "X__queueServiceUri": "https://other.example"},
            "https://named.queue.core.windows.net/",
        ),
        (
            {"X__queueServiceUri": "https://uri.example", "X__credential": "managedidentity", "X__clientId": "an-id"},
            "https://uri.example/",
        ),
        ({"x": "UseDevelopmentStorage=true"}, "http://127.0.0.1:10001/devstoreaccount1/"),
    ],
)
def test_a_connection_is_looked_for_where_the_real_host_looks(settings: dict[str, str], url: str) -> None:
    with connect(AppSettings(settings), "X", 1) as service:
        assert service.url == url


def test_a_connection_without_a_name_is_azure_web_jobs_storage() -> None:
    settings = AppSettings({"AzureWebJobsStorage": f"AccountName=standard;AccountKey={_KEY}"})
    with connect(settings, "", 1) as service:
        assert service.account_name == "standard"


@pytest.mark.parametrize(
    ("settings", "named"),
    [({}, "the connection X is missing"), ({"X__accountName": "a", "X__credential": "magic"}, "X__credential")],
)
def test_a_connection_that_cannot_be_made_is_named(settings: dict[str, str], named: str) -> None:
    with pytest.raises(HostError, match=named):
        connect(AppSettings(settings), "X", 1)
