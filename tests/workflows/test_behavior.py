"""What each flow does when it runs: what it sends, to whom, in which order, and what a failure leaves behind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from assign_number.request import Envelope, read
from teams_numbers.messages import AssignmentRequest
from tests.workflows.engine import ActionFailedError, Run, Sent
from tests.workflows.files import (
    COMPLETED,
    DEFINITIONS,
    FORM,
    FORM_COMPLETED,
    LIFECYCLE,
    REQUEST,
    SCHEDULE,
    example,
    request_schema,
)
from tests.workflows.scope import Scope

USER = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
CALLBACK = "/identityGovernance/lifecycleWorkflows/workflows/w1/tasks/t1/taskProcessingResults/r1/resume"
CONNECTIONS = {name: {"connectionId": f"/connections/{name}"} for name in ("azurequeues", "teams", "office365")}
PARAMETERS = {
    "$connections": CONNECTIONS,
    "storageAccount": "numbers",
    "teamId": "team",
    "channelId": "channel",
    "ticketMail": "tickets@example.com",
    "hrUrl": "https://hr.example.com/hires",
    "hrAudience": "api://hr",
}
CALL = {
    "employeeId": "00417",
    "userObjectId": USER,
    "telephoneNumber": "+1 (206) 555-0100",
    "numberType": "callingPlan",
}
HIRE = {"id": "17", **CALL, "managerMail": "m@example.com"}
ITEM = {
    "ID": 17,
    "TelephoneNumber": "+12065550100",
    "UserObjectId": USER,
    "NumberType": {"Value": "callingPlan"},
    "EmployeeId": "00417",
    "ManagerMail": "m@example.com",
    "Author": {"Email": "hr@example.com"},
}
LAUNCH = {
    "source": "sample",
    "type": "lifecycleEvent",
    "data": {
        "callbackUriPath": CALLBACK,
        "subject": {"id": USER, "manager": {"email": "m@example.com"}},
        "task": {"id": "t1"},
        "taskProcessingResult": {"id": "05a96d7a-0e00-459c-b6c8-1870099e8275"},
        "workflow": {"id": "w1"},
    },
}
TELLING = {"Mail_the_manager", "Post_message_in_a_chat_or_channel", "Reply", "Send_the_ticket"}


def answers(**failing: int) -> Callable[[Sent], dict[str, Any]]:
    """Return a world in which nothing was handled before and the actions named fail with a status."""

    def world(sent: Sent) -> dict[str, Any]:
        if sent.action in failing:
            raise ActionFailedError({"statusCode": failing[sent.action], "body": None})
        if sent.action == "Number_for_the_user":
            attributes = {"extensionAttribute10": "+12065550100", "extensionAttribute11": None}
            return {"body": {"employeeId": "00417", "onPremisesExtensionAttributes": attributes}}
        if sent.action == "New_hires":
            return {"body": [HIRE, {**HIRE, "id": "18"}]}
        return {"statusCode": 204, "body": {"value": []}}

    return world


def run(name: str, trigger: Any, world: Callable[[Sent], dict[str, Any]] | None = None) -> Run:
    return Run(DEFINITIONS[name], PARAMETERS, world or answers()).start(trigger)


def message(event: dict[str, Any]) -> dict[str, Any]:
    return {"MessageId": "m1", "PopReceipt": "AgAAAA==", "MessageText": json.dumps(event)}


def put(sent: list[Sent]) -> list[str]:
    """Return the messages put on a queue."""
    return [
        str(one.inputs["body"] if one.kind == "ApiConnection" else one.inputs["parameters"]["message"])
        for one in sent
        if one.action == "Put_a_message_on_a_queue_(V2)"
    ]


def received(text: str) -> AssignmentRequest:
    """Return the request as the product reads it."""
    request = read(Envelope(text, "m1", 1, datetime(2026, 3, 2, tzinfo=UTC)))
    assert isinstance(request, AssignmentRequest), request
    return request


@pytest.mark.parametrize(("name", "trigger"), [(REQUEST, CALL), (SCHEDULE, None), (FORM, ITEM), (LIFECYCLE, LAUNCH)])
def test_what_a_request_flow_puts_on_the_queue_is_a_request(name: str, trigger: Any) -> None:
    """By the published schema, and by the product's own reading."""
    messages = put(run(name, trigger).sent)
    assert messages
    for text in messages:
        jsonschema.validate(json.loads(text), request_schema())
        request = received(text)
        assert (request.telephone_number, request.assignment_target_id) == ("+12065550100", USER)
        assert request.context
        assert request.context["employeeId"] == "00417"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (REQUEST, "/v2/storageAccounts/numbers/queues/number-requests/messages"),
        (COMPLETED, "/v2/storageAccounts/numbers/queues/number-events/messages/m1"),
    ],
)
def test_the_connector_is_called_at_the_queue_s_path(name: str, path: str) -> None:
    calls = run(name, CALL if name == REQUEST else message(example("Validated"))).sent
    assert path in {str(sent.inputs.get("path")) for sent in calls}


def test_everything_that_an_hr_system_may_send_reaches_the_request() -> None:
    more = {"requestId": "hire-1", "assignmentCategory": "private", "locationId": "loc-1", "dryRun": True}
    (text,) = put(run(REQUEST, {**CALL, **more, "replyTo": "hr@example.com"}).sent)
    request = received(text)
    got = (request.request_id, request.assignment_category, request.location_id, request.dry_run)
    assert got == tuple(more.values())
    assert request.context == {"employeeId": "00417", "managerMail": None, "replyTo": "hr@example.com"}


def test_an_hr_system_is_told_202_with_the_request_id_only_when_the_message_is_stored() -> None:
    stored = run(REQUEST, {**CALL, "requestId": "hire-1"}).sent[-1]
    assert (stored.inputs["statusCode"], stored.inputs["body"]["requestId"]) == (202, "hire-1")
    refused = run(REQUEST, CALL, answers(**{"Put_a_message_on_a_queue_(V2)": 403}))
    assert [sent.inputs["statusCode"] for sent in refused.sent if sent.kind == "Response"] == [503]
    assert refused.status == "Failed"


def test_a_schedule_marks_a_row_as_sent_only_after_it_was_sent() -> None:
    sent = run(SCHEDULE, None).sent
    assert [one.action for one in sent[1:]] == ["Put_a_message_on_a_queue_(V2)", "Mark_it_as_sent"] * 2
    assert "Mark_it_as_sent" not in run(SCHEDULE, None, answers(**{"Put_a_message_on_a_queue_(V2)": 500})).names()


def test_the_same_row_and_the_same_task_are_the_same_request_again() -> None:
    for name, trigger in ((SCHEDULE, None), (FORM, ITEM), (LIFECYCLE, LAUNCH)):
        runs = [Run(DEFINITIONS[name], PARAMETERS, answers(), name=run_name) for run_name in ("one", "two")]
        first, second = (put(one.start(trigger).sent) for one in runs)
        assert first == second


def test_a_lifecycle_workflow_s_callback_travels_in_the_context() -> None:
    (text,) = put(run(LIFECYCLE, LAUNCH).sent)
    context = received(text).context
    assert context
    assert context["lifecycleWorkflow"] == {"workflowId": "w1", "taskId": "t1", "callbackUriPath": CALLBACK}


@pytest.mark.parametrize("spelling", ["taskProcessingResult", "taskProcessingresult"])
def test_both_spellings_of_the_task_processing_result_name_the_request(spelling: str) -> None:
    data = {key: value for key, value in LAUNCH["data"].items() if key != "taskProcessingResult"}  # type: ignore[attr-defined]
    (text,) = put(run(LIFECYCLE, {**LAUNCH, "data": {**data, spelling: {"id": "r1"}}}).sent)
    assert json.loads(text)["requestId"] == "lifecycle-r1"


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
