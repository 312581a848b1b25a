"""A missing or wrong setting stops the app at start, by name."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from teams_numbers.settings import Settings, SettingsError
from tests.values import settings

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]


def test_the_defaults_are_the_designs() -> None:
    found = settings()
    assert found.graph_endpoint == "https://graph.microsoft.com/v1.0"
    assert found.graph_requests_per_second == 20
    assert (found.first_poll_seconds, found.max_poll_seconds, found.request_deadline_hours) == (15, 300, 24)
    assert list(found.wait_seconds) == [60, 300, 900, 3600]
    assert (found.poll_budget_seconds, found.poll_workers) == (240, 16)
    assert found.event_source == "/teams/number-assignments"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("GRAPH_ENDPOINT", "http://graph.microsoft.com/v1.0"),
        ("GRAPH_ENDPOINT", "https://user@graph.microsoft.com"),
        ("GRAPH_ENDPOINT", "graph.microsoft.com"),
        ("GRAPH_ENDPOINT", "https://graph.microsoft.com/v1.0?x"),
        ("GRAPH_REQUESTS_PER_SECOND", "0"),
        ("FIRST_POLL_SECONDS", "soon"),
        ("MAX_POLL_SECONDS", "-1"),
        ("REQUEST_DEADLINE_HOURS", "0"),
        ("WAIT_SECONDS", ""),
        ("WAIT_SECONDS", "60,x"),
        ("POLL_BUDGET_SECONDS", "9999"),
        ("POLL_WORKERS", "0"),
        ("POLL_SCHEDULE", "* * *"),
        ("REQUESTS_QUEUE", "No_Such_Name"),
        ("EVENT_SOURCE", ""),
        ("NumbersStorage", ""),
    ],
)
def test_a_wrong_setting_is_named(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(**{name: wrong})


@pytest.mark.parametrize(
    "address", ["http://numbers.queue.core.windows.net", "numbers", "http://127.0.0.1:10001/devstoreaccount1"]
)
def test_a_wrong_address_of_the_account_is_named_where_it_is_used(address: str) -> None:
    wrong = {"NumbersStorage__queueServiceUri": address}
    with pytest.raises(SettingsError, match="NumbersStorage__queueServiceUri: must be an https"):
        settings(NumbersStorage=None, **wrong)
    assert settings(**wrong).storage_uri == address  # beside a connection string the host does not look at it


def test_every_wrong_setting_is_named_at_once_in_one_line() -> None:
    with pytest.raises(SettingsError) as caught:
        settings(POLL_WORKERS="x", FIRST_POLL_SECONDS="y")
    said = str(caught.value)
    assert "POLL_WORKERS" in said
    assert "FIRST_POLL_SECONDS" in said
    assert "\n" not in said


def test_the_app_does_not_start_without_a_setting_and_says_which() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "EVENTS_QUEUE"}
    environment |= {key: value for key, value in LOCAL.items() if key != "EVENTS_QUEUE"}
    done = subprocess.run(
        [sys.executable, "-c", "import function_app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].endswith("App settings: EVENTS_QUEUE: is missing; set it")


@pytest.mark.parametrize(("text", "seconds"), [("1", (1.0,)), (" 0.5, 2 ,3", (0.5, 2.0, 3.0))])
def test_wait_seconds_is_a_list_and_may_be_fractional(text: str, seconds: Any) -> None:
    assert settings(WAIT_SECONDS=text).wait_seconds == seconds


def test_the_local_settings_name_every_setting_most_with_its_default() -> None:
    aliases = {str(field.alias): field for field in Settings.model_fields.values()}
    for alias in set(aliases) - {"NumbersStorage__queueServiceUri"}:
        assert alias in LOCAL, alias
    local, default = settings(**{key: value for key, value in LOCAL.items() if key in aliases}), settings()
    differ = {name for name in Settings.model_fields if getattr(local, name) != getattr(default, name)}
    assert differ == {"graph_endpoint", "number_pools", "actions"}  # there is something to try everything with


def test_host_json_and_the_code_agree() -> None:
    queues = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]
    assert queues["maxDequeueCount"] == 100  # an hour of an outage, spaced a minute, uses none up that matters
    assert queues["messageEncoding"] == "none"
    assert int(LOCAL["PYTHON_THREADPOOL_THREAD_COUNT"]) >= queues["batchSize"] + queues["newBatchThreshold"]
