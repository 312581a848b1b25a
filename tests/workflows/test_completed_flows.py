"""What a completion flow tells whom, in which order, and what a failure leaves behind."""

import json
from typing import Any

import pytest

from tests.workflows.engine import Sent
from tests.workflows.files import (
    COMPLETED,
    DEFINITIONS,
    FORM_COMPLETED,
    example,
)
from tests.workflows.scope import Scope
from tests.workflows.world import (
    CALLBACK,
    PARAMETERS,
    TELLING,
    answers,
    message,
    run,
)


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("Succeeded", ["Post_message_in_a_chat_or_channel", "Mail_the_manager"]),
        ("Validated", ["Reply"]),
        ("Failed", ["Send_the_ticket"]),
        ("Rejected", ["Send_the_ticket"]),
        ("TimedOut", ["Send_the_ticket"]),
    ],
)
def test_each_outcome_is_told_to_the_right_people_then_remembered_then_deleted(
    name: str, outcome: str, told: list[str]
) -> None:
    done = run(name, message(example(outcome)))
    assert done.names() == ["Was_it_handled_before", *told, "Remember_the_event", "Delete_message_(V2)"]
    assert done.status == "Succeeded"


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
def test_a_ticket_says_what_to_do(name: str) -> None:
    event = example("Failed")
    ticket = next(sent for sent in run(name, message(event)).sent if sent.action == "Send_the_ticket")
    text = json.dumps(ticket.inputs)
    assert event["data"]["error"]["advice"] in text
    assert "numberTaken" in text


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
def test_what_others_wrote_cannot_become_markup(name: str) -> None:
    event = example("Rejected")
    event["data"]["error"]["message"] = "<img src=x onerror=alert(1)>"
    ticket = next(sent for sent in run(name, message(event)).sent if sent.action == "Send_the_ticket")
    text = json.dumps(ticket.inputs)
    assert "&lt;img src=x" in text
    assert "<img" not in text


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
def test_the_manager_named_in_the_context_gets_the_mail_else_the_tickets_do(name: str) -> None:
    event = example("Succeeded")
    for context, expected in (
        ({"managerMail": "m@example.com"}, "m@example.com"),
        (None, "ets@example.com|ME@example.com"),
    ):
        event["data"]["context"] = context or {}
        mail = next(sent for sent in run(name, message(event)).sent if sent.action == "Mail_the_manager")
        to = mail.inputs["body"]["To"] if mail.kind == "ApiConnection" else mail.inputs["parameters"]["emailMessage/To"]
        assert any(to.endswith(end) for end in expected.split("|")), to


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
def test_a_repeat_is_dropped_by_its_event_id_and_only_deleted(name: str) -> None:
    event = example("Succeeded")

    def seen(_: Sent) -> dict[str, Any]:
        return {"statusCode": 200, "body": {"value": [{"RowKey": event["id"]}]}}

    done = run(name, message(event), seen)
    assert done.names() == ["Was_it_handled_before", "Delete_message_(V2)"]
    assert event["id"] in json.dumps(done.sent[0].inputs)


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
@pytest.mark.parametrize("broken", ["Was_it_handled_before", "Mail_the_manager", "Remember_the_event"])
def test_a_flow_that_fails_anywhere_leaves_the_event_on_the_queue(name: str, broken: str) -> None:
    done = run(name, message(example("Succeeded")), answers(**{broken: 500}))
    assert "Delete_message_(V2)" not in done.names()
    assert done.status == "Failed"


@pytest.mark.parametrize("name", [COMPLETED, FORM_COMPLETED])
def test_an_event_that_does_not_fit_the_schema_stays_on_the_queue_and_tells_nobody(name: str) -> None:
    done = run(name, message({**example("Succeeded"), "type": "Something.Else"}))
    assert (done.names(), done.status) == ([], "Failed")


def waiting(outcome: str, callback: str = CALLBACK) -> dict[str, Any]:
    """Return the event of a request that a lifecycle workflow waits for."""
    event = example(outcome)
    event["data"]["context"] = {"lifecycleWorkflow": {"callbackUriPath": callback}}
    return message(event)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("Succeeded", "Completed"),
        ("Validated", "Completed"),
        ("Failed", "Failed"),
        ("Rejected", "Failed"),
        ("TimedOut", "Failed"),
    ],
)
def test_a_waiting_lifecycle_workflow_is_resumed_with_the_documented_body(outcome: str, status: str) -> None:
    sent = run(COMPLETED, waiting(outcome)).sent
    resume = next(one for one in sent if one.action == "Resume_the_lifecycle_workflow").inputs
    assert resume["uri"] == f"https://graph.microsoft.com/v1.0{CALLBACK}"
    assert resume["method"] == "POST"
    assert resume["body"] == {"source": "sample", "type": "lifecycleEvent", "data": {"operationStatus": status}}
    assert resume["authentication"]["audience"] == "https://graph.microsoft.com"


@pytest.mark.parametrize(
    "callback",
    [
        "https://evil.example.com/x",
        "@evil.example.com/identityGovernance/",
        ".evil.example.com/identityGovernance/",
        "/identityGovernance/../users/x/revokeSignInSessions",
        "/identityGovernance/%2e%2e/users",
        "/identityGovernance/x?y=z",
        "/identityGovernance/x#y",
        "/identityGovernance//evil",
        "/identityGovernance/\\evil",
        "/users/x/revokeSignInSessions",
    ],
)
def test_a_callback_that_is_not_microsoft_s_own_is_never_called_and_reported(callback: str) -> None:
    done = run(COMPLETED, waiting("Succeeded", callback))
    assert "Resume_the_lifecycle_workflow" not in done.names()
    assert "Report_the_strange_callback" in done.names()
    assert done.names()[-1] == "Delete_message_(V2)"


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_a_task_that_waits_no_more_does_not_hold_the_event_back(status: int) -> None:
    done = run(COMPLETED, waiting("Succeeded"), answers(Resume_the_lifecycle_workflow=status))
    assert done.names()[-1] == "Delete_message_(V2)"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_resume_that_was_refused_or_lost_is_tried_again_before_anybody_is_told(status: int) -> None:
    done = run(COMPLETED, waiting("Succeeded"), answers(Resume_the_lifecycle_workflow=status))
    assert done.status == "Failed"
    assert not TELLING & set(done.names())
    assert "Delete_message_(V2)" not in done.names()


def test_the_trigger_gives_one_run_for_each_message() -> None:
    body = {"QueueMessagesList": {"QueueMessage": [message(example("Failed")), message(example("Succeeded"))]}}
    for name in (COMPLETED, FORM_COMPLETED):
        (trigger,) = DEFINITIONS[name]["triggers"].values()
        scope = Scope(body, PARAMETERS, {}, {}, "one")
        assert scope.resolve(trigger["splitOn"]) == body["QueueMessagesList"]["QueueMessage"]
