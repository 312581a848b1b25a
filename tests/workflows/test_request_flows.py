"""What a request flow puts on the queue, and when it says so."""

import json
import re
from typing import Any

import jsonschema
import pytest

from tests.workflows.contract import REFUSED, checked
from tests.workflows.engine import Run
from tests.workflows.files import DEFINITIONS, FORM, LIFECYCLE, REQUEST, SCHEDULE
from tests.workflows.world import (
    CALLBACK,
    CHOSEN,
    ITEM,
    JOINER,
    LAUNCH,
    LEAVER,
    LEAVING_ITEM,
    PARAMETERS,
    PERSON,
    USER,
    answers,
    put,
    run,
)

PUT = "Put_a_message_on_a_queue_(V2)"
POOLS = {"Seattle": "seattle", "*": "berlin"}
#: The schema that the trigger holds an HR system's call against.
CALLS = DEFINITIONS[REQUEST]["triggers"]["An_HR_system_calls"]["inputs"]["schema"]


def asked(name: str, trigger: Any, **parameters: Any) -> list[dict[str, Any]]:
    """Return the requests that a flow puts on the queue; each must be one."""
    return [checked(text) for text in put(run(name, trigger, **parameters).sent)]


def wish(request: dict[str, Any]) -> dict[str, Any]:
    """Return who and where: a request without its id, its context and what stands for no."""
    return {key: value for key, value in request.items() if key not in {"requestId", "context"} and value is not False}


@pytest.mark.parametrize(("name", "trigger"), [(REQUEST, JOINER), (SCHEDULE, None), (FORM, ITEM)])
def test_a_joiner_is_who_and_where(name: str, trigger: Any) -> None:
    assert wish(asked(name, trigger)[0]) == {"userPrincipalName": PERSON, "pool": "seattle"}


@pytest.mark.parametrize(
    ("name", "trigger", "which"), [(REQUEST, LEAVER, 0), (SCHEDULE, None, 1), (FORM, LEAVING_ITEM, 0)]
)
def test_a_leaver_is_who_alone(name: str, trigger: Any, which: int) -> None:
    assert wish(asked(name, trigger)[which]) == {"userPrincipalName": PERSON, "action": "unassign"}


@pytest.mark.parametrize(("name", "trigger", "which"), [(REQUEST, CHOSEN, 0), (SCHEDULE, None, 2)])
def test_a_number_that_is_chosen_already_can_be_named(name: str, trigger: Any, which: int) -> None:
    request = asked(name, trigger)[which]
    number = request.pop("telephoneNumber")
    assert "".join(character for character in number if character.isdigit()) == "12065550100"
    assert wish(request) == {"assignmentTargetId": USER, "numberType": "callingPlan"}


@pytest.mark.parametrize("leaver", [False, True])
def test_a_lifecycle_workflow_asks_by_the_user_s_object_id(*, leaver: bool) -> None:
    (request,) = asked(LIFECYCLE, LAUNCH, pools=POOLS, action="unassign" if leaver else "assign")
    assert request["context"]["employeeId"] == "00417"
    expected = {"action": "unassign"} if leaver else {"action": "assign", "pool": "seattle"}
    assert wish(request) == {"assignmentTargetId": USER, **expected}


@pytest.mark.parametrize(("office", "pool"), [("Seattle", "seattle"), ("Paris", "berlin"), (None, "berlin")])
def test_an_office_has_its_pool_and_the_others_have_one(office: str | None, pool: str) -> None:
    def world(_: Any) -> dict[str, Any]:
        return {"statusCode": 200, "body": {"officeLocation": office}}

    (text,) = put(run(LIFECYCLE, LAUNCH, world, pools=POOLS).sent)
    assert checked(text)["pool"] == pool


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_user_who_cannot_be_read_gets_no_pool_of_another_office(status: int) -> None:
    """The app rejects the request, which a person hears of; a leaver's needs nothing from there."""
    world = answers(Office_of_the_user=status)
    (text,) = put(run(LIFECYCLE, LAUNCH, world, pools=POOLS).sent)
    assert json.loads(text)["pool"] is None
    with pytest.raises(REFUSED):
        checked(text)
    (text,) = put(run(LIFECYCLE, LAUNCH, world, action="unassign").sent)
    assert wish(checked(text)) == {"assignmentTargetId": USER, "action": "unassign"}


@pytest.mark.parametrize("blank", ["", None])
def test_what_is_empty_stays_empty(blank: str | None) -> None:
    """A number, a person or a place that is an empty text would be one given wrongly."""
    full = {**JOINER, "userObjectId": blank, "telephoneNumber": blank, "numberType": blank, "action": blank}
    call = {**full, "assignmentCategory": blank, "locationId": blank, "existingNumber": blank, "notBefore": blank}
    jsonschema.validate(call, CALLS)
    (request,) = asked(REQUEST, call)
    assert wish(request) == {"userPrincipalName": PERSON, "pool": "seattle"}
    (request,) = asked(REQUEST, {**CHOSEN, "userPrincipalName": blank, "pool": blank})
    assert set(wish(request)) == {"assignmentTargetId", "telephoneNumber", "numberType"}
    cells = dict.fromkeys(("TelephoneNumber", "UserObjectId", "LocationId", "NotBefore"), blank)
    (request,) = asked(FORM, {**ITEM, **cells, "NumberType": None})
    assert wish(request) == {"userPrincipalName": PERSON, "pool": "seattle"}


@pytest.mark.parametrize(
    "call",
    [
        *({**JOINER, "employeeId": value} for value in (417, None, "", "00417")),
        *({**JOINER, "requestId": value} for value in (417, None, "")),
        {**CHOSEN, "telephoneNumber": 12065550100},
        {**JOINER, "dryRun": None, "managerMail": None},
    ],
)
def test_what_hr_exports_send_is_let_in(call: dict[str, Any]) -> None:
    jsonschema.validate(call, CALLS)
    (request,) = asked(REQUEST, call)
    assert request["requestId"] == (str(call.get("requestId") or "") or "08584")
    assert request["context"]["employeeId"] == call.get("employeeId")


def test_a_field_that_is_misspelled_is_refused_at_the_door() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**JOINER, "locationID": "loc-1"}, CALLS)


def test_everything_that_an_hr_system_may_send_reaches_the_request() -> None:
    more = {
        "notBefore": "2026-03-02T08:00:00+01:00",
        "existingNumber": "replace",
        "assignmentCategory": "private",
        "locationId": "loc-1",
        "dryRun": True,
    }
    call = {**JOINER, **more, "managerMail": "m@example.com", "replyTo": "hr@example.com"}
    jsonschema.validate(call, CALLS)
    assert set(CALLS["properties"]) == set(call) | {"action", "userObjectId", "telephoneNumber", "numberType"}
    (request,) = asked(REQUEST, call)
    assert wish(request) == {"userPrincipalName": PERSON, "pool": "seattle", **more}
    context = {"employeeId": "00417", "managerMail": "m@example.com", "replyTo": "hr@example.com"}
    assert request["context"] == context


def test_a_row_has_the_fields_of_a_call() -> None:
    read = set(re.findall(r"items\('For_each_person'\)\?\['(\w+)'\]", json.dumps(DEFINITIONS[SCHEDULE])))
    assert read == set(CALLS["properties"]) - {"requestId"} | {"id"}


def test_a_dry_run_of_the_form_is_one() -> None:
    (request,) = asked(FORM, {**ITEM, "DryRun": True})
    assert request["dryRun"] is True


def test_the_connector_is_called_at_the_queue_s_path() -> None:
    calls = run(REQUEST, JOINER).sent
    path = "/v2/storageAccounts/numbers/queues/number-requests/messages"
    assert path in {str(sent.inputs.get("path")) for sent in calls}


def test_an_hr_system_is_told_202_with_the_request_id_only_when_the_message_is_stored() -> None:
    stored = run(REQUEST, JOINER).sent[-1]
    assert (stored.inputs["statusCode"], stored.inputs["body"]["requestId"]) == (202, "hire-1")
    refused = run(REQUEST, JOINER, answers(**{PUT: 403}))
    assert [sent.inputs["statusCode"] for sent in refused.sent if sent.kind == "Response"] == [503]
    assert refused.status == "Failed"


def test_a_schedule_marks_a_row_as_sent_only_after_it_was_sent() -> None:
    sent = run(SCHEDULE, None).sent
    assert [one.action for one in sent[1:]] == [PUT, "Mark_it_as_sent"] * 3
    assert sent[2].inputs["uri"] == f"{PARAMETERS['hrUrl']}/17"
    assert "Mark_it_as_sent" not in run(SCHEDULE, None, answers(**{PUT: 500})).names()


def test_the_same_row_and_the_same_task_are_the_same_request_again() -> None:
    for name, trigger in ((SCHEDULE, None), (FORM, ITEM), (LIFECYCLE, LAUNCH)):
        runs = [Run(DEFINITIONS[name], PARAMETERS, answers(), name=run_name) for run_name in ("one", "two")]
        first, second = (put(one.start(trigger).sent) for one in runs)
        assert first == second


def test_a_lifecycle_workflow_s_callback_travels_in_the_context() -> None:
    (request,) = asked(LIFECYCLE, LAUNCH, pools=POOLS)
    expected = {"workflowId": "w1", "taskId": "t1", "callbackUriPath": CALLBACK}
    assert request["context"]["lifecycleWorkflow"] == expected


@pytest.mark.parametrize("spelling", ["taskProcessingResult", "taskProcessingresult"])
def test_both_spellings_of_the_task_processing_result_name_the_request(spelling: str) -> None:
    data = {key: value for key, value in LAUNCH["data"].items() if key != "taskProcessingResult"}  # type: ignore[attr-defined]
    (request,) = asked(LIFECYCLE, {**LAUNCH, "data": {**data, spelling: {"id": "r1"}}}, pools=POOLS)
    assert request["requestId"] == "lifecycle-r1"
