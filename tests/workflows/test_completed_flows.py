"""What a completion flow tells whom: a joiner's, a leaver's and a mover's end, each as what it is."""

import json
from typing import Any

import pytest

from tests.workflows.files import COMPLETED, DEFINITIONS, FORM_COMPLETED, actions, ended, example
from tests.workflows.office import Office
from tests.workflows.scope import Scope
from tests.workflows.world import CALLBACK, PARAMETERS

FLOWS = pytest.mark.parametrize("flow", [COMPLETED, FORM_COMPLETED], ids=["logic app", "power automate"])
KINDS = ("NumberAssignment", "NumberUnassignment", "NumberUpdate")
MANAGER, ASKED = "m@example.com", "r@example.com"
PEOPLE = {"managerMail": MANAGER, "replyTo": ASKED}
TAKEN_BACK = "The phone number was taken back"


def deliver(flow: str, event: dict[str, Any]) -> Office:
    office = Office().deliver(flow, json.dumps(event))
    assert (office.deleted, office.runs) == (True, ["Succeeded"])
    return office


@FLOWS
@pytest.mark.parametrize(
    ("kind", "post", "mails"),
    [
        (
            "NumberAssignment",
            "+12065550100 is assigned to anna@contoso.example",
            [(MANAGER, "The phone number is ready")],
        ),
        ("NumberUnassignment", "anna@contoso.example no longer has +12065550100", [(MANAGER, TAKEN_BACK)]),
        ("NumberUpdate", "+12065550100 is updated", []),
    ],
)
def test_a_success_is_told_as_what_it_is(flow: str, kind: str, post: str, mails: list[tuple[str, str]]) -> None:
    office = deliver(flow, ended(kind, "Succeeded", context=PEOPLE))
    assert [post in text for text in office.posts] == [True]
    assert office.told() == mails
    assert all("ready" not in text and "assigned" not in text for _, text, _ in office.mails if kind != KINDS[0])


@FLOWS
def test_a_leaver_s_success_promises_nobody_a_phone_and_opens_no_ticket(flow: str) -> None:
    office = deliver(flow, ended("NumberUnassignment", "Succeeded", context={}))
    assert office.mails == []
    assert "is assigned" not in office.posts[0]


@FLOWS
@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            {"telephoneNumber": None, "unassignedNumbers": ["+12065550100", "+12065550101"]},
            "+12065550100, +12065550101",
        ),
        ({"telephoneNumber": None, "unassignedNumbers": []}, "no longer has a phone number"),
        ({"telephoneNumber": None}, "no longer has a phone number"),
    ],
)
def test_a_leaver_s_numbers_are_all_named(flow: str, numbers: dict[str, Any], said: str) -> None:
    assert said in deliver(flow, ended("NumberUnassignment", "Succeeded", **numbers)).posts[0]


@FLOWS
@pytest.mark.parametrize("kind", KINDS)
def test_unconfirmed_is_for_a_person_to_look_at_and_told_to_nobody_as_done(flow: str, kind: str) -> None:
    office = deliver(flow, ended(kind, "Unconfirmed", context=PEOPLE))
    assert office.posts == []
    ((to, subject, body),) = office.mails
    assert (to, subject) == ("tickets", "Phone number: look at it before anybody is told")
    assert "Look at the number in the Teams admin center" in body
    assert f"TeamsPhone.{kind}.Unconfirmed" in body


@FLOWS
def test_unconfirmed_repeats_the_app_s_own_advice_where_there_is_any(flow: str) -> None:
    error = {"code": "notSeen", "message": "not seen for an hour", "advice": "Ask Microsoft."}
    body = deliver(flow, ended("NumberAssignment", "Unconfirmed", error=error)).mails[0][2]
    assert "not seen for an hour" in body
    assert "What to do: Ask Microsoft." in body


@FLOWS
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["Failed", "Rejected", "TimedOut"])
def test_what_did_not_happen_becomes_a_ticket_that_says_what_to_do(flow: str, kind: str, end: str) -> None:
    event = ended(kind, end, context=PEOPLE)
    office = deliver(flow, event)
    assert office.posts == []
    ((to, subject, body),) = office.mails
    assert to == "tickets"
    assert subject == f"Phone number: {end}: {event['data']['error']['code']}"
    assert event["data"]["error"]["advice"] in body
    assert event["type"] in body


@FLOWS
@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_is_answered_to_who_asked(flow: str, kind: str) -> None:
    office = deliver(flow, ended(kind, "Validated", context=PEOPLE, note="would do it."))
    assert office.posts == []
    ((to, _, body),) = office.mails
    assert to == ASKED
    assert "would do it. Nothing was changed." in body


@FLOWS
def test_what_others_wrote_cannot_become_markup(flow: str) -> None:
    event = ended("NumberAssignment", "Rejected", userPrincipalName="<b>anna</b>")
    event["data"]["error"]["message"] = "<img src=x onerror=alert(1)>"
    event["data"]["context"] = {"managerMail": "<i>@example.com"}
    body = deliver(flow, event).mails[0][2]
    assert "&lt;img src=x" in body
    assert not {"<img", "<b>anna", "<i>"} & set(body.split(" "))
    assert "<img" not in body
    assert "<b>anna" not in body


@FLOWS
def test_a_refused_address_is_shown_without_its_markup(flow: str) -> None:
    event = ended("NumberAssignment", "Succeeded", context={"managerMail": "<i>nobody</i>"})
    assert "The mail to &lt;i>nobody&lt;/i> was refused." in deliver(flow, event).mails[0][2]


@FLOWS
def test_a_repeat_is_dropped_by_its_event_id_and_only_deleted(flow: str) -> None:
    office = deliver(flow, example("Succeeded"))
    office.deleted, told = False, (list(office.mails), list(office.posts))
    office.deliver(flow, json.dumps(example("Succeeded")))
    assert (office.deleted, (office.mails, office.posts)) == (True, told)


@FLOWS
def test_another_event_of_the_same_request_is_no_repeat(flow: str) -> None:
    office = deliver(flow, example("Failed"))
    office.deleted = False
    office.deliver(flow, json.dumps(example("Failed") | {"id": "5f0a2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"}))
    assert len(office.mails) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("end", "status"),
    [
        *(("Succeeded", "Completed"), ("Validated", "Completed"), ("Unconfirmed", "Failed")),
        *(("Failed", "Failed"), ("Rejected", "Failed"), ("TimedOut", "Failed")),
    ],
)
def test_a_waiting_lifecycle_workflow_is_resumed_with_how_it_truly_ended(kind: str, end: str, status: str) -> None:
    event = ended(kind, end, context={"lifecycleWorkflow": {"callbackUriPath": CALLBACK}})
    assert deliver(COMPLETED, event).resumed == [status]


def test_a_task_is_resumed_as_the_documentation_says() -> None:
    """https://learn.microsoft.com/graph/api/identitygovernance-taskprocessingresult-resume."""
    inputs = actions(DEFINITIONS[COMPLETED])["Resume_the_lifecycle_workflow"]["inputs"]
    assert (inputs["method"], inputs["uri"]) == ("POST", "https://graph.microsoft.com/v1.0@{outputs('Callback')}")
    assert {key: inputs["body"][key] for key in ("source", "type")} == {"source": "sample", "type": "lifecycleEvent"}
    assert set(inputs["body"]["data"]) == {"operationStatus"}
    assert inputs["authentication"]["audience"] == "https://graph.microsoft.com"


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
def test_a_callback_that_is_not_microsoft_s_own_is_never_called(callback: str) -> None:
    event = ended("NumberAssignment", "Succeeded", context={"lifecycleWorkflow": {"callbackUriPath": callback}})
    office = deliver(COMPLETED, event)
    assert office.resumed == []
    assert ("tickets", "A callback that is not Microsoft's was refused") in office.told()


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_a_task_that_waits_no_more_is_no_failure(status: int) -> None:
    event = ended("NumberAssignment", "Succeeded", context={"lifecycleWorkflow": {"callbackUriPath": CALLBACK}})
    office = Office(callback=status).deliver(COMPLETED, json.dumps(event))
    assert (office.deleted, office.runs, office.resumed) == (True, ["Succeeded"], ["Completed"])


def test_the_trigger_gives_one_run_for_each_message() -> None:
    body = {"QueueMessagesList": {"QueueMessage": [{"MessageId": "m1"}, {"MessageId": "m2"}]}}
    for name in (COMPLETED, FORM_COMPLETED):
        (trigger,) = DEFINITIONS[name]["triggers"].values()
        scope = Scope(body, PARAMETERS, {}, {}, "one")
        assert scope.resolve(trigger["splitOn"]) == body["QueueMessagesList"]["QueueMessage"]
