"""What stands in a rule's place where a suite takes the rule out of the product."""

from datetime import datetime
from typing import Any

from poll_operation import item as work
from teams_numbers.contracts import Action, NumberType
from teams_numbers.look import Look, Steps
from teams_numbers.questions import Reading
from teams_numbers.standings import Standing, Step
from teams_numbers.work_item import Order, WorkItem

_STORE = work._WorkList.store


def of_nobody(look: Look, _person: str) -> Steps[Reading]:
    """Take everybody for a person without a number."""
    yield from ()
    return Reading(look.now, ())


def taken_back_unread(look: Look, person: str, number: str, shown_at: datetime, _all_of: list[str]) -> Steps[Standing]:
    """Unassign a number without a look at whose it is."""
    yield from ()
    types = (NumberType.DIRECT_ROUTING, NumberType.CALLING_PLAN)
    order = Order(
        action=Action.UNASSIGN,
        telephone_number=number,
        number_type=types[number.startswith("+1")],
        assignment_target_id=person,
        sent_at=look.now,
    )
    return Step(order, "would unassign", read_at=max(look.now, shown_at))


def stored_later(room: Any, item: WorkItem, after: float | None = None) -> None:
    """Store everything but an order that is about to be sent."""
    if after is not None or item.verdict is not None or item.order is None:
        _STORE(room, item, after)
