"""One call at Graph while it is answered: the ids it bears, and replies in Graph's form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from local.graph.call import Call, Reply
from local.graph.texts import fill
from local.graph.twists import Twist
from local.graph.vocabulary import ALL_MEMBERS
from local.identity.tokens import TENANT_ID

_JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_DATE_AHEAD_SECONDS = 2
_HUGE_BYTES = 5 * 1024 * 1024
_PAGE = b"<!DOCTYPE html><html><head><title>Our services aren't available right now</title></head></html>"
#: The names of what a call is about, for the texts that mention them.
type Names = Mapping[str, str]
_TOKEN_ERROR_HEADERS = {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'}


def names(user: object = None, number: object = None, kind: object = None) -> dict[str, str]:
    """Return what the braces in Graph's texts stand for."""
    kind = f"{kind or ''}"
    return {
        "user": f"{user or ''}",
        "number": f"{number or ''}",
        "type": kind[:1].upper() + kind[1:],
        "tenant": TENANT_ID,
    }


def iso(seconds: float) -> str:
    """Return epoch seconds as Graph writes a time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call, with what every reply to it repeats.

    Attributes:
        call: what came.
        origin: where the client found this Graph; Locations begin with it.
        now: in epoch seconds.
        request_id: Graph's name for the call.
    """

    call: Call
    origin: str
    now: float
    request_id: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        client = self.call.headers.get("client-request-id") or self.request_id
        headers = {"request-id": self.request_id, "client-request-id": client}
        if self.all_members:
            headers["Preference-Applied"] = ALL_MEMBERS
        object.__setattr__(self, "headers", headers)

    @property
    def client_request_id(self) -> str:
        """The client's name for the call, or else Graph's."""
        return self.headers["client-request-id"]

    @property
    def all_members(self) -> bool:
        """Whether the client prefers to see the members of enumerations that came later."""
        prefers = (self.call.headers.get("prefer") or "").split(",")
        return ALL_MEMBERS in (preference.strip().lower() for preference in prefers)

    def json(self, status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
        """Return a reply with a JSON body."""
        body = json.dumps(content, separators=(",", ":")).encode()
        return Reply(status, {"Content-Type": _JSON, **self.headers, **(headers or {})}, body)

    def empty(self, status: int, headers: dict[str, str] | None = None) -> Reply:
        """Return a reply without a body."""
        return Reply(status, {**self.headers, **(headers or {})})

    def error(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
        """Return a Graph error."""
        inner = {
            "date": iso(self.now).removesuffix("Z"),
            "request-id": self.headers["request-id"],
            "client-request-id": self.headers["client-request-id"],
        }
        return self.json(status, {"error": {"code": code, "message": message, "innerError": inner}}, headers)

    def unauthorized(self, message: str) -> Reply:
        """Return what Graph says about a token that it does not take."""
        return self.error(401, "InvalidAuthenticationToken", message, _TOKEN_ERROR_HEADERS)

    def throttled(self, retry_after: int | None) -> Reply:
        """Return a 429."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return self.error(429, "TooManyRequests", "Too many requests.", headers)

    def twisted(self, twist: Twist | None, ordinary: Callable[[], Reply], foreign: str, about: Names) -> Reply:
        """Carry out the call and return its reply, or what a twist makes of both.

        Args:
            twist: what is different; None: nothing.
            ordinary: carries the call out; not called where the twist lets nothing happen.
            foreign: an origin that is not Graph's.
            about: what the braces in the twist's message stand for.
        """
        if twist is None:
            return ordinary()
        return self._changed(twist, ordinary() if twist.accepted else None, foreign, about)

    def _changed(self, twist: Twist, ordinary: Reply | None, foreign: str, about: Names) -> Reply:
        if twist.status is None and ordinary is not None:
            reply, headers = ordinary, _moved(ordinary.headers, twist.location, self.origin, foreign)
        else:
            reply = self.error(twist.status or 503, twist.code, fill(twist.message, about))
            headers = dict(reply.headers)
            if twist.status == 401:  # noqa: PLR2004 - HTTP
                headers |= _TOKEN_ERROR_HEADERS
            if twist.location == "foreign":
                headers["Location"] = foreign + self.call.target
        if twist.retry_after is not None:
            ahead = formatdate(int(self.now) + _DATE_AHEAD_SECONDS, usegmt=True)
            headers["Retry-After"] = ahead if twist.retry_after == "date" else twist.retry_after
        body = reply.body
        if twist.body:
            body, headers["Content-Type"] = _written(twist.body, fill(twist.message, about))
        return Reply(reply.status, headers, body, fault=twist.fault)


def _written(how: str, reason: str) -> tuple[bytes, str]:
    """Return a body that is not Graph's own, and its type; most of them hold the reason in some place."""
    code = "BadRequest"
    match how:
        case "html":
            return _PAGE, "text/html"
        case "huge":
            return b'{"value":"' + b"x" * _HUGE_BYTES + b'"}', _JSON
        case "empty":
            return b"", _JSON
        case "cut":
            return b'{"error":{"code":"Bad', _JSON
        case "problem":
            problem = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": reason}
            return json.dumps(problem).encode(), "application/problem+json"
    contents: dict[str, dict[str, Any]] = {
        "braces": {},
        "details": {"error": {"code": code, "message": "", "details": [{"code": code, "message": reason}]}},
        "inner": {"error": {"code": code, "message": None, "innerError": {"code": code, "message": reason}}},
        "string": {"error": "invalid_request", "error_description": reason},
        "message": {"Message": reason},
        "odata": {"odata.error": {"code": code, "message": {"lang": "en-US", "value": reason}}},
    }
    return json.dumps(contents[how]).encode(), _JSON


def _moved(headers: dict[str, str], how: str, origin: str, foreign: str) -> dict[str, str]:
    """Return headers with their Location made absent, relative or foreign."""
    moved = dict(headers)
    if how and (location := moved.pop("Location", None)) is not None and how != "absent":
        path = location.removeprefix(origin)
        moved["Location"] = path if how == "relative" else foreign + path
    return moved
