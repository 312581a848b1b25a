"""`desk brake`: how many numbers were taken back within 24 hours, of how many that are allowed; and its release."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from desk import show
from desk.account import Account, connect, names
from desk.asking import ask
from desk.options import For, Local, ShowNumbers
from desk.worklist import WorkList, look
from teams_numbers.failures import UNASSIGN_PAUSED
from teams_numbers.work_item import WorkItem

#: How long an unassignment counts.
_DAY = timedelta(days=1)
#: How wide the bar is, in cells.
_WIDTH = 50


def brake(
    *,
    release: Annotated[bool, typer.Option("--release", help="Forget the unassignments counted so far.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a release.")] = False,
    seconds: For = 0,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show the brake on unassignments, or release it."""
    account, console = connect(local=local), show.make_console()
    queue, allowed = account.settings.unassignments_queue, account.settings.unassign_per_day
    counted = account.length(queue)
    if counted is None:
        console.print(f"The queue {queue} does not exist: nothing can be unassigned.", soft_wrap=True)
        return
    _print_state(console, counted, allowed, sure=names("UNASSIGN_PER_DAY", local=local))
    if counted and (seen := account.peek(queue)):
        console.print(oldest((message.inserted_at for message in seen), datetime.now(UTC)))
    _print_waiting(console, look(account, seconds=seconds), numbers=show_numbers)
    if release:
        _release(account, console, counted, yes=yes)


def state(counted: int, allowed: int) -> str:
    """Return in a sentence how far the brake is; the count may run high, never low."""
    said = f"{show.counted(counted, 'unassignment')} within 24 hours, {allowed} allowed (UNASSIGN_PER_DAY)."
    if counted < allowed:
        return f"{said} The brake is open."
    return f"{said} The brake holds: further unassignments wait for a person."


def oldest(counted_at: Iterable[datetime], now: datetime) -> str:
    """Return in a sentence when the first of the unassignments counted stops counting."""
    return f"The oldest of them stops counting in {show.age(min(counted_at) + _DAY - now)}."


def paused(seen: WorkList) -> list[WorkItem]:
    """Return the items that wait for the brake, the oldest first."""
    return [item for item in seen.items if item.waits_for == UNASSIGN_PAUSED.code]


def _print_state(console: Console, counted: int, allowed: int, *, sure: bool) -> None:
    holds = counted >= allowed
    parts = [(counted, "█", "red" if holds else ""), (max(0, allowed - counted), "░", "green")]
    console.print(show.bar(parts, _WIDTH))
    console.print(Text(state(counted, allowed), "red" if holds else ""))
    if not sure:
        console.print(
            f"UNASSIGN_PER_DAY is not set here: {allowed} is its default, and the app's may differ.", style="dim"
        )


def _print_waiting(console: Console, seen: WorkList, *, numbers: bool) -> None:
    waiting, now = paused(seen), datetime.now(UTC)
    table = show.make_table("Request", "Action", "Person", "Number", "Came", title="They wait for the brake")
    table.columns[0].overflow = "fold"
    for item in waiting:
        table.add_row(
            show.styled(item.request.request_id),
            item.request.action + (", replace" if item.request.replaces else ""),
            show.person(item.request.user_principal_name or item.person, shown=numbers),
            show.number(item.number or item.request.telephone_number, shown=numbers) or "all numbers",
            f"{show.age(now - item.due_from)} ago",
        )
    if waiting:
        console.print(table)
    else:
        console.print("Nobody waits for the brake, as far as a look shows.")
    if seen.hint:
        console.print(seen.hint, style="dim")


def _release(account: Account, console: Console, counted: int, *, yes: bool) -> None:
    queue, allowed = account.settings.unassignments_queue, account.settings.unassign_per_day
    console.print(
        f"A release forgets these {counted}, so that up to {allowed} more numbers may be taken back at once. Make sure "
        "that the people named really leave.",
        soft_wrap=True,
    )
    if not yes:
        ask(console, "Let the requests that wait go on?")
    account.clear(queue)
    console.print(f"Released: {queue} is empty. Requests that wait go on within five minutes.")
