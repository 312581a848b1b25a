"""One call to Graph: in its turn, with a token, within its time, answered by a value; the only module that sends.

Nothing here raises for what Graph says or fails to say, and no call lasts longer than its limits, however silent Graph
or the identity endpoint is.
"""

import json
import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests
from azure.core.credentials import TokenCredential
from urllib3.exceptions import HTTPError, NewConnectionError

from teams_numbers import answers, failures, log
from teams_numbers.answers import Denied, Refused, Throttled, Unclear, Unjudged
from teams_numbers.clock import Clock
from teams_numbers.faults import Faults
from teams_numbers.identity import NoTokenError, TokenSource
from teams_numbers.limits import Limits
from teams_numbers.pace import LONGEST_WAIT, Pace
from teams_numbers.reply import Reply, parse
from teams_numbers.settings import Settings

#: How large an answer may be, in bytes: a page of 1,000 numbers is about 0.9 MB.
BODY_BYTES, LIST_BYTES = 1024 * 1024, 8 * 1024 * 1024

_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of Graph.

    Attributes:
        method: GET or POST.
        path: below the endpoint, encoded, with its query.
        body: a POST's.
        most_bytes: how large the answer may be.
        wordless: client errors that judge this call even without a readable reason.
        forbidden: what a 403 means for this call; None: what the catalogue says.
        expires: it is not sent after this moment.
    """

    method: str
    path: str
    body: Mapping[str, str] | None = None
    most_bytes: int = BODY_BYTES
    wordless: Collection[int] = ()
    forbidden: failures.Failure | None = None
    expires: datetime | None = None


class Calls:
    """Sends a process's calls; safe to use from many threads.

    Args:
        settings: the endpoint and the pace.
        make_credential: makes the identity; called again after a 401.
        session: sends each call once: what is repeated is decided here.
        clock: tells the time.
        limits: how long a call may take.
    """

    def __init__(
        self,
        settings: Settings,
        make_credential: Callable[[], TokenCredential],
        session: requests.Session,
        clock: Clock,
        limits: Limits,
    ) -> None:
        url = urlsplit(settings.graph_endpoint)
        self._endpoint = settings.graph_endpoint
        self._session = session
        self._clock = clock
        self._limits = limits
        self._tokens = TokenSource(f"{url.scheme}://{url.netloc}/.default", make_credential, clock)
        # Graph counts reads and writes each: https://learn.microsoft.com/graph/throttling-limits
        self._paces = {
            method: Pace(settings.graph_requests_per_second, settings.max_poll_seconds, clock)
            for method in ("GET", "POST")
        }
        self._faults = Faults(clock)

    @property
    def closed_for(self) -> float:
        """How long nothing will be read, in seconds, where that is longer than a call waits for its turn; else 0."""
        closed = self._paces["GET"].closed_for
        return closed if closed > LONGEST_WAIT else 0.0

    def deadline(self) -> float:
        """Return when a call that begins now ends at the latest, in the clock's monotonic seconds."""
        return self._clock.monotonic() + self._limits.call

    def send(self, call: Call, ends: float) -> Reply | Refused | Unjudged:
        """Send one call; after a 401 once more with a new token, a GET once more after a broken connection.

        Args:
            call: what is asked.
            ends: when to have an answer, as `deadline` returns it.
        """
        renewed = repeated = False
        while True:
            answer, token = self._attempt(call, ends, renewed=renewed)
            if answer.status == requests.codes.unauthorized and not renewed and self._tokens.renew(token):
                renewed = True
            elif call.method == "GET" and _broken(answer) and not repeated:
                repeated = True
            else:
                break
        if isinstance(answer, Denied):
            self._faults.report(answer.failure, answer.status, answer.graph_request_id)
        return answer

    def _attempt(self, call: Call, ends: float, *, renewed: bool) -> tuple[Reply | Refused | Unjudged, str]:
        """Wait for the call's turn and a token and send it, if all that fits; return the answer and the token."""
        too_late = Unclear("no time left", sent=False)
        patience = self._limits.patience(ends - self._clock.monotonic(), renewed=renewed)
        if patience < 0:
            return too_late, ""
        if closed := self._paces[call.method].enter(patience):
            return Throttled(closed, sent=False), ""
        try:
            token = self._tokens.get()
        except NoTokenError as error:
            return Denied(None, failures.NO_TOKEN, str(error), None), ""
        if call.expires is not None and self._clock.now() > call.expires:
            return Unclear(answers.EXPIRED, sent=False), token
        left = ends - self._clock.monotonic()
        return (self._once(call, token, left) if left >= self._limits.sending else too_late), token

    def _once(self, call: Call, token: str, left: float) -> Reply | Refused | Unjudged:
        """Send one call within the seconds that are left."""
        silence = self._limits.silence_within(left)
        body_ends = self._clock.monotonic() + left - silence
        trace = {"method": call.method, "client_request_id": str(uuid.uuid4())}
        content, headers = _content(call, token, trace["client_request_id"])
        try:
            with self._session.request(
                call.method,
                self._endpoint + call.path,
                data=content,
                headers=headers,
                timeout=(self._limits.connect, silence),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._read(response, call.most_bytes, body_ends)
                reply = Reply(response.status_code, response.headers, parse(body))
        except (HTTPError, OSError) as error:  # all of requests' own are an OSError
            reason = type(error).__name__
            log.emit("graph.unclear", logging.WARNING, reason=reason, **trace)
            return Unclear(reason, sent=not _never_connected(error))
        answer = answers.judge(reply, self._clock.now(), wordless=call.wordless, forbidden=call.forbidden)
        self._note(answer, reply, trace)
        return answer

    def _note(self, answer: Reply | Refused | Unjudged, reply: Reply, trace: dict[str, str]) -> None:
        """Let the paces learn from an answer, and log the one that says nothing."""
        pace = self._paces[trace["method"]]
        trace |= {"status": str(reply.status), "graph_request_id": reply.graph_request_id or ""}
        if not isinstance(answer, Throttled):
            pace.passed()
            if isinstance(answer, Unclear):
                log.emit("graph.unclear", logging.WARNING, reason=answer.reason, **trace)
            return
        pace.throttled(answer.retry_after)
        for each in self._paces.values():  # Graph counts them apart, but until then nothing is sent at all
            each.close(pace.closed_for)
        if reply.status == requests.codes.service_unavailable:
            self._session.close()  # Graph's guidance: retry a 503 on a new connection
        log.emit("graph.throttled", logging.WARNING, retry_after_seconds=answer.retry_after, **trace)

    def _read(self, response: requests.Response, most_bytes: int, ends: float) -> bytes | None:
        """Return the body, or None where it is cut off, too long, or not there in time."""
        body = bytearray()
        try:
            while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
                body += chunk
                if len(body) > most_bytes or self._clock.monotonic() > ends:
                    return None
        except HTTPError:
            return None
        return bytes(body)


def _content(call: Call, token: str, client_request_id: str) -> tuple[bytes, dict[str, str]]:
    """Return what is sent: the body and all headers."""
    headers = {
        "Accept": "application/json",
        "Authorization": f"Bearer {token}",
        "client-request-id": client_request_id,
    }
    if call.body is None:
        # Without it Graph hides newer words, such as an operation's `skipped`, behind unknownFutureValue:
        # https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
        return b"", headers | {"Prefer": "include-unknown-enum-members"}
    content = json.dumps(dict(call.body)).encode()
    return content, headers | {"Content-Type": "application/json", "Content-Length": str(len(content))}


def _broken(answer: Reply | Refused | Unjudged) -> bool:
    """Say whether the connection broke, as one does that Graph closed while it was idle; a silence is no such thing."""
    return isinstance(answer, Unclear) and answer.reason == requests.ConnectionError.__name__


def _never_connected(error: Exception) -> bool:
    """Say whether the call failed before anything was sent."""
    # In a function of its own: kept in the caller's frame, the cause would keep that frame and its socket.
    cause = error.args[0] if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)
