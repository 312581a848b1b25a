"""`desk pending`: the work list, what each request waits for, how far it is. Looks only."""

from datetime import UTC, datetime

from rich.console import Console

from desk import show
from desk.account import Account, connect
from desk.options import Every, For, Local, ShowNumbers
from desk.worklist import WorkList, look, ordered, waits_for
from teams_numbers.work_item import WorkItem

#: How wide the column of request ids is at most; a longer one goes on in the next line.
_ID_WIDTH = 28


def pending(*, seconds: For = 0, every: Every = 1, local: Local = False, show_numbers: ShowNumbers = False) -> None:
    """Show the work list: what each request waits for."""
    account, console = connect(local=local), show.make_console()
    seen = look(account, seconds=seconds, every=every)
    _print(account, seen, console, numbers=show_numbers)


def row(item: WorkItem, now: datetime, *, numbers: bool) -> tuple[str, ...]:
    """Return an item's cells: request, what it asks for, person, age, order, what it waits for, attempt."""
    request = item.request
    number = show.number(item.number or request.telephone_number, shown=numbers)
    what = number or (f"one from {request.pool}" if request.pool else "all numbers")
    return (
        show.plain(request.request_id),
        f"{'replace by' if request.replaces else request.action} {what}" + (", dry run" if request.dry_run else ""),
        show.person(request.user_principal_name or item.person or request.assignment_target_id, shown=numbers),
        show.age(now - item.received_at),
        show.plain(ordered(item, now)),
        show.plain(waits_for(item, now)),
        str(item.attempt + 1),
    )


def _print(account: Account, seen: WorkList, console: Console, *, numbers: bool) -> None:
    settings, now = account.settings, datetime.now(UTC)
    table = show.make_table(
        *("Request", "Asks to", "Person", "Age", "Order", "Waits for", "Attempt"),
        title=f"Work list on {settings.operations_queue}",
    )
    table.columns[0].overflow = "fold"
    table.columns[0].max_width = _ID_WIDTH
    table.columns[-1].justify = "right"
    for item in seen.items:
        table.add_row(*row(item, now, numbers=numbers))
    if seen.items:
        console.print(table)
    hidden = max(0, seen.stored - seen.due - seen.unreadable)
    console.print(f"{seen.stored} on the work list: {seen.due} due now, about {hidden} not due yet.")
    if seen.unreadable:
        odd = (
            "1 message is not a work item" if seen.unreadable == 1 else f"{seen.unreadable} messages are not work items"
        )
        console.print(f"{odd}; the app will set that aside.")
    if hidden:
        console.print(
            "A storage queue shows only what is due, 32 messages at most. `desk pending --for 60` catches the others "
            "as they come due."
        )
    new = account.length(settings.requests_queue) or 0
    console.print(f"{new} new on {settings.requests_queue}.")
    if seen.items:
        console.print("`desk explain CODE` says what a code means and what to do.", style="dim")
