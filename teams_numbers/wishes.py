"""The three wishes: when each holds, what stands in its way, and which order comes next. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from teams_numbers import failures
from teams_numbers.contracts import Action, NumberType
from teams_numbers.goal import Goal, goal_of
from teams_numbers.look import FRESH_SECONDS, Look, Steps
from teams_numbers.pools import candidates, suited, walk
from teams_numbers.questions import Busy, Claim
from teams_numbers.records import STORED_NUMBER, Holder, NumberRecord
from teams_numbers.standings import Changing, Holds, InTheWay, Lost, NotTheirs, Standing, Step
from teams_numbers.work_item import NUMBERS_MOST, Order


def standing(look: Look) -> Steps[Standing]:
    """Compare an item's wish with what is."""
    if look.item.giving_back is not None or look.item.request.action is Action.ASSIGN:
        return assign(look)
    return unassign(look) if look.item.request.action is Action.UNASSIGN else update(look)


def assign(look: Look) -> Steps[Standing]:
    """Compare the wish that a person has a number with what is."""
    goal = goal_of(look)
    if goal.number is not None:
        reading = yield from look.number(goal.number, look.recent)
        found = reading.number(goal.number)
        if found is not None and (said := _on_number(look, goal, found, reading.at)) is not None:
            return said
    held = yield from look.held_by(goal.person)
    theirs = [found for found in held.records if found.holder(goal.person) is Holder.TARGET]
    theirs = [found for found in theirs if found.telephone_number not in look.item.unassigned]
    if goal.number not in look.item.touched:
        own = next((found for found in theirs if goal.from_pool(found)), None)
        if own is not None:
            look.item = look.item.but(number=own.telephone_number)
            return _held(look, goal, own, held.at)
    others = [found for found in theirs if found.telephone_number != goal.number and goal.on_line(found)]
    if others and (said := _other_number(look, others, held.at)) is not None:
        return said
    picks: tuple[str, ...] = ()
    if goal.number is None and goal.pool is not None:
        listed = yield from look.listed(look.item.request.pool or "")
        free = candidates(goal.pool, suited(goal.pool, listed.records), but=look.item.refused)
        if not free:
            return InTheWay(failures.POOL_EMPTY, f"Pool {look.item.request.pool} has no free number.", listed.at)
        picks = tuple(walk(free, look.item.request.request_id))
    return (yield from _next_assignment(look, goal, picks, others[0] if others else None, held.at))


def unassign(look: Look) -> Steps[Standing]:
    """Compare the wish that a person has a number no more, or none at all, with what is."""
    person, shown_at = look.item.person or "", look.now - timedelta(seconds=FRESH_SECONDS)
    if look.item.unassign is None:
        numbers: tuple[str, ...] = (look.item.request.telephone_number or "",)
        if look.item.request.telephone_number is None:
            if not look.item.request.dry_run and isinstance(busy := (yield from look.ask(Claim(look.item))), Busy):
                return busy
            held = yield from look.held_by(person)
            shown_at = held.at
            theirs = sorted((n.failed, n.telephone_number) for n in held.records if n.names(person))
            numbers = tuple(number for _, number in theirs)
            if not numbers:
                return NotTheirs(None, held.at)
            if len(numbers) > NUMBERS_MOST:  # an item has no room for more
                said = f"telephoneNumber: the person has {len(numbers)} numbers; name each in a request of its own."
                return InTheWay(failures.INVALID_REQUEST, said, held.at)
        look.item = look.item.but(unassign=numbers)
    remaining = look.item.remaining
    if protected := [number for number in remaining if number in look.settings.protected_numbers]:
        said = f"{', '.join(protected)}: listed in PROTECTED_NUMBERS."
        return InTheWay(failures.NUMBER_PROTECTED, said, look.now, certain=True)
    if not remaining:
        gone = look.item.unassigned
        return Holds(f"Unassigned: {', '.join(gone)}." if gone else "The person does not have the number.")
    next_one = min(remaining, key=lambda number: not STORED_NUMBER.fullmatch(number))  # what can be done is done first
    step = yield from _take_back(look, person, next_one, shown_at)
    return replace(step, sentence=f"would unassign {', '.join(remaining)}") if isinstance(step, Step) else step


def update(look: Look) -> Steps[Standing]:
    """Compare the wish that a number has an emergency location with what is."""
    request = look.item.request
    number, person = request.telephone_number or "", look.item.person
    reading = yield from look.number(number, look.recent)
    found = reading.number(number)
    if found is None:
        return InTheWay(failures.NUMBER_NOT_FOUND, f"The tenant does not list {number}.", reading.at)
    if not found.names(person) if person else found.assigned:
        said = "is not held by the person" if person else "is held by somebody: name the person"
        return InTheWay(failures.HOLDER_DIFFERS, f"{number} {said}.", reading.at)
    if found.changing:
        return Changing()
    if found.located(request.location_id):
        return Holds("The number has the emergency location.", found)
    return _update_step(look, number, request.location_id or "", person)


def _on_number(look: Look, goal: Goal, found: NumberRecord, read_at: datetime) -> Standing | None:
    """Say what a number's reading means for the wish; None: it is free."""
    holder = found.holder(goal.person)
    if holder is Holder.TARGET:
        return _held(look, goal, found, read_at)
    number = found.telephone_number
    if found.phantom:
        return InTheWay(failures.NUMBER_WITHOUT_HOLDER, f"{number} reads as assigned, to nobody.", read_at)
    suits = found.for_users and found.number_type in {None, goal.number_type or found.number_type}
    if goal.pool is not None and (holder is Holder.OTHER or not suits):
        return Lost(number, read_at)
    if holder is Holder.OTHER:
        return InTheWay(failures.NUMBER_TAKEN, f"{number} is assigned to somebody else.", read_at)
    if found.changing:
        return Changing()
    if not found.for_users:
        return InTheWay(failures.NUMBER_UNAVAILABLE, f"{number} cannot be assigned to users.", read_at, certain=True)
    said = f"{number} is a {found.number_type} number, not {goal.number_type}."
    return None if suits else InTheWay(failures.NUMBER_NOT_FOUND, said, read_at, certain=True)


def _held(look: Look, goal: Goal, found: NumberRecord, read_at: datetime) -> Standing:
    """Say whether a number that is the person's is so in full."""
    if found.changing:
        return Changing()
    number = found.telephone_number
    if goal.category_named and found.category not in {None, goal.category}:
        said = f"{number} is the person's {found.category} number; the request asks for {goal.category}."
        return InTheWay(failures.CATEGORY_DIFFERS, said, read_at)
    if goal.location_id is not None and not found.located(goal.location_id):
        return _update_step(look, number, goal.location_id, goal.person)
    return Holds("The number is assigned to the person.", found)


def _other_number(look: Look, others: list[NumberRecord], read_at: datetime) -> InTheWay | None:
    """Say what another number of the person's means; None: it may be replaced."""
    number = others[0].telephone_number
    if look.item.giving_back is not None:
        return InTheWay(failures.USER_HAS_NUMBER, f"The person has {number} by now.", read_at)
    if not look.item.request.replaces:
        said = f"The person already has {number}."
        return InTheWay(failures.USER_HAS_NUMBER, said, read_at)
    if len(others) > 1:
        said = f"The person has several numbers of this category: {', '.join(o.telephone_number for o in others)}."
        return InTheWay(failures.USER_HAS_NUMBER, said, read_at)
    if number in look.settings.protected_numbers:
        return InTheWay(failures.NUMBER_PROTECTED, f"{number} is listed in PROTECTED_NUMBERS.", read_at, certain=True)
    return None


def _next_assignment(
    look: Look, goal: Goal, picks: tuple[str, ...], old: NumberRecord | None, shown_at: datetime
) -> Steps[Standing]:
    """Return the next order of an assignment: the old number makes room first, where there is one."""
    if old is not None:
        step = yield from _take_back(look, goal.person, old.telephone_number, shown_at)
        if not isinstance(step, Step):
            return Changing() if isinstance(step, NotTheirs) else step
        said = f"would unassign {old.telephone_number} and assign {_named(look, goal, picks)}"
        return replace(step, sentence=said, picks=picks, replaces=old)
    order = Order(
        action=Action.ASSIGN,
        telephone_number=goal.number or picks[0],
        number_type=goal.number_type,
        assignment_target_id=goal.person,
        assignment_category=goal.category,
        location_id=goal.location_id,
        sent_at=look.now,
    )
    return Step(order, f"would assign {_named(look, goal, picks)}", picks)


def _named(look: Look, goal: Goal, picks: tuple[str, ...]) -> str:
    if goal.number is not None:
        return goal.number
    return f"{picks[0]}, one of {len(picks)} free numbers of pool {look.item.request.pool}"


def _take_back(look: Look, person: str, number: str, shown_at: datetime) -> Steps[Standing]:
    """Read a number itself, just now: only a reading that shows the person allows to unassign it.

    A reading that is older than the one that showed the number on the person says nothing against that.
    """
    if not STORED_NUMBER.fullmatch(number):
        return InTheWay(failures.NUMBER_NOT_FOUND, f"{number} has an unknown form.", shown_at, certain=True)
    reading = yield from look.number(number, max(shown_at, look.now - timedelta(seconds=FRESH_SECONDS)), alone=True)
    found = reading.number(number)
    if found is None or not found.names(person):
        return NotTheirs(number, reading.at)
    if found.number_type not in set(NumberType):
        return InTheWay(failures.NUMBER_NOT_FOUND, f"{number} has the unknown type {found.number_type}.", reading.at)
    order = Order(
        action=Action.UNASSIGN,
        telephone_number=number,
        number_type=NumberType(found.number_type or ""),
        assignment_target_id=person,
        sent_at=look.now,
    )
    return Step(order, f"would unassign {number}", read_at=reading.at)


def _update_step(look: Look, number: str, location_id: str, person: str | None) -> Step:
    order = Order(
        action=Action.UPDATE,
        telephone_number=number,
        assignment_target_id=person,
        location_id=location_id,
        sent_at=look.now,
    )
    return Step(order, f"would set the emergency location of {number} to {location_id}")
