"""The demo: start everything, send the samples as HR would, show how each ends, stop everything.

Exits with 0 only if every request ended as its sample says and no number was assigned twice.
"""

import argparse
import base64
import json
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from local.stack import ROOT, Stack, StackError

SAMPLES = ROOT / "local" / "samples"
#: Everything as in Azure, only sooner: seconds instead of minutes, a deadline of half a minute instead of a day.
SCALED = {
    "POLL_SCHEDULE": "* * * * * *",
    "FIRST_POLL_SECONDS": "1",
    "MAX_POLL_SECONDS": "2",
    "WAIT_SECONDS": "1,2",
    "REQUEST_DEADLINE_HOURS": "0.0084",
    "LIST_LAG_SECONDS": "2",
    "CONFIRM_SECONDS": "6",
    "POLL_BUDGET_SECONDS": "10",
    "GRAPH_REQUESTS_PER_SECOND": "200",
    "LOCAL_HOST_LEASE_SECONDS": "15",
    "AzureFunctionsJobHost__extensions__queues__maxPollingInterval": "00:00:00.5",
    "AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:01",
}
_PATIENCE_SECONDS = 50
_COLORS = {"Succeeded": "green", "Validated": "green", "Failed": "red", "Rejected": "yellow", "TimedOut": "magenta"}


@dataclass(slots=True)
class Sample:
    """One file of local/samples/, and what has become of its request so far.

    Attributes:
        name: the file's, without its number.
        story: what is special about it, for people.
        text: the message, exactly as it goes on the queue.
        times: how often it is sent.
        outcome: the last part of the expected event's type.
        code: the expected event's error code; None where there is no error.
        request_id: the request's; None where the queue message's id stands in for it.
    """

    name: str
    story: str
    text: str
    times: int
    outcome: str
    code: str | None
    request_id: str | None
    state: str = "sent"
    events: list[dict[str, Any]] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether every message of the sample has its event."""
        return bool(self.events) and self.subjects <= {event["subject"] for event in self.events}

    @property
    def as_expected(self) -> bool:
        """Whether it ended as the sample says; a repeated event must be the same."""
        return self.ended and all(
            event["type"].endswith(f".{self.outcome}") and event["data"].get("error", {}).get("code") == self.code
            for event in self.events
        )


def load_samples() -> list[Sample]:
    """Return the samples in the order of their files."""
    return [_load(path) for path in sorted(SAMPLES.glob("*.json"))]


def _load(path: Path) -> Sample:
    given = json.loads(path.read_text(encoding="utf-8"))
    message = given["message"]
    text = message if isinstance(message, str) else json.dumps(message)
    if given.get("base64"):
        text = base64.b64encode(text.encode()).decode()
    request_id = message.get("requestId") if isinstance(message, dict) else None
    expected = given["ends"]
    return Sample(
        name=path.stem.partition("-")[2],
        story=given["story"],
        text=text,
        times=given.get("times", 1),
        outcome=expected["outcome"],
        code=expected.get("code"),
        request_id=request_id if expected.get("subject") != "message id" else None,
    )


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
            if time.monotonic() - self._started > _PATIENCE_SECONDS or not self._stack.host.running:
                return
            yield self._read_events()
            self._read_log()
            time.sleep(0.1)
        yield self._read_events()

    def assigned_twice(self) -> list[str]:
        """Return the numbers for which more than one order succeeded, as the emulator counted."""
        stats = requests.get(f"{self._stack.graph_url}/emulator/stats", timeout=10).json()
        return [number for number, times in stats["succeededPerNumber"].items() if times > 1]

    def _read_events(self) -> list[Sample]:
        ended = []
        for message in self._events.receive_messages(messages_per_page=32, visibility_timeout=60):
            event = json.loads(message.content)
            self._events.delete_message(message)
            sample = self._by_subject.get(event["subject"])
            if sample is None:
                continue
            sample.events.append(event)
            sample.seconds = time.monotonic() - self._started
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


def table(samples: list[Sample]) -> Table:
    """Return the samples as a table."""
    shown = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    shown.add_column("request", no_wrap=True)
    shown.add_column("what is special about it", ratio=3)
    shown.add_column("state", no_wrap=True, min_width=26)
    shown.add_column("s", justify="right", no_wrap=True)
    shown.add_column("what to do", ratio=4)
    for sample in samples:
        color = _COLORS.get(sample.state, "cyan")
        mark = "" if not sample.ended else " ✓" if sample.as_expected else " ✗ not as expected"
        shown.add_row(
            sample.name,
            sample.story,
            Text(f"{sample.state}{mark}", style=color),
            f"{sample.seconds:.0f}" if sample.ended else "",
            Text(_sentence(sample), style="dim"),
        )
    return shown


def _sentence(sample: Sample) -> str:
    if not sample.events:
        return ""
    data = sample.events[-1]["data"]
    if sample.code == "invalidRequest":  # what to correct stands in the message
        return str(data["error"]["message"])
    return str(data.get("note") or data["error"]["advice"])


def _show(demo: Demo, console: Console) -> None:
    """Show the samples while they end: a live table in a terminal, plain lines elsewhere."""
    if console.is_terminal:
        with Live(table(demo.samples), console=console, refresh_per_second=4, vertical_overflow="crop") as live:
            for _ in demo.follow():
                live.update(table(demo.samples))
            live.update(Text(""))
    else:
        for ended in demo.follow():
            for sample in ended:
                print(f"{sample.seconds:5.1f} s  {sample.state:<10} {sample.name}: {_sentence(sample)}", flush=True)
        print()
    if console.is_terminal or console.record:
        console.print(table(demo.samples))
        return
    for sample in demo.samples:
        mark = "ok " if sample.as_expected else "BAD"
        print(f"{mark} {sample.name:<28} {sample.state:<10} {(sample.code or ''):<18} {sample.story}")


def main() -> int:
    """Run the demo; return 0 if every request ended as its sample says and no number was assigned twice."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--svg", type=Path, help="save the final table as a picture")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(record=chosen.svg is not None, width=160 if chosen.svg else None)
    samples = load_samples()
    try:
        console.print(
            f"Starting the queue service, the Graph emulator and the Functions host; then {len(samples)} requests ..."
        )
        with Stack(SCALED) as stack:
            demo = Demo(stack, samples)
            demo.send()
            _show(demo, console)
            twice = demo.assigned_twice()
    except KeyboardInterrupt:
        return 130
    except StackError as error:
        sys.exit(str(error))
    if chosen.svg:
        console.save_svg(str(chosen.svg), title="make demo")
    return _verdict(samples, twice)


def _verdict(samples: list[Sample], twice: list[str]) -> int:
    ended = sum(sample.ended for sample in samples)
    wrong = [sample.name for sample in samples if not sample.as_expected]
    print()
    for name in wrong:
        print(f"not as expected: {name}")
    for number in twice:
        print(f"assigned twice: {number}")
    print(f"demo: {len(samples)} requests, {ended} ended, {len(samples) - ended} lost")
    return 1 if wrong or twice else 0


if __name__ == "__main__":
    sys.exit(main())
