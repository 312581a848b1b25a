"""The tenant's state: numbers and their operations, as time passes. It knows nothing of HTTP."""

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

from local.graph import endings, filters, inventory, operation
from local.graph.filters import Condition
from local.graph.inventory import Profile
from local.graph.ledger import Ledger
from local.graph.listing import Listing
from local.graph.magic import FREED, SUCCESS, Action
from local.graph.number import Number, entity
from local.graph.operation import Operation
from local.graph.plan import LogNormal, Plan
from local.graph.vocabulary import ActivationState, AssignmentCategory, NumberType

_PENDING = {
    Action.ASSIGN: ActivationState.ASSIGNMENT_PENDING,
    Action.UNASSIGN: ActivationState.UPDATE_PENDING,
}


class Tenant:
    """Numbers and the orders for them; not safe for threads.

    Args:
        clock: the time in epoch seconds.
        ids: where the operations' ids come from.

    Attributes:
        plan: how it behaves.
        ledger: what was counted.
    """

    def __init__(self, clock: Callable[[], float], ids: Random) -> None:
        self._clock = clock
        self._ids = ids
        self.plan = Plan()
        self._numbers: dict[str, Number] = {}
        self._inventory = inventory.inventory(None)
        self._listing = Listing(self._inventory, self._numbers)
        self.reset()
        self.follow(self.plan)

    def follow(self, plan: Plan) -> None:
        """Behave as a plan says from now on; orders that are running end when they would have."""
        before, self.plan = self.plan, plan
        self._durations = Random(plan.seed)  # noqa: S311 - durations, nothing secret
        self._inventory = inventory.inventory(plan.inventory_areas)
        if plan.inventory_areas != before.inventory_areas:
            self._numbers = {name: number for name, number in self._numbers.items() if number.since}
        changes = None
        if plan.time_scale != before.time_scale:
            changes = [(at + self._own_lag(n.profile), name) for name, n in self._numbers.items() for at in n.since]
        self._listing.begin_anew(self._inventory, self._numbers, changes)

    def reset(self) -> None:
        """Forget all that happened."""
        self._numbers = {}
        self._had: dict[str, dict[str, None]] = {}
        self._met: Counter[tuple[str, str]] = Counter()
        self._operations: dict[str, Operation] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = itertools.count()
        self._listing = Listing(self._inventory, self._numbers)
        self.ledger = Ledger()

    def advance(self) -> float:
        """Let everything happen whose time has come; return the time in epoch seconds."""
        now = self._clock()
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
        return now

    def later(self, moment: float, act: Callable[[], None]) -> None:
        """Let something happen at a moment, in epoch seconds; at infinity, never."""
        if not math.isinf(moment):
            heapq.heappush(self._due, (moment, next(self._turn), act))

    def number(self, telephone_number: str) -> Number | None:
        """Return a number by its E.164 form with plus, or None where the tenant has none such."""
        if (known := self._numbers.get(telephone_number)) is not None:
            return known
        kind = inventory.number_type(telephone_number)
        if kind is None or inventory.area(telephone_number) not in self._inventory.areas:
            return None
        return self._keep(telephone_number, kind)

    def direct_routing(self, telephone_number: str) -> Number:
        """Return a Direct Routing number that the inventory does not have; it is listed once assigned."""
        return self._numbers.get(telephone_number) or self._keep(telephone_number, NumberType.DIRECT_ROUTING)

    def met(self, how: str, target: str) -> int:
        """Count that somebody is ordered for or looked up; return how often that was so before."""
        self._met[how, target] += 1
        return self._met[how, target] - 1

    def numbers_of(self, target: str) -> list[Number]:
        """Return the numbers that somebody truly has, ascending."""
        found = (self.number(name) for name in self._names_of(target))
        return [number for number in found if number is not None and number.target == target]

    def change(self, number: Number, moment: float, by: str, request_id: str = "", **fields: Any) -> None:  # noqa: ANN401 - the fields of State
        """Let a number be otherwise from a moment on.

        Args:
            number: which.
            moment: in epoch seconds; not before its last change.
            by: who or what does it, for the ledger.
            request_id: the client-request-id of the call that led to it.
            fields: of its state.
        """
        before = number.state
        number.change(moment, **fields)
        if (target := number.target) is not None:
            self._had.setdefault(target, {})[number.telephone_number] = None
        self._listing.note(number.telephone_number, moment + self._own_lag(number.profile))
        self.ledger.changed(moment, number, before, by, request_id)

    def order(
        self,
        number: Number,
        target: str | None,
        category: AssignmentCategory,
        location_id: str | None,
        request_id: str = "",
    ) -> Operation:
        """Accept an order: the number for a target, or with None back from whoever has it."""
        now, plan, magic = self.advance(), self.plan, number.magic
        action = Action.ASSIGN if target is not None else Action.UNASSIGN
        seconds = plan.operation_seconds
        if isinstance(seconds, LogNormal):
            seconds = self._durations.lognormvariate(math.log(seconds.median), seconds.sigma)
        ending = SUCCESS if target is not None else FREED
        if magic and magic.action is action:
            ending = magic.endings.at(number.orders) or ending
            if magic.seconds is not None:
                seconds = magic.seconds if math.isinf(magic.seconds) else magic.seconds * plan.time_scale
            number.orders += 1
        self.ledger.accepted(now, action, number, target, request_id)
        key = operation.new_id(action, self._ids)
        placed = Operation(key, number, target, category, location_id, ending, now, now + seconds, request_id)
        number.running += 1
        number.running_for = target
        self._operations[key] = placed
        self.change(number, now, action, request_id, pending=_PENDING[action])
        self.later(placed.done_at, partial(endings.end, placed, self))
        return placed

    def operation(self, key: str) -> Operation | None:
        """Return an operation by its id."""
        return self._operations.get(key)

    def shown(self, number: Number, now: float) -> dict[str, Any] | None:
        """Return a number as readings show it, None where they show that it is not in the inventory."""
        moment = self._moment(number.profile, now)
        if not number.at(moment).listed:
            return None
        return number.as_json(moment, show_running=self.plan.show_running)

    def listed(self, conditions: tuple[Condition, ...], now: float) -> Sequence[str]:
        """Return the numbers that readings show for a filter, ascending."""
        target = filters.value_of(conditions, "assignmentTargetId")
        telephone_number = filters.value_of(conditions, "telephoneNumber")
        if telephone_number is None and target is None:
            return self._listing.names(
                conditions,
                now - self.plan.read_lag_seconds,
                lambda number: self._shows(number, conditions, now),
                lambda name, profile: filters.matches(self._untouched(name, profile), conditions),
            )
        names = [telephone_number] if telephone_number is not None else self._names_of(target or "")
        found = (self.number(name) for name in names)
        return [number.telephone_number for number in found if number and self._shows(number, conditions, now)]

    def entities(self, names: Sequence[str], now: float) -> list[dict[str, Any]]:
        """Return numbers of the list as readings show them."""
        return [self._entity(name, now) for name in names]

    def stats(self) -> dict[str, Any]:
        """Return what was counted and how things stand."""
        return self.ledger.as_json(self.advance(), self._numbers, self._had, self._operations.values())

    def _keep(self, telephone_number: str, kind: NumberType) -> Number:
        number = self._numbers[telephone_number] = Number.make(telephone_number, kind)
        return number

    def _names_of(self, target: str) -> list[str]:
        """Return the numbers that somebody ever had."""
        return sorted({*self._had.get(target, ()), *self._inventory.holders.get(target, ())})

    def _own_lag(self, profile: Profile) -> float:
        return profile.magic.lag * self.plan.time_scale if profile.magic else 0.0

    def _moment(self, profile: Profile, now: float) -> float:
        """Return the moment that readings of a number show."""
        return now - self.plan.read_lag_seconds - self._own_lag(profile)

    def _shows(self, number: Number, conditions: tuple[Condition, ...], now: float) -> bool:
        shown = self.shown(number, now)
        return shown is not None and filters.matches(shown, conditions)

    def _entity(self, name: str, now: float) -> dict[str, Any]:
        number = self._numbers.get(name)
        if number is not None:
            return number.as_json(self._moment(number.profile, now), show_running=self.plan.show_running)
        kind = inventory.number_type(name) or NumberType.DIRECT_ROUTING
        return self._untouched(name, inventory.profile(name, kind))

    def _untouched(self, name: str, profile: Profile) -> dict[str, Any]:
        return entity(name, profile, profile.first, show_running=self.plan.show_running)
