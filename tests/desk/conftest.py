"""A queue service, and the desk as a process of its own."""

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from azure.storage.queue import QueueClient, QueueServiceClient

from assign_number.request import Envelope, read
from local.stack import AZURITE, ROOT, Part, free_port
from teams_numbers.contracts import NumberRequest, Outcome
from teams_numbers.events import CompletionEvent, event_of
from teams_numbers.work_item import Problem, Verdict, WorkItem
from tests.values import USER

_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
NAMES = {"REQUESTS_QUEUE": "number-requests", "OPERATIONS_QUEUE": "pending-operations", "EVENTS_QUEUE": "number-events"}
HEADER = "telephoneNumber,assignmentTargetId,numberType,context.employeeId"


def connection(port: int, key: str = _KEY) -> str:
    """Return an Azurite's connection string."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={key};"
        f"QueueEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
    )


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    error: str


@dataclass
class Desk:
    """The desk's commands, each run as a process in a folder of its own, and the queues they act on."""

    folder: Path
    service: QueueServiceClient
    environment: dict[str, str]
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)

    def run(
        self, *words: str, typed: str = "", environment: dict[str, str] | None = None, seconds: float = 100
    ) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "desk", *words],
            cwd=self.folder,
            env=self.environment | (environment or {}),
            input=typed,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> "Running":
        """Start a command that goes on."""
        return Running(
            subprocess.Popen(
                [sys.executable, "-m", "desk", *words],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )

    def file(self, *lines: str, name: str = "requests.csv", header: str = HEADER) -> Path:
        """Write a file of requests."""
        path = self.folder / name
        path.write_text("\r\n".join((header, *lines, "")), encoding="utf-8", newline="")
        return path

    def queue(self, name: str) -> QueueClient:
        return self.service.get_queue_client(name)

    def texts(self, name: str) -> list[str]:
        """Take every message off a queue."""
        return [message["content"] for message in self.queue(name).receive_messages(visibility_timeout=60)]

    def put(self, name: str, text: str) -> None:
        self.queue(name).send_message(text, time_to_live=-1)

    def results(self, name: str = "results.csv") -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


class Running:
    """A command that goes on until it is stopped."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self, text: str) -> None:
        """Wait until the command writes a line with this text."""
        assert self.process.stdout
        assert any(text in line for line in self.process.stdout), f"it ended without saying {text!r}"

    def stop(self, number: signal.Signals = signal.SIGINT) -> Done:
        self.process.send_signal(number)
        out, error = self.process.communicate(timeout=30)
        return Done(self.process.returncode, out, error)


def row(number: int = 0, employee: str = "00417") -> str:
    """Return a good line of a file."""
    return f"+1206555{number:04},{USER},callingPlan,{employee}"


def ended(request: NumberRequest, outcome: Outcome = Outcome.SUCCEEDED, **about: Any) -> CompletionEvent:
    """Return the event that the app would send."""
    known = {name: about.pop(name) for name in ("received_at",) if name in about}
    item = WorkItem(request=request, **{"received_at": datetime.now(UTC)} | known)
    verdict = Verdict(outcome=outcome, completed_at=datetime.now(UTC), problem=about.pop("error", None), **about)
    return event_of(item, verdict, "/teams/number-assignments")


def taken_problem() -> Problem:
    """Return an error with a text that would harm a spreadsheet and a terminal."""
    return Problem(
        code="numberTaken", message="=1+1 [red]\x1b[31m+12065550177 is taken", advice="Choose another number."
    )


class Answering:
    """Stands for the app: takes requests, sends each one's event; a context manager that ends its own thread."""

    def __init__(self, desk: Desk, answer: Callable[[NumberRequest], CompletionEvent | None]) -> None:
        self._desk = desk
        self._answer = answer
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        requests, events = (self._desk.queue(NAMES[name]) for name in ("REQUESTS_QUEUE", "EVENTS_QUEUE"))
        while not self._over.is_set():
            batch = next(requests.receive_messages(messages_per_page=32, visibility_timeout=60).by_page(), ())
            empty = True
            for message in batch:
                empty = False
                request = read(Envelope(message["content"], message["id"], 1, message["inserted_on"]))
                assert isinstance(request, NumberRequest)
                event = self._answer(request)
                if event:
                    events.send_message(event.to_text(), time_to_live=-1)
                requests.delete_message(message["id"], message["pop_receipt"])
            if empty:
                self._over.wait(0.05)


def until(fulfilled: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < ends, "the condition was not fulfilled in time"
        time.sleep(0.05)


def clean_environment() -> dict[str, str]:
    """Return this process's environment without proxies, page size and app settings; the project is on the path."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.lower().endswith("_proxy")
        and not key.startswith(("NumbersStorage", "AZURE_"))
        and key not in {*NAMES, "COLUMNS", "LINES"}
    }
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.fixture(scope="session")
def queue_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    folder = tmp_path_factory.mktemp("azurite")
    command = ["node", str(AZURITE), "--queueHost", "127.0.0.1", "--queuePort", str(port), "--inMemoryPersistence"]
    command += ["--skipApiVersionCheck", "--disableTelemetry"]
    part = Part("Azurite", command, "successfully listen", folder / "azurite.log", dict(os.environ))
    part.start()
    try:
        yield port
    finally:
        part.stop()


@pytest.fixture
def desk(queue_port: int, tmp_path: Path) -> Iterator[Desk]:
    with QueueServiceClient.from_connection_string(connection(queue_port)) as service:
        for queue in list(service.list_queues()):
            service.delete_queue(queue["name"])
        for name in NAMES.values():
            service.create_queue(name)
        yield Desk(tmp_path, service, clean_environment() | {"NumbersStorage": connection(queue_port)})
