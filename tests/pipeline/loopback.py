"""A Graph on loopback that says whatever a test wants, byte by byte, or nothing; and a client for it."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from azure.core.credentials import AccessToken

from teams_numbers.clock import Clock, SystemClock
from teams_numbers.graph import Graph
from teams_numbers.limits import Limits
from teams_numbers.session import PlainSession
from tests.values import settings

NUMBERS = "/v1.0/admin/teams/telephoneNumberManagement/numberAssignments"
OPERATION = "/v1.0/admin/teams/telephoneNumberManagement/operations('QXNz')"
#: Steps of an answer besides bytes to send and seconds to wait: end the connection, abort it.
CLOSE, RESET = "close", "reset"
#: Longer than any test is patient.
FOREVER = 3600.0

type Steps = Iterable[bytes | float | str]


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came, and from which port."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int


def answer(status: int, body: Any = b"", **headers: str) -> list[bytes]:
    """Return an ordinary answer; a body that is no bytes is sent as JSON, `_` in a header's name is a dash."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return [f"HTTP/1.1 {status} -\r\n{head}\r\n".encode("latin-1") + content]


def said(message: str) -> dict[str, Any]:
    """Return a Graph error."""
    return {"error": {"code": "BadRequest", "message": message}}


class Script:
    """Answers one request after the other; the last answer stays."""

    def __init__(self, *answers: Steps) -> None:
        self._answers = list(answers)

    def __call__(self, _: Heard) -> Steps:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@dataclass
class Loopback:
    """Listens on a free port and answers as it is told; a context manager.

    Args:
        say: is told each request and returns the steps of its answer.

    Attributes:
        heard: every request, in order.
        connections: how many were accepted.
    """

    say: Callable[[Heard], Steps]
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, (_, port) = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, port), daemon=True).start()

    def _serve(self, connection: socket.socket, port: int) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while (heard := _request(stream, port)) is not None:
                    self.heard.append(heard)
                    if not self._act(connection, self.say(heard)):
                        return
        except OSError:  # the client went, or the test is over
            return

    def _act(self, connection: socket.socket, steps: Steps) -> bool:
        """Answer one request; return whether the connection stays open."""
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(step)
            elif isinstance(step, float):
                if self._over.wait(step):
                    return False
            elif step == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            else:
                return False
        return True


class Tokens:
    """Makes credentials, each with a token of its own: `token-1`, then `token-2`.

    Attributes:
        made: how many credentials.
        asked: how often one was asked for its token.
    """

    def __init__(self) -> None:
        self.made = self.asked = 0
        self._names = count(1)

    def __call__(self) -> Any:
        self.made += 1
        return _Credential(self, f"token-{next(self._names)}")


@dataclass(frozen=True, slots=True)
class _Credential:
    tokens: Tokens
    token: str

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        self.tokens.asked += 1
        return AccessToken(self.token, 2**40)


def client(
    url: str, *, limits: Limits | None = None, tokens: Any = None, clock: Clock | None = None, **app: Any
) -> Graph:
    """Return the app's client for a Graph at an address."""
    chosen = settings(GRAPH_ENDPOINT=f"{url}/v1.0", **{"GRAPH_REQUESTS_PER_SECOND": 10_000} | app)
    return Graph(chosen, tokens or Tokens(), PlainSession(32), clock or SystemClock(), limits)


def _request(stream: Any, port: int) -> Heard | None:
    line = stream.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Heard(method, path, headers, stream.read(int(headers.get("content-length", 0))), port)
