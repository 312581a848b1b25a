"""Twists: what an answer is instead of the ordinary one. Data; magic numbers and random faults both pick from it.

Texts in braces are filled in: {number}, {user}, {type}, {tenant}. Sources: the error table of the Teams PowerShell
documentation and field reports for the texts, https://learn.microsoft.com/graph/throttling for 429 and 503.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local.graph.call import Fault

ASSIGN, OPERATION, LIST, TOKEN = "assign", "operation", "list", "token"
_GRAPH = (ASSIGN, OPERATION, LIST)
_READS = (OPERATION, LIST)

LICENSE = "User '{user}' lacks appropriate licenses to assign a '{type}' number."
USER_NOT_FOUND = "The user '{user}' is not found."
USER_REQUEST_ERROR = "The server responded with a Request Error, Status: NotFound"
PENDING = "Telephone Number '{number}' cannot be assigned because the activation state is pending."
TAKEN = "Telephone Number '{number}' has already been assigned to another user"
NOT_FOUND = "Telephone Number '{number}' is not found from tenant '{tenant}'"
ON_PREMISES = (
    "The user already has a telephone number set in the on-premises Active Directory. Clear it there before "
    "assigning another."
)
CONTACT_OPERATOR = "Contact your operator to change the emergency address for this number."
UPDATE_FAILED = "Update failed for user '{user}'. Please try again"
UNSUITED = "Telephone Number '{number}' does not have the capability userAssignment."
NO_PERMISSION = "Insufficient permission(s) for this call: it needs TeamsTelephoneNumber.ReadWrite.All."
ACCESS_DENIED = '{"code":"Forbidden","message":"Access Denied.","action":"SetPhoneNumber"}'


@dataclass(frozen=True, slots=True)
class Twist:
    """What is different about one answer.

    Attributes:
        name: for plans and pages, in kebab case.
        on: the kinds of calls it makes sense for.
        status: replaces the ordinary status; None keeps the ordinary answer.
        code: the Graph error's.
        message: the Graph error's.
        retry_after: the Retry-After header: seconds, or `date` for a date two seconds ahead.
        accepted: the call is carried out all the same; else nothing happened.
        location: what becomes of the Location header: `absent`, `relative`, `foreign` (another host).
        fault: what the transport does.
        body: `html`, or `huge` (5 MB), instead of the ordinary body.
        word: an operation's status instead of the true one.
        shape: `wrapped` or `bare`, an operation's body.
        closes_for: every Graph call is answered 403 for so many seconds, times the plan's timeScale.
    """

    name: str
    on: tuple[str, ...]
    status: int | None = None
    code: str = ""
    message: str = ""
    retry_after: str | None = None
    accepted: bool = False
    location: str = ""
    fault: Fault | None = None
    body: str = ""
    word: str = ""
    shape: str = ""
    closes_for: float = 0.0

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        parts = [
            str(self.status or ""),
            f"`{self.message.replace('|', '')}`" if self.status == 400 else "",  # noqa: PLR2004 - HTTP
            f"Retry-After {self.retry_after}" if self.retry_after else "",
            f"Location {self.location}" if self.location else "",
            {"html": "an HTML page", "huge": "5 MB"}.get(self.body, ""),
            f"the operation says `{self.word}`" if self.word else "",
            f"the operation is {self.shape}" if self.shape else "",
            f"and so for {self.closes_for:g} s" if self.closes_for else "",
            f"connection: {self.fault.value}" if self.fault else "",
            "carried out all the same" if self.accepted and (self.status or self.fault) else "",
        ]
        return ", ".join(part for part in parts if part)


def _throttled(name: str, retry_after: str | None) -> Twist:
    return Twist(name, _GRAPH, 429, "TooManyRequests", "Too many requests.", retry_after)


def _refused(name: str, message: str) -> Twist:
    return Twist(name, (ASSIGN,), 400, "BadRequest", message)


_ALL = (
    _throttled("throttled-seconds", "1"),
    _throttled("throttled-date", "date"),
    _throttled("throttled-without-header", None),
    _throttled("throttled-zero", "0"),
    _throttled("throttled-a-day", "86400"),
    Twist("throttled-though-accepted", (ASSIGN,), 429, "TooManyRequests", "Too many.", "1", accepted=True),
    Twist("unavailable", _GRAPH, 503, "ServiceUnavailable", "The service is temporarily unavailable.", "1"),
    Twist("server-error", _GRAPH, 500, "InternalServerError", "An internal server error occurred."),
    Twist("server-error-though-accepted", (ASSIGN,), 500, "InternalServerError", "Something failed.", accepted=True),
    Twist("bad-gateway", _GRAPH, 502, "BadGateway", "Bad gateway.", body="html"),
    Twist("gateway-timeout", _GRAPH, 504, "GatewayTimeout", "The backend did not answer in time."),
    Twist("gateway-timeout-though-accepted", (ASSIGN,), 504, "GatewayTimeout", "No answer in time.", accepted=True),
    Twist("bandwidth-exceeded", _GRAPH, 509, "BandwidthLimitExceeded", "The bandwidth limit is exceeded."),
    _refused("service-unavailable-400", "Service is unavailable. Please try again"),
    _refused("update-failed", UPDATE_FAILED),
    _refused("license-missing", LICENSE),
    _refused("user-not-found", USER_NOT_FOUND),
    _refused("user-request-error", USER_REQUEST_ERROR),
    _refused("activation-pending", PENDING),
    _refused("contact-operator", CONTACT_OPERATOR),
    Twist("conflict", (ASSIGN,), 409, "Conflict", "The request conflicts with the state of the resource."),
    Twist("unknown-4xx", (ASSIGN,), 422, "UnprocessableEntity", "Error 7-42 occurred."),
    Twist("unauthorized", _GRAPH, 401, "InvalidAuthenticationToken", "Access token validation failure."),
    Twist("forbidden", _GRAPH, 403, "forbidden", NO_PERMISSION),
    Twist("forbidden-json", _GRAPH, 403, "UnknownError", ACCESS_DENIED),
    Twist("forbidden-for-an-hour", _GRAPH, 403, "forbidden", NO_PERMISSION, closes_for=3600),
    Twist("unreachable", _GRAPH, fault=Fault.UNREACHABLE),
    Twist("reset", _GRAPH, fault=Fault.RESET_BEFORE),
    Twist("answer-lost", (ASSIGN,), accepted=True, fault=Fault.RESET_AFTER),
    Twist("hang", _GRAPH, fault=Fault.HANG),
    Twist("hang-though-accepted", (ASSIGN,), accepted=True, fault=Fault.HANG),
    Twist("location-absent", (ASSIGN,), accepted=True, location="absent"),
    Twist("location-relative", (ASSIGN,), accepted=True, location="relative"),
    Twist("location-foreign", (ASSIGN,), accepted=True, location="foreign"),
    Twist("accepted-with-retry-after", (ASSIGN,), retry_after="2", accepted=True),
    Twist("accepted-with-retry-after-date", (ASSIGN,), retry_after="date", accepted=True),
    Twist("not-found", (OPERATION,), 404, "NotFound", "The operation is not found."),
    Twist("not-json", _READS, accepted=True, body="html"),
    Twist("huge", _READS, accepted=True, body="huge"),
    Twist("truncated", _READS, accepted=True, fault=Fault.TRUNCATED),
    Twist("redirect", _GRAPH, 302, location="foreign"),
    Twist("unknown-word", (OPERATION,), accepted=True, word="settling"),
    Twist("unknown-future-value", (OPERATION,), accepted=True, word="unknownFutureValue"),
    Twist("not-started", (OPERATION,), accepted=True, word="notStarted"),
    Twist("still-running", (OPERATION,), accepted=True, word="running"),
    Twist("wrapped", (OPERATION,), accepted=True, shape="wrapped"),
    Twist("bare", (OPERATION,), accepted=True, shape="bare"),
    Twist("identity-down", (TOKEN,), 500),
)

TWISTS: Final = {twist.name: twist for twist in _ALL}


def fill(text: str, names: Mapping[str, str]) -> str:
    """Return a text with its names in braces filled in; other braces stay."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text
