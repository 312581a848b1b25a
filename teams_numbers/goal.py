"""The assignment that a request asks for, or that gives a replaced number back: complete. Pure."""

from dataclasses import dataclass

from teams_numbers.contracts import Action, AssignmentCategory, NumberRequest, NumberType
from teams_numbers.look import Look
from teams_numbers.pools import Pool
from teams_numbers.records import NumberRecord


@dataclass(frozen=True, slots=True)
class Goal:
    """An assignment that is wanted.

    Attributes:
        person: who is to have a number.
        number: which one; None: one of the pool, not yet picked.
        number_type, category: of the number, as it is ordered.
        category_named: whether the request or its pool names the category, so that another one does not do.
        location_id: the emergency location that is wanted; None: any.
        pool: where the number comes from.
    """

    person: str
    number: str | None
    number_type: NumberType
    category: AssignmentCategory
    category_named: bool
    location_id: str | None
    pool: Pool | None

    def from_pool(self, found: NumberRecord) -> bool:
        """Say whether a number of the person's is one of the pool, on the line that is wanted."""
        return self.pool is not None and found.telephone_number in self.pool and self.on_line(found)

    def on_line(self, found: NumberRecord) -> bool:
        """Say whether a number of the person's is on the line that is wanted."""
        return (found.category or AssignmentCategory.PRIMARY) == self.category


def needed(request: NumberRequest) -> frozenset[str]:
    """Return which actions a request takes."""
    return frozenset({request.action, Action.UNASSIGN} if request.replaces else {request.action})


def withdrawn(look: Look) -> bool:
    """Say whether the settings lack an action or the pool by now; what was taken is given back all the same."""
    request = look.item.request
    return look.item.giving_back is None and not look.settings.offers(needed(request), request.pool)


def goal_of(look: Look) -> Goal:
    """Return the assignment that a look at an item is about."""
    item, request = look.item, look.item.request
    if item.giving_back is not None and (old := item.replaced) is not None:
        return Goal(
            item.person or "",
            old.telephone_number,
            old.number_type,
            old.assignment_category,
            category_named=True,
            location_id=old.location_id,
            pool=None,
        )
    pool = look.settings.number_pools.get(request.pool or "")
    category = request.assignment_category or (pool and pool.assignment_category) or None
    return Goal(
        item.person or "",
        request.telephone_number or item.number,
        NumberType(pool.number_type) if pool else request.number_type or NumberType.DIRECT_ROUTING,
        AssignmentCategory(category or AssignmentCategory.PRIMARY),
        category_named=category is not None,
        location_id=request.location_id or (pool and pool.location_id) or None,
        pool=pool,
    )
