"""The queries of the alerts and the workbook: read by Microsoft's parser, run on log lines that the app writes."""

import json
import logging
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from teams_numbers import log
from tests.infra.bicep import INFRA, properties, read, text
from tests.infra.workspace import Workspace, rules

QUERIES = sorted((INFRA / "kql").glob("*.kql"))
CHECK = Path(__file__).parent / "kql/check.mjs"
NODE = shutil.which("node") or "node"
WORKBOOK = json.loads((INFRA / "workbook.json").read_text())

every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    """What Microsoft's parser says of each query, by its name."""
    done = subprocess.run([NODE, CHECK, *QUERIES], capture_output=True, text=True, check=True, timeout=60)
    return {Path(path).stem: said for path, said in json.loads(done.stdout).items()}


@every_query
def test_microsofts_parser_has_no_complaint(query: Path, checked: dict[str, Any]) -> None:
    assert checked[query.stem]["problems"] == []


def test_the_parser_complains_of_an_unknown_column_and_a_misspelled_operator(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.kql"
    wrong.write_text("AppTraces | where Missing == 1 | summarise count()")
    done = subprocess.run([NODE, CHECK, wrong], capture_output=True, text=True, check=True, timeout=60)
    assert len(json.loads(done.stdout)[str(wrong)]["problems"]) >= 2


@every_query
def test_a_query_names_only_events_and_fields_that_the_app_logs(query: Path, checked: dict[str, Any]) -> None:
    events = {string for string in checked[query.stem]["strings"] if re.fullmatch(r"[a-z]+\.[a-z_]+", string)}
    assert events <= log.EVENTS.keys()
    known = set().union(*(fields for name, fields in log.EVENTS.items() if name in events))
    assert set(checked[query.stem]["fields"]) - {"name"} <= known


@every_query
def test_a_query_begins_with_what_it_is_for(query: Path) -> None:
    assert query.read_text().startswith("// ")


def test_every_query_is_loaded_and_everything_loaded_is_a_query() -> None:
    loaded = {
        name
        for path in INFRA.glob("*.bicep")
        for name in re.findall(r"loadTextContent\('kql/(.+)\.kql'\)", path.read_text())
    }
    assert loaded == {query.stem for query in QUERIES}


def test_every_chart_of_the_workbook_has_its_query_and_no_other() -> None:
    charts = {item["name"] for item in WORKBOOK["items"] if item["type"] == 3}
    queries = properties(read(INFRA / "workbook.bicep").variable("queries"))
    assert charts == queries.keys()
    assert not [item["name"] for item in WORKBOOK["items"] if "query" in item["content"]]
    assert all(text(value) == f"loadTextContent('kql/{name}.kql')" for name, value in queries.items())


def test_every_chart_follows_the_workbooks_time_range() -> None:
    parameters = {p["name"] for item in WORKBOOK["items"] if item["type"] == 9 for p in item["content"]["parameters"]}
    assert {
        item["content"]["timeContextFromParameter"] for item in WORKBOOK["items"] if item["type"] == 3
    } == parameters


def test_every_alert_asks_for_one_number_and_names_its_next_query() -> None:
    for rule in rules().values():
        assert rule["query"] == f"loadTextContent('kql/alert-{rule['name']}.kql')"
        following = re.search(r"next query: (infra/kql/[\w-]+\.kql)", rule["reason"])
        assert following
        assert rule["nextQuery"] == f"loadTextContent('{following[1].removeprefix('infra/')}')"


def test_an_alert_query_ends_in_the_one_column_that_the_rule_measures(checked: dict[str, Any]) -> None:
    assert "metricMeasureColumn: 'value'" in (INFRA / "alerts.bicep").read_text()
    assert {tuple(said["columns"]) for name, said in checked.items() if name.startswith("alert-")} == {("value",)}


@pytest.fixture
def workspace(caplog: pytest.LogCaptureFixture) -> Workspace:
    caplog.set_level(logging.INFO)
    return Workspace(caplog)


def healthy(workspace: Workspace) -> None:
    for number in range(5):
        workspace.app("request.submitted", request_id=f"r{number}", attempt=1)
        workspace.app(
            "request.completed", request_id=f"r{number}", outcome="Succeeded", attempts=1, elapsed_seconds=60.0 * number
        )
    workspace.app("poll.run", received=5, succeeded=5, oldest_age_seconds=90.5, queue_length=3, requests_length=1)
    workspace.storage("PutMessage", "number-requests")
    workspace.storage("DeleteMessage", "number-requests-poison")


def test_no_alert_fires_while_all_is_well(workspace: Workspace) -> None:
    healthy(workspace)
    assert [name for name in rules() if workspace.fires(name)] == []


def test_only_the_missing_run_is_reported_by_a_silent_app(workspace: Workspace) -> None:
    assert [name for name in rules() if workspace.fires(name)] == ["poll-missing"]


@pytest.mark.parametrize(
    "said_by", ["the app, of a request", "the app, of an operation", "the host", "the storage account"]
)
def test_a_message_in_a_poison_queue_is_reported_whoever_says_so(workspace: Workspace, said_by: str) -> None:
    healthy(workspace)
    match said_by:
        case "the app, of a request":
            workspace.app("request.set_aside", request_id="r9", reason="invalid", fields="locationID")
        case "the app, of an operation":
            workspace.app("operation.set_aside", message_id="m9", reason="foreignUrl")
        case "the host":
            workspace.host(
                "Message has reached MaxDequeueCount of 5. Moving message to queue 'number-requests-poison'.", 2
            )
        case _:
            workspace.storage("PutMessage", "number-requests-poison")
    assert [name for name in rules() if workspace.fires(name)] == ["poison"]
    assert len(workspace.ask("next-poison")) == 1


def test_a_refusal_of_the_app_is_reported_with_the_id_that_support_asks_for(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app(
        "graph.configuration_fault",
        status=403,
        code="forbidden",
        advice="Grant it.",
        graph_request_id="g1",
    )
    assert [name for name in rules() if workspace.fires(name)] == ["configuration-fault"]
    (fault,) = workspace.ask("next-configuration-fault")
    assert (fault["status"], fault["times"], fault["graphRequestId"]) == (403, 1, "g1")


def test_an_order_that_waits_too_long_is_reported_with_graphs_last_word(workspace: Workspace) -> None:
    healthy(workspace)
    workspace.app("operation.postponed", request_id="r7", status="running", polls=40, delay_seconds=300)
    workspace.app("operation.postponed", request_id="r0", status="running", polls=2, delay_seconds=30)
    workspace.app("request.completed", request_id="r0", outcome="Succeeded", elapsed_seconds=61)
    workspace.app("poll.run", received=1, oldest_age_seconds=float(rules()["oldest-pending"]["threshold"]) + 1)
    assert [name for name in rules() if workspace.fires(name)] == ["oldest-pending"]
    assert [(row["requestId"], row["polls"]) for row in workspace.ask("next-oldest-pending")] == [("r7", 40)]


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
    assert [name for name in rules() if workspace.fires(name)] == ["failure-rate"]
    commonest = workspace.ask("failures-by-code")[0]
    assert (commonest["code"], commonest["times"], commonest["advice"]) == ("licenseMissing", 2, "Assign a license.")


def test_one_failure_among_few_requests_reports_nothing(workspace: Workspace) -> None:
    workspace.app("poll.run", received=0)
    workspace.app("request.completed", request_id="r1", outcome="Failed", code="licenseMissing")
    assert [name for name in rules() if workspace.fires(name)] == []


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
    masked = log.mask("+12065550123")
    workspace.app("request.completed", request_id="r1", outcome="TimedOut", code="deadline", telephone_number=masked)
    (failure,) = workspace.ask("newest-failures")
    assert (failure["requestId"], failure["telephoneNumber"]) == ("r1", masked)
