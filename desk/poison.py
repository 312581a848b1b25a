"""`desk poison`: what the app or the host set aside; look at it, put it back unchanged, or remove it for good."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from desk import errors, show
from desk.account import Account, Seen, connect
from desk.asking import ask
from desk.options import Local, ShowNumbers
from desk.receipt import Appended
from desk.setaside import Item, Which, about, poison, remove, sources, still_held, taken
from teams_numbers.queues import RECEIVE_MOST, Message

_SHORT_ID = 8

app = typer.Typer(help="What was set aside: list, show, replay, discard.", no_args_is_help=True, rich_markup_mode=None)

QueueOption = Annotated[Which | None, typer.Option("--queue", help="Only this queue's; default: both.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Message ids, or how they begin.")]
All = Annotated[bool, typer.Option("--all", help="Every message.")]


@app.command("list")
def list_(*, which: QueueOption = None, local: Local = False, show_numbers: ShowNumbers = False) -> None:
    """List what was set aside and why: the 32 oldest of each queue. Looks only."""
    account, console = connect(local=local), show.make_console()
    rows: list[tuple[str, Seen]] = []
    for source in sources(account, which):
        stored = account.length(poison(source)) or 0
        seen = account.peek(poison(source)) if stored else []
        rows += [(source, message) for message in seen]
        if stored > len(seen):
            console.print(f"{poison(source)}: {len(seen)} of about {stored}; a look shows the {RECEIVE_MOST} oldest.")
    if not rows:
        console.print("Nothing is set aside.")
        return
    console.print(_table(account, rows, numbers=show_numbers))


@app.command("show")
def show_(
    ids: Ids = None,
    *,
    which: QueueOption = None,
    every: All = False,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show messages as they are, with numbers hidden unless they may be shown."""
    account, console = connect(local=local), show.make_console()
    with taken(account, which, ids or [], every=every) as items:
        for item in items:
            message, reason = item.message, about(item.source, item.message, account).reason
            set_aside = f"set aside {show.moment(message.inserted_at)} UTC"
            console.print(f"{message.id} · {item.source} · {set_aside}", style="bold", soft_wrap=True)
            console.print(show.plain(reason if show_numbers else show.masked(reason)), soft_wrap=True)
            console.print(show.content(message.text, shown=show_numbers), soft_wrap=True)


@app.command()
def replay(
    ids: Ids = None,
    *,
    which: QueueOption = None,
    every: All = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Put messages back on the queue they came from, unchanged."""
    account, console = connect(local=local), show.make_console()
    with taken(account, which, ids or [], every=every) as items:
        console.print(_table(account, [(item.source, item.message) for item in items], numbers=show_numbers))
        if not yes:
            ask(console, f"Put {len(items)} back, unchanged?")
        for item in _held(account, items, console):
            account.queue(item.source).send(item.message.text)  # stored anew first, deleted then: a crash loses nothing
            _remove(account, items, item)
            console.print(f"{item.message.id[:_SHORT_ID]} is back on {item.source}")


@app.command()
def discard(
    ids: Ids = None,
    *,
    which: QueueOption = None,
    every: All = False,
    file: Annotated[Path | None, typer.Option(help="Where to keep what is removed; default: a new file here.")] = None,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Remove messages for good, after asking twice and writing them to a file."""
    account, console = connect(local=local), show.make_console()
    with taken(account, which, ids or [], every=every) as items:
        console.print(_table(account, [(item.source, item.message) for item in items], numbers=show_numbers))
        ask(console, f"Remove {len(items)} for good?")
        ask(console, "Type `discard` to remove them", "discard")
        path = file or Path(f"discarded-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl")
        try:
            with Appended(path) as kept:
                for item in _held(account, items, console):
                    kept.write(f"{json.dumps(_record(item))}\n")  # on the disk before it is deleted
                    _remove(account, items, item)
                    console.print(f"{item.message.id[:_SHORT_ID]} is removed")
        finally:
            if path.exists():
                said = f"What they held is in {path}, numbers in full: keep it as you keep those."
                console.print(said, soft_wrap=True)


def _table(account: Account, rows: list[tuple[str, Seen]] | list[tuple[str, Message]], *, numbers: bool) -> Table:
    table = show.make_table("Id", "Queue", "Set aside", "Request", "Number", "What is wrong")
    for column in (table.columns[3], table.columns[-1]):
        column.overflow = "fold"
    for source, message in rows:
        found = about(source, message, account)
        table.add_row(
            message.id[:_SHORT_ID],
            source,
            f"{show.age(datetime.now(UTC) - message.inserted_at)} ago",
            show.styled(found.request),
            show.number(found.number, shown=numbers),
            show.styled(found.reason if numbers else show.masked(found.reason)),
        )
    return table


def _record(item: Item) -> dict[str, str]:
    message = item.message
    inserted_at = message.inserted_at.isoformat()
    return {"queue": item.source, "id": message.id, "insertedAt": inserted_at, "text": message.text}


def _held(account: Account, items: list[Item], console: Console) -> Iterator[Item]:
    """Yield each item that is still ours; say of each other that it is not, and end with what says so.

    Raises:
        typer.Exit: some were not.
    """
    lost = 0
    for item in list(items):
        if (held := still_held(account, items, item)) is not None:
            yield held
        else:
            lost += 1
            console.print(
                f"{item.message.id[:_SHORT_ID]} was taken by somebody else meanwhile; nothing was done with it"
            )
    if lost:
        raise typer.Exit(errors.NOT_ALL)


def _remove(account: Account, items: list[Item], item: Item) -> None:
    remove(account, item)
    items.remove(item)
