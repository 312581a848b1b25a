"""The queries on the log of a run of the whole system, as the host wrote it."""

import json
import time
from collections import Counter
from uuid import uuid4

import pytest

from local.demo import SCALED
from local.stack import Stack
from teams_numbers import log
from tests.infra.workspace import Workspace

PATIENCE_SECONDS = 100
#: What the run sends, by the magic number that makes it happen; each ends in one event.
NUMBERS = {
    "plain": "+12065550101",
    "late-license": "+12065550140",
    "late-permission": "+12065550184",
    "throttled": "+12065550148",
    "failing": "+12065550153",
}
#: The events that the run must leave behind, and how often where that is certain.
LEFT_BEHIND = {
    "request.completed": len(NUMBERS) + 2,  # all in threads of poll_operation but the unreadable one
    "request.set_aside": 1,
    "item.set_aside": 1,
    "request.handed_over": None,
    "order.submitted": None,
    "request.deferred": None,
    "pool.level": None,
    "graph.throttled": None,
    "graph.unclear": None,
    "configuration.fault": None,
    "poll.run": None,
}
#: What only a bug of the app leaves behind.
NEVER = {"unforeseen"}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Every product line of a run in which all that has a name in the log happens."""
    with Stack(SCALED) as stack:
        return _run(stack)


def _run(stack: Stack) -> list[str]:
    requests, operations, events = (stack.queues.get_queue_client(name) for name in stack.queue_names)
    operations.send_message("junk")
    for name, number in NUMBERS.items():
        order = {"assignmentTargetId": str(uuid4()), "numberType": "callingPlan", "telephoneNumber": number}
        requests.send_message(json.dumps(order | {"requestId": name}))
    requests.send_message(json.dumps({"requestId": "unreadable", "locationID": "mistyped"}))
    joiner = {"requestId": "joiner", "userPrincipalName": "anna@contoso.example", "pool": "seattle"}
    requests.send_message(json.dumps(joiner))
    missing, give_up = {*NUMBERS, "unreadable", "joiner"}, time.monotonic() + PATIENCE_SECONDS
    while missing:
        assert time.monotonic() < give_up, f"no event for {missing}"
        for message in events.receive_messages(max_messages=32, visibility_timeout=1):
            subject = json.loads(message.content)["subject"]
            if subject in missing:
                events.delete_message(message)
                missing.discard(subject)
        time.sleep(0.1)
    return [line for line in stack.host.log.read_text().splitlines() if line.startswith('{"name": ')]


@pytest.fixture
def workspace(lines: list[str], caplog: pytest.LogCaptureFixture) -> Workspace:
    filled = Workspace(caplog)
    for line in lines:
        filled.host(line)
    return filled


def test_the_run_logs_only_events_and_fields_that_are_listed(lines: list[str]) -> None:
    for event in map(json.loads, lines):
        assert event.keys() - {"name"} <= log.EVENTS[event["name"]]


def test_every_event_that_the_run_must_leave_behind_is_there(lines: list[str]) -> None:
    """A thread whose lines are lost shows here: the host drops a line that belongs to no invocation."""
    left = Counter(json.loads(line)["name"] for line in lines)
    assert left.keys() == LEFT_BEHIND.keys()
    assert {name: left[name] for name, times in LEFT_BEHIND.items() if times} == {
        name: times for name, times in LEFT_BEHIND.items() if times
    }


def test_every_event_of_the_app_is_one_of_those_or_a_bug() -> None:
    assert log.EVENTS.keys() == LEFT_BEHIND.keys() | NEVER


def test_the_workbook_shows_the_run(workspace: Workspace) -> None:
    outcomes = {row["what"] for row in workspace.ask("outcomes-over-time")}
    assert "Rejected" in outcomes
    assert workspace.ask("backlog")[0]["pendingOperations"] >= 0
    codes = {row["code"]: row["advice"] for row in workspace.ask("failures-by-code")}
    assert codes["invalidRequest"]
    assert workspace.ask("newest-failures")


def test_the_unreadable_request_is_found_in_the_poison_queue(workspace: Workspace) -> None:
    assert workspace.fires("poison")
    assert any(row["what"] == "request.set_aside" for row in workspace.ask("next-poison"))


def test_what_poll_operation_brought_about_is_told_too(workspace: Workspace) -> None:
    outcomes = {row["what"]: row["requests"] for row in workspace.ask("outcomes-over-time")}
    assert outcomes["Succeeded"] == len(NUMBERS) + 1
    assert workspace.ask("time-to-number")[0]["p50"] > 0
    assert any(row["what"] == "item.set_aside" for row in workspace.ask("next-poison"))


def test_only_the_alerts_on_what_happened_fire(workspace: Workspace) -> None:
    assert workspace.fired() == {"poison", "configuration-fault"}
