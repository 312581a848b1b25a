"""`desk send`: a file of requests onto the request queue and, if asked, on to how each ended."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from desk import errors, follow, results, rows, sheet, show
from desk.account import Account, connect, names, read_settings
from desk.options import Local, ShowNumbers
from desk.putting import put
from desk.receipt import Journal, Receipt
from teams_numbers.contracts import Outcome

_MOST_FAULTS = 50
#: The options that are of use with --wait alone, and how they are written.
_OF_WAIT = {"consume": "--consume and --peek", "timeout": "--timeout", "result_file": "--results"}
_GOOD = {Outcome.SUCCEEDED, Outcome.VALIDATED}


def send(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns are the contract's fields and context.….")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check the file, show what would be sent, send nothing.")
    ] = False,
    rehearse: Annotated[
        bool,
        typer.Option("--rehearse", help="Send every row as a dry run: the app reads the number and changes nothing."),
    ] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Send the good rows even if others are wrong.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Leave out the rows that the receipt says were put.")
    ] = False,
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help="Messages per second at most.")] = 20,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the events to the end and write the results.")] = False,
    consume: Annotated[
        bool | None,
        typer.Option(
            "--consume/--peek",
            help="With --wait: take one's own events off the event queue, or only look. Default: take them on this "
            "machine's local stack, look everywhere else.",
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="With --wait: seconds to follow at most.")] = 1800,
    receipt: Annotated[
        Path | None, typer.Option(help="The receipt; default: FILE.receipt.csv beside the file.")
    ] = None,
    result_file: Annotated[
        Path | None, typer.Option("--results", help="With --wait: the results; default: results.csv beside the file.")
    ] = None,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Send a CSV file of requests; follow them to their end."""
    console = show.make_console()
    if not wait:
        _refuse_idle(context)
    plan = _checked(file, _here(local=local), rehearse=rehearse, skip_bad=skip_bad, console=console)
    target = result_file or file.with_name("results.csv")
    if target.exists() and target.samefile(file):
        message = f"{file}: is where the results would be written; name another file with --results"
        raise errors.DeskError(message)
    if dry_run:
        _show_plan(plan, console, numbers=show_numbers)
        raise typer.Exit(errors.NOT_ALL if plan.faults else errors.OK)
    with (
        Receipt(receipt or file.with_suffix(".receipt.csv")) as noted,
        Journal(file.with_suffix(".events.jsonl")) as journal,
    ):
        job = _Job(connect(local=local), plan, noted, journal, console)
        earlier = noted.read(job.account.name, job.account.settings.requests_queue)  # what is no receipt stays as it is
        noted.open()
        journal.open()
        if resume:
            job.take_up(earlier)
        try:
            job.put(rate)
            if wait:
                job.follow(consume=consume, seconds=timeout)
        finally:
            if wait and job.followed.put:
                job.report(target, numbers=show_numbers)
    raise typer.Exit(job.exit_code(waited=wait))


@dataclass(slots=True)
class _Job:
    """One file on its way: what it asks for, where, and what is known so far."""

    account: Account
    plan: rows.Plan
    receipt: Receipt
    journal: Journal
    console: Console
    ending: follow.Ending = follow.Ending.STOPPED
    followed: follow.Followed = field(init=False)

    def __post_init__(self) -> None:
        dry = frozenset(row.request.request_id for row in self.plan.rows if row.request.dry_run)
        self.followed = follow.Followed({}, dry)

    def take_up(self, earlier: dict[str, datetime]) -> None:
        """Take what an earlier run put, and the events it saw, for done."""
        names = [row.request.request_id for row in self.plan.rows]
        self.followed.put.update({name: earlier[name] for name in names if name in earlier})
        for event in self.journal.read():
            self.followed.note(event)
        if self.followed.put:
            before = show.counted(len(self.followed.put), "request")
            self.console.print(f"Put earlier: {before}, by {self.receipt.path}", soft_wrap=True)

    def put(self, rate: float) -> None:
        """Put what is not put yet."""
        todo = [row for row in self.plan.rows if row.request.request_id not in self.followed.put]
        if not todo:
            return
        with _progress(self.console) as progress:
            put(self.account, todo, self.followed, self.receipt, rate=rate, progress=progress)
        queue, place = self.account.settings.requests_queue, self.account.name
        self.console.print(f"{show.counted(len(todo), 'request')} put on {queue} in {place}", soft_wrap=True)
        self.console.print(f"Receipt: {self.receipt.path}", soft_wrap=True)

    def follow(self, *, consume: bool | None, seconds: float) -> None:
        """Follow the events behind a progress bar; say once if a look does not reach one's own."""
        taking = self.account.local if consume is None else consume
        queue = self.account.settings.events_queue
        how = "its own events are taken, others given back" if taking else "looking only, nothing is taken"
        self.console.print(f"Following {queue}: {how}", soft_wrap=True)
        told = False
        with _progress(self.console) as progress:
            task = progress.add_task("Ended", total=len(self.followed.put), completed=len(self.followed.ends))

            def show_tick(tick: follow.Tick) -> None:
                nonlocal told
                progress.update(task, completed=len(self.followed.ends))
                if tick.blocked and not taking and not told:
                    told = True
                    self.console.print(
                        f"Nobody takes the 32 oldest events on {queue}, and a look shows no more than those. If the "
                        "desk is the consumer of its requests' events, run again with --resume --wait --consume.",
                        soft_wrap=True,
                    )

            ticks = follow.follow(self.account, self.followed, self.journal, consume=taking, seconds=seconds)
            self.ending = follow.run(ticks, show_tick)

    def report(self, path: Path, *, numbers: bool) -> None:
        """Write every row's result, and show the summary."""
        why = results.TAKEN if self.ending is follow.Ending.DRAINED else results.OPEN
        names = [row.request.request_id for row in self.plan.rows]
        unknown = {name: why if name in self.followed.put else results.NOT_SENT for name in names}
        found = results.collect(self.plan, self.followed.ends, unknown, numbers=numbers)
        results.write(path, found)
        self.console.print(results.summary(found))
        self.console.print(f"Every row's result: {path}", soft_wrap=True)

    def exit_code(self, *, waited: bool) -> int:
        """Return what the process ends with."""
        if waited and self.ending is follow.Ending.STOPPED:
            return errors.STOPPED
        if waited and not self.followed.complete:
            return errors.OPEN
        good = all(follow.outcome(event) in _GOOD for event in self.followed.ends.values())
        return errors.OK if good and not self.plan.faults else errors.NOT_ALL


def _refuse_idle(context: typer.Context) -> None:
    """Refuse the options that say how to wait where nothing is waited for.

    Raises:
        DeskError: one of them was given.
    """
    for name, written in _OF_WAIT.items():
        given = context.get_parameter_source(name)
        if given is not None and given.name == "COMMANDLINE":
            message = f"{written}: goes with --wait; nothing was sent"
            raise errors.DeskError(message)


def _show_plan(plan: rows.Plan, console: Console, *, numbers: bool) -> None:
    for row in plan.rows:
        text = row.text if numbers else show.masked(row.text)
        console.print(show.plain(f"line {row.line}: {text}"), soft_wrap=True)
    console.print(f"{show.counted(len(plan.rows), 'request')} would be sent; nothing was.")


def _here(*, local: bool) -> rows.Here:
    """Return how the app is set up, as far as it is known here."""
    settings = read_settings(local=local, needs_account=False)
    pools = frozenset(settings.number_pools) if names("NUMBER_POOLS", local=local) else None
    return rows.Here(settings.number_check, pools)


def _checked(file: Path, here: rows.Here, *, rehearse: bool, skip_bad: bool, console: Console) -> rows.Plan:
    """Return what the file asks for; with a fault and without `skip_bad`, say what is wrong and end."""
    try:
        plan = rows.plan(sheet.read(file.read_bytes()), datetime.now(UTC), rehearse=rehearse, here=here)
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror})"
        raise errors.DeskError(message) from None
    except sheet.SheetError as error:
        message = f"{file}: {error}"
        raise errors.DeskError(message) from None
    complaints = console if skip_bad and plan.usable else show.make_console(error=True)
    _print(file, plan.faults, "faults", complaints)
    _print(file, plan.notes, "notes", console)
    if plan.faults and not (skip_bad and plan.usable):
        hint = f"; --skip-bad would send the other {len(plan.rows)}" if plan.usable and plan.rows else ""
        lines = show.counted(len({fault.line for fault in plan.faults}), "line")
        message = f"{file}: wrong in {lines}, nothing was sent{hint}"
        raise errors.DeskError(message)
    if not plan.rows:
        message = f"{file}: holds no request, nothing was sent"
        raise errors.DeskError(message)
    return plan


def _print(file: Path, found: tuple[sheet.Fault, ...], what: str, console: Console) -> None:
    mark = "note: " if what == "notes" else ""
    for each in found[:_MOST_FAULTS]:
        console.print(show.plain(f"{file}: {mark}{each}"), soft_wrap=True)
    if len(found) > _MOST_FAULTS:
        console.print(f"{file}: and {len(found) - _MOST_FAULTS} more {what}")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
