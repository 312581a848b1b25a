"""The table of twists. Source of what 429 and 503 look like: https://learn.microsoft.com/graph/throttling."""

from typing import Final

from local.graph import texts
from local.graph.call import Fault
from local.graph.twists import ASSIGN, LIST, OPERATION, ORDERS, PAGE, TOKEN, UNASSIGN, UPDATE, USER, Twist

_TEAMS = (*ORDERS, OPERATION, LIST)
_GRAPH = (*_TEAMS, USER)
_READS = (OPERATION, LIST, USER)
_FOLLOWED = (ASSIGN, UNASSIGN)


def _throttled(name: str, retry_after: str | None) -> Twist:
    return Twist(name, _GRAPH, 429, "TooManyRequests", "Too many requests.", retry_after)


def _refused(name: str, message: str, on: tuple[str, ...] = (ASSIGN,), body: str = "") -> Twist:
    return Twist(name, on, 400, "BadRequest", message, body=body)


def _wordless(status: int, body: str = "empty", *, accepted: bool = False) -> Twist:
    """Return a status that comes with no words of Graph's."""
    name = f"{body}-{status}{'-though-accepted' if accepted else ''}"
    return Twist(name, ORDERS, status, accepted=accepted, body=body)


def _elsewhere(body: str) -> Twist:
    """Return a refusal whose reason stands in another place than `error.message`."""
    return _refused(f"license-missing-in-{body}", texts.LICENSE, (ASSIGN,), body)


_ALL = (
    _throttled("throttled-seconds", "1"),
    _throttled("throttled-date", "date"),
    _throttled("throttled-without-header", None),
    _throttled("throttled-zero", "0"),
    _throttled("throttled-a-day", "86400"),
    Twist("throttled-though-accepted", ORDERS, 429, "TooManyRequests", "Too many.", "1", accepted=True),
    Twist("unavailable", _GRAPH, 503, "ServiceUnavailable", "The service is temporarily unavailable.", "1"),
    Twist("server-error", _GRAPH, 500, "InternalServerError", "An internal server error occurred."),
    Twist("server-error-though-accepted", ORDERS, 500, "InternalServerError", "Something failed.", accepted=True),
    Twist("bad-gateway", _GRAPH, 502, "BadGateway", "Bad gateway.", body="html"),
    Twist("gateway-timeout", _GRAPH, 504, "GatewayTimeout", "The backend did not answer in time."),
    Twist("gateway-timeout-though-accepted", ORDERS, 504, "GatewayTimeout", "No answer in time.", accepted=True),
    Twist("bandwidth-exceeded", _GRAPH, 509, "BandwidthLimitExceeded", "The bandwidth limit is exceeded."),
    _refused("service-unavailable-400", "Service is unavailable. Please try again", ORDERS),
    _refused("service-unavailable-words", "Service Unavailable", ORDERS),
    _refused("unknown-error-words", "Unknown Error", ORDERS),
    _refused("backend-request", "Failed to execute Teams backend request.", ORDERS),
    _refused("try-again-later", "We can't do that right now. Please try again later.", ORDERS),
    _refused("update-failed", texts.UPDATE_FAILED, ORDERS),
    _refused("license-missing", texts.LICENSE),
    _refused("not-licensed", texts.NOT_LICENSED),
    *(_elsewhere(body) for body in ("details", "inner", "string", "message", "odata", "problem")),
    _refused("user-not-found", texts.USER_NOT_FOUND),
    _refused("user-was-not-found", texts.USER_WAS_NOT_FOUND),
    _refused("user-request-error", texts.USER_REQUEST_ERROR),
    Twist("no-resource", (ASSIGN,), 404, "Request_ResourceNotFound", texts.NO_RESOURCE),
    _refused("activation-pending", texts.PENDING),
    _refused("taken", texts.TAKEN),
    _refused("not-in-tenant", texts.NOT_FOUND),
    _refused("assigned-to-another", texts.ASSIGNED_TO_ANOTHER),
    _refused("held-back", texts.HELD_BACK),
    _refused("on-premises", texts.ON_PREMISES),
    _refused("contact-operator", texts.CONTACT_OPERATOR, (ASSIGN, UPDATE)),
    _refused("no-location", texts.NO_LOCATION, (ASSIGN, UPDATE)),
    Twist("conflict", ORDERS, 409, "Conflict", "The request conflicts with the state of the resource."),
    Twist("unknown-4xx", ORDERS, 422, "UnprocessableEntity", "Error 7-42 occurred."),
    *(_wordless(status) for status in (400, 404, 408, 409, 412, 423, 424, 425, 499)),
    *(_wordless(status, "html") for status in (400, 404, 408, 409)),
    *(_wordless(status, "cut") for status in (400, 409)),
    _wordless(400, "braces"),
    *(_wordless(status, accepted=True) for status in (400, 408, 409)),
    Twist("unauthorized", _GRAPH, 401, "InvalidAuthenticationToken", "Access token validation failure."),
    Twist("forbidden", _TEAMS, 403, "forbidden", texts.NO_PERMISSION),
    Twist("forbidden-json", _TEAMS, 403, "UnknownError", texts.ACCESS_DENIED),
    Twist("forbidden-privileges", _GRAPH, 403, "Authorization_RequestDenied", texts.NO_PRIVILEGES),
    Twist("forbidden-for-an-hour", _GRAPH, 403, "forbidden", texts.NO_PERMISSION, closes_for=3600),
    Twist("unreachable", _GRAPH, fault=Fault.UNREACHABLE),
    Twist("reset", _GRAPH, fault=Fault.RESET_BEFORE),
    Twist("answer-lost", ORDERS, accepted=True, fault=Fault.RESET_AFTER),
    Twist("hang", _GRAPH, fault=Fault.HANG),
    Twist("hang-though-accepted", ORDERS, accepted=True, fault=Fault.HANG),
    Twist("location-absent", _FOLLOWED, accepted=True, location="absent"),
    Twist("location-relative", _FOLLOWED, accepted=True, location="relative"),
    Twist("location-foreign", _FOLLOWED, accepted=True, location="foreign"),
    Twist("accepted-with-retry-after", _FOLLOWED, retry_after="2", accepted=True),
    Twist("accepted-with-retry-after-date", _FOLLOWED, retry_after="date", accepted=True),
    Twist("not-found", (OPERATION,), 404, "NotFound", "The operation is not found."),
    Twist("user-missing", (USER,), 404, "Request_ResourceNotFound", texts.NO_RESOURCE),
    Twist("read-refused", (LIST,), 400, "BadRequest", texts.INVALID_NUMBER),
    Twist("read-empty-400", (LIST,), 400, body="empty"),
    Twist("not-json", _READS, accepted=True, body="html"),
    Twist("huge", _READS, accepted=True, body="huge"),
    Twist("truncated", _READS, accepted=True, fault=Fault.TRUNCATED),
    Twist("redirect", _GRAPH, 302, location="foreign"),
    Twist("unknown-word", (OPERATION,), accepted=True, word="settling"),
    Twist("unknown-future-value", (OPERATION,), accepted=True, word="unknownFutureValue"),
    Twist("not-started", (OPERATION,), accepted=True, word="notStarted"),
    Twist("still-running", (OPERATION,), accepted=True, word="running"),
    Twist("completed-word", (OPERATION,), accepted=True, word="Completed"),
    Twist("capitalized", (OPERATION,), accepted=True, capitalized=True),
    Twist("number-failed", (OPERATION,), accepted=True, number_word="failed"),
    Twist("own-detail", (OPERATION,), accepted=True, own_detail=True),
    Twist("wrapped", (OPERATION,), accepted=True, shape="wrapped"),
    Twist("bare", (OPERATION,), accepted=True, shape="bare"),
    Twist("page-shifted-back", (PAGE,), accepted=True, page="back"),
    Twist("page-shifted-on", (PAGE,), accepted=True, page="on"),
    Twist("page-cut-off", (PAGE,), accepted=True, page="short"),
    Twist("page-empty", (PAGE,), accepted=True, page="none"),
    Twist("identity-down", (TOKEN,), 500),
)

TWISTS: Final = {twist.name: twist for twist in _ALL}
