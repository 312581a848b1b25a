"""What Graph said, as values: pure readings of a status, its headers and its body."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from teams_numbers import failures
from teams_numbers.log import plain

#: Statuses that mean "later", by Graph's throttling guidance: https://learn.microsoft.com/graph/throttling
_THROTTLED = frozenset({429, 503})
_DENIED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, and read as far as it can be.

    Attributes:
        status: HTTP's.
        headers: the response's, any case.
        body: the parsed JSON; None for an empty body; UNREADABLE for one that is cut off, too long or no JSON.
    """

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def graph_request_id(self) -> str | None:
        """Graph's `request-id`, which Microsoft's support asks for."""
        return plain(self.headers["request-id"]) if "request-id" in self.headers else None


class _Unreadable:
    """The body of an answer that cannot be used."""


UNREADABLE: Final = _Unreadable()


@dataclass(frozen=True, slots=True)
class Accepted:
    """Graph took the order (202); `operation_url` is None where it named none, or none that may be asked."""

    operation_url: str | None
    graph_request_id: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation's URL said: Graph's word for the status, and the statusDetail, the only failure text."""

    status: str
    detail: str | None
    graph_request_id: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The numbers that matched, each as Graph's `numberAssignment`."""

    numbers: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Graph judged the call and said no (4xx)."""

    status: int
    code: str
    message: str
    graph_request_id: str | None


@dataclass(frozen=True, slots=True)
class Throttled:
    """Graph wants less; `retry_after` in seconds where it said so; not `sent` where this call never left us."""

    retry_after: float | None
    sent: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """No answer that says what happened; not `sent` where no connection came about, so that nothing can have."""

    reason: str
    sent: bool = True


@dataclass(frozen=True, slots=True)
class Denied:
    """This app's identity or permission is at fault (401, 403, no token); the request is not."""

    status: int | None
    failure: failures.Failure
    message: str
    graph_request_id: str | None


#: Answers that say nothing about the request itself: it waits.
type Unjudged = Throttled | Unclear | Denied


def parse(body: bytes | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON of a body; None where it is empty; UNREADABLE where it is None or no JSON."""
    if body is None:
        return UNREADABLE
    try:
        return json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return UNREADABLE


def judge(reply: Reply, now: datetime) -> Reply | Refused | Unjudged:
    """Return the reply itself where its status is a success (2xx), else what it means for the call."""
    status, request_id = reply.status, reply.graph_request_id
    code, message = said(reply.body)
    if status in _THROTTLED:
        return Throttled(retry_after(reply.headers.get("Retry-After"), now), sent=True)
    if status in _DENIED:
        return Denied(status, failures.recognize(message, status), message or code, request_id)
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP's client errors
        return Refused(status, code, message, request_id)
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's successes
        return Unclear(f"status {status}")
    return reply


def accepted(reply: Reply, operation_url: str | None) -> Accepted | Unclear:
    """Read the answer to an order. The status alone says that it was taken: whatever the body is, 202 is a yes."""
    if reply.status != 202:  # noqa: PLR2004 - the documented answer
        return Unclear(f"status {reply.status} instead of 202")
    return Accepted(operation_url, reply.graph_request_id)


def operation(reply: Reply) -> Operation | Unclear:
    """Read an operation, wrapped in `value` as documented or bare as in the metadata."""
    entity = reply.body.get("value", reply.body) if isinstance(reply.body, dict) else None
    if not (isinstance(entity, dict) and isinstance(entity.get("status"), str)):
        return Unclear("no operation in the answer")
    details = [line.get("statusDetail") for line in _objects(entity.get("numbers"))]
    text = "; ".join(detail for detail in details if isinstance(detail, str) and detail.strip())
    return Operation(entity["status"], text or None, reply.graph_request_id)


def listing(reply: Reply) -> Listing | Unclear:
    """Read a list of numbers."""
    if not (isinstance(reply.body, dict) and isinstance(reply.body.get("value"), list)):
        return Unclear("no list of numbers in the answer")
    return Listing(tuple(_objects(reply.body["value"])))


def said(body: Any) -> tuple[str, str]:  # noqa: ANN401 - whatever Graph sent
    """Return the code and the message of a Graph error, also where the message is itself a JSON error, else blanks."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", ""
    code, message = (value if isinstance(value := error.get(key), str) else "" for key in ("code", "message"))
    inner = parse(message.encode(errors="replace")) if message.lstrip().startswith("{") else None
    if isinstance(inner, dict) and isinstance(inner.get("message"), str):
        return str(inner.get("code", code)), inner["message"]
    return code, message


def retry_after(text: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for, given in seconds or as a date; None where it asks for none."""
    if text is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]+)?\s*", text):
        seconds = float(text)
    else:
        try:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
        except (TypeError, ValueError):  # TypeError: a date without a zone
            return None
    return float(math.ceil(seconds)) if seconds > 0 else None


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
