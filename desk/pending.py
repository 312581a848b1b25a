"""`desk pending`: the orders in flight, how often each was polled, when it is next due. Looks only.

A storage queue shows a message only while it is visible, here: from the moment an order is due until the next run of
`poll_operation` takes it. So one look shows what is due now; more looks catch the others as they come due.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from desk import show
from desk.account import Account, Seen, connect
from desk.options import Every, Local, ShowNumbers
from teams_numbers.messages import PendingOperation
from teams_numbers.schedule import JITTER, poll_pause
from teams_numbers.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was visible at some look.

    Attributes:
        pending: what it is.
        polls: how often it was polled by then.
        taken_at: when it was first missed again, that is, polled once more; None while it is due.
    """

    pending: PendingOperation
    polls: int
    taken_at: datetime | None = None


class _NoJitter(Random):
    """Adds nothing: the earliest of what may be."""

    def random(self) -> float:
        return 0.0


def pending(
    *,
    seconds: Annotated[float, typer.Option("--for", min=0, help="Seconds to go on looking; 0: look once.")] = 0,
    every: Every = 1,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show the orders in flight: how often polled, when next due."""
    account, console = connect(local=local), show.make_console()
    orders: dict[str, Order] = {}
    ends = time.monotonic() + seconds
    unreadable = 0
    while True:
        messages = account.peek(account.settings.operations_queue)
        unreadable = observe(orders, messages, datetime.now(UTC))
        if time.monotonic() + every > ends:
            break
        time.sleep(every)
    _print(account, orders, unreadable, console, numbers=show_numbers)


def observe(orders: dict[str, Order], messages: list[Seen], now: datetime) -> int:
    """Take one look into account; return how many of the messages hold no order."""
    visible = {message.id: message for message in messages}
    unreadable = 0
    for name, order in orders.items():
        if name not in visible and order.taken_at is None:
            orders[name] = Order(order.pending, order.polls, now)
    for message in messages:
        try:
            orders[message.id] = Order(PendingOperation.model_validate_json(message.text), message.dequeue_count)
        except ValidationError:
            unreadable += 1
    return unreadable


def next_due(order: Order, settings: Settings, now: datetime) -> str:
    """Return when an order is next polled, as far as it can be told; the app adds up to a fifth at random."""
    if order.taken_at is None:
        return "now, at the next run"
    least = poll_pause(order.polls + 1, settings, _NoJitter())
    earliest, latest = (order.taken_at + timedelta(seconds=least * share) - now for share in (1, 1 + JITTER))
    return f"in {show.age(earliest)} to {show.age(latest)}, or ended"


def _print(account: Account, orders: dict[str, Order], unreadable: int, console: Console, *, numbers: bool) -> None:
    settings, now = account.settings, datetime.now(UTC)
    stored = account.length(settings.operations_queue) or 0
    table = show.make_table(
        "Request", "Number", "Submitted", "Polled", "Next due", title=f"In flight on {settings.operations_queue}"
    )
    table.columns[0].overflow = "fold"
    for order in sorted(orders.values(), key=lambda order: order.pending.submitted_at):
        table.add_row(
            show.styled(order.pending.request.request_id),
            show.number(order.pending.request.telephone_number, shown=numbers),
            f"{show.age(now - order.pending.submitted_at)} ago",
            f"{order.polls + (order.taken_at is not None)} times",
            next_due(order, settings, now),
        )
    if orders:
        console.print(table)
    due = sum(order.taken_at is None for order in orders.values())
    console.print(f"{stored} in flight: {due} due now, about {max(0, stored - due - unreadable)} not due yet.")
    if unreadable:
        console.print(f"{unreadable} messages hold no order; the app will set them aside.")
    if stored > due:
        console.print(
            "A storage queue shows only what is due, 32 messages at most. `desk pending --for 60` catches the others "
            "as they come due."
        )
    waiting = account.length(settings.requests_queue) or 0
    console.print(f"{waiting} requests on {settings.requests_queue}: new, or put back for a later attempt.")
