"""A small server on loopback that says what it is told, and the interpreter's audit of where this process connects."""

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered, byte by byte as given: header values may be hostile."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Listener:
    """Answers every call on a free port; a context manager.

    Args:
        answer: is told method and path.

    Attributes:
        calls: method and path of each call.
        tokens: how many of them bore an Authorization header.
    """

    answer: Callable[[str, str], Answer]
    calls: list[str] = field(default_factory=list)
    tokens: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        assert self._server
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65_537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                owner.calls.append(f"{self.command} {self.path}")
                owner.tokens += "Authorization" in self.headers
                said = owner.answer(self.command, self.path)
                headers = {**said.headers, "Content-Length": str(len(said.body)), "Connection": "close"}
                head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                self.wfile.write(f"HTTP/1.1 {said.status} -\r\n{head}\r\n".encode() + said.body)
                self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()


_watchers: list[Callable[[str], object]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watchers and event in {"socket.connect", "socket.getaddrinfo"}:
        host, port = arguments[1][:2] if event == "socket.connect" else arguments[:2]
        for watcher in _watchers:
            watcher(f"{host}:{port}")


@functools.cache
def _begin_audit() -> None:
    """Begin once, for good: the interpreter knows no way to take an audit hook back."""
    sys.addaudithook(_audit)


@contextmanager
def connections() -> Iterator[list[str]]:
    """Note every name that this process looks up and every address that it connects to, as `host:port`."""
    _begin_audit()
    seen: list[str] = []
    _watchers.append(seen.append)
    try:
        yield seen
    finally:
        _watchers.remove(seen.append)
