"""What Graph answers to an order, in the life of a request, without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers import failures
from teams_numbers.answers import EXPIRED, OUT_OF_TIME, Accepted, Denied, Done, Refused, Throttled, Unclear, Unjudged
from teams_numbers.contracts import Action
from teams_numbers.orders import READINGS
from teams_numbers.questions import Brake, Busy, Claim, Follow, Reading, ReadNumber, ReadPerson, Send
from teams_numbers.work_item import Doubt
from tests.looking import ALL, CONFIRM, LAG, UNASSIGN, Looked, followed, free, held, look, order, ordered
from tests.values import NOW, NUMBER, OPERATION_URL, SOMEBODY_ELSE, USER, settings, work_item

UPDATE = {"action": "update", "numberType": None, "locationId": "loc-1"}
OTHER = "+12065550199"
#: Words of which the catalogue knows the kind.
TAKEN, LICENSE, LATER = "Number already assigned", "User is not licensed for Teams Phone", "Service Unavailable"
FAILED_UPDATE, TOKEN, NEW = "Update failed for user 'Ada'. Please try again", "Access token is empty.", "Something new"
LATE = settings().deadline.total_seconds() + 60


def refused(message: str, status: int = 400, code: str = "") -> Refused:
    return Refused(status, code, message, "g-9")


def answered(answer: Any, *, after: float = 60, **known: Any) -> Looked:
    return look(work_item(**known), free(), after=after, answers={Send: answer})


def test_an_accepted_order_is_noted_in_full_and_followed() -> None:
    item = ordered(order(unanswered=True, looks=2, sent_at=NOW - timedelta(hours=1)), waits=3, waits_for="throttled")
    looked = look(item, free(), after=60)
    assert isinstance(looked.decision, Follow)
    assert looked.decision.after == 15
    now = NOW + timedelta(seconds=60)
    given = looked.item.order
    assert given is not None
    assert given == order(
        sent_at=now,
        submitted_at=now,
        operation_url=OPERATION_URL,
        graph_request_id="g-1",
        assignment_category="primary",
    )
    assert (looked.item.submitted_at, looked.item.operation_id) == (now, "QXNzaWdubWVudHw2Y2E4")
    assert (looked.item.waits, looked.item.waits_for) == (0, None)


def test_an_order_that_is_accepted_without_an_operation_is_followed_by_its_number() -> None:
    looked = answered(Accepted(None, "g-1"))
    assert looked.follows
    assert looked.item.order is not None
    assert (looked.item.order.operation_url, looked.item.operation_id) == (None, None)
    assert looked.item.order.submitted_at == NOW + timedelta(seconds=60)


def test_an_update_that_is_done_at_once_is_noted_and_followed() -> None:
    item = work_item(fields=UPDATE, person=USER, waits=3, waits_for="throttled")
    looked = look(item, held(location_id="loc-2"), after=60, sets=ALL, answers={Send: Done("g-1")})
    assert isinstance(looked.decision, Follow)
    assert looked.decision.after == 15
    now = NOW + timedelta(seconds=60)
    given = looked.item.order
    assert given is not None
    assert (given.done_at, given.submitted_at, given.graph_request_id) == (now, now, "g-1")
    assert (looked.item.submitted_at, looked.item.waits, looked.item.waits_for) == (now, 0, None)


@pytest.mark.parametrize("answer", [Unclear("status 500"), Throttled(7, sent=True), Throttled(None, sent=True)])
def test_an_order_whose_answer_says_nothing_is_kept_as_unanswered(answer: Unjudged) -> None:
    looked = answered(answer)
    assert looked.deferred[0] in {"unclear", "throttled"}
    assert looked.item.order is not None
    assert looked.item.order.unanswered
    assert looked.item.touched == (NUMBER,)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Throttled(7, sent=False), "throttled"),
        (Unclear("no connection", sent=False), "unclear"),
        (Unclear(OUT_OF_TIME, sent=False), "outOfTime"),
        (Denied(403, failures.PERMISSION_MISSING, "", None), "permissionMissing"),
    ],
)
def test_an_order_that_was_not_sent_leaves_the_item_as_it_was(answer: Unjudged, reason: str) -> None:
    looked = answered(answer)
    assert looked.deferred[0] == reason
    assert looked.item.order is None
    assert looked.item.touched == ()


def test_an_order_whose_reading_is_too_old_is_not_sent_and_read_for_again() -> None:
    looked = answered(Unclear(EXPIRED, sent=False))
    assert looked.deferred == ("readAgain", 1.0)
    assert looked.item.order is None


def test_what_is_stored_with_an_order_is_complete() -> None:
    item = work_item(touched=(OTHER,), not_until=NOW - timedelta(seconds=1))
    looked = look(item, free(), after=60)
    stored = next(question.item for question in looked.asked if isinstance(question, Send))
    assert stored.touched == looked.item.touched == (OTHER, NUMBER)
    assert stored.not_until is None
    assert stored.order is not None
    assert stored.order.sent_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("before", "unanswered"),
    [
        ({}, True),
        ({"unanswered": True}, True),
        ({"unanswered": True, "submitted_at": NOW}, True),
        ({"submitted_at": NOW}, True),
        ({"telephone_number": OTHER, "unanswered": True}, False),
    ],
)
def test_every_repeat_of_an_order_counts_as_unanswered(before: dict[str, Any], *, unanswered: bool) -> None:
    looked = look(ordered(order(**before)), free(), after=400)
    assert [sent.unanswered for sent in looked.sent] == [unanswered]


def test_a_repeat_that_is_refused_stays_the_requests_order_and_a_first_sending_does_not() -> None:
    assert answered(refused(LICENSE)).item.order is None
    again = look(ordered(order(unanswered=True)), free(), after=60, answers={Send: refused(LICENSE)})
    assert again.item.order is not None


@pytest.mark.parametrize(
    ("said", "reason", "after", "attempt"),
    [
        (LICENSE, "licenseMissing", 60.0, 1),
        (LATER, "serviceUnavailable", 15.0, 1),
        (FAILED_UPDATE, "updateFailed", 15.0, 1),
        (TOKEN, "unauthorized", 15.0, 0),
        (TAKEN, "numberTaken", 15.0, 1),
    ],
)
def test_a_refusal_is_waited_out_or_tried_again_by_its_kind(said: str, reason: str, after: float, attempt: int) -> None:
    looked = answered(refused(said))
    assert looked.deferred[0] == reason
    assert after <= looked.deferred[1] < after * 1.21
    assert looked.item.attempt == attempt
    assert looked.item.said == (said if attempt else None)


def test_a_refusal_without_a_message_is_told_by_its_status_and_code() -> None:
    assert answered(refused("", 409, "Conflict")).item.said == "409 Conflict"
    assert answered(refused("", 409)).item.said == "409"


@pytest.mark.parametrize(
    ("said", "code", "told", "tries"),
    [
        (FAILED_UPDATE, "updateFailed", "updateFailed", 5),
        (TAKEN, "numberTaken", "numberQuarantined", 8),
        (NEW, "unknownFailure", "unknownFailure", 1),
    ],
)
def test_a_refusal_is_believed_after_so_many_times_in_a_row(said: str, code: str, told: str, tries: int) -> None:
    before: dict[str, Any] = {"reason": code, "attempt": tries}
    if tries > 1:
        assert answered(refused(said), reason_times=tries - 2, **before).deferred[0] == code
    last = answered(refused(said), reason_times=tries - 1, **before)
    assert last.end == ("Failed", told)
    assert last.message == said
    assert last.decision.verdict.problem.graph_request_id == "g-9"  # type: ignore[union-attr]


def test_what_only_asks_for_patience_is_tried_until_the_deadline() -> None:
    looked = answered(refused(LATER), reason="serviceUnavailable", reason_times=100, attempt=100)
    assert looked.deferred[0] == "serviceUnavailable"


def test_a_refusal_for_good_fails_with_graphs_words() -> None:
    looked = answered(refused("The usage location is not the number's"))
    assert looked.end == ("Failed", "usageLocationMismatch")
    assert looked.message == "The usage location is not the number's"


@pytest.mark.parametrize("said", [TAKEN, NEW])
def test_a_refusal_that_the_number_explains_is_no_failure(said: str) -> None:
    """The order went through in spite of its answer, or another one did: the number is read after the refusal."""
    shown: list[Reading] = [Reading(NOW, (free(),)), Reading(NOW, (held(),))]
    looked = look(work_item(), after=60, answers={ReadNumber: shown, Send: refused(said)})
    assert looked.end == ("Succeeded", None)
    since = [question.since for question in looked.asked if isinstance(question, ReadNumber)]
    assert since == [NOW + timedelta(seconds=30), NOW + timedelta(seconds=60)]


def test_a_refusal_speaks_of_the_order_that_was_refused_alone() -> None:
    """The number is the person's by now, at another location: the update is another order."""
    shown = [Reading(NOW, (free(),)), Reading(NOW, (held(location_id="loc-2"),))]
    answers = {ReadNumber: shown, Send: [refused(TAKEN), Accepted(OPERATION_URL, "g")]}
    looked = look(work_item(fields={"locationId": "loc-1"}), after=60, answers=answers)
    assert [sent.action for sent in looked.sent] == [Action.ASSIGN, Action.UPDATE]
    assert looked.follows


def test_graphs_own_words_tell_what_the_number_shows() -> None:
    """What was refused and what is read say the same: Graph's words are told."""
    shown = [Reading(NOW, (free(),)), Reading(NOW, (held(by=SOMEBODY_ELSE),))]
    first = look(work_item(), after=60, answers={ReadNumber: shown, Send: refused(TAKEN)})
    assert first.deferred[0] == "readAgain"
    item = first.item.but(doubt=first.item.doubt)
    shown = [Reading(NOW, (free(),)), Reading(NOW + timedelta(seconds=400), (held(by=SOMEBODY_ELSE),))]
    told = look(item, after=400, answers={ReadNumber: shown, Send: refused(TAKEN)})
    assert (told.end, told.message) == (("Failed", "numberTaken"), TAKEN)
    other = look(item, after=400, answers={ReadNumber: [shown[0], shown[1]], Send: refused("User has a number")})
    assert other.message == f"{NUMBER} is assigned to somebody else."


def test_an_unassignment_is_sent_on_a_fresh_reading_of_the_number_itself_alone() -> None:
    looked = look(work_item(fields=UNASSIGN), held(), after=60, sets=ALL)
    reading = next(question for question in looked.asked if isinstance(question, ReadNumber))
    assert reading.alone
    assert reading.since == NOW + timedelta(seconds=55)
    send = next(question for question in looked.asked if isinstance(question, Send))
    assert send.expires == NOW + timedelta(seconds=65)
    assert looked.sent == [order(Action.UNASSIGN, sent_at=NOW + timedelta(seconds=60))]
    claims = [question.numbers for question in looked.asked if isinstance(question, Claim)]
    assert claims == [(NUMBER,)]
    assert looked.times(Brake) == 1


def test_an_assignment_of_a_named_number_needs_no_claim_and_no_brake() -> None:
    looked = look(work_item(), free(), careful=False)
    assert looked.times(Claim) == looked.times(Brake) == 0
    assert looked.sent


def test_an_update_that_an_assignment_needs_is_left_to_the_work_list() -> None:
    item = work_item(fields={"locationId": "loc-1"})
    assert look(item, held(location_id="loc-2"), careful=False).deferred == ("handedOver", 0.0)
    assert look(item, held(location_id="loc-2")).times(Claim) == 1


def test_after_the_deadline_nothing_new_is_ordered() -> None:
    """What Graph has judged once is not tried again after its deadline; what was sent is waited for."""
    judged = look(work_item(attempt=1, reason="licenseMissing", reason_times=1), free(), after=LATE)
    assert judged.end == ("TimedOut", "timedOut")
    assert not judged.sent
    waits = look(ordered(order(submitted_at=NOW)), free(), after=LATE)
    assert waits.deferred[0] == "orderUnanswered"
    assert not waits.sent
    for_that = look(ordered(order(submitted_at=NOW), waits_for="throttled", waits=1), free(), after=LATE)
    assert for_that.deferred[0] == "throttled"


def test_an_order_that_may_still_be_worked_on_unseen_is_looked_at_before_it_is_repeated() -> None:
    """It was accepted without an operation: until MAX_POLL_SECONDS after that nothing is sent again."""
    item = ordered(order(submitted_at=NOW + timedelta(seconds=100)))
    early = look(item, free(), after=399)
    assert early.deferred[0] == "orderUnanswered"
    assert not early.sent
    assert look(item, free(), after=400).sent
    unsubmitted = ordered(order())
    assert not look(unsubmitted, free(), after=299).sent
    assert look(unsubmitted, free(), after=300).sent


def test_an_unanswered_order_is_looked_for_in_a_reading_from_after_it() -> None:
    sent = NOW + timedelta(seconds=50)
    looked = look(ordered(order(sent_at=sent, unanswered=True)), held(), after=60)
    assert looked.asked[0] == ReadNumber(NUMBER, sent)
    old = look(ordered(order(unanswered=True)), held(), after=600)
    assert old.asked[0] == ReadNumber(NUMBER, NOW + timedelta(seconds=570))


def test_what_an_order_brought_about_is_noted_before_the_rest_is_judged() -> None:
    """The number shows on the person; its location is still to be set."""
    doubt = Doubt(code="numberTaken", first_read_at=NOW)
    known: dict[str, Any] = {"waits": 2, "waits_for": "orderUnanswered", "doubt": doubt}
    item = ordered(order(unanswered=True), **known).but(request=work_item(fields={"locationId": "loc-1"}).request)
    looked = look(item, held(location_id="loc-2"), after=60, answers={Claim: Busy("inFlight", 9)})
    assert looked.deferred == ("inFlight", 9.0)
    assert (looked.item.order, looked.item.doubt, looked.item.unassigned) == (None, None, ())
    assert (looked.item.waits, looked.item.waits_for) == (1, "inFlight")


def test_an_unassignment_that_shows_is_noted() -> None:
    given = order(Action.UNASSIGN, unanswered=True)
    item = ordered(given, unassign=(NUMBER,), unassigned=(OTHER,), waits=2, waits_for="orderUnanswered")
    looked = look(item, free(), after=CONFIRM, sets=ALL)
    assert looked.end == ("Succeeded", None)
    assert looked.message == f"Unassigned: {OTHER}, {NUMBER}."
    assert looked.item.unassigned == (OTHER, NUMBER)
    assert (looked.item.order, looked.item.waits, looked.item.waits_for) == (None, 0, None)


def test_a_refused_reading_says_something_of_the_number_or_nothing() -> None:
    def read(answer: Any, **known: Any) -> Looked:
        return look(work_item(**known), free(), answers={ReadNumber: answer})

    heard: Any = {"reason": "unknownFailure", "reason_times": READINGS - 1}
    assert read(refused(LICENSE)).deferred == ("licenseMissing", 60.0)
    assert read(refused(LATER)).deferred[0] == "serviceUnavailable"
    assert read(refused(TOKEN)).deferred[0] == "unauthorized"
    assert read(refused("Invalid TelephoneNumber '1'")).end == ("Failed", "numberNotAccepted")
    assert read(refused(NEW)).deferred[0] == "unknownFailure"
    assert read(refused(NEW), **heard).end == ("Failed", "numberNotFound")
    assert read(refused(NEW), **heard).message == NEW
    assert read(refused(TAKEN)).end == ("Failed", "numberTaken")
    assert read(refused("", 404, "NotFound"), **heard).message == "404 NotFound"
    assert read(refused("", 404), **heard).message == "404"
    assert read(refused(NEW), **heard).decision.verdict.problem.graph_request_id == "g-9"  # type: ignore[union-attr]
    theirs = look(work_item(**heard), free(), answers={ReadPerson: refused(NEW)})
    assert (theirs.end, theirs.message) == (("Failed", "unknownFailure"), NEW), "nothing is wrong with the number"
    assert look(work_item(), free(), answers={ReadPerson: Throttled(9, sent=True)}).deferred[0] == "throttled"
    assert look(ordered(followed()), answers={ReadNumber: Unclear("status 500")}, after=LAG).deferred[0] == "unclear"
