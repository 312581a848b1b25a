"""The app with one of its rules taken away, each with a small world in which that does harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from poll_operation import item as work
from teams_numbers import lifecycle, orders, outbox, wishes
from teams_numbers.contracts import Action
from teams_numbers.in_flight import InFlight
from teams_numbers.look import Look, Steps
from teams_numbers.questions import Decision
from teams_numbers.services import Services
from teams_numbers.standings import achieved
from teams_numbers.work_item import Verdict, WorkItem
from tests.exploration.state import Budget, World
from tests.exploration.worlds import ANNA, BO, ONE, TWO, joiner, leaver, named
from tests.without_rules import of_nobody, stored_later, taken_back_unread


class _ForgetsAtOnce(InFlight):
    """Counts an item as in flight until its end alone."""

    def ended(self, item_id: str, item: WorkItem) -> None:  # noqa: ARG002 - it is forgotten
        self.forget(item_id)


class _ForgetsSoon(InFlight):
    """Counts an item as in flight for LIST_LAG_SECONDS after its end and no longer."""

    def ended(self, item_id: str, item: WorkItem) -> None:
        super().ended(item_id, item)
        until = self._clock.monotonic() + self._settings.list_lag_seconds
        self._hold(item_id, self._held(item_id), until)


class _KnowsAllAtOnce(InFlight):
    """Gives careful orders as soon as it has started."""

    @property
    def knows_all(self) -> bool:
        return True

    def claim(self, item_id: str, item: WorkItem, numbers: tuple[str, ...]) -> Any:
        self._knows_all = True
        return super().claim(item_id, item, numbers)


def _end_without_storing(item: WorkItem, verdict: Verdict, room: Any, services: Services) -> str:
    """End an item as the app does, but tell the verdict before it is stored."""
    if item.verdict is None:
        outbox.tell(item, verdict, services)
    return _END(item.but(verdict=verdict), verdict, room, services)


def _repeated_unseen(look: Look) -> Steps[Decision | None]:
    """Repeat an order without an answer as it was, whatever the world is like by now."""
    order = look.item.order
    if order is None or order.action is Action.UNASSIGN or order.operation_url or order.done_at:
        return (yield from lifecycle.order_unanswered(look))
    reading = yield from look.number(order.telephone_number, max(order.sent_at, look.recent))
    if achieved(order, reading.number(order.telephone_number)):
        return orders.step_taken(look, order)
    return (yield from orders._send(look, order, datetime.max.replace(tzinfo=UTC)))


def _unassigned_again(look: Look) -> Steps[Decision | None]:
    """Judge an unassignment without an answer at once."""
    order = look.item.order
    if order is not None and order.action is Action.UNASSIGN and order.operation_url is None and not order.done_at:
        reading = yield from look.number(order.telephone_number, max(order.sent_at, look.recent))
        if achieved(order, reading.number(order.telephone_number)):
            return orders.step_taken(look, order)
        look.item = look.item.but(order=None)
        return None
    return (yield from lifecycle.order_unanswered(look))


def counted_after(room: Any) -> bool:
    """Count today's unassignments first, and this one afterwards."""
    queue, most = room._services.queues.unassignments, room._services.settings.unassign_per_day
    if queue.length() >= most:
        return False
    queue.send("", lives=1)
    return True


_END = work._end


def _rows(row: Any) -> tuple[Any, ...]:
    return tuple(row if known is lifecycle.order_unanswered else known for known in lifecycle.ROWS)


@dataclass(frozen=True)
class Removal:
    """A rule that is taken away.

    Attributes:
        rule: its name.
        breaks: how the promise begins that is broken without it.
        world: where.
        patched: what stands in the app's place: the owner, the name there, the replacement.
        make_in_flight: makes the memory of a process.
    """

    rule: str
    breaks: str
    world: World
    patched: Callable[[], tuple[Any, str, Any]] | None = None
    make_in_flight: Any = InFlight

    @contextmanager
    def taken_away(self) -> Iterator[None]:
        """Run the app without the rule."""
        if self.patched is None:
            yield
            return
        owner, name, replacement = self.patched()
        with patch.object(owner, name, replacement):
            yield


#: Each rule, and what comes of its removal.
REMOVALS = (
    Removal(
        "in flight until LIST_LAG_SECONDS after the end: the person",
        "no person holds two numbers",
        World(
            (joiner(ANNA, latest=3), joiner(ANNA, category="primary", latest=3)), {ONE: None, TWO: None}, second="both"
        ),
        make_in_flight=_ForgetsAtOnce,
    ),
    Removal(
        "in flight until LIST_LAG_SECONDS after the end: the number",
        "nobody loses a number",
        World((leaver(ANNA, ONE, copies=2, latest=1), named(BO, ONE, earliest=1, latest=1)), {ONE: ANNA}, lag=2),
        make_in_flight=_ForgetsAtOnce,
    ),
    Removal(
        "in flight for as long as a reading may be old besides",
        "nobody loses a number",
        World((joiner(ANNA, latest=3), joiner(ANNA, category="primary", latest=3)), {ONE: None, TWO: None}, recent=1),
        make_in_flight=_ForgetsSoon,
    ),
    Removal(
        "the verdict is stored before the event",
        "a request ends once",
        World((named(ANNA, ONE),), {ONE: BO}, Budget(crashes=1, moves=1)),
        lambda: (work, "_end", _end_without_storing),
    ),
    Removal(
        "the pause at the start",
        "no person holds two numbers",
        World(
            (joiner(ANNA), joiner(ANNA, category="primary")), {ONE: None, TWO: None}, Budget(crashes=1), second="both"
        ),
        make_in_flight=_KnowsAllAtOnce,
    ),
    Removal(
        "judged anew in full",
        "nobody loses a number",
        World((joiner(ANNA),), {ONE: None, TWO: None}, Budget(lost=1, moves=1)),
        lambda: (lifecycle, "ROWS", _rows(_repeated_unseen)),
    ),
    Removal(
        "an unassignment without an answer counts as running",
        "nobody loses a number",
        World((leaver(ANNA, ONE), named(BO, ONE, latest=2)), {ONE: ANNA}, Budget(lost=1), runs=3),
        lambda: (lifecycle, "ROWS", _rows(_unassigned_again)),
    ),
    Removal(
        "the holder is read before an unassignment",
        "nobody loses a number",
        World((leaver(ANNA, ONE),), {ONE: BO}),
        lambda: (wishes, "_take_back", taken_back_unread),
    ),
    Removal(
        "the person is read before a pick",
        "no person holds two numbers",
        World((joiner(ANNA),), {ONE: ANNA, TWO: None}, second="both"),
        lambda: (Look, "held_by", of_nobody),
    ),
    Removal(
        "an order is stored before it is sent",
        "no other order while",
        World((joiner(ANNA),), {ONE: BO, TWO: None}, Budget(crashes=1, moves=1), second="both", orders_stored=False),
        lambda: (work._WorkList, "store", stored_later),
    ),
    Removal(
        "an unassignment is counted before the count is read",
        "at most 1 unassignments",
        World(
            (leaver(ANNA, ONE), leaver(BO, TWO)),
            {ONE: ANNA, TWO: BO},
            workers=2,
            settings={"UNASSIGN_PER_DAY": 1},
            raised=2,
        ),
        lambda: (work._WorkList, "brake", counted_after),
    ),
)
