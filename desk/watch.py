"""`desk watch`: the queues and the outcomes as they come. Looks only: nothing is taken, no dequeue count changes."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from desk import follow, show
from desk.account import Account, Seen, connect
from desk.options import Every, Local, ShowNumbers
from teams_numbers.contracts import Action, Outcome
from teams_numbers.events import CompletionEvent
from teams_numbers.queues import RECEIVE_MOST

_LAST_EVENTS = 10
_STYLES: dict[str, str] = dict.fromkeys((Outcome.SUCCEEDED, Outcome.VALIDATED), "green")
_STYLES |= dict.fromkeys((Outcome.UNCONFIRMED, Outcome.TIMED_OUT), "yellow")


@dataclass(frozen=True, slots=True)
class Depth:
    """How full a queue is.

    Attributes:
        name: the queue's.
        stored: about how many messages it holds, visible or not; None if there is no such queue.
        due: how many of them a look shows: 32 means 32 or more.
        oldest: when the oldest of those was put; None if none is due.
        set_aside: about how many its poison queue holds.
    """

    name: str
    stored: int | None
    due: int
    oldest: datetime | None
    set_aside: int


@dataclass(slots=True)
class Seenlist:
    """The events seen so far: each counts once, however often it is seen."""

    ids: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    last: deque[CompletionEvent] = field(default_factory=lambda: deque(maxlen=_LAST_EVENTS))

    def add(self, messages: list[Seen]) -> None:
        """Take new events into account."""
        for event in filter(None, (follow.parse(message.text) for message in messages)):
            if str(event.id) not in self.ids:
                self.ids.add(str(event.id))
                self.outcomes[follow.outcome(event)] += 1
                self.last.append(event)


def watch(
    *,
    every: Every = 1,
    seconds: Annotated[float | None, typer.Option("--for", min=0, help="Seconds to watch; default: to Ctrl-C.")] = None,
    local: Local = False,
    show_numbers: ShowNumbers = False,
) -> None:
    """Watch queues and outcomes as they come."""
    account = connect(local=local)
    seen, started = Seenlist(), time.monotonic()
    with Live(console=show.make_console(), auto_refresh=False) as live:
        try:
            while True:
                live.update(picture(look(account, seen), seen, numbers=show_numbers), refresh=True)
                if seconds is not None and time.monotonic() - started + every > seconds:
                    return
                time.sleep(every)
        except KeyboardInterrupt:
            return


def look(account: Account, seen: Seenlist) -> list[Depth]:
    """Look at each queue once, and note the events that are new."""
    depths = []
    names = (account.settings.requests_queue, account.settings.operations_queue, account.settings.events_queue)
    for name in names:
        messages = account.peek(name)
        if name == account.settings.events_queue:
            seen.add(messages)
        oldest = min((message.inserted_at for message in messages), default=None)
        set_aside = account.length(f"{name}-poison") or 0
        depths.append(Depth(name, account.length(name), len(messages), oldest, set_aside))
    return depths


def picture(depths: list[Depth], seen: Seenlist, *, numbers: bool) -> RenderableType:
    """Return what the screen shows."""
    now = datetime.now(UTC)
    queues = show.make_table(
        "Queue", "Stored", "Due now", "Oldest due", "Set aside", title=f"Queues, {now:%H:%M:%S} UTC", wide=True
    )
    for column in queues.columns[1:]:
        column.justify = "right"
    for depth in depths:
        queues.add_row(
            depth.name,
            str(depth.stored),
            f"{depth.due}{'+' if depth.due >= RECEIVE_MOST else ''}",
            show.age(now - depth.oldest) if depth.oldest else "",
            Text(str(depth.set_aside), style="red" if depth.set_aside else ""),
        )
    counts = Text(" · ").join(
        Text(f"{show.plain(outcome)} {times}", style=_STYLES.get(outcome, "red"))
        for outcome, times in seen.outcomes.most_common()
    )
    events = show.make_table(
        *("Time", "Request", "Action", "Number", "Outcome", "Code"), title="The latest events seen", wide=True
    )
    events.columns[1].overflow = "fold"
    for event in reversed(seen.last):
        outcome, data = follow.outcome(event), event.data
        events.add_row(
            f"{event.time:%H:%M:%S}",
            show.styled(event.subject),
            show.styled(data.action),
            _numbers(event, shown=numbers),
            show.styled(outcome, _STYLES.get(outcome, "red")),
            show.styled(follow.code(event)),
        )
    return Group(queues, Text("Outcomes seen: ") + (counts or Text("none yet")), Text(), events)


def _numbers(event: CompletionEvent, *, shown: bool) -> str:
    """Return the number that an event is about; of several that were unassigned, the first and how many more."""
    data = event.data
    gone = data.unassigned_numbers or []
    number = data.telephone_number or next(iter(gone), None)
    more = f" and {len(gone) - 1} more" if data.action == Action.UNASSIGN and len(gone) > 1 else ""
    return show.number(number, shown=shown) + more
