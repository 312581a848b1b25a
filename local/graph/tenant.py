"""The tenant's state: numbers, operations, and what was counted. It knows time, and nothing of HTTP."""

import base64
import heapq
import itertools
import math
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from local.graph import inventory
from local.graph.magic import SUCCESS, Ending, Holder
from local.graph.number import Number
from local.graph.plan import LogNormal, Plan
from local.graph.vocabulary import AssignmentCategory, NumberType, OperationStatus

#: The share of an operation's time in which it is `notStarted`.
_NOT_STARTED = 0.2


@dataclass(slots=True)
class Operation:
    """One accepted order and its long-running operation.

    Attributes:
        id: unpadded base64url of `Assignment|<guid>`.
        number: what was ordered.
        target: whom it was ordered for; None: the number is taken back.
        category: the assignment's.
        location_id: the emergency location asked for.
        ending: how it ends.
        created_at: in epoch seconds.
        done_at: in epoch seconds; infinite where it never ends.
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
    polls: list[float] = field(default_factory=list)

    def status(self, now: float) -> OperationStatus:
        """Return Graph's word for how it stands."""
        if now >= self.done_at:
            return self.ending.status
        started = math.isinf(self.done_at) or now - self.created_at >= _NOT_STARTED * (self.done_at - self.created_at)
        return OperationStatus.RUNNING if started else OperationStatus.NOT_STARTED


class Tenant:
    """Numbers, the orders for them, and counters; not safe for threads.

    Args:
        clock: the time in epoch seconds.
        ids: where the operations' ids come from.

    Attributes:
        plan: how it behaves.
    """

    def __init__(self, clock: Callable[[], float], ids: Random) -> None:
        self._clock = clock
        self._ids = ids
        self.follow(Plan())
        self.reset()

    def follow(self, plan: Plan) -> None:
        """Behave as a plan says from now on; orders that are running end when they would have."""
        self.plan = plan
        self._durations = Random(plan.seed)  # noqa: S311 - durations, nothing secret

    def reset(self) -> None:
        """Forget all that happened."""
        self._numbers: dict[str, Number] = {}
        self._operations: dict[str, Operation] = {}
        self._running: list[tuple[float, int, Operation]] = []
        self._order = itertools.count()
        self._accepted: Counter[tuple[str, str]] = Counter()
        self._succeeded: Counter[str] = Counter()

    def advance(self) -> float:
        """Let every order end whose time has come; return the time in epoch seconds."""
        now = self._clock()
        while self._running and self._running[0][0] <= now:
            self._end(heapq.heappop(self._running)[2])
        return now

    def number(self, telephone_number: str) -> Number | None:
        """Return a number by its E.164 form with plus, or None where the tenant has none such."""
        if (known := self._numbers.get(telephone_number)) is not None:
            return known
        kind = inventory.number_type(telephone_number)
        return None if kind is None else self._keep(Number.make(telephone_number, kind))

    def direct_routing(self, telephone_number: str) -> Number:
        """Return a Direct Routing number that the inventory does not have; it is listed once assigned."""
        return self._keep(Number.make(telephone_number, NumberType.DIRECT_ROUTING))

    def numbers(self, *, known: bool) -> Iterator[Number]:
        """Yield the listed numbers in order: all, or only those that something may have happened to."""
        names: Iterable[str] = sorted(self._numbers)
        if not known:
            unlisted = (name for name in names if inventory.number_type(name) is None)
            names = itertools.chain(inventory.every_number(), unlisted)
        for name in names:
            kind = inventory.number_type(name)
            number = self._numbers.get(name) or (Number.make(name, kind) if kind else None)
            if number and number.listed:
                yield number

    def order(
        self, number: Number, target: str | None, category: AssignmentCategory, location_id: str | None
    ) -> Operation:
        """Accept an order: the number for a target, or with None back from whoever has it."""
        now, plan, magic = self._clock(), self.plan, number.magic
        seconds = plan.operation_seconds
        if isinstance(seconds, LogNormal):
            seconds = self._durations.lognormvariate(math.log(seconds.median), seconds.sigma)
        ending = SUCCESS
        if target is not None:
            ending = (magic and magic.endings.at(number.orders)) or SUCCESS
            if magic and magic.seconds is not None:
                seconds = magic.seconds if math.isinf(magic.seconds) else magic.seconds * plan.time_scale
            number.orders += 1
            self._accepted[number.telephone_number, target] += 1
        guid = uuid.UUID(int=self._ids.getrandbits(128), version=4)
        key = base64.urlsafe_b64encode(f"Assignment|{guid}".encode()).decode().rstrip("=")
        operation = Operation(key, number, target, category, location_id, ending, now, now + seconds)
        number.running += 1
        number.running_for = target
        self._operations[key] = operation
        if not math.isinf(operation.done_at):
            heapq.heappush(self._running, (operation.done_at, next(self._order), operation))
        return operation

    def operation(self, key: str) -> Operation | None:
        """Return an operation by its id."""
        return self._operations.get(key)

    def stats(self) -> dict[str, Any]:
        """Return what was counted and how things stand."""
        now = self.advance()
        per_number: Counter[str] = Counter()
        for (telephone_number, _), times in self._accepted.items():
            per_number[telephone_number] += times
        return {
            "now": now,
            "acceptedPerNumber": per_number,
            "acceptedPerNumberAndTarget": {"|".join(key): times for key, times in self._accepted.items()},
            "succeededPerNumber": self._succeeded,
            "holders": {key: number.target for key, number in self._numbers.items() if number.target},
            "operations": [
                {
                    "id": operation.id,
                    "telephoneNumber": operation.number.telephone_number,
                    "assignmentTargetId": operation.target,
                    "status": operation.status(now),
                    "createdAt": operation.created_at,
                    "doneAt": None if math.isinf(operation.done_at) else operation.done_at,
                    "polledAt": operation.polls,
                }
                for operation in self._operations.values()
            ],
        }

    def _keep(self, number: Number) -> Number:
        return self._numbers.setdefault(number.telephone_number, number)

    def _end(self, operation: Operation) -> None:
        number, ending = operation.number, operation.ending
        number.running -= 1
        if operation.target is None:
            number.target = number.location_id = None
            number.half = False
            return
        before = number.target
        number.give(ending.holder, operation.target)
        if ending.holder not in {Holder.TARGET, Holder.HALF}:
            return
        number.category = operation.category
        number.location_id = operation.location_id or number.location_id
        number.listed = True
        if before != number.target:
            lag = self.plan.read_lag_seconds + (number.magic.lag * self.plan.time_scale if number.magic else 0)
            number.shown_from = operation.done_at + lag
            if not number.half:
                self._succeeded[number.telephone_number] += 1
