"""The demo: start everything, send the samples as HR would, show how each ends, stop everything.

Exits with 0 only if every request ended as its sample says, what its event says is so, and no number was assigned
twice.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from local.sample import Sample, load, untrue
from local.stack import LOCAL_SETTINGS, Stack, StackError

#: Everything as in Azure, only sooner: seconds instead of minutes, a deadline of half a minute instead of a day.
SCALED = {
    "POLL_SCHEDULE": "* * * * * *",
    "FIRST_POLL_SECONDS": "1",
    "MAX_POLL_SECONDS": "2",
    "WAIT_SECONDS": "1,2",
    "REQUEST_DEADLINE_HOURS": "0.01",
    "LIST_LAG_SECONDS": "2",
    "CONFIRM_SECONDS": "6",
    "POLL_BUDGET_SECONDS": "10",
    "GRAPH_REQUESTS_PER_SECOND": "200",
    "LOCAL_HOST_LEASE_SECONDS": "15",
    "AzureFunctionsJobHost__extensions__queues__maxPollingInterval": "00:00:00.5",
    "AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:01",
}
#: A third pool, whose only number somebody has.
_FULL_POOL = {"tacoma": {"numberType": "callingPlan", "numbers": [{"startsWith": "+12065550145"}], "locationId": "t-1"}}
#: A small tenant: its list is read in two calls.
_PLAN = {"inventoryAreas": [*range(201, 212), 555, 556, 557, 558]}
_PATIENCE_SECONDS = 55
_COLORS = {
    "Succeeded": "green",
    "Validated": "green",
    "Unconfirmed": "red",
    "Failed": "red",
    "Rejected": "yellow",
    "TimedOut": "magenta",
}
#: From how many columns on the table has room for the samples' stories, and how wide it is where nobody looks.
_WIDE, _UNSEEN = 140, 160


class Demo:
    """Sends the samples and follows them.

    Args:
        stack: a running one.
        samples: what to send.
    """

    def __init__(self, stack: Stack, samples: list[Sample]) -> None:
        self.samples = samples
        self._stack = stack
        requests_queue, _, events_queue = stack.queue_names
        self._requests = stack.queues.get_queue_client(requests_queue)
        self._events = stack.queues.get_queue_client(events_queue)
        self._by_subject: dict[str, Sample] = {}
        self._log = stack.host.log.open(encoding="utf-8")
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._started

    def send(self) -> None:
        """Put every sample on the request queue."""
        for sample in self.samples:
            for _ in range(sample.times):
                message = self._requests.send_message(sample.text)
                subject = sample.request_id or str(message.id)
                sample.subjects.add(subject)
                self._by_subject[subject] = sample

    def follow(self) -> Iterator[list[Sample]]:
        """Yield those that ended since the last time, until all have or the patience is over."""
        while not all(sample.ended for sample in self.samples):
            if self.seconds > _PATIENCE_SECONDS or not self._stack.host.running:
                return
            yield self._read_events()
            self._read_log()
            time.sleep(0.1)
        yield self._read_events()

    def wrong(self) -> list[str]:
        """Return what is not as it must be, in sentences; the emulator knows the truth."""
        stats = requests.get(f"{self._stack.graph_url}/emulator/stats", timeout=10).json()
        twice = [number for number, times in stats["succeededPerNumber"].items() if times > 1]
        return [
            *(f"{sample.name}: not as expected" for sample in self.samples if not sample.as_expected),
            *untrue(self.samples, stats["holders"]),
            *(f"{number} was assigned twice" for number in twice),
        ]

    def _read_events(self) -> list[Sample]:
        ended = []
        for message in self._events.receive_messages(messages_per_page=32, visibility_timeout=60):
            event = json.loads(message.content)
            self._events.delete_message(message)
            sample = self._by_subject.get(event["subject"])
            if sample is None:
                continue
            sample.events.append(event)
            sample.seconds = self.seconds
            sample.state = event["type"].rpartition(".")[2]
            ended.append(sample)
        return ended

    def _read_log(self) -> None:
        """Take from the app's own log what is being done about each request."""
        for line in self._log:
            if not line.startswith("{"):
                continue
            said = json.loads(line)
            sample = self._by_subject.get(said.get("requestId", ""))
            if sample is None or sample.ended:
                continue
            match said["name"]:
                case "order.submitted":
                    sample.state = f"ordered: {said['action']}"
                case "request.deferred":
                    sample.state = f"waiting: {said['reason']}"


def table(samples: list[Sample], *, stories: bool) -> Table:
    """Return how the samples ended as a table, by group."""
    shown = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    shown.add_column("request", no_wrap=True)
    if stories:
        shown.add_column("what is special about it", ratio=3)
    shown.add_column("ended as", no_wrap=True)
    shown.add_column("number", min_width=13)
    shown.add_column("s", justify="right", no_wrap=True)
    shown.add_column("what its event tells a person", ratio=4)
    group = ""
    for sample in samples:
        if sample.group != group:
            group = sample.group
            shown.add_row()
            shown.add_row(Text(group, style="bold cyan"))
        cells: list[RenderableType] = [f"  {sample.name}", _how(sample), sample.numbers, f"{sample.seconds:.0f}"]
        shown.add_row(*cells[:1], *([sample.story] if stories else []), *cells[1:], Text(sample.sentence, style="dim"))
    return shown


def _how(sample: Sample) -> Text:
    _, code, reason = sample.expected
    mark = "✓" if sample.as_expected else "✗"
    said = sample.state if code == "invalidRequest" else " ".join(filter(None, (sample.state, reason or code)))
    return Text(f"{mark} {said}", style=_COLORS.get(sample.state, "cyan"))


def on_the_way(demo: Demo, height: int) -> RenderableType:
    """Return what is being done about the requests that have not ended, in so many lines."""
    left = [sample for sample in demo.samples if not sample.ended]
    ended = len(demo.samples) - len(left)
    shown = Table(box=None, pad_edge=False, show_header=False)
    for ratio in (None, None, 1):
        shown.add_column(no_wrap=True, overflow="ellipsis", ratio=ratio)
    for sample in left[: height - 4]:
        shown.add_row(f"  {sample.name}", Text(sample.state, style="cyan"), Text(sample.story, style="dim"))
    return Group(Text(f"{demo.seconds:.0f} s: {ended} of {len(demo.samples)} have ended", style="bold"), shown)


def _show(demo: Demo, console: Console) -> None:
    """Show the samples while they end: what is on the way in a terminal, a line for each end elsewhere."""
    if console.is_terminal:
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            for _ in demo.follow():
                live.update(on_the_way(demo, console.height))
    else:
        for ended in demo.follow():
            for sample in ended:
                print(f"{sample.seconds:5.1f} s  {sample.name:<24} {sample.state}", flush=True)
    console.print(table(demo.samples, stories=console.width >= _WIDE))


def main() -> int:
    """Run the demo; return 0 if every request ended as its sample says, and truly so."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--svg", type=Path, help="save the final table as a picture")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(record=chosen.svg is not None)
    if chosen.svg or not console.is_terminal:
        console.width = _UNSEEN
    samples = load()
    pools: dict[str, Any] = json.loads(LOCAL_SETTINGS["NUMBER_POOLS"])
    try:
        console.print(
            f"Starting the queue service, the Graph emulator and the Functions host; then {len(samples)} requests ..."
        )
        with Stack(SCALED | {"NUMBER_POOLS": json.dumps(pools | _FULL_POOL)}, plan=_PLAN) as stack:
            demo = Demo(stack, samples)
            demo.send()
            _show(demo, console)
            wrong = demo.wrong()
    except KeyboardInterrupt:
        return 130
    except StackError as error:
        sys.exit(str(error))
    if chosen.svg:
        console.save_svg(str(chosen.svg), title="make demo")
    ended = sum(sample.ended for sample in samples)
    print("", *wrong, sep="\n")
    print(f"demo: {len(samples)} requests, {ended} ended, {len(samples) - ended} lost")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
