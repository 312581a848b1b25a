"""The first two tables of magic numbers: what may happen to an assignment, as the first version knew it."""

# ruff: noqa: E501 - the rows are read as a table

from typing import Final

from local.graph import texts
from local.graph.magic import FOREVER, Holder, Magic, always, ending, once
from local.graph.vocabulary import OperationStatus

_FAILED, _SKIPPED = OperationStatus.FAILED, OperationStatus.SKIPPED
_NOBODY, _TARGET, _SOMEBODY, _HALF = Holder.NOBODY, Holder.TARGET, Holder.SOMEBODY, Holder.HALF
_TAKEN = ("Failed", "numberTaken")
_UNKNOWN = ("Failed", "unknownFailure")
_LATE = ("TimedOut", "timedOut")

#: The area code whose magic numbers are the second table's.
SECOND_AREA: Final = "555"

# The column is wide and the rows are short: a table reads best as one.
# fmt: off
FIRST: Final = (
    # Waiting for somebody.
    Magic("40", "license-late", "refused twice for want of a license, which then arrives", posts=once("license-missing", "license-missing")),
    Magic("41", "license-late-in-operation", "the first operation fails for want of a license, which then arrives", endings=ending(_FAILED, _NOBODY, texts.LICENSE)),
    Magic("42", "new-user", "refused twice because the user is not found, then known", posts=once("user-not-found", "user-not-found")),
    Magic("43", "new-user-request-error", "refused once with `Request Error, Status: NotFound`", posts=once("user-request-error")),
    Magic("44", "activation-pending", "refused once because the activation state is pending", posts=once("activation-pending")),
    # Whose it is.
    Magic("45", "taken", "assigned to somebody else", *_TAKEN, holder=_SOMEBODY),
    Magic("46", "already-ours", "assigned beforehand to the first user it is ordered for", holder=_TARGET),
    Magic("47", "taken-meanwhile", "accepted; the operation fails because somebody else got it", *_TAKEN, endings=ending(_FAILED, _SOMEBODY, texts.TAKEN, times=0)),
    # Throttling.
    Magic("48", "throttled-seconds", "429 once, Retry-After in seconds", posts=once("throttled-seconds")),
    Magic("49", "throttled-date", "429 once, Retry-After as a date", posts=once("throttled-date")),
    Magic("50", "throttled-without-header", "429 once, no Retry-After", posts=once("throttled-without-header")),
    Magic("51", "throttled-zero", "429 once, Retry-After 0", posts=once("throttled-zero")),
    Magic("52", "unavailable", "503 once, Retry-After in seconds", posts=once("unavailable")),
    # Orders whose answer says nothing.
    Magic("53", "server-error", "500 once, nothing happened", posts=once("server-error")),
    Magic("54", "server-error-accepted", "500 once, and yet accepted", posts=once("server-error-though-accepted")),
    Magic("55", "bad-gateway", "502 once with an HTML page, nothing happened", posts=once("bad-gateway")),
    Magic("56", "gateway-timeout", "504 once, and yet accepted", posts=once("gateway-timeout-though-accepted")),
    Magic("57", "bandwidth-exceeded", "509 once, nothing happened", posts=once("bandwidth-exceeded")),
    Magic("58", "service-unavailable-400", "400 `Service is unavailable. Please try again` once", posts=once("service-unavailable-400")),
    Magic("59", "update-failed-once", "400 `Update failed for user` once", posts=once("update-failed")),
    Magic("60", "update-failed", "400 `Update failed for user` every time", "Failed", "updateFailed", posts=always("update-failed")),
    Magic("61", "answer-lost", "accepted; the connection is reset before the answer", posts=once("answer-lost")),
    Magic("62", "reset-before", "the connection is reset once, nothing happened", posts=once("reset")),
    Magic("63", "hang", "accepted; the answer never comes, until the client gives up", posts=once("hang-though-accepted")),
    # The Location header.
    Magic("64", "without-location", "202 without Location", posts=once("location-absent")),
    Magic("65", "relative-location", "202 with a relative Location", posts=once("location-relative")),
    Magic("66", "foreign-location", "202 whose Location points at another host (the plan's attackerOrigin)", posts=once("location-foreign")),
    # How operations end.
    Magic("67", "runs-forever", "the operation never ends", *_LATE, seconds=FOREVER),
    Magic("68", "skipped-free", "operations end as `skipped`, the number stays free", "Failed", "operationSkipped", endings=ending(_SKIPPED, _NOBODY, times=0)),
    Magic("69", "skipped-ours", "the operation ends as `skipped`, the number is the user's", endings=ending(_SKIPPED, _TARGET)),
    Magic("70", "failed-silent-free", "operations fail without statusDetail, the number stays free", "Failed", "operationFailed", endings=ending(_FAILED, _NOBODY, times=0)),
    Magic("71", "failed-silent-ours", "the operation fails without statusDetail, the number is the user's", endings=ending(_FAILED, _TARGET)),
    Magic("72", "failed-unknown", "operations fail with a statusDetail nobody knows", *_UNKNOWN, endings=ending(_FAILED, _NOBODY, "Error 7-41 in stage 3.", times=0)),
    Magic("73", "failed-not-found", "operations fail: `is not found from tenant`", "Failed", "numberNotFound", endings=ending(_FAILED, _NOBODY, texts.NOT_FOUND, times=0)),
    Magic("74", "failed-on-premises", "operations fail: a number is set in the on-premises Active Directory", "Failed", "onPremisesNumber", endings=ending(_FAILED, _NOBODY, texts.ON_PREMISES, times=0)),
    Magic("75", "contact-operator", "400 `Contact your operator to change the emergency address` every time", "Failed", "emergencyAddressByOperator", posts=always("contact-operator")),
    # How operations read.
    Magic("76", "wrapped-body", "the operation is wrapped in `value`, whatever the plan says", polls=always("wrapped")),
    Magic("77", "bare-body", "the operation is a bare entity, whatever the plan says", polls=always("bare")),
    Magic("78", "operation-404-at-first", "the first two polls answer 404", polls=once("not-found", "not-found")),
    Magic("79", "operation-404-ours", "every poll answers 404; the order succeeds", polls=always("not-found")),
    Magic("80", "operation-404-free", "every poll answers 404; the orders fail", *_LATE, polls=always("not-found"), endings=ending(_FAILED, _NOBODY, times=0)),
    Magic("81", "unknown-word", "the first two polls say `settling`", polls=once("unknown-word", "unknown-word")),
    Magic("82", "unknown-future-value", "the first two polls say `unknownFutureValue`", polls=once("unknown-future-value", "unknown-future-value")),
    Magic("83", "unauthorized-once", "401 once", posts=once("unauthorized")),
    Magic("84", "forbidden-once", "403 `Insufficient permission(s)` once", posts=once("forbidden")),
    Magic("85", "forbidden-json-once", "403 once whose message is itself JSON", posts=once("forbidden-json")),
    Magic("86", "poll-not-json", "the first poll answers with an HTML page", polls=once("not-json")),
    Magic("87", "poll-huge", "the first poll answers with 5 MB", polls=once("huge")),
    Magic("88", "poll-truncated", "the first poll's answer is cut off", polls=once("truncated")),
    Magic("89", "poll-redirected", "the first poll answers 302 to another host", polls=once("redirect")),
    # Refusals.
    Magic("90", "unknown-4xx", "422 with a code nobody knows, every time", *_UNKNOWN, posts=always("unknown-4xx")),
    Magic("91", "conflict-once", "409 once", posts=once("conflict")),
    Magic("92", "conflict", "409 every time", "Failed", "conflict", posts=always("conflict")),
    # A second order of the same number for the same user (its second request ends the same way).
    Magic("93", "second-post-accepted", "a second order for the same user is accepted again", second_post="accepted"),
    Magic("94", "second-post-refused", "a second order for the same user: 400 `already been assigned`", second_post="badRequest"),
    Magic("95", "second-post-conflict", "a second order for the same user: 409", second_post="conflict"),
    # Time.
    Magic("96", "read-lag", "readings show it as it was 5 s ago", lag=5),
    Magic("97", "slow", "the operation takes 10 s", seconds=10),
    Magic("98", "poll-throttled", "the first poll answers 429, Retry-After in seconds", polls=once("throttled-seconds")),
    Magic("99", "poll-error", "the first poll answers 500, the second is reset", polls=once("server-error", "reset")),
)

SECOND: Final = (
    Magic("40", "accepted-with-retry-after", "202 with Retry-After in seconds", posts=once("accepted-with-retry-after")),
    Magic("41", "accepted-with-retry-after-date", "202 with Retry-After as a date", posts=once("accepted-with-retry-after-date")),
    Magic("42", "succeeded-yet-free", "the operation says `succeeded`; the number stays free, as reading it shows", "Unconfirmed", "unconfirmed", endings=ending(OperationStatus.SUCCEEDED, _NOBODY, times=0)),
    Magic("43", "service-number", "lacks the capability userAssignment; orders are refused for it", "Failed", "numberNotAssignable", for_users=False),
    Magic("44", "voice-application", "assigned to a voice application", *_TAKEN, holder=Holder.VOICE_APPLICATION),
    Magic("45", "license-never", "refused for want of a license every time", *_LATE, posts=always("license-missing")),
    Magic("46", "user-never", "refused because the user is not found, every time", *_LATE, posts=always("user-not-found")),
    Magic("47", "half-assigned", "operations fail without statusDetail; the number names the user, activationState assignmentFailed", "Failed", "operationFailed", endings=ending(_FAILED, _HALF, times=0)),
    Magic("48", "poll-reset", "the connection of the first poll is reset", polls=once("reset")),
    Magic("49", "read-throttled", "202 without Location; reading the number: 429 once", posts=once("location-absent"), reads=once("throttled-seconds")),
    Magic("50", "read-error", "the answer is lost; reading the number: 500 once", posts=once("answer-lost"), reads=once("server-error")),
    Magic("51", "read-not-json", "202 without Location; reading the number: an HTML page once", posts=once("location-absent"), reads=once("not-json")),
    Magic("52", "hang-before", "no answer comes, until the client gives up; nothing happened", posts=once("hang")),
    Magic("53", "no-sign-while-running", "202 without Location; while the order runs nothing shows at the number", posts=once("location-absent"), hidden=True),
    Magic("54", "operation-expires", "the first poll says `running`, every later one 404; the order succeeds", polls=once("still-running").then("not-found")),
    Magic("55", "not-started", "the first two polls say `notStarted`", polls=once("not-started", "not-started")),
    Magic("56", "throttled-though-accepted", "429 once, and yet accepted", posts=once("throttled-though-accepted")),
    Magic("57", "second-post-lost", "the answer is lost, nothing shows while the order runs, and a second order is accepted", posts=once("answer-lost"), hidden=True, second_post="accepted"),
)
# fmt: on
