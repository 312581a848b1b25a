"""Every alert, runbook query and workbook tile over what Microsoft's host really sent: silent on what was well."""

import logging
from collections.abc import Callable

import pytest

from tests.infra.deployment import INFRA
from tests.infra.workspace import Row, Workspace, recorded

#: What a column may lack, and why: a request that was rejected or rejected early has neither number nor order.
MAY_BE_EMPTY = {"newest-failures": {"telephoneNumber", "numberType", "graphRequestId"}}
#: The queries that have something to say about each run; the others stay silent.
SPEAK = {
    "as-it-is": {"backlog", "failures-by-code", "newest-failures", "next-poison", "outcomes-over-time"},
    "threads-mended": {
        "backlog",
        "failures-by-code",
        "newest-failures",
        "next-oldest-pending",
        "next-poison",
        "outcomes-over-time",
        "time-to-number",
    },
    "wrong-setting": set(),
}
QUERIES = sorted(path.stem for path in (INFRA / "kql").glob("*.kql") if not path.stem.startswith("alert-"))

type Replay = Callable[..., Workspace]


@pytest.fixture
def replay(caplog: pytest.LogCaptureFixture) -> Replay:
    caplog.set_level(logging.INFO)

    def play(rows: list[Row], **when: float) -> Workspace:
        workspace = Workspace(caplog)
        workspace.replay(rows, **when)
        return workspace

    return play


def well() -> list[Row]:
    """A run without what was wrong in it: the rejected requests, the broken messages, the junk."""
    rows = recorded("threads-mended")
    ill = {row["OperationId"] for row in rows if row["Table"] == "AppExceptions" or row["SeverityLevel"] >= 2}
    return [row for row in rows if row["OperationId"] not in ill - {""} and row["SeverityLevel"] < 2]


def test_a_healthy_run_fires_no_alert_from_its_start_to_its_stop(replay: Replay) -> None:
    rows = well()
    assert any("MaxDequeueCount" in row["Message"] for row in rows)
    assert any("poll.run" in row["Message"] for row in rows)
    assert replay(rows).fired() == set()


@pytest.mark.parametrize(
    ("run", "minutes_ago", "fired"),
    [
        ("as-it-is", 0.5, {"poison", "failure-rate"}),
        ("threads-mended", 0.5, {"poison", "failure-rate"}),
        ("threads-mended", 12, {"poison", "failure-rate", "poll-missing"}),
        ("wrong-setting", 0.5, set()),
        ("wrong-setting", 12, {"poll-missing"}),
    ],
)
def test_an_alert_fires_on_what_was_wrong_and_on_nothing_else(
    replay: Replay, run: str, minutes_ago: float, fired: set[str]
) -> None:
    """Twelve of the requests were rejected and two broken; the run with the wrong setting never polled."""
    assert replay(recorded(run), minutes_ago=minutes_ago).fired() == fired


@pytest.mark.parametrize("run", SPEAK)
def test_queries_speak_where_there_is_something_to_say_with_every_column_filled(replay: Replay, run: str) -> None:
    workspace = replay(recorded(run))
    told = {query: workspace.ask(query) for query in QUERIES}
    assert {query for query, rows in told.items() if rows} == SPEAK[run] | {"next-poll-missing"}
    for query, rows in told.items():
        blank = {name for row in rows for name, value in row.items() if value in {None, ""}}
        assert blank <= MAY_BE_EMPTY.get(query, set()), query


def test_the_outcomes_are_complete_once_the_pollers_lines_arrive(replay: Replay) -> None:
    def outcomes(run: str) -> dict[str, int]:
        counted: dict[str, int] = {}
        for row in replay(recorded(run)).ask("outcomes-over-time"):
            counted[row["what"]] = counted.get(row["what"], 0) + row["requests"]
        return counted

    assert outcomes("as-it-is") == {"Submitted": 4, "Rejected": 12}
    assert outcomes("threads-mended") == {"Submitted": 4, "Rejected": 12, "Succeeded": 3}


def test_the_poison_query_names_queue_and_cause_of_what_the_host_moved(replay: Replay) -> None:
    told = replay(recorded("threads-mended")).ask("next-poison")
    assert [row["what"] for row in told if row["saidBy"] == "host"] == ["number-requests-poison"] * 2
    causes = sorted(row["why"] for row in told if row["saidBy"] == "exception")
    assert len(causes) == 2
    assert all(cause.startswith("ValueError: time data '") for cause in causes)
    assert {row["what"] for row in told if row["saidBy"] == "app"} == {"request.set_aside", "item.set_aside"}


def test_a_wrong_setting_is_named_by_the_first_complaint(replay: Replay) -> None:
    complaint = replay(recorded("wrong-setting")).ask("next-poll-missing")[0]
    assert complaint["complaint"].startswith("SettingsError: App settings: FIRST_POLL_SECONDS: ")
    assert (complaint["times"], complaint["saidBy"]) == (2, "host")
