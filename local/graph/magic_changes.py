"""The fourth table of magic numbers: taking numbers back, and changing their location."""

# ruff: noqa: E501 - the rows are read as a table

from functools import partial
from typing import Final

from local.graph import texts
from local.graph.magic import FOREVER, Action, Holder, Magic, Script, always, ending, once
from local.graph.vocabulary import OperationStatus

_FAILED, _SKIPPED, _SUCCEEDED = OperationStatus.FAILED, OperationStatus.SKIPPED, OperationStatus.SUCCEEDED
_FREE, _STAYS = Holder.NOBODY, Holder.TARGET
_LATE = ("TimedOut", "timedOut")
_UNSEEN = ("Unconfirmed", "unconfirmed")
_UNKNOWN = ("Failed", "unknownFailure")


#: Whoever is called as the row has it from the start, unless the row says that nobody has.
_unassign = partial(Magic, action=Action.UNASSIGN, holder=Holder.PERSON)
_update = partial(Magic, action=Action.UPDATE, holder=Holder.PERSON)

# fmt: off
FOURTH: Final = (
    # What the answer says.
    _unassign("40", "unassign-plain", "an ordinary number that somebody has"),
    _unassign("41", "unassign-lost", "accepted; the connection is reset before the answer", posts=once("answer-lost")),
    _unassign("42", "unassign-error-accepted", "500 once, and yet accepted", posts=once("server-error-though-accepted")),
    _unassign("43", "unassign-error", "500 once, nothing happened", posts=once("server-error")),
    _unassign("44", "unassign-hang", "accepted; the answer never comes, until the client gives up", posts=once("hang-though-accepted")),
    _unassign("45", "unassign-reset", "the connection is reset once, nothing happened", posts=once("reset")),
    _unassign("46", "unassign-throttled", "429 once, Retry-After in seconds", posts=once("throttled-seconds")),
    _unassign("47", "unassign-throttled-accepted", "429 once, and yet accepted", posts=once("throttled-though-accepted")),
    _unassign("48", "unassign-unavailable", "503 once, then 400 `Service is unavailable. Please try again` once", posts=once("unavailable", "service-unavailable-400")),
    _unassign("49", "unassign-empty-408", "408 without a body once, and yet accepted", posts=once("empty-408-though-accepted")),
    _unassign("50", "unassign-forbidden", "403 `Insufficient permission(s)` once", posts=once("forbidden")),
    _unassign("51", "unassign-conflict", "409 once", posts=once("conflict")),
    _unassign("52", "unassign-update-failed", "400 `Update failed for user` once", posts=once("update-failed")),
    _unassign("53", "unassign-refused", "refused with a text nobody knows, every time", *_UNKNOWN, posts=always("unknown-4xx")),
    _unassign("54", "unassign-without-location", "202 without Location", posts=once("location-absent")),
    _unassign("55", "unassign-foreign-location", "202 whose Location points at another host", posts=once("location-foreign")),
    # How the operation ends.
    _unassign("56", "unassign-404", "every poll answers 404; the number is freed", polls=always("not-found")),
    _unassign("57", "unassign-skipped-freed", "the operation ends as `skipped`, the number is freed", endings=ending(_SKIPPED, _FREE)),
    _unassign("58", "unassign-skipped", "operations end as `skipped`, the number stays with its holder", "Failed", "operationSkipped", endings=ending(_SKIPPED, _STAYS, times=0)),
    _unassign("59", "unassign-failed-freed", "the operation fails without statusDetail, the number is freed", endings=ending(_FAILED, _FREE)),
    _unassign("60", "unassign-failed", "operations fail without statusDetail, the number stays with its holder", "Failed", "operationFailed", endings=ending(_FAILED, _STAYS, times=0)),
    _unassign("61", "unassign-failed-unknown", "operations fail with a statusDetail nobody knows", *_UNKNOWN, endings=ending(_FAILED, _STAYS, "Error 7-43 in stage 2.", times=0)),
    _unassign("62", "unassign-yet-held", "operations succeed, the number stays with its holder", *_UNSEEN, endings=ending(_SUCCEEDED, _STAYS, times=0)),
    _unassign("63", "unassign-forever", "the operation never ends", *_LATE, seconds=FOREVER),
    _unassign("64", "unassign-slow", "the operation takes 10 s", seconds=10),
    _unassign("65", "unassign-unknown-word", "the first two polls say `settling`", polls=once("unknown-word", "unknown-word")),
    _unassign("66", "unassign-capitalized", "every poll writes its words as `Running`, `Succeeded`", polls=always("capitalized")),
    _unassign("67", "unassign-lag", "readings show it as it was 20 s ago", lag=20),
    _unassign("68", "unassign-no-sign", "202 without Location; while the order runs nothing shows at the number", posts=once("location-absent"), hidden=True),
    # A free number, which no request takes back: two orders at once may meet it.
    _unassign("69", "unassign-free-failed", "nobody has it; orders are accepted, operations fail", holder=Holder.NOBODY, unassign_free="failed"),
    _unassign("70", "unassign-free-succeeded", "nobody has it; orders are accepted, operations succeed", holder=Holder.NOBODY, unassign_free="succeeded"),
    _unassign("71", "unassign-free-refused", "nobody has it; orders are refused with 400", holder=Holder.NOBODY, unassign_free="badRequest"),
    # Afterwards.
    _unassign("72", "unassign-then-blocked", "once freed it reads as free, and every order for it: 400 `has already been assigned to another user`", blocked_after=True),
    # Emergency locations.
    _update("73", "update-plain", "an ordinary number that somebody has"),
    _update("74", "update-free", "an ordinary number that nobody has", holder=Holder.NOBODY),
    _update("75", "update-lost", "done; the connection is reset before the answer", posts=once("answer-lost")),
    _update("76", "update-error-done", "500 once, and yet done", posts=once("server-error-though-accepted")),
    _update("77", "update-error", "500 once, nothing happened", posts=once("server-error")),
    _update("78", "update-throttled", "429 once, Retry-After in seconds", posts=once("throttled-seconds")),
    _update("79", "update-reset", "the connection is reset once, nothing happened", posts=once("reset")),
    _update("80", "update-unavailable", "400 `Service is unavailable. Please try again` once", posts=once("service-unavailable-400")),
    _update("81", "update-empty-400", "400 without a body once, nothing happened", posts=once("empty-400")),
    _update("82", "update-unknown-location", "refused every time: the location is not known; the text is plausible, not published", *_UNKNOWN, posts=always("no-location")),
    _update("83", "update-contact-operator", "400 `Contact your operator to change the emergency address` every time", "Failed", "emergencyAddressByOperator", posts=always("contact-operator")),
    _update("84", "update-later", "200; activationState updatePending for 5 s, then the location shows", update_effect="later"),
    _update("85", "update-never", "200, and nothing changes", *_UNSEEN, update_effect="never"),
    _update("86", "update-state-failed", "200; activationState updateFailed, the location stays", *_UNSEEN, update_effect="failed"),
    _update("87", "update-lag", "readings show it as it was 20 s ago", lag=20),
    # Replacing: a person has it and asks for another number.
    _unassign("88", "unassign-license-lost", "the first operation fails for want of a license, the number stays; then ordinary", endings=ending(_FAILED, _STAYS, texts.LICENSE)),
    _unassign("89", "unassign-throttled-lost", "429 once, then accepted with the answer lost", posts=Script(("throttled-seconds", "answer-lost"))),
)
# fmt: on
