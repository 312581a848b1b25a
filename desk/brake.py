"""`desk brake`: how many numbers were taken back within 24 hours, of how many that are allowed; and its release."""

from typing import Annotated

import typer

from desk import show
from desk.account import Account, connect
from desk.options import Local


def brake(
    *,
    release: Annotated[bool, typer.Option("--release", help="Forget the unassignments counted so far.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a release.")] = False,
    local: Local = False,
) -> None:
    """Show the brake on unassignments, or release it."""
    account, console = connect(local=local), show.make_console()
    queue = account.settings.unassignments_queue
    console.print(state(account), soft_wrap=True)
    if not release:
        return
    if not yes and not typer.confirm("Let the requests that wait go on?"):
        console.print("Nothing was changed.")
        return
    account.clear(queue)
    console.print(f"Released: {queue} is empty. Requests that wait go on within five minutes.")


def state(account: Account) -> str:
    """Return in a sentence how far the brake is; the count may run high, never low."""
    counted = account.length(account.settings.unassignments_queue)
    allowed = account.settings.unassign_per_day
    if counted is None:
        return f"The queue {account.settings.unassignments_queue} does not exist: nothing can be unassigned."
    held = "The brake holds: further unassignments wait for a person." if counted >= allowed else "The brake is open."
    return f"{counted} unassignments within 24 hours, {allowed} allowed (UNASSIGN_PER_DAY). {held}"
