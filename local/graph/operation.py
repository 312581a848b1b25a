"""One accepted order and its long-running operation."""

import base64
import math
import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Final

from local.graph.magic import Action, Ending
from local.graph.number import Number
from local.graph.vocabulary import AssignmentCategory, OperationStatus

#: The share of an operation's time in which it is `notStarted`.
_NOT_STARTED: Final = 0.2
_KINDS: Final = {Action.ASSIGN: "Assignment", Action.UNASSIGN: "Unassignment"}


@dataclass(slots=True)
class Operation:
    """One accepted order and its long-running operation.

    Attributes:
        id: unpadded base64url of `Assignment|<guid>` or `Unassignment|<guid>`.
        number: what was ordered.
        target: whom it was ordered for; None: the number is taken back.
        category: the assignment's.
        location_id: the emergency location asked for.
        ending: how it ends, or once it ended, how it did.
        created_at: in epoch seconds.
        done_at: in epoch seconds; infinite where it never ends.
        request_id: the client-request-id of the call.
        polls: when it was asked about, in epoch seconds.
    """

    id: str
    number: Number
    target: str | None
    category: AssignmentCategory
    location_id: str | None
    ending: Ending
    created_at: float
    done_at: float
    request_id: str = ""
    polls: list[float] = field(default_factory=list)

    @property
    def action(self) -> Action:
        """What was ordered."""
        return Action.UNASSIGN if self.target is None else Action.ASSIGN

    def status(self, now: float) -> OperationStatus:
        """Return Graph's word for how it stands."""
        if now >= self.done_at:
            return self.ending.status
        started = math.isinf(self.done_at) or now - self.created_at >= _NOT_STARTED * (self.done_at - self.created_at)
        return OperationStatus.RUNNING if started else OperationStatus.NOT_STARTED


def new_id(action: Action, ids: Random) -> str:
    """Return an operation's id with the next GUID."""
    guid = uuid.UUID(int=ids.getrandbits(128), version=4)
    return base64.urlsafe_b64encode(f"{_KINDS[action]}|{guid}".encode()).decode().rstrip("=")
