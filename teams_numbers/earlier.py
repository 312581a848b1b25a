"""Work items as version 1 wrote them, which a deployment may still find on the work list. Pure."""

import json
from typing import Any

from teams_numbers.contracts import Action, NumberRequest
from teams_numbers.work_item import Order, WorkItem


def from_version_1(text: str) -> WorkItem:
    """Return the work item for a pending operation of version 1: an order that Graph has accepted.

    Raises:
        ValueError: the text is no such operation.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        delivery = raw["request"].pop("delivery")  # the app's own notes, not what was asked for
        request = NumberRequest.model_validate(raw["request"])
        number = request.telephone_number
        order = Order.model_validate(
            {
                "action": Action.ASSIGN,
                "telephoneNumber": number,  # version 1 knew assignments of a number only
                "numberType": request.number_type,
                "assignmentTargetId": request.assignment_target_id,
                "assignmentCategory": request.category,
                "locationId": request.location_id,
                "sentAt": raw["submittedAt"],
                "submittedAt": raw["submittedAt"],
                "operationUrl": raw.get("operationUrl"),
                "graphRequestId": raw.get("graphRequestId"),
            }
        )
        return WorkItem.model_validate(
            {
                "request": request,
                "receivedAt": delivery["receivedAt"],
                "order": order,
                "submittedAt": raw["submittedAt"],
                "touched": (number,),
                "attempt": delivery.get("attempt", 0),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = "not a pending operation of version 1"
        raise ValueError(message) from error
