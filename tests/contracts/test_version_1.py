"""A pending operation of version 1 is read as the work item of an accepted order."""

import json
from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.contracts import Action, AssignmentCategory, NumberType
from teams_numbers.earlier import from_version_1
from teams_numbers.work_item import Order, WorkItem
from tests.values import NOW, NUMBER, OPERATION_URL, USER, request

ODD: tuple[Any, ...] = (None, 5, "soon", [], {})


def pending(**changes: Any) -> dict[str, Any]:
    """Return what version 1 wrote for an order without wishes; a field that is None is left out."""
    delivery = {"receivedAt": "2026-03-02T08:00:00Z", "attempt": 0, "held": 0, "uncertain": False, "reasonTimes": 0}
    asked = {
        "requestId": "r-1",
        "telephoneNumber": NUMBER,
        "assignmentTargetId": USER,
        "numberType": "callingPlan",
        "assignmentCategory": "primary",
        "dryRun": False,
        "delivery": delivery,
    }
    written = {"request": asked, "operationUrl": OPERATION_URL, "submittedAt": "2026-03-02T08:00:01Z"} | changes
    return {name: value for name, value in written.items() if value is not None}


def asking(**changes: Any) -> dict[str, Any]:
    """Return the same with a request that says something else; a field that is None is left out."""
    asked = pending()["request"] | changes
    return pending(request={name: value for name, value in asked.items() if value is not None})


def item(order: dict[str, Any], attempt: int = 0, **fields: Any) -> WorkItem:
    """Return the work item of an order that was accepted a second after its request came."""
    submitted = NOW + timedelta(seconds=1)
    known = Order(
        **{
            "action": Action.ASSIGN,
            "telephone_number": NUMBER,
            "number_type": NumberType.CALLING_PLAN,
            "assignment_target_id": USER,
            "assignment_category": AssignmentCategory.PRIMARY,
            "sent_at": submitted,
            "submitted_at": submitted,
        }
        | order
    )
    return WorkItem(
        request=request(**{"assignmentCategory": "primary"} | fields),
        received_at=NOW,
        order=known,
        submitted_at=submitted,
        touched=(known.telephone_number,),
        attempt=attempt,
    )


def test_an_accepted_order_is_followed_where_graph_said_it_can_be() -> None:
    assert from_version_1(json.dumps(pending())) == item({"operation_url": OPERATION_URL})


def test_an_order_whose_answer_named_no_operation_is_told_by_its_number() -> None:
    assert from_version_1(json.dumps(pending(operationUrl=None))) == item({})


def test_all_that_version_1_knew_of_a_request_is_kept() -> None:
    wishes = {"telephoneNumber": f"{NUMBER};ext=7", "assignmentCategory": "private", "locationId": "loc-1"}
    delivery = {"receivedAt": "2026-03-02T09:00:00+01:00", "attempt": 2, "held": 1, "uncertain": True}
    fields: dict[str, Any] = wishes | {"numberType": "operatorConnect", "context": {"ticket": None}}
    written = asking(**fields, delivery=delivery | {"reason": "licenseMissing", "reasonTimes": 2})
    order = {
        "telephone_number": f"{NUMBER};ext=7",
        "number_type": NumberType.OPERATOR_CONNECT,
        "assignment_category": AssignmentCategory.PRIVATE,
        "location_id": "loc-1",
        "operation_url": OPERATION_URL,
        "graph_request_id": "g-1",
    }
    assert from_version_1(json.dumps(written | {"graphRequestId": "g-1"})) == item(order, attempt=2, **fields)


def test_what_version_1_left_out_has_its_default() -> None:
    written = asking(assignmentCategory=None, dryRun=None, delivery={"receivedAt": "2026-03-02T08:00:00Z"})
    assert from_version_1(json.dumps(written)) == item({"operation_url": OPERATION_URL}, assignmentCategory=None)


@pytest.mark.parametrize(
    "text",
    [
        *("", "rubbish", "null", "5", '"request"', "[]", "{}"),
        pytest.param("[" * 100_000, id="endlessly deep"),
        *(json.dumps(pending(request=odd)) for odd in ODD),
        *(json.dumps(asking(delivery=odd)) for odd in (*ODD, {"receivedAt": "soon"})),
        json.dumps(pending(submittedAt=None)),
        json.dumps(pending(submittedAt="soon")),
        json.dumps(asking(telephoneNumber=None, numberType=None, pool="seattle")),
        json.dumps(asking(telephoneNumber="12065550100")),
        json.dumps(asking(uncertain=True)),
    ],
)
def test_what_is_no_pending_operation_of_version_1_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a pending operation of version 1"):
        from_version_1(text)
