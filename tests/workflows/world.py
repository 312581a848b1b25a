"""A world for the request flows: what calls them, what answers them, and what they put on the queue."""

from collections.abc import Callable
from typing import Any

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
PERSON = "anna@contoso.example"
#: What an HR system posts: a joiner, a leaver, and a joiner whose number is chosen already.
JOINER = {"requestId": "hire-1", "employeeId": "00417", "userPrincipalName": PERSON, "pool": "seattle"}
LEAVER = {"requestId": "leave-1", "employeeId": "00417", "userPrincipalName": PERSON, "action": "unassign"}
CHOSEN = {"userObjectId": USER, "telephoneNumber": "+1 (206) 555-0100", "numberType": "callingPlan"}
#: What an HR system lists: exports send null, empty texts and numbers.
ROWS = [
    {"id": 17, **JOINER, "employeeId": 417, "telephoneNumber": "", "numberType": None, "managerMail": "m@example.com"},
    {"id": "18", **LEAVER, "pool": "", "managerMail": None},
    {"id": "19", **CHOSEN, "telephoneNumber": 12065550100, "employeeId": None},
]
#: Items of the SharePoint list: an empty cell is null, or left out.
ITEM = {
    "ID": 17,
    "UserPrincipalName": PERSON,
    "Pool": "seattle",
    "Action": None,
    "EmployeeId": "00417",
    "ManagerMail": "m@example.com",
    "Author": {"Email": "hr@example.com"},
}
LEAVING_ITEM = {"ID": 18, "UserPrincipalName": PERSON, "Pool": "", "Action": {"Value": "unassign"}, "LocationId": ""}
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


def answers(**failing: int) -> Callable[[Sent], dict[str, Any]]:
    """Return a world in which the actions named fail with a status."""

    def world(sent: Sent) -> dict[str, Any]:
        if sent.action in failing:
            raise ActionFailedError({"statusCode": failing[sent.action], "body": "not now"})
        if sent.action == "Office_of_the_user":
            return {"statusCode": 200, "body": {"employeeId": "00417", "officeLocation": "Seattle"}}
        if sent.action == "People":
            return {"statusCode": 200, "body": ROWS}
        return {"statusCode": 204, "body": None}

    return world


def run(name: str, trigger: Any, world: Callable[[Sent], dict[str, Any]] | None = None, **parameters: Any) -> Run:
    return Run(DEFINITIONS[name], PARAMETERS | parameters, world or answers()).start(trigger)


def put(sent: list[Sent]) -> list[str]:
    """Return the messages put on a queue."""
    return [
        str(one.inputs["body"] if one.kind == "ApiConnection" else one.inputs["parameters"]["message"])
        for one in sent
        if one.action == "Put_a_message_on_a_queue_(V2)"
    ]
