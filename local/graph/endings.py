"""How an operation ends: what becomes of its number, and of the numbers that its person had before."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from local.graph import texts
from local.graph.magic import SUCCESS, Ending, Holder
from local.graph.state import MANY, SOMEBODY, whose
from local.graph.vocabulary import ActivationState, AssignmentCategory, OperationStatus

if TYPE_CHECKING:
    from local.graph.ledger import Ledger
    from local.graph.number import Number
    from local.graph.operation import Operation
    from local.graph.plan import Plan


class Numbers(Protocol):
    """The tenant, as far as an order's end changes it."""

    plan: "Plan"
    ledger: "Ledger"

    def numbers_of(self, target: str) -> "list[Number]":
        """Return the numbers that somebody truly has."""

    def change(self, number: "Number", moment: float, by: str, request_id: str = "", **fields: Any) -> None:  # noqa: ANN401 - the fields of State
        """Let a number be otherwise from a moment on."""


def end(operation: "Operation", tenant: Numbers) -> None:
    """Let an operation end."""
    number = operation.number
    number.running -= 1
    fields: dict[str, Any] = {} if number.running else {"pending": None}
    fields |= _taken_back(operation, tenant) if operation.target is None else _given(operation, tenant)
    tenant.change(number, operation.done_at, operation.action, operation.request_id, **fields)


def _taken_back(operation: "Operation", tenant: Numbers) -> dict[str, Any]:
    number, plan = operation.number, tenant.plan
    if not number.state.held:
        choice = (number.magic and number.magic.unassign_free) or plan.unassign_free
        operation.ending = SUCCESS if choice == "succeeded" else _failed(texts.NOT_HELD)
        return {}
    if operation.ending.holder is not Holder.NOBODY:
        return {}
    for_good = number.magic is not None and number.magic.blocked_after
    number.blocked_until = operation.done_at + (math.inf if for_good else plan.freed_blocked_seconds)
    return whose(None) | {"activation": ActivationState.ACTIVATED}


def _given(operation: "Operation", tenant: Numbers) -> dict[str, Any]:
    number, holder, target = operation.number, operation.ending.holder, operation.target
    if holder is Holder.NOBODY:
        return {}
    if holder is Holder.SOMEBODY:
        return whose(SOMEBODY)
    if number.state.held and number.target != target:
        operation.ending = _failed(texts.TAKEN)
        return {}
    if holder is Holder.TARGET and (others := other_numbers(number, target or "", operation.category, tenant)):
        match second_number(number, tenant):
            case "refused":
                operation.ending = _failed(texts.SECOND_NUMBER)
                return {}
            case "replaced":
                for other in others:
                    tenant.change(other, operation.done_at, "replaced", operation.request_id, **whose(None))
    half = holder is Holder.HALF
    if number.target != target and not half:
        tenant.ledger.succeeded[number.telephone_number] += 1
    return whose(target) | {
        "category": operation.category,
        "location_id": operation.location_id or number.state.location_id,
        "activation": ActivationState.ASSIGNMENT_FAILED if half else ActivationState.ACTIVATED,
        "listed": True,
    }


def other_numbers(number: "Number", target: str, category: AssignmentCategory, tenant: Numbers) -> list["Number"]:
    """Return the other primary numbers that somebody has who is given one; none for another category."""
    if category is not AssignmentCategory.PRIMARY or target in MANY:
        return []
    had = tenant.numbers_of(target)
    return [other for other in had if other is not number and other.state.category is AssignmentCategory.PRIMARY]


def second_number(number: "Number", tenant: Numbers) -> str:
    """Return what becomes of a second primary number of a person: `replaced`, `refused` or `both`."""
    return (number.magic and number.magic.second_number) or tenant.plan.second_number


def _failed(detail: str) -> Ending:
    return replace(SUCCESS, status=OperationStatus.FAILED, holder=Holder.NOBODY, detail=detail)
