"""Put requests on the request queue, evenly, each noted on the receipt before the next goes out."""

import time
from collections.abc import Iterable, Iterator

from azure.core.exceptions import AzureError
from rich.progress import Progress

from desk import errors
from desk.account import Account
from desk.follow import Followed
from desk.receipt import Entry, Receipt
from desk.rows import Row


def put(
    account: Account, todo: list[Row], followed: Followed, noted: Receipt, *, rate: float, progress: Progress
) -> None:
    """Put every row.

    Args:
        account: where the queue is.
        todo: what to put.
        followed: gets when each was put.
        noted: the receipt.
        rate: messages per second at most.
        progress: where the bar is shown.

    Raises:
        AzureError: the account did not take the first message.
        DeskError: it stopped taking messages, or Ctrl-C; it says how many it took.
    """
    queue, done = account.settings.requests_queue, 0
    try:
        for row in progress.track(paced(todo, rate), len(todo), description=f"Putting on {queue}"):
            stored = account.put(queue, row.text)
            name, when = row.request.request_id, stored.inserted_at
            followed.put[name] = when
            noted.add(Entry(row.line, name, account.name, queue, stored.id, when.isoformat()))
            done += 1
    except AzureError as error:
        if not done:
            raise
        message = f"{errors.explain(error)} {done} of {len(todo)} were put; go on with --resume."
        raise errors.DeskError(message, errors.ACCOUNT) from error
    except KeyboardInterrupt:
        message = f"stopped: {done} of {len(todo)} were put; go on with --resume"
        raise errors.DeskError(message, errors.STOPPED) from None


def paced(rows: Iterable[Row], rate: float) -> Iterator[Row]:
    """Yield each row when it is due: the first at once, each other at least 1/rate seconds after the one before."""
    due = time.monotonic()
    for row in rows:
        time.sleep(max(0, due - time.monotonic()))
        due = time.monotonic() + 1 / rate
        yield row
