"""What is told and logged on the way out, and what never is."""

import json
import logging
from datetime import timedelta
from typing import Any, cast

import pytest

from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from teams_numbers import outbox
from teams_numbers.contracts import Outcome
from teams_numbers.graph import Graph
from teams_numbers.identity import make_credential
from teams_numbers.questions import Defer, Follow
from teams_numbers.queues import open_queues
from teams_numbers.services import Services
from teams_numbers.session import PlainSession
from teams_numbers.work_item import Problem, Verdict, WorkItem
from tests.looking import followed, order, ordered
from tests.values import NOW, NUMBER, settings, work_item

MASKED = "+1\u2022\u2022\u2022\u2022\u2022\u2022\u202200"


def services() -> Services:
    """Return services with queues in memory."""
    chosen, clock = settings(), SimulatedClock()
    account = MemoryQueueService(clock)
    for name in (chosen.requests_queue, chosen.operations_queue, chosen.events_queue, chosen.unassignments_queue):
        account.create_queue(name)
    graph = Graph(chosen, make_credential, PlainSession(1), clock)
    return Services(chosen, open_queues(chosen, cast("Any", account)), graph, clock)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.getMessage()) for record in caplog.records]


def test_an_event_is_stored_and_its_line_says_how_the_request_ended_without_the_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "teams_numbers")
    app = services()
    problem = Problem(code="timedOut", message=f"{NUMBER}?", advice="Ask.", reason="poolEmpty", graph_request_id="g-1")
    at = NOW + timedelta(seconds=1.23456)
    verdict = Verdict(outcome=Outcome.TIMED_OUT, completed_at=at, problem=problem, telephone_number=NUMBER)
    outbox.tell(work_item(attempt=2), verdict, app)
    (message,) = app.queues.events.receive(60)
    event = json.loads(message.text)
    assert event["data"]["telephoneNumber"] == NUMBER
    assert event["source"] == app.settings.event_source
    (line,) = lines(caplog)
    assert line == {
        "name": "request.completed",
        "requestId": "r-1",
        "action": "assign",
        "outcome": "TimedOut",
        "code": "timedOut",
        "reason": "poolEmpty",
        "advice": "Ask.",
        "attempts": event["data"]["attempts"],
        "elapsedSeconds": 1.235,
        "numberType": "callingPlan",
        "telephoneNumber": MASKED,
        "graphRequestId": "g-1",
    }
    assert caplog.records[0].levelno == logging.WARNING


def test_the_line_of_a_dry_run_says_that_it_was_one(caplog: pytest.LogCaptureFixture) -> None:
    """So that the alert on many failures leaves a rehearsal out."""
    caplog.set_level(logging.INFO, "teams_numbers")
    verdict = Verdict(outcome=Outcome.REJECTED, completed_at=NOW)
    outbox.tell(work_item(fields={"dryRun": True}), verdict, services())
    assert lines(caplog)[0]["dryRun"] is True


def test_a_success_is_an_ordinary_line_and_an_event_without_a_number_has_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "teams_numbers")
    picks = work_item(fields={"telephoneNumber": None, "numberType": None, "pool": "seattle"})
    outbox.tell(picks, Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW), services())
    (line,) = lines(caplog)
    assert caplog.records[0].levelno == logging.INFO
    assert line["pool"] == "seattle"
    assert not {"telephoneNumber", "code", "reason", "advice", "graphRequestId"} & set(line)


def noted(decision: Follow | Defer, caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    caplog.set_level(logging.INFO, "teams_numbers")
    outbox.note(decision)
    return lines(caplog)


def test_an_order_is_logged_without_its_number(caplog: pytest.LogCaptureFixture) -> None:
    item = ordered(followed(graph_request_id="g-1"), attempt=2)
    assert noted(Follow(item, 15.04), caplog) == [
        {
            "name": "order.submitted",
            "requestId": "r-1",
            "action": "assign",
            "attempt": 2,
            "telephoneNumber": MASKED,
            "dueSeconds": 15.0,
            "graphRequestId": "g-1",
        }
    ]


def test_a_deferral_is_logged_with_its_reason_as_a_plain_word(caplog: pytest.LogCaptureFixture) -> None:
    item = work_item(attempt=1, waits=3)
    (line,) = noted(Defer(item, 60.04, f"operation:{NUMBER} was \u2026"), caplog)
    assert NUMBER not in line.pop("reason")
    assert line == {
        "name": "request.deferred",
        "requestId": "r-1",
        "action": "assign",
        "attempt": 1,
        "waits": 3,
        "delaySeconds": 60.0,
    }


@pytest.mark.parametrize("item", [work_item(), ordered(order())])
def test_a_deferral_says_nothing_of_an_order(item: WorkItem, caplog: pytest.LogCaptureFixture) -> None:
    assert [line["name"] for line in noted(Defer(item, 1, "unclear"), caplog)] == ["request.deferred"]


def test_a_look_without_an_order_tells_of_none(caplog: pytest.LogCaptureFixture) -> None:
    assert noted(Follow(work_item(), 1), caplog) == []
