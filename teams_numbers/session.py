"""A session that sends calls as they were made, and nothing that nobody asked for."""

import os
from typing import TYPE_CHECKING, Any

import requests
from requests.structures import CaseInsensitiveDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import Retry


class PlainSession(requests.Session):
    """Sends calls without cookies, netrc, proxies or default headers, and follows no redirect; for many threads.

    What a session merges into each call by default is a fifth of the CPU that a call costs (docs/performance.md), and
    none of it belongs to a call with a token. Of the environment only the CA bundle counts, read once.

    Args:
        connections: how many are kept open to one host; at least the threads that use the session.
        retries: urllib3's.
    """

    def __init__(self, connections: int, retries: "Retry") -> None:
        super().__init__()
        self.trust_env = False
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=connections, max_retries=retries)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Take method, URL (encoded already), headers and body (with its Content-Length) over as they are."""
        call = requests.PreparedRequest()
        call.method, call.url, call.headers = request.method, request.url, CaseInsensitiveDict(request.headers)
        call.body = request.data or None
        return call

    def merge_environment_settings(
        self,
        url: str | bytes | None,  # noqa: ARG002 - the base class hands it over
        proxies: "Mapping[str, str] | None",  # noqa: ARG002 - as above
        stream: bool | None,
        verify: bool | str | None,
        cert: str | tuple[str, str] | None,
    ) -> Any:  # noqa: ANN401 - the base class's type is private
        """Ask the environment nothing."""
        return {"stream": stream, "verify": self.verify if verify in {None, True} else verify, "cert": cert}

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # noqa: ANN401 - requests'
        """Send one call and return its answer; with `stream`, its body is unread."""
        options.pop("allow_redirects", None)
        response = self.get_adapter(request.url or "").send(request, **options)
        if not options["stream"]:
            response.content  # noqa: B018 - reads the body
        return response
