"""What a request flow puts on the queue, and when it says so."""

import json
from typing import Any

import jsonschema
import pytest

from tests.workflows.engine import Run
from tests.workflows.files import (
    COMPLETED,
    DEFINITIONS,
    FORM,
    LIFECYCLE,
    REQUEST,
    SCHEDULE,
    example,
    request_schema,
)
from tests.workflows.world import (
    CALL,
    CALLBACK,
    ITEM,
    LAUNCH,
    PARAMETERS,
    USER,
    answers,
    message,
    put,
    received,
    run,
)


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
