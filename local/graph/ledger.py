"""What was counted: accepted orders, successes, and every change of a number's holder. It decides nothing."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.graph.magic import Action
from local.graph.number import Number
from local.graph.operation import Operation
from local.graph.state import State


@dataclass(slots=True)
class Ledger:
    """Counts what the tenant does.

    Attributes:
        assigned: accepted assignments, by number and person.
        unassigned: accepted unassignments, by number.
        updated: accepted updates, by number.
        succeeded: successful assignments that changed a number's holder, by number.
        orders: every accepted order in turn.
        holders: every change of a holder in turn.
    """

    assigned: Counter[tuple[str, str]] = field(default_factory=Counter)
    unassigned: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    succeeded: Counter[str] = field(default_factory=Counter)
    orders: list[dict[str, Any]] = field(default_factory=list)
    holders: list[dict[str, Any]] = field(default_factory=list)

    def accepted(self, at: float, action: Action, number: Number, target: str | None, request_id: str) -> None:
        """Count one order."""
        name = number.telephone_number
        if target is not None:
            self.assigned[name, target] += 1
        elif action is Action.UNASSIGN:
            self.unassigned[name] += 1
        else:
            self.updated[name] += 1
        self.orders.append(
            {
                "at": at,
                "action": action,
                "telephoneNumber": name,
                "assignmentTargetId": target,
                "holder": number.target,
                "client-request-id": request_id,
            }
        )

    def changed(self, at: float, number: Number, before: State, by: str, request_id: str) -> None:
        """Note whose a number was and is, if that is not the same."""
        after = number.state
        if (before.target, before.held) != (after.target, after.held):
            self.holders.append(
                {
                    "at": at,
                    "telephoneNumber": number.telephone_number,
                    "before": before.target,
                    "after": after.target,
                    "by": by,
                    "client-request-id": request_id,
                }
            )

    def as_json(
        self, now: float, numbers: Mapping[str, Number], had: Iterable[str], operations: Iterable[Operation]
    ) -> dict[str, Any]:
        """Return all of it for `GET /emulator/stats`.

        Args:
            now: in epoch seconds.
            numbers: those that something may have happened to.
            had: the object ids of all who ever had a number.
            operations: all of them.
        """
        per_number: Counter[str] = Counter()
        per_person: Counter[str] = Counter()
        for (telephone_number, target), times in self.assigned.items():
            per_number[telephone_number] += times
            per_person[target] += times
        holders = {name: number.target for name, number in numbers.items() if number.target}
        per_holder: dict[str, list[str]] = {target: [] for target in had}
        for name in sorted(holders):
            per_holder.setdefault(holders[name], []).append(name)
        totals = {
            Action.ASSIGN: per_number.total(),
            Action.UNASSIGN: self.unassigned.total(),
            Action.UPDATE: self.updated.total(),
        }
        return {
            "now": now,
            "accepted": totals,
            "acceptedPerNumber": per_number,
            "acceptedPerNumberAndTarget": {"|".join(key): times for key, times in self.assigned.items()},
            "acceptedPerPerson": per_person,
            "acceptedUnassignmentsPerNumber": self.unassigned,
            "acceptedUpdatesPerNumber": self.updated,
            "succeededPerNumber": self.succeeded,
            "holders": holders,
            "numbersPerPerson": per_holder,
            "orders": self.orders,
            "holderChanges": self.holders,
            "operations": [_operation(operation, now) for operation in operations],
        }


def _operation(operation: Operation, now: float) -> dict[str, Any]:
    return {
        "id": operation.id,
        "action": operation.action,
        "telephoneNumber": operation.number.telephone_number,
        "assignmentTargetId": operation.target,
        "status": operation.status(now),
        "createdAt": operation.created_at,
        "doneAt": None if math.isinf(operation.done_at) else operation.done_at,
        "polledAt": operation.polls,
    }
