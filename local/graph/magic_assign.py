"""The third table of magic numbers: what else Graph may say to an assignment."""

# ruff: noqa: E501 - the rows are read as a table

from typing import Final

from local.graph import texts
from local.graph.magic import Holder, Magic, Script, always, ending, once
from local.graph.vocabulary import OperationStatus

_FAILED, _SUCCEEDED = OperationStatus.FAILED, OperationStatus.SUCCEEDED
_NOBODY, _TARGET = Holder.NOBODY, Holder.TARGET
_LATE = ("TimedOut", "timedOut")
_BLOCKED = ("Failed", "numberQuarantined")
_IN_TURN = ("empty-412", "empty-423", "empty-424", "empty-425", "empty-499")

# fmt: off
THIRD: Final = (
    # The same reasons in other words, and in other places.
    Magic("40", "resource-missing", "refused twice with 404 `Resource '…' does not exist or one of its queried reference-property objects are not present`", posts=once("no-resource", "no-resource")),
    Magic("41", "resource-never", "the same every time", *_LATE, posts=always("no-resource")),
    Magic("42", "user-was-not-found", "refused once with `User '…' was not found`", posts=once("user-was-not-found")),
    Magic("43", "not-licensed", "refused once with `is not licensed`", posts=once("not-licensed")),
    Magic("44", "privileges-once", "403 `Authorization_RequestDenied` once", posts=once("forbidden-privileges")),
    Magic("45", "unavailable-in-words", "400 `Service Unavailable`, `Unknown Error`, `Failed to execute … backend request`, `try again later`, once each", posts=once("service-unavailable-words", "unknown-error-words", "backend-request", "try-again-later")),
    Magic("46", "reason-in-details", "refused once for want of a license; the text stands in error.details[].message", posts=once("license-missing-in-details")),
    Magic("47", "reason-in-inner-error", "the same in error.innerError.message", posts=once("license-missing-in-inner")),
    Magic("48", "reason-in-description", "the same in error_description, where error is a string", posts=once("license-missing-in-string")),
    Magic("49", "reason-in-message", "the same in Message", posts=once("license-missing-in-message")),
    Magic("50", "reason-in-odata", "the same in odata.error.message.value", posts=once("license-missing-in-odata")),
    Magic("51", "reason-in-problem", "the same in the detail of an application/problem+json", posts=once("license-missing-in-problem")),
    Magic("52", "reason-at-operation", "the first operation fails for want of a license; the statusDetail stands at the operation", polls=always("own-detail"), endings=ending(_FAILED, _NOBODY, texts.LICENSE)),
    # A 4xx without words.
    Magic("53", "empty-400", "400 without a body once, nothing happened", posts=once("empty-400")),
    Magic("54", "empty-404", "404 without a body once, nothing happened", posts=once("empty-404")),
    Magic("55", "empty-408", "408 without a body once, nothing happened", posts=once("empty-408")),
    Magic("56", "empty-409", "409 without a body once, nothing happened", posts=once("empty-409")),
    Magic("57", "empty-400-accepted", "400 without a body once, and yet accepted", posts=once("empty-400-though-accepted")),
    Magic("58", "empty-408-accepted", "408 without a body once, and yet accepted", posts=once("empty-408-though-accepted")),
    Magic("59", "empty-409-accepted", "409 without a body once, and yet accepted", posts=once("empty-409-though-accepted")),
    Magic("60", "empty-4xx-in-turn", "412, 423, 424, 425 and 499 without a body, once each", posts=once(*_IN_TURN)),
    Magic("61", "empty-400-always", "400 without a body every time", *_LATE, posts=always("empty-400")),
    Magic("62", "html-400", "400 with a gateway's HTML page once", posts=once("html-400")),
    Magic("63", "html-404", "404 with a gateway's HTML page once", posts=once("html-404")),
    Magic("64", "html-408", "408 with a gateway's HTML page once", posts=once("html-408")),
    Magic("65", "html-409", "409 with a gateway's HTML page once", posts=once("html-409")),
    Magic("66", "cut-4xx", "400, then 409, each with half a JSON", posts=once("cut-400", "cut-409")),
    Magic("67", "braces-400", "400 with `{}` once", posts=once("braces-400")),
    # Words in another letter case, and words that contradict each other.
    Magic("68", "capitalized-succeeded", "every poll writes its words as `Running`, `Succeeded`", polls=always("capitalized")),
    Magic("69", "capitalized-failed", "the same; the first operation says `Failed` for want of a license", polls=always("capitalized"), endings=ending(_FAILED, _NOBODY, texts.LICENSE)),
    Magic("70", "completed", "every poll says `Completed`", polls=always("completed-word")),
    Magic("71", "number-failed-ours", "operations succeed, their number says `failed`, and the number is the user's", polls=always("number-failed")),
    Magic("72", "number-failed-free", "operations succeed, their number says `failed`, and the number stays free", "Failed", "operationFailed", polls=always("number-failed"), endings=ending(_SUCCEEDED, _NOBODY, times=0)),
    Magic("73", "capitalized-list", "reading it shows `CallingPlan`, `Unassigned`, `UserAssigned`, `Activated`", capitalized=True),
    # Reading.
    Magic("74", "read-refused", "reading it: 400 `Invalid DirectRoutingTelephoneNumber '…'` every time", "Failed", "numberNotAccepted", reads=always("read-refused")),
    Magic("75", "read-empty-400", "reading it: 400 without a body once", reads=once("read-empty-400")),
    Magic("76", "lag-20", "readings show it as it was 20 s ago", lag=20),
    Magic("77", "lag-200", "readings show it as it was 200 s ago", lag=200),
    # Free, as it reads, and yet not to be had.
    Magic("78", "blocked", "reads as free; every order: 400 `has already been assigned to another user`", *_BLOCKED, posts=always("taken")),
    Magic("79", "blocked-in-other-words", "reads as free; every order: 400 `is assigned to another user`", *_BLOCKED, posts=always("assigned-to-another")),
    Magic("80", "blocked-in-unknown-words", "reads as free; every order is refused with a text nobody knows", "Failed", "unknownFailure", posts=always("held-back")),
    Magic("81", "blocked-in-operation", "reads as free; operations fail: `has already been assigned to another user`", *_BLOCKED, endings=ending(_FAILED, _NOBODY, texts.TAKEN, times=0)),
    Magic("82", "location-unknown", "every order: 400, the location is not known; the text is plausible, not published", "Failed", "unknownFailure", posts=always("no-location")),
    # A second primary number of the same person; for a person without one these are ordinary.
    Magic("83", "second-replaces", "takes the place of the person's primary number, whatever the plan says", second_number="replaced"),
    Magic("84", "second-refused", "refused to a person who has a primary number, whatever the plan says", second_number="refused"),
    Magic("85", "second-beside", "given to a person beside the primary number, whatever the plan says", second_number="both"),
    Magic("86", "license-then-lost", "refused for want of a license, then accepted with the answer lost", posts=Script(("license-missing", "answer-lost"))),
)
# fmt: on
