"""One HTTP exchange as values, whatever carries it: a server on a socket, or an adapter in the same process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What the transport does to an exchange, besides carrying it."""

    UNREACHABLE = "unreachable"  #: no connection comes about; a server, which cannot do that, resets it
    RESET_BEFORE = "reset_before"  #: the connection is reset, and nothing happened
    RESET_AFTER = "reset_after"  #: the call is carried out, then the connection is reset without an answer
    HANG = "hang"  #: no answer comes until the client gives up
    TRUNCATED = "truncated"  #: half of the body comes, then the connection ends


@dataclass(frozen=True, slots=True)
class Call:
    """What a client sent.

    Attributes:
        method: GET, POST, …
        target: path and query, still encoded, as in the request line.
        headers: by lower-case name, or any mapping that ignores case.
        body: as it came.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, still encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        """The query, still encoded; empty where there is none."""
        return urlsplit(self.target).query


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; with a fault, what the client would have been answered.

    Attributes:
        status: HTTP's.
        headers: all but Content-Length and Date.
        body: the whole body, also where it is to be truncated.
        delay_seconds: how long the answer takes.
        fault: what the transport does instead of carrying it well.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    delay_seconds: float = 0.0
    fault: Fault | None = None
