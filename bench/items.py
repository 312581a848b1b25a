"""Work items as the app stores them after Graph took an order."""

from datetime import datetime

from teams_numbers.contracts import Action, NumberRequest
from teams_numbers.work_item import Order, WorkItem


def followed(request: NumberRequest, operation_url: str, now: datetime) -> str:
    """Return the text of an item whose order was taken just now.

    Args:
        request: what was asked for, the number named.
        operation_url: where Graph says how it goes.
        now: the time of day.
    """
    number = request.telephone_number or ""
    order = Order(
        action=Action.ASSIGN,
        telephone_number=number,
        number_type=request.number_type,
        assignment_target_id=request.assignment_target_id,
        sent_at=now,
        submitted_at=now,
        operation_url=operation_url,
    )
    return WorkItem(request=request, received_at=now, order=order, submitted_at=now, touched=(number,)).to_text()
