"""A missing or wrong setting stops the app at start, by name."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from teams_numbers.settings import Settings, SettingsError, load
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
        ("GRAPH_ENDPOINT", "https://graph.microsoft.com/v1.0#x"),
        ("GRAPH_ENDPOINT", "https://:secret@graph.microsoft.com/v1.0"),
        ("GRAPH_ENDPOINT", "https:///v1.0"),
        ("GRAPH_ENDPOINT", "https://graph.microsoft.com/v1.0 "),
        ("GRAPH_ENDPOINT", "ftp://localhost/v1.0"),
        ("FIRST_POLL_SECONDS", "soon"),
        ("WAIT_SECONDS", ""),
        ("WAIT_SECONDS", "60,x"),
        ("WAIT_SECONDS", "60,0"),
        ("POLL_SCHEDULE", "* * *"),
        ("REQUESTS_QUEUE", "No_Such_Name"),
        ("OPERATIONS_QUEUE", "two--dashes"),
        ("EVENTS_QUEUE", "ab"),
        ("UNASSIGNMENTS_QUEUE", "a" * 64),
        ("EVENT_SOURCE", ""),
        ("EVENT_SOURCE", "/numbers and more"),
        ("EVENT_SOURCE", "https://[contoso.example/numbers"),
        ("EVENT_SOURCE", "/" * 257),
        ("ACTIONS", ""),
        ("ACTIONS", "assign,remove"),
        ("NUMBER_CHECK", "none"),
        ("NUMBER_POOLS", "[]"),
        ("PROTECTED_NUMBERS", "+12065550100, 2065550101"),
        ("NumbersStorage", ""),
    ],
)
def test_a_wrong_setting_is_named(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(**{name: wrong})


@pytest.mark.parametrize(
    ("name", "least", "most", "below", "above"),
    [
        ("GRAPH_REQUESTS_PER_SECOND", "0.1", "10000", "0", "10000.1"),
        ("FIRST_POLL_SECONDS", "0.1", "604800", "0", "604800.1"),
        ("MAX_POLL_SECONDS", "0.1", "604800", "-1", "604800.1"),
        ("WAIT_SECONDS", "0.1", "604800", "0", "604800.1"),
        ("LIST_LAG_SECONDS", "0.1", "604800", "0", "604800.1"),
        ("CONFIRM_SECONDS", "0.1", "604800", "0", "604800.1"),
        ("REQUEST_DEADLINE_HOURS", "0.1", "144", "0", "144.1"),
        ("POLL_BUDGET_SECONDS", "0.1", "500", "0", "500.1"),
        ("POLL_WORKERS", "1", "64", "0", "65"),
        ("UNASSIGN_PER_DAY", "0", "100000", "-1", "100001"),
    ],
)
def test_a_number_may_be_as_low_and_as_high_as_its_bounds(
    name: str, least: str, most: str, below: str, above: str
) -> None:
    for within in (least, most):
        assert settings(**{name: within})
    for beyond in (below, above):
        with pytest.raises(SettingsError, match=name):
            settings(**{name: beyond})


def test_a_text_is_kept_as_it_is_written() -> None:
    found = settings(
        EVENT_SOURCE="https://contoso.example/%C3%A9?a=b#c", PROTECTED_NUMBERS="+12065550100;ext=9, +4930123"
    )
    assert (found.poll_schedule, found.requests_queue) == ("*/15 * * * * *", "number-requests")
    assert found.event_source == "https://contoso.example/%C3%A9?a=b#c"
    assert found.protected_numbers == {"+12065550100;ext=9", "+4930123"}


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://graph.microsoft.us/v1.0",
        "http://localhost:8080/v1.0",
        "http://127.0.0.2/v1.0",
        "http://[::1]:8080/v1.0",
    ],
)
def test_graph_may_be_a_national_cloud_or_this_machine(endpoint: str) -> None:
    assert settings(GRAPH_ENDPOINT=f"{endpoint}/").graph_endpoint == endpoint


@pytest.mark.parametrize(
    "uri",
    [
        "http://numbers.queue.example",
        "http://127.0.0.1:10001/devstoreaccount1",  # the client library sends no token without TLS
        "numbers.queue.example",
        "https://user@a.example",
    ],
)
def test_the_account_of_an_identity_is_a_plain_https_address(uri: str) -> None:
    with pytest.raises(SettingsError, match=r"^App settings: NumbersStorage__queueServiceUri: must be "):
        settings(NumbersStorage=None, NumbersStorage__queueServiceUri=uri)
    assert settings(NumbersStorage__queueServiceUri=uri).storage  # a connection string has its own address


@pytest.mark.parametrize(("name", "loopback"), [("GRAPH_ENDPOINT", True), ("NumbersStorage__queueServiceUri", False)])
def test_what_an_address_may_be_is_said_as_it_is(name: str, *, loopback: bool) -> None:
    """The client library of the queues sends a token by TLS only, on one machine, too."""
    offer = " (http:// on loopback only)" if loopback else ""
    said = re.escape(f"{name}: must be an https:// address{offer}") + "$"
    with pytest.raises(SettingsError, match=said):
        settings(**{"NumbersStorage": "" if not loopback else "UseDevelopmentStorage=true", name: "http://a.example"})


def test_one_of_the_two_ways_to_the_account_is_enough() -> None:
    uri = "https://numbers.queue.core.windows.net"
    queues = {name: name.lower().replace("_", "-") for name in ("REQUESTS_QUEUE", "OPERATIONS_QUEUE", "EVENTS_QUEUE")}
    assert load(NumbersStorage__queueServiceUri=uri, POLL_SCHEDULE="0 * * * * *", **queues).storage_uri == uri
    with pytest.raises(SettingsError, match=r"^App settings: NumbersStorage__queueServiceUri: is missing; set it"):
        settings(NumbersStorage=None)


@pytest.mark.parametrize("name", ["OPERATIONS_QUEUE", "EVENTS_QUEUE", "UNASSIGNMENTS_QUEUE"])
def test_no_queue_is_two_at_once(name: str) -> None:
    """An event in the in-box would be a request, and be rejected by an event, and so on."""
    with pytest.raises(SettingsError, match=rf"^App settings: [A-Z_, ]*{name}[A-Z_, ]*: must name four queues$"):
        settings(**{name: "number-requests"})


@pytest.mark.parametrize("name", ["ACTIONS", "WAIT_SECONDS"])
def test_an_empty_list_says_what_to_do(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^App settings: {name}: is empty; name at least one$"):
        settings(**{name: " , "})


def test_each_setting_that_is_missing_says_what_to_do() -> None:
    needed = ("REQUESTS_QUEUE", "OPERATIONS_QUEUE", "EVENTS_QUEUE", "POLL_SCHEDULE")
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value) == "App settings: " + "; ".join(f"{name}: is missing; set it" for name in needed)


def test_a_settings_name_is_read_from_the_environment_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("poll_workers", "7")
    assert settings().poll_workers == 16
    monkeypatch.setenv("POLL_WORKERS", "8")
    assert settings().poll_workers == 8


def test_lists_and_pools_are_read_from_the_environment_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    written = {
        "WAIT_SECONDS": "60, 300",
        "ACTIONS": "assign,update",
        "PROTECTED_NUMBERS": "+12065550100, +12065550101",
        "NUMBER_POOLS": LOCAL["NUMBER_POOLS"],
    }
    for name, text in written.items():
        monkeypatch.setenv(name, text)
    found = settings()
    assert list(found.wait_seconds) == [60, 300]
    assert sorted(found.actions) == ["assign", "update"]
    assert found.protected_numbers == {"+12065550100", "+12065550101"}
    assert set(found.number_pools) == set(json.loads(LOCAL["NUMBER_POOLS"]))
    monkeypatch.setenv("PROTECTED_NUMBERS", "")
    assert settings().protected_numbers == frozenset()
    monkeypatch.setenv("NUMBER_POOLS", "{")
    with pytest.raises(SettingsError, match="NUMBER_POOLS: "):
        settings()


@pytest.mark.parametrize("check", ["possible", "digits"])
def test_a_number_is_checked_by_its_countrys_plan_or_as_digits(check: str) -> None:
    assert settings(NUMBER_CHECK=check).number_check == check


def test_nothing_changes_a_setting_while_the_app_runs() -> None:
    with pytest.raises(ValidationError):
        settings().poll_workers = 1  # type: ignore[misc] # what the test is about


def test_every_wrong_setting_is_named_at_once_in_one_line() -> None:
    with pytest.raises(SettingsError) as caught:
        settings(POLL_WORKERS="x", FIRST_POLL_SECONDS="y", WAIT_SECONDS="x,y")
    said = str(caught.value)
    assert said.count("WAIT_SECONDS") == 1
    assert "POLL_WORKERS" in said
    assert "FIRST_POLL_SECONDS" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "seconds"), [("1", (1.0,)), (" 0.5, 2 ,3", (0.5, 2.0, 3.0)), ("1,,2,", (1.0, 2.0)), ([1, 2], (1.0, 2.0))]
)
def test_wait_seconds_is_a_list_and_may_be_fractional(text: Any, seconds: Any) -> None:
    assert settings(WAIT_SECONDS=text).wait_seconds == seconds


def test_what_follows_from_the_settings_follows_the_units_of_their_names() -> None:
    found = settings(
        REQUEST_DEADLINE_HOURS="2", POLL_BUDGET_SECONDS="40", LIST_LAG_SECONDS="100", MAX_POLL_SECONDS="50"
    )
    assert found.deadline == timedelta(hours=2)
    assert found.lease_seconds == 50
    assert (found.list_lag, found.recent) == (timedelta(seconds=100), timedelta(seconds=10))
    assert found.settled_seconds == found.longest_pause == 110
    assert settings(LIST_LAG_SECONDS="100", MAX_POLL_SECONDS="200").longest_pause == 200
    assert settings(LIST_LAG_SECONDS="100", MAX_POLL_SECONDS="200", FIRST_POLL_SECONDS="150").longest_pause == 300


def test_the_local_settings_name_every_setting_most_with_its_default() -> None:
    aliases = {str(field.alias): field for field in Settings.model_fields.values()}
    for alias in set(aliases) - {"NumbersStorage__queueServiceUri"}:
        assert alias in LOCAL, alias
    local, default = settings(**LOCAL), settings()  # what is no setting, such as the host's own storage, is left alone
    differ = {name for name in Settings.model_fields if getattr(local, name) != getattr(default, name)}
    assert differ == {"graph_endpoint", "number_pools", "actions"}  # there is something to try everything with


@pytest.mark.parametrize(
    ("needs", "pool", "offered"),
    [
        ({"assign"}, None, True),
        ({"assign"}, "a", True),
        ({"assign"}, "b", False),
        ({"update"}, None, False),
        ({"assign", "unassign"}, "a", False),
    ],
)
def test_the_app_offers_the_actions_and_the_pools_that_are_set(
    needs: set[str], pool: str | None, *, offered: bool
) -> None:
    pools = '{"a": {"numberType": "directRouting", "numbers": [{"startsWith": "+49"}]}}'
    assert settings(NUMBER_POOLS=pools).offers(frozenset(needs), pool) is offered
