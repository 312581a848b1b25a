"""`desk pending`: the work list, what each request waits for, how far it is. Looks only.

A storage queue shows a message only while it is visible, here: from the moment an item is due until the next run of
`poll_operation` takes it. So one look shows what is due now; more looks catch the others as they come due.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from desk import show
from desk.account import Account, Seen, connect
from desk.options import Every, Local, ShowNumbers
from teams_numbers.work_item import WorkItem


@dataclass(frozen=True, slots=True)
class Found:
    """An item that was visible at some look.

    Attributes:
        item: what it is.
        taken_at: when it was first missed again: the app took it; None while it is due.
    """

    item: WorkItem
    taken_at: datetime | None = None


def pending(
    *,
    seconds: Annotated[float, typer.Option("--for", min=0, help="Seconds to go on looking; 0: look once.")] = 0,
    every: Every = 1,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show the work list: what each request waits for."""
    account, console = connect(local=local), show.make_console()
    found: dict[str, Found] = {}
    ends = time.monotonic() + seconds
    unreadable = 0
    while True:
        messages = account.peek(account.settings.operations_queue)
        unreadable = observe(found, messages, datetime.now(UTC))
        if time.monotonic() + every > ends:
            break
        time.sleep(every)
    _print(account, found, unreadable, console, numbers=show_numbers)


def observe(found: dict[str, Found], messages: list[Seen], now: datetime) -> int:
    """Take one look into account; return how many of the messages hold no work item."""
    visible = {message.id: message for message in messages}
    unreadable = 0
    for name, seen in found.items():
        if name not in visible and seen.taken_at is None:
            found[name] = Found(seen.item, now)
    for message in messages:
        try:
            found[message.id] = Found(WorkItem.model_validate_json(message.text))
        except ValidationError:
            unreadable += 1
    return unreadable


def state(item: WorkItem) -> str:
    """Return in a few words how far an item is, and what it waits for."""
    if item.verdict is not None:
        return f"ended: {item.verdict.outcome}" + (", told" if item.verdict.told else "")
    if item.order is not None:
        what = f"{item.order.action} ordered"
        return f"{what}, answer unknown" if item.order.unanswered else f"{what}, looked at {item.order.looks} times"
    if reason := item.waits_for or item.reason:
        return f"waits: {reason}"
    return "new"


def _print(account: Account, found: dict[str, Found], unreadable: int, console: Console, *, numbers: bool) -> None:
    settings, now = account.settings, datetime.now(UTC)
    stored = account.length(settings.operations_queue) or 0
    table = show.make_table(
        "Request", "Action", "Number", "Came", "State", "Tries", title=f"Work list on {settings.operations_queue}"
    )
    table.columns[0].overflow = "fold"
    for seen in sorted(found.values(), key=lambda seen: seen.item.received_at):
        item = seen.item
        number = item.number or item.request.telephone_number
        table.add_row(
            show.styled(item.request.request_id),
            item.request.action,
            show.number(number, shown=numbers) if number else f"pool {item.request.pool or '-'}",
            f"{show.age(now - item.received_at)} ago",
            show.styled(state(item)),
            str(item.attempt + 1),
        )
    if found:
        console.print(table)
    due = sum(seen.taken_at is None for seen in found.values())
    console.print(f"{stored} on the work list: {due} due now, about {max(0, stored - due - unreadable)} not due yet.")
    if unreadable:
        console.print(f"{unreadable} messages are not work items; the app will set them aside.")
    if stored > due:
        console.print(
            "A storage queue shows only what is due, 32 messages at most. `desk pending --for 60` catches the others "
            "as they come due."
        )
    console.print(f"{account.length(settings.requests_queue) or 0} new requests on {settings.requests_queue}.")
