"""Azurite and the host as processes whose lines can be waited for."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from azure.storage.queue import QueueClient

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"
# What a developer's shell may have set must not reach the apps under test.
_CLEAN = {name: value for name, value in os.environ.items() if not name.lower().startswith(("azure", "local_host"))}


def until[T](what: str, found: Callable[[], T], seconds: float = 30) -> T:
    """Return the first true thing found, or fail naming what was waited for."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            message = f"waited {seconds:g} s in vain for {what}"
            raise AssertionError(message)
        time.sleep(0.02)
    return result


class Lines:
    """A process and the lines it has written, stdout and stderr together."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_CLEAN | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def containing(self, text: str) -> list[str]:
        return [line for line in self.lines if text in line]

    def wait_for(self, text: str) -> str:
        try:
            return until(f"the line {text!r}", lambda: self.containing(text))[0]
        except AssertionError as error:
            error.add_note("\n".join(self.lines))
            raise

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(30)
        self._reader.join(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code


class Azurite(Lines):
    """The queue service, in memory, on a port of its own choice or a given one; keeps its access log."""

    def __init__(self, port: int = 0, *more: str) -> None:
        node = shutil.which("node") or "node"
        script = ROOT / "local/node_modules/.bin/azurite-queue"
        options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
        super().__init__([node, str(script), "--queuePort", str(port), *options, *more])
        line = self.wait_for("successfully listens on")
        self.port = int(line.rpartition(":")[2])
        self.connection = (
            # The account and key that every storage emulator has: published, no secret.
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"
            f"SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;QueueEndpoint=http://127.0.0.1:{self.port}/devstoreaccount1"
        )

    def requests(self, queue: str) -> list[str]:
        """Return the requests on a queue so far: `GET messages?numofmessages=16…`."""
        pattern = re.compile(rf'"(\w+) /devstoreaccount1/{queue}/(\S*) HTTP')
        return [f"{match[1]} {match[2]}" for line in self.lines if (match := pattern.search(line))]


class Host(Lines):
    """`python -m local.host` on one of the sample apps."""

    def __init__(self, app: str, environment: Mapping[str, str], *arguments: str) -> None:
        command = [sys.executable, "-m", "local.host", "--app", str(APPS / app), *arguments]
        super().__init__(command, environment)

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return what the app has written down under a name."""
        records = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [record for record in records if record["event"] == name]

    def wait_for_events(self, name: str, count: int) -> list[dict[str, Any]]:
        def enough() -> list[dict[str, Any]]:
            found = self.events(name)
            return found if len(found) >= count else []

        try:
            return until(f"{count} x {name}", enough)
        except AssertionError as error:
            error.add_note("\n".join(self.lines))
            raise


@dataclass(frozen=True, slots=True)
class Stand:
    """A queue of its own, and hosts that listen on it."""

    azurite: Azurite
    queue: QueueClient
    poison: QueueClient
    start: Callable[..., Host]

    def empty(self) -> bool:
        return self.queue.get_queue_properties().approximate_message_count == 0

    def requests(self) -> list[str]:
        return self.azurite.requests(self.queue.queue_name)
