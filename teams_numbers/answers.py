"""What Graph said, as values: pure readings of a status, its headers and its body."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from teams_numbers import failures, reasons, words
from teams_numbers.catalogue.entry import Kind
from teams_numbers.log import GUID
from teams_numbers.reply import Reply, retry_after

#: Statuses that mean "later", by Graph's throttling guidance: https://learn.microsoft.com/graph/throttling
_THROTTLED = frozenset({429, 503})
_DENIED = frozenset({401, 403})
#: Client errors that speak of the way to Graph or of the moment, never of what was asked: proxy, timeout, precondition,
#: size, wrong server, lock, dependency, too early, retry with, connection closed.
_NO_JUDGMENT: Final = frozenset({407, 408, 412, 413, 421, 423, 424, 425, 449, 499})
#: Words with which an operation, or a number in it, has ended.
_ENDED = frozenset({"succeeded", "failed", "skipped"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Graph took the order (202); `operation_url` is None where it named none, or none that may be asked."""

    operation_url: str | None
    graph_request_id: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """Graph did what was ordered at once (200, 204), as it does with an update."""

    graph_request_id: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation's URL said.

    Attributes:
        status: notStarted, running, succeeded, failed, skipped or unknownFutureValue; any other word of Graph's cut
            down to a plain one.
        detail: every reason it gives, such as statusDetail, the only failure text there is.
        graph_request_id: Graph's name for the answer.
        doubtful: the operation ended one way and its number another, so only the number itself tells.
    """

    status: str
    detail: str | None
    graph_request_id: str | None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Numbers that Graph listed.

    Attributes:
        numbers: each as Graph's `numberAssignment`, its words in the metadata's spelling.
        complete: the list was read to its end and every entry could be used: what is missing, Graph does not list.
        next: where the list goes on, if it does and was not followed: for `Graph.numbers_after`.
    """

    numbers: tuple[dict[str, Any], ...]
    complete: bool = True
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of numbers.

    Attributes:
        numbers: its usable entries.
        complete: that was all of them.
        count: how many entries it had.
        link: the address of the next page, as Graph wrote it.
    """

    numbers: tuple[dict[str, Any], ...]
    complete: bool
    count: int
    link: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the tenant, by object id."""

    id: str


@dataclass(frozen=True, slots=True)
class NoSuchPerson:
    """The tenant has no user of that name now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Graph judged the call and said no (4xx), in words; `message` is blank only for an operation's bare 404."""

    status: int
    code: str
    message: str
    graph_request_id: str | None


#: Why an order was not sent whose turn came after the moment until which it was good.
EXPIRED: Final = "expired"
#: Why nothing was asked: the poll run is over; the item is looked at again in the next one.
OUT_OF_TIME: Final = "out of time"


@dataclass(frozen=True, slots=True)
class Throttled:
    """Graph wants less; `retry_after` in seconds where it said so; not `sent` where this call never left us."""

    retry_after: float | None
    sent: bool
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """No answer that says what happened.

    Attributes:
        reason: why, in a few words of ours.
        sent: not where nothing can have happened, since no connection came about.
        status: the answer's, if one came.
    """

    reason: str
    sent: bool = True
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """This app's identity or permission is at fault (401, 403, no token); the request is not."""

    status: int | None
    failure: failures.Failure
    message: str
    graph_request_id: str | None


#: Answers that say nothing about the request itself: it waits.
type Unjudged = Throttled | Unclear | Denied


def not_sent(answer: object) -> bool:
    """Say whether an order certainly did nothing: it never left us, or Graph did not let this app in."""
    return isinstance(answer, Denied) or (isinstance(answer, Throttled | Unclear) and not answer.sent)


def judge(
    reply: Reply, now: datetime, *, wordless: Collection[int] = (), forbidden: failures.Failure | None = None
) -> Reply | Refused | Unjudged:
    """Return the reply itself where its status is a success (2xx), else what it means for the call.

    A client error (4xx) without a readable reason judges nothing: it may be a gateway's.

    Args:
        reply: the answer.
        now: what a Retry-After date counts from.
        wordless: client errors that are a judgment without a reason, too.
        forbidden: what a 403 means for this call; by default the catalogue says.
    """
    status, request_id = reply.status, reply.graph_request_id
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's successes
        return reply
    if status in _THROTTLED:
        pause = retry_after(reply.headers.get("Retry-After"), now)
        return Throttled(pause, sent=True, status=status)
    reason = reasons.find(reply.body)
    if status in _DENIED:
        said = f"{reason.code} {reason.message}".strip()
        failure = failures.recognize(said if reason.message else "", status)
        if not reason.message and (coded := failures.recognize(reason.code)).kind is Kind.CONFIGURATION:
            failure = coded  # a code alone, such as UnknownError, says less than the status
        if status == HTTPStatus.UNAUTHORIZED:  # whatever the words are, the token was not taken
            failure = failures.UNAUTHORIZED
        elif forbidden is not None:
            failure = forbidden
        if failure.kind is Kind.CONFIGURATION:  # else the words speak of the request
            return Denied(status, failure, reason.message or reason.code, request_id)
    speaks = bool(reason.message) and status not in _NO_JUDGMENT and not _is_phrase(reason.message, status)
    if 400 <= status < 500 and (speaks or status in wordless):  # noqa: PLR2004 - HTTP's client errors
        return Refused(status, reason.code, reason.message, request_id)
    return Unclear(f"status {status}", status=status)


def _is_phrase(message: str, status: int) -> bool:
    """Say whether a message only repeats the status in words, `Bad Request`, as gateways and frameworks fill it in."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus else ""
    return re.sub(r"[\s.]+", "", message).lower() == phrase.replace(" ", "").lower()


def ordered(reply: Reply, operation_url: str | None, *, at_once: bool = False) -> Accepted | Done | Unclear:
    """Read the answer to an order by its status alone: whatever the body is, a yes is a yes.

    Args:
        reply: the answer.
        operation_url: where the order can be followed.
        at_once: this order may be done when it is answered (200, 204), as an update is.
    """
    if reply.status == HTTPStatus.ACCEPTED:
        return Accepted(operation_url, reply.graph_request_id)
    if at_once and reply.status in {200, 204}:
        return Done(reply.graph_request_id)
    return _unclear(f"status {reply.status} for an order", reply)


def operation(reply: Reply) -> Operation | Unclear:
    """Read an operation, wrapped in `value` as documented or bare as in the metadata."""
    entity = reply.body.get("value", reply.body) if isinstance(reply.body, dict) else None
    if not (isinstance(entity, dict) and isinstance(word := entity.get("status"), str) and word.strip()):
        return _unclear("no operation in the answer", reply)
    status = words.operation_status(word)
    lines = [line.get("status") for line in _objects(entity.get("numbers"))]
    ends = {words.operation_status(line) for line in lines if isinstance(line, str)} & _ENDED
    doubtful = status in _ENDED and bool(ends - {status})
    return Operation(status, reasons.find(entity).message or None, reply.graph_request_id, doubtful)


def page(reply: Reply) -> Page | Unclear:
    """Read one page of a list of numbers."""
    whole = reply.status != HTTPStatus.PARTIAL_CONTENT and isinstance(reply.body, dict)
    if not (whole and isinstance(listed := reply.body.get("value"), list)):
        return _unclear("no list of numbers in the answer", reply)
    link = reply.body.get("@odata.nextLink")
    if not isinstance(link, str | None):
        return _unclear("the next page has no address", reply)
    numbers = tuple(number for entry in _objects(listed) if (number := words.number(entry)) is not None)
    return Page(numbers, len(numbers) == len(listed), len(listed), link or None)


def person(reply: Reply) -> Person | Unclear:
    """Read a user's object id."""
    found = reply.body.get("id") if isinstance(reply.body, dict) else None
    if not (isinstance(found, str) and GUID.fullmatch(found)):
        return _unclear("no person in the answer", reply)
    return Person(found.lower())


def _unclear(reason: str, reply: Reply) -> Unclear:
    return Unclear(reason, status=reply.status)


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
