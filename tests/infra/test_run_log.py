"""The queries on the log of a run of the whole system, as the host wrote it."""

import json
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from local.demo import SCALED
from local.stack import Stack
from teams_numbers import log
from tests.infra.workspace import Workspace

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Every product line of a run in which one request ended at Graph and another was unreadable."""
    with Stack(SCALED) as stack:
        return _run(stack)


def _run(stack: Stack) -> list[str]:
    requests, _, events = (stack.queues.get_queue_client(name) for name in stack.queue_names)
    asked = {"ended": str(uuid4()), "refused": str(uuid4())}
    order = {"telephoneNumber": "+12065559876", "assignmentTargetId": str(uuid4()), "numberType": "directRouting"}
    requests.send_message(json.dumps(order | {"requestId": asked["ended"]}))
    requests.send_message(json.dumps(order | {"requestId": asked["refused"], "locationID": "mistyped"}))
    missing, give_up = set(asked.values()), time.monotonic() + PATIENCE_SECONDS
    while missing:
        assert time.monotonic() < give_up, f"no event for {missing}"
        for message in events.receive_messages(max_messages=32, visibility_timeout=1):
            subject = json.loads(message.content)["subject"]
            if subject in asked.values():
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
    said: list[dict[str, Any]] = [json.loads(line) for line in lines]
    names = Counter(event["name"] for event in said)
    assert names["request.completed"] == 2  # one ended in assign_number, one in a thread of poll_operation
    assert {"request.submitted", "request.set_aside", "poll.run"} <= names.keys()
    for event in said:
        assert event.keys() - {"name"} <= log.EVENTS[event["name"]]


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


def test_the_run_is_seen_and_graph_did_not_refuse_it(workspace: Workspace) -> None:
    assert workspace.fired() & {"poll-missing", "configuration-fault"} == set()
