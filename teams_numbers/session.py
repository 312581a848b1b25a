"""A session that sends calls as they were made, and nothing that nobody asked for."""

import os
import threading
from collections.abc import Mapping
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ProtocolError

#: Options that azure-core names with every call, and the values at which they ask for nothing: the certificate is
#: always checked, no redirect is followed, there is no proxy.
_IDLE: Final[dict[str, tuple[object, ...]]] = {
    "allow_redirects": (False,),
    "cert": (None,),
    "files": (None,),
    "proxies": (None, {}),
    "verify": (None, True),
}


class PlainSession(requests.Session):
    """Sends each call once, without cookies, netrc, proxies or default headers; follows no redirect; for many threads.

    What requests works out anew for each call by default is a fourth of the CPU that a call costs
    (docs/performance.md), and none of it belongs to a call with a token. Of the environment only the CA bundle counts,
    read once.

    Args:
        connections: how many are kept open to one host; at least the threads that use the session.
    """

    def __init__(self, connections: int) -> None:
        super().__init__()
        self.trust_env = False
        self._bundle = os.environ.get("REQUESTS_CA_BUNDLE") or True
        adapter = _PlainAdapter(connections)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(  # type: ignore[override] # fewer options than the base class takes
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
        data: bytes | str | None = None,
        stream: bool = False,
        **more: object,
    ) -> requests.Response:
        """Send one call and return its answer; a redirect is an answer.

        Args:
            method: HTTP's.
            url: encoded already.
            headers: all that are sent, the body's Content-Length among them.
            timeout: to connect and to read, in seconds.
            data: the body.
            stream: leave the answer's body unread.
            more: what a client library names besides, each at the value that asks for nothing more.

        Raises:
            requests.RequestException: there was no answer; its text names the host, never the path or the query.
            TypeError: an option asks for what this session does not do.
        """
        if unknown := [name for name, value in more.items() if name not in _IDLE or value not in _IDLE[name]]:
            message = f"this session does not understand: {', '.join(unknown)}"
            raise TypeError(message)
        call = requests.PreparedRequest()
        call.method, call.url, call.headers, call.body = method, url, CaseInsensitiveDict(headers), data or None
        try:
            response = self.get_adapter(url).send(call, stream=stream, timeout=timeout, verify=self._bundle)
        except requests.ConnectionError as error:
            # Without the address: its query may hold a signature, and the host logs what a function raises.
            raise type(error)(*(getattr(cause, "reason", cause) for cause in error.args)) from None
        if response.status_code < requests.codes.ok:  # the answer itself comes later: the next call would take it
            response.raw.close()
            raise requests.ConnectionError(ProtocolError())
        if not stream:
            response.content  # noqa: B018 - reads the body
        return response


class _PlainAdapter(HTTPAdapter):
    """Works out the TLS settings once for each origin, and looks for no cookies in answers."""

    def __init__(self, connections: int) -> None:
        # By default nothing is repeated: that is decided by the Graph client, or by the client library of the queues.
        super().__init__(pool_maxsize=connections)
        self._pools: dict[str, Any] = {}
        self._lock = threading.Lock()

    def get_connection_with_tls_context(self, request: requests.PreparedRequest, *tls: Any, **more: Any) -> Any:  # noqa: ANN401 - handed on
        """Return the pool of connections to a call's origin."""
        origin = "/".join((request.url or "").split("/", 3)[:3])
        if (known := self._pools.get(origin)) is not None:
            return known
        with self._lock:  # so that no pool is remembered that `close` has just closed
            pool = self._pools[origin] = super().get_connection_with_tls_context(request, *tls, **more)
        return pool

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        """Return an answer, its body unread."""
        response = requests.Response()
        response.status_code, response.reason, response.url = resp.status, resp.reason or "", req.url or ""
        response.headers = resp.headers  # type: ignore[assignment] # as case-insensitive as requests' own
        response.raw, response.request, response.connection = resp, req, self
        return response

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            super().close()
            self._pools.clear()
