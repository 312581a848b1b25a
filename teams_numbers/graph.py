"""The only module that talks to Graph: token, pace, origin guard, answers as values.

Nothing here raises for what Graph says or fails to say: every call returns one of the values of `answers`.
"""

import json
import logging
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from teams_numbers import answers, failures, log, origin
from teams_numbers.answers import Accepted, Denied, Listing, Operation, Refused, Reply, Throttled, Unclear, Unjudged
from teams_numbers.identity import NoTokenError, TokenSource
from teams_numbers.pace import LONGEST_WAIT, Pace
from teams_numbers.session import PlainSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.credentials import TokenCredential

    from teams_numbers.clock import Clock
    from teams_numbers.messages import AssignmentRequest
    from teams_numbers.settings import Settings

_NUMBERS = f"{origin.MANAGEMENT}/numberAssignments"
_CONNECT_SECONDS, _READ_SECONDS, _BODY_SECONDS = 5.0, 20.0, 30.0
_BODY_BYTES, _CHUNK_BYTES = 1024 * 1024, 64 * 1024
_FAULT_LOG_SECONDS = 60.0


def make_session(threads: int) -> requests.Session:
    """Return a session for so many threads, with retries for GET and only there, and for no answer whatever it says."""
    retries = Retry(
        total=2,
        status=0,
        redirect=0,
        other=0,
        allowed_methods={"GET"},
        backoff_factor=0.2,
        respect_retry_after_header=False,  # a 429 is an answer: its Retry-After closes the gate, not one thread
    )
    return PlainSession(threads, retries)


class Graph:
    """Microsoft Graph's Teams number API, as far as this app uses it; one per process, safe to use from many threads.

    Args:
        settings: the endpoint and the pace.
        make_credential: makes the identity; called again after a 401.
        session: carries the calls.
        clock: tells the time.
    """

    def __init__(
        self,
        settings: "Settings",
        make_credential: "Callable[[], TokenCredential]",
        session: requests.Session,
        clock: "Clock",
    ) -> None:
        self._endpoint = settings.graph_endpoint
        self._session = session
        self._clock = clock
        # Graph counts reads and writes each: https://learn.microsoft.com/graph/throttling-limits
        self._paces = {
            method: Pace(settings.graph_requests_per_second, settings.max_poll_seconds, clock)
            for method in ("GET", "POST")
        }
        self._tokens = TokenSource(f"{_origin(self._endpoint)}/.default", make_credential, clock)
        self._fault_logged = float("-inf")

    @property
    def closed_for(self) -> float:
        """How long nothing will be read, in seconds, where that is longer than a call waits for its turn; else 0."""
        closed = self._paces["GET"].closed_for
        return closed if closed > LONGEST_WAIT else 0.0

    def assign(self, request: "AssignmentRequest") -> Accepted | Refused | Unjudged:
        """Order the assignment: one POST, never repeated here."""
        body = {
            "telephoneNumber": request.telephone_number,
            "assignmentTargetId": request.assignment_target_id,
            "numberType": request.number_type,
            "assignmentCategory": request.assignment_category,
        }
        if request.location_id is not None:
            body["locationId"] = request.location_id
        reply = self._call("POST", f"{_NUMBERS}/assignNumber", body)
        if not isinstance(reply, Reply):
            return reply
        return answers.accepted(reply, self.operation_url(reply.headers.get("Location", "")))

    def operation(self, url: str) -> Operation | Refused | Unjudged:
        """Ask how an order goes, at an address that `operation_url` returned."""
        reply = self._call("GET", url.removeprefix(self._endpoint))
        return answers.operation(reply) if isinstance(reply, Reply) else reply

    def numbers(self, telephone_number: str) -> Listing | Refused | Unjudged:
        """Read one number as the inventory has it; an empty listing where it is not in there."""
        query = quote(f"telephoneNumber eq '{telephone_number}'", safe="'")
        reply = self._call("GET", f"{_NUMBERS}?$filter={query}")
        return answers.listing(reply) if isinstance(reply, Reply) else reply

    def operation_url(self, location: str) -> str | None:
        """Return the operation's URL if `location` names one of this Graph, else None."""
        return origin.operation_url(location, self._endpoint)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply | Refused | Unjudged:
        """Send one call in its turn; after a 401 once more, with a new token."""
        answer: Reply | Refused | Unjudged = Throttled(None, sent=False)
        for last in (False, True):
            if closed := self._paces[method].enter():
                return Throttled(closed, sent=False)
            try:
                token = self._tokens.get()
            except NoTokenError as error:
                answer = Denied(None, failures.NO_TOKEN, str(error), None)
                break
            answer = self._send(method, path, body, token)
            if last or not (isinstance(answer, Denied) and answer.status == requests.codes.unauthorized):
                break
            self._tokens.renew(token)
        if isinstance(answer, Denied):
            self._report(answer)
        return answer

    def _send(self, method: str, path: str, body: dict[str, Any] | None, token: str) -> Reply | Refused | Unjudged:
        trace = {"method": method, "client_request_id": str(uuid.uuid4())}
        headers = {"Authorization": f"Bearer {token}", "client-request-id": trace["client_request_id"]}
        content = b""
        if body is not None:
            content = json.dumps(body).encode()
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        try:
            with self._session.request(
                method,
                self._endpoint + path,
                data=content,
                headers=headers | {"Accept": "application/json"},
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                reply = Reply(response.status_code, response.headers, answers.parse(self._read(response)))
        except (requests.RequestException, HTTPError, OSError) as error:
            answer: Reply | Refused | Unjudged = Unclear(type(error).__name__, sent=not _never_connected(error))
            log.emit("graph.unclear", logging.WARNING, reason=type(error).__name__, **trace)
            return answer
        answer = answers.judge(reply, self._clock.now())
        trace |= {"status": str(reply.status), "graph_request_id": reply.graph_request_id or ""}
        if isinstance(answer, Throttled):
            self._paces[method].throttled(answer.retry_after)
            for pace in self._paces.values():  # Graph counts them apart, but until then nothing is sent at all
                pace.close(self._paces[method].closed_for)
            if reply.status == requests.codes.service_unavailable:
                self._session.close()  # Graph's guidance: retry a 503 on a new connection
            log.emit("graph.throttled", logging.WARNING, retry_after_seconds=answer.retry_after, **trace)
        else:
            self._paces[method].passed()
            if isinstance(answer, Unclear):
                log.emit("graph.unclear", logging.WARNING, reason=answer.reason, **trace)
        return answer

    def _read(self, response: requests.Response) -> bytes | None:
        """Return the body, or None where it is cut off, longer than 1 MB, or drips for longer than half a minute."""
        body, ends = bytearray(), self._clock.monotonic() + _BODY_SECONDS
        try:
            while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
                body += chunk
                if len(body) > _BODY_BYTES or self._clock.monotonic() > ends:
                    return None
        except (HTTPError, OSError):
            return None
        return bytes(body)

    def _report(self, fault: Denied) -> None:
        """Log a configuration fault once a minute, not once a request."""
        if self._clock.monotonic() - self._fault_logged < _FAULT_LOG_SECONDS:
            return
        self._fault_logged = self._clock.monotonic()
        log.emit(
            "graph.configuration_fault",
            logging.ERROR,
            status=fault.status,
            code=fault.failure.code,
            advice=fault.failure.advice,
            graph_request_id=fault.graph_request_id,
        )


def _origin(endpoint: str) -> str:
    url = urlsplit(endpoint)
    return f"{url.scheme}://{url.netloc}"


def _never_connected(error: Exception) -> bool:
    """Say whether the call failed before anything was sent."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)
