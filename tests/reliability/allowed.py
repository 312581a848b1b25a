"""Each order, and what allowed it: an observation made in the very look that gave it, or the end of the one before.

Graph is asked for the truth, the witness for what the app was told; the app itself is not asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from teams_numbers.records import Holder
from teams_numbers.settings import Settings
from tests.reliability.witness import IN_BOX, WORK_LIST, Notes, Observed, Ordered
from tests.reliability.workload import Wanted

#: An unassignment is ordered on a reading that is not older than so many seconds.
_FRESH: Final = timedelta(seconds=5)
#: How long an order may take after the readings that it goes by.
_TURN: Final = timedelta(seconds=20)
#: A moment that was added up is not exact.
_ROUNDED: Final = 0.001


@dataclass(slots=True)
class Judged:
    """What is wrong with orders: each a line that says which and why.

    Attributes:
        blind: given again without an observation that allowed it, or although another might be running.
        unread: given without a reading of the number, or of the person.
        unguarded: unassignments without a reading of the number itself, just before, that shows the person.
        unstored: given by the work list though it had not stored them, or by the in-box though they can hurt.
        early: given before the request came, or before its notBefore.
        repeated: how many were the same order again, allowed.
    """

    blind: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    unguarded: list[str] = field(default_factory=list)
    unstored: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    repeated: int = 0

    def lines(self) -> list[str]:
        """Return what is wrong, and why."""
        wrong = ("blind", "unread", "unguarded", "unstored", "early")
        return [f"{name}: {line}" for name in wrong for line in getattr(self, name)]


def judge(
    orders: Sequence[Ordered], notes: Notes, wanted: Mapping[str, Wanted], begin: float, settings: Settings
) -> Judged:
    """Judge every order that Graph took.

    Args:
        orders: all, in turn.
        notes: what each look was told.
        wanted: the requests by their ids.
        begin: what `Wanted.at` counts from, in epoch seconds.
        settings: the app's.
    """
    found = Judged()
    before: dict[str, list[Ordered]] = {}
    recent = settings.recent + _TURN
    for order in orders:
        request = wanted.get(order.look.request_id)
        if request is None or not request.orders:
            found.unread.append(_said(order, "for no request"))
            continue
        told = notes.observed.get(order.look.number, ())
        if (why := _stored_wrongly(order, request)) is not None:
            found.unstored.append(_said(order, why))
        not_before = request.not_before.timestamp() if request.not_before else 0.0
        if order.at.timestamp() < max(begin + request.at[0], not_before) - _ROUNDED:
            found.early.append(_said(order, "too early"))
        if (why := _unread(order, request, told, recent)) is not None:
            found.unread.append(_said(order, why))
        if order.action == "unassign" and not _guarded(order, request, told):
            found.unguarded.append(_said(order, "no reading just before shows the person"))
        earlier = before.setdefault(request.request_id, [])
        last = next((one for one in reversed(earlier) if _knows_of(order, one, request)), None)
        if last is not None:
            if (why := _blind(order, last, told, recent)) is not None:
                found.blind.append(_said(order, why))
            found.repeated += _same(order, last)
        earlier.append(order)
    return found


def _knows_of(order: Ordered, earlier: Ordered, request: Wanted) -> bool:
    """Say whether the item of an order knows, or must find out, of an earlier one.

    Orders that can hurt are given one at a time for a wish, however often it came. One of a named number is known to
    its own item, and to what became of the delivery in which it was given.
    """
    if _careful(request):
        return True
    same_item = order.look.message_id == earlier.look.message_id
    return same_item or (earlier.look.room == IN_BOX and earlier.look.sending == order.look.sending)


def _careful(request: Wanted) -> bool:
    return request.kind != "number"


def _stored_wrongly(order: Ordered, request: Wanted) -> str | None:
    if order.look.room == WORK_LIST:
        stored = order.stored or {}
        if (stored.get("action"), stored.get("telephoneNumber")) != (order.action, order.number):
            return "not stored before it was sent"
    elif _careful(request):
        return "can hurt, and was given in the in-box"
    return None


def _unread(order: Ordered, request: Wanted, told: Iterable[Observed], recent: timedelta) -> str | None:
    """Say what an order did not go by: the number must have been read as free, the person's numbers must be known."""
    if order.action != "assign":
        return None
    young = [one for one in told if order.at - one.at <= recent]
    free = any(
        one.kind == "number"
        and one.key == order.number
        and _holder(one, order.number, order.target) is not Holder.OTHER
        for one in young
    )
    if not free:
        return "no reading of the number shows it free"
    if not any(one.kind == "person" and one.key == order.target for one in young):
        return "the person's numbers were not read"
    return None if order.target == request.person else "for somebody else than the request's person"


def _guarded(order: Ordered, request: Wanted, told: Iterable[Observed]) -> bool:
    return any(
        one.kind == "number"
        and one.key == order.number
        and not one.shared
        and order.at - one.at <= _FRESH
        and _holder(one, order.number, request.person) is Holder.TARGET
        for one in told
    )


def _blind(order: Ordered, last: Ordered, told: Iterable[Observed], recent: timedelta) -> str | None:
    """Say why an order after another one is not allowed; None: it is.

    Two deliveries of one message that are worked on at once may each give the order, each on readings of its own.
    """
    over = last.done_at <= order.at.timestamp()
    if not _same(order, last):
        # One that cannot succeed any more may be left alone: the number shows somebody else, and was read so twice.
        other = any(one.key == last.number and _holder(one, last.number, last.target) is Holder.OTHER for one in told)
        return None if over or other else f"{last.action} of {last.number} may be running"
    if over and last.status in {"failed", "skipped"}:
        return None  # each operation that failed allows one order
    at_once = recent if order.look.message_id != last.look.message_id else timedelta()
    since = [one for one in told if one.kind == "number" and one.key == order.number and one.at >= last.at - at_once]
    if not since:
        return "the same again, without an observation since"
    shows = any(_shows(order, one) for one in since[-1:])
    return "the same again, though it shows" if shows else None


def _shows(order: Ordered, seen: Observed) -> bool:
    if order.action == "assign":
        return _holder(seen, order.number, order.target) is Holder.TARGET and not any(
            found.changing for found in seen.records
        )
    return False


def _holder(seen: Observed, number: str, person: str | None) -> Holder:
    found = next((record for record in seen.records if record.telephone_number == number), None)
    return found.holder(person) if found is not None else Holder.NOBODY


def _same(order: Ordered, other: Ordered) -> bool:
    return (order.action, order.number) == (other.action, other.number)


def _said(order: Ordered, why: str) -> str:
    return f"{order.look.sending} {order.action} {order.number} at {order.at:%d %H:%M:%S}: {why}"
