"""A world for the flows: what calls them, what answers them, and how the product reads what they send."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from assign_number.request import Envelope, read
from teams_numbers.messages import AssignmentRequest
from tests.workflows.engine import ActionFailedError, Run, Sent
from tests.workflows.files import (
    DEFINITIONS,
)

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
