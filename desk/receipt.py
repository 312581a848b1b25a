"""What the desk keeps on disk while it works, written before it is relied on: what was put, the events it has seen."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import ValidationError

from desk.errors import FILE, DeskError
from teams_numbers.events import CompletionEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """One message that the account has stored.

    Attributes:
        line: the request's line in the file.
        requestId: the request's id.
        account: the account's address.
        queue: the queue's name.
        messageId: the queue service's name for the message.
        insertedAt: when it was stored, by the service's clock, ISO 8601.
    """

    line: int
    requestId: str  # noqa: N815 - the columns' names are the contract's
    account: str
    queue: str
    messageId: str  # noqa: N815
    insertedAt: str  # noqa: N815


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: events and messages hold telephone numbers."""
    return os.open(path, flags, 0o600)


class Appended:
    """A text file that grows by whole lines, each on the disk before `write` returns; its owner's alone.

    Args:
        path: the file; made when the first line comes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def open(self) -> None:
        """Make sure that the file can be written; after a line cut short by a crash, start a new one.

        Raises:
            DeskError: it cannot be written.
        """
        if self._file is None:
            with self._told():
                cut = self.path.exists() and self.path.read_bytes()[-1:] not in {b"", b"\n"}
                self._file = open(self.path, "a", encoding="utf-8", newline="", opener=_private)  # noqa: SIM115 - closed on exit
            if cut:
                self.write("\n")

    def write(self, text: str) -> None:
        """Append a text that ends with a line feed.

        Raises:
            DeskError: the file cannot be written.
        """
        self.open()
        with self._told():
            if self._file:
                self._file.write(text)
                self._file.flush()
                os.fsync(self._file.fileno())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"{self.path}: cannot be written ({error.strerror}); nothing more is done"
            raise DeskError(message, FILE) from None


class Receipt(Appended):
    """What was put, one CSV line for each message; holds no telephone number."""

    def add(self, entry: Entry) -> None:
        """Note a message."""
        self.open()
        if not self.path.stat().st_size:
            self.write(",".join(field.name for field in fields(Entry)) + "\r\n")
        self.write(",".join(str(value) for value in astuple(entry)) + "\r\n")

    def read(self, account: str, queue: str) -> dict[str, datetime]:
        """Return when each request was last put on this queue, by its id; a line cut short by a crash is left out.

        Raises:
            DeskError: the file is something else.
        """
        found: dict[str, datetime] = {}
        if not self.path.is_file():
            return found
        with self.path.open(encoding="utf-8", errors="replace", newline="") as file:
            lines = csv.DictReader(file)
            if lines.fieldnames is not None and lines.fieldnames != [field.name for field in fields(Entry)]:
                message = f"{self.path}: is no receipt of the desk's; name another file with --receipt"
                raise DeskError(message)
            for line in lines:
                if (line["account"], line["queue"]) == (account, queue):
                    with suppress(ValueError, TypeError):
                        when = datetime.fromisoformat(line["insertedAt"])
                        found |= {line["requestId"]: when} if when.tzinfo else {}
        return found


class Journal(Appended):
    """The events that the desk has seen of its own requests, one JSON line each, as they came."""

    def add(self, event: CompletionEvent) -> None:
        """Note an event."""
        self.write(event.to_text() + "\n")

    def read(self) -> list[CompletionEvent]:
        """Return the events; a line cut short by a crash is left out."""
        events = []
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    events.append(CompletionEvent.model_validate_json(line))
                except ValidationError:
                    continue
        return events
