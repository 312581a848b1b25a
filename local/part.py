"""One process of the local stack: start it and wait until it is ready, signal it, stop it."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS, _STOP_SECONDS = 60, 30


class StackError(Exception):
    """A part of the stack did not start, or ended by itself."""


class Part:
    """One process of the stack.

    Args:
        name: what messages call it.
        command: what to run.
        ready: a regular expression; the part is up when a line of its output matches.
        log: the file its output goes to; a restart appends.
        environment: its environment variables.
    """

    def __init__(self, name: str, command: list[str], ready: str, log: Path, environment: dict[str, str]) -> None:
        self.name = name
        self.log = log
        self.ready_line = ""
        self._command = command
        self._ready = re.compile(ready, re.MULTILINE)
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's id; 0 while it does not run."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start the process and wait until it is ready.

        Raises:
            StackError: it ended first, or took more than a minute.
        """
        self.log.touch()
        before = self.log.stat().st_size
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        ends = time.monotonic() + _START_SECONDS
        while not (match := self._ready.search(said := self.log.read_bytes()[before:].decode(errors="replace"))):
            if not self.running or time.monotonic() > ends:
                self.stop()
                message = f"{self.name} did not start:\n{said[-2000:]}"
                raise StackError(message)
            time.sleep(0.02)
        self.ready_line = match[0]
        return self

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        if self._process and self.running:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> int | None:
        """Return the process's exit code, or None if it still runs after so many seconds."""
        try:
            return self._process.wait(seconds) if self._process else None
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """End the process: politely first."""
        self.signal(signal.SIGTERM)
        if self.wait(_STOP_SECONDS) is None:
            self.signal(signal.SIGKILL)
            self.wait(_STOP_SECONDS)


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
