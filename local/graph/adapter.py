"""The emulator in the same process, behind requests: no socket, and time may be simulated.

>>> session.mount("https://graph.example", Adapter(emulator, wait=clock.advance))
"""

from collections.abc import Callable, Mapping
from http.client import RemoteDisconnected
from io import BytesIO
from typing import override
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from local.graph.call import Call, Fault, Reply
from local.graph.emulator import Emulator


class Adapter(HTTPAdapter):
    """Carries a session's calls to an emulator and its faults back as the exceptions that requests raises for them.

    One call at a time, like the emulator itself.

    Args:
        emulator: answers; its origins hold the one that the adapter is mounted for.
        wait: is told how many seconds pass while an answer takes its time, or never comes.
    """

    def __init__(self, emulator: Emulator, wait: Callable[[float], None]) -> None:
        super().__init__()
        self._emulator = emulator
        self._wait = wait

    @override
    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return the emulator's answer.

        Raises:
            requests.ConnectTimeout: no connection came about.
            requests.ReadTimeout: no answer came in time.
            requests.ConnectionError: the connection was reset.
        """
        del verify, cert, proxies  # there is no connection
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        reply = self._emulator.answer(_call(request))
        match reply.fault:
            case Fault.UNREACHABLE:
                self._wait(connect or 0.0)
                raise requests.ConnectTimeout(request=request)
            case Fault.HANG:
                self._wait(read or 0.0)
                raise requests.ReadTimeout(request=request)
            case Fault.RESET_BEFORE | Fault.RESET_AFTER:
                cause = RemoteDisconnected("Remote end closed connection without response")
                raise requests.ConnectionError(ProtocolError("Connection aborted.", cause), request=request)
        self._wait(reply.delay_seconds)
        response = self.build_response(request, _raw(reply, request.method))
        if not stream:
            response.content  # noqa: B018 - reads it, as requests does
        return response


def _call(request: requests.PreparedRequest) -> Call:
    url = urlsplit(request.url or "")
    body = request.body or b""
    request.headers.setdefault("Host", url.netloc)
    target = url.path + (f"?{url.query}" if url.query else "")
    return Call(request.method or "GET", target, request.headers, body.encode() if isinstance(body, str) else body)


def _raw(reply: Reply, method: str | None) -> HTTPResponse:
    sent = reply.body[: len(reply.body) // 2] if reply.fault is Fault.TRUNCATED else reply.body
    return HTTPResponse(
        body=BytesIO(sent),
        headers={**reply.headers, "Content-Length": str(len(reply.body))},
        status=reply.status,
        preload_content=False,
        enforce_content_length=True,
        request_method=method,
    )
