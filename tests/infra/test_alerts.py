"""Alerts, runbook queries and workbook tiles on log lines that the app and the host write."""

import logging

import pytest

from teams_numbers import numbers
from tests.infra.deployment import rules
from tests.infra.workspace import Workspace


@pytest.fixture
def workspace(caplog: pytest.LogCaptureFixture) -> Workspace:
    caplog.set_level(logging.INFO)
    return Workspace(caplog)


def healthy(workspace: Workspace) -> None:
    for number in range(5):
        workspace.app("order.submitted", request_id=f"r{number}", attempt=1)
        workspace.app(
            "request.completed",
            request_id=f"r{number}",
            action="assign",
            outcome="Succeeded",
            attempts=1,
            elapsed_seconds=60.0 * number,
        )
    workspace.app("poll.run", received=5, succeeded=5, oldest_age_seconds=90.5, queue_length=3, requests_length=1)
    workspace.storage("PutMessage", "number-requests")
    workspace.storage("DeleteMessage", "number-requests-poison")


def test_no_alert_fires_while_all_is_well(workspace: Workspace) -> None:
    healthy(workspace)
    assert workspace.fired() == set()


def test_nothing_is_reported_before_the_first_deployment(workspace: Workspace) -> None:
    assert workspace.fired() == set()


def test_an_app_that_has_just_started_gets_ten_minutes(workspace: Workspace) -> None:
    workspace.host("Host started (1687ms)", minutes_ago=8)
    assert workspace.fired() == set()


def test_only_the_missing_run_is_reported_of_an_app_that_fell_silent(workspace: Workspace) -> None:
    workspace.host("Host started (1687ms)", minutes_ago=60)
    workspace.host('{"name": "poll.run", "received": 0}', minutes_ago=11)
    assert workspace.fired() == {"poll-missing"}


def test_the_rule_on_missing_runs_looks_back_far_enough_to_know_that_the_app_ever_ran() -> None:
    assert rules()["poll-missing"]["overrideQueryTimeRange"] == "P2D"
    assert "ago(10m)" in rules()["poll-missing"]["query"]
    others = [rule for name, rule in rules().items() if name != "poll-missing"]
    assert all(rule["overrideQueryTimeRange"] == rule["windowSize"] for rule in others)


@pytest.mark.parametrize(
    "said_by", ["the app, of a request", "the app, of an operation", "the host", "the storage account"]
)
def test_a_message_in_a_poison_queue_is_reported_whoever_says_so(workspace: Workspace, said_by: str) -> None:
    healthy(workspace)
    match said_by:
        case "the app, of a request":
            workspace.app("request.set_aside", request_id="r9", reason="invalid", fields="locationID")
        case "the app, of an operation":
            workspace.app("item.set_aside", message_id="m9", reason="foreignUrl")
        case "the host":
            workspace.host(
                "Message has reached MaxDequeueCount of 100. Moving message to queue 'number-requests-poison'.", 2
            )
        case _:
            workspace.storage("PutMessage", "number-requests-poison")
    assert workspace.fired() == {"poison"}
    (told,) = workspace.ask("next-poison")
    assert told["what"] in {"request.set_aside", "item.set_aside", "number-requests-poison"}
    assert all(told.values())


def test_the_hosts_options_at_its_start_are_no_poison(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.host('QueuesOptions\n{\n  "MaxDequeueCount": 100,\n}')
    assert workspace.fired() == set()
    assert workspace.ask("next-poison") == []


def test_a_refusal_of_the_app_is_reported_with_the_id_that_support_asks_for(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app(
        "configuration.fault",
        status=403,
        code="forbidden",
        advice="Grant it.",
        graph_request_id="g1",
    )
    assert workspace.fired() == {"configuration-fault"}
    (fault,) = workspace.ask("next-configuration-fault")
    assert (fault["status"], fault["times"], fault["graphRequestId"]) == (403, 1, "g1")


@pytest.mark.parametrize("code", ["unauthorized", "noToken"])
def test_a_refusal_under_the_events_next_name_is_reported_too(workspace: Workspace, code: str) -> None:
    healthy(workspace)
    workspace.app("configuration.fault", status=401, code=code, advice="Look.", graph_request_id="g2")
    assert workspace.fired() == {"configuration-fault"}
    assert [row["code"] for row in workspace.ask("next-configuration-fault")] == [code]


def test_the_brake_on_unassignments_is_reported_as_such(workspace: Workspace) -> None:
    healthy(workspace)
    for _ in range(3):
        workspace.app("configuration.fault", code="unassignPaused")
    assert workspace.fired() == {"unassign-paused"}
    (hour,) = workspace.ask("unassign-brake")
    assert hour["timesHeldBack"] == 3
    assert hour["firstSeen"] < hour["lastSeen"]
    assert workspace.ask("next-configuration-fault") == []


def test_a_pool_is_reported_by_its_last_level_and_only_below_its_low_water(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app("pool.level", pool="berlin", free=9, low_water=10)
    workspace.app("pool.level", pool="berlin", free=40, low_water=10)
    workspace.app("pool.level", pool="oslo", free=10, low_water=10)
    workspace.app("pool.level", pool="paris", free=0)
    assert workspace.fired() == set()
    workspace.app("pool.level", pool="seattle", free=12, low_water=10)
    workspace.app("pool.level", pool="seattle", free=9, low_water=10)
    assert workspace.fired() == {"pool-low"}
    shown = [(row["pool"], row["free"], row["lowWater"], row["isLow"]) for row in workspace.ask("pool-levels")]
    assert shown[0] == ("seattle", 9, 10, True)
    assert sorted(shown[1:]) == [("berlin", 40, 10, False), ("oslo", 10, 10, False), ("paris", 0, None, False)]


def test_an_order_that_waits_too_long_is_reported_with_what_it_waits_for(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app("request.deferred", request_id="r7", reason="orderRunning", waits=40, delay_seconds=300)
    workspace.app("request.deferred", request_id="r0", reason="orderRunning", waits=2, delay_seconds=30)
    workspace.app("request.completed", request_id="r0", outcome="Succeeded", elapsed_seconds=61)
    workspace.app("poll.run", received=1, oldest_age_seconds=float(rules()["oldest-pending"]["threshold"]) + 1)
    assert workspace.fired() == {"oldest-pending"}
    assert [(row["requestId"], row["waits"]) for row in workspace.ask("next-oldest-pending")] == [("r7", 40)]


def test_many_failures_are_reported_with_what_to_do_about_the_commonest(workspace: Workspace) -> None:
    healthy(workspace)
    for number in range(2):
        workspace.app(
            "request.completed",
            request_id=f"f{number}",
            outcome="Failed",
            code="licenseMissing",
            advice="Assign a license.",
        )
    workspace.app("request.completed", request_id="f9", outcome="Rejected", code="invalidRequest", advice="Correct it.")
    assert workspace.fired() == {"failure-rate"}
    commonest = workspace.ask("failures-by-code")[0]
    assert (commonest["code"], commonest["times"], commonest["advice"]) == ("licenseMissing", 2, "Assign a license.")


def test_what_is_unconfirmed_is_reported_and_stands_in_the_query_to_run_next(workspace: Workspace) -> None:
    healthy(workspace)
    for number in range(2):
        workspace.app("request.completed", request_id=f"u{number}", outcome="Unconfirmed", code="unconfirmed")
    assert workspace.fired() == {"failure-rate"}
    assert [(row["code"], row["times"]) for row in workspace.ask("failures-by-code")] == [("unconfirmed", 2)]
    assert [row["requestId"] for row in workspace.ask("newest-failures")] == ["u1", "u0"]


def test_a_rehearsal_with_wrong_rows_reports_nothing(workspace: Workspace) -> None:
    healthy(workspace)
    for number in range(5):
        workspace.app(
            "request.completed", request_id=f"d{number}", dry_run=True, outcome="Rejected", code="poolUnknown"
        )
        workspace.app("request.completed", request_id=f"v{number}", dry_run=True, outcome="Validated")
    assert workspace.fired() == set()


def test_a_leaver_does_not_count_as_time_to_number(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app("request.completed", action="unassign", outcome="Succeeded", elapsed_seconds=6000.0)
    assert [row["p95"] for row in workspace.ask("time-to-number")] == [4.0]


def test_one_failure_among_few_requests_reports_nothing(workspace: Workspace) -> None:
    workspace.app("poll.run", received=0)
    workspace.app("request.completed", request_id="r1", outcome="Failed", code="licenseMissing")
    assert workspace.fired() == set()


def test_a_complaint_is_found_after_runs_went_missing(workspace: Workspace) -> None:
    workspace.host("Worker failed to index functions", 3)
    workspace.host("Host started", 1)
    assert [row["complaint"] for row in workspace.ask("next-poll-missing")] == ["Worker failed to index functions"]


def test_the_workbook_shows_outcomes_times_backlog_and_throttling(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app("graph.throttled", method="POST", status=429, retry_after_seconds=7)
    workspace.app("graph.unclear", method="POST", status=504, reason="timeout")
    shown = {row["what"]: row["requests"] for row in workspace.ask("outcomes-over-time")}
    assert shown == {"Submitted": 5, "Succeeded": 5}
    assert [row["p50"] for row in workspace.ask("time-to-number")] == [2.0]
    assert [(row["requests"], row["pendingOperations"]) for row in workspace.ask("backlog")] == [(1, 3)]
    assert [
        (row["throttled"], row["unclear"], row["longestRetryAfterSeconds"]) for row in workspace.ask("throttling")
    ] == [(1, 1, 7)]


def test_the_newest_failure_shows_the_number_masked(workspace: Workspace) -> None:
    masked = numbers.mask("+12065550123")
    workspace.app("request.completed", request_id="r1", outcome="TimedOut", code="deadline", telephone_number=masked)
    (failure,) = workspace.ask("newest-failures")
    assert (failure["requestId"], failure["telephoneNumber"]) == ("r1", masked)
