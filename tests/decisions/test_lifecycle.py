"""The rows of "The life of a request", without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.answers import NoSuchPerson, Operation, Person, Refused, Throttled, Unclear
from teams_numbers.contracts import Action, NumberType, Outcome
from teams_numbers.questions import Brake, Busy, Claim, Finish, Poll, ReadNumber, ReadPerson, Resolve, Send
from teams_numbers.records import NumberRecord
from teams_numbers.work_item import Doubt, Order, Verdict, WorkItem
from tests.looking import free, held, look
from tests.values import NOW, NUMBER, OPERATION_URL, SOMEBODY_ELSE, USER, settings, work_item

ALL = settings(ACTIONS="assign,unassign,update", UNASSIGN_PER_DAY="25")
UPN = {"assignmentTargetId": None, "userPrincipalName": "anna@contoso.example"}
UNASSIGN = {"action": "unassign", "numberType": None}
LAG, CONFIRM = 300.0, 3600.0


def order(action: Action = Action.ASSIGN, **about: Any) -> Order:
    """Return an order of the request's, sent just now."""
    known: dict[str, Any] = {
        "telephone_number": NUMBER,
        "number_type": NumberType.CALLING_PLAN,
        "assignment_target_id": USER,
    }
    return Order(**{"action": action, "sent_at": NOW} | known | about)


def followed(action: Action = Action.ASSIGN, **about: Any) -> Order:
    """Return an order that Graph accepted just now."""
    return order(action, **{"operation_url": OPERATION_URL, "submitted_at": NOW} | about)


def ordered(given: Order, **known: Any) -> WorkItem:
    """Return an item with an order."""
    fields = dict(UNASSIGN) if given.action is Action.UNASSIGN else {}
    return work_item(
        fields=fields, person=USER, order=given, touched=(NUMBER,), submitted_at=given.submitted_at, **known
    )


def test_an_item_with_a_verdict_tells_it_again_and_asks_nothing() -> None:
    """The verdict that is stored is the one that is told."""
    verdict = Verdict(outcome=Outcome.FAILED, completed_at=NOW)
    looked = look(work_item(verdict=verdict), free(), after=99)
    assert isinstance(looked.decision, Finish)
    assert looked.decision.verdict == verdict
    assert not looked.asked


def test_an_action_that_is_not_enabled_is_rejected_by_name() -> None:
    """ACTIONS names what the app does at all."""
    looked = look(work_item(fields=UNASSIGN), held())
    assert looked.end == ("Rejected", "actionNotEnabled")
    assert "unassign" in looked.message
    assert not looked.asked


def test_a_replacement_needs_unassign_to_be_enabled() -> None:
    """A replacement takes a number away, so it needs that right."""
    looked = look(work_item(fields={"existingNumber": "replace"}), free())
    assert looked.end == ("Rejected", "actionNotEnabled")


def test_an_action_disabled_after_an_order_ends_as_failed() -> None:
    """What was begun is not called rejected."""
    assert look(work_item(fields=UNASSIGN, touched=(NUMBER,)), held()).end == ("Failed", "actionNotEnabled")


def test_a_clear_way_stores_the_order_and_sends_it() -> None:
    """The wish is observed first, then the complete order is sent."""
    looked = look(work_item(), free())
    assert [type(question) for question in looked.asked] == [ReadNumber, ReadPerson, Send]
    assert looked.sent == [order(assignment_category="primary")]
    assert looked.follows
    assert looked.item.order is not None
    assert looked.item.order.operation_url == OPERATION_URL
    assert looked.item.touched == (NUMBER,)


def test_a_wish_that_holds_ends_as_succeeded_without_an_order() -> None:
    """What is so already is not ordered."""
    looked = look(work_item(), held(location_id="loc-9"))
    assert looked.end == ("Succeeded", None)
    assert not looked.sent
    assert isinstance(looked.decision, Finish)
    assert looked.decision.verdict.location_id == "loc-9"


def test_another_location_is_updated() -> None:
    """An emergency address that is missing is set."""
    looked = look(work_item(fields={"locationId": "loc-1"}), held(location_id="loc-2"))
    assert [(sent.action, sent.location_id) for sent in looked.sent] == [(Action.UPDATE, "loc-1")]


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((held(by=SOMEBODY_ELSE),), "numberTaken"),
        ((free(), held("+12065550199")), "userHasNumber"),
        ((held(category="private"),), "categoryDiffers"),
    ],
)
def test_what_speaks_against_the_wish_is_believed_when_read_twice(numbers: tuple[NumberRecord, ...], code: str) -> None:
    """One reading may be as old as the list's lag."""
    item = work_item(fields={"assignmentCategory": "primary"})
    first = look(item, *numbers)
    assert first.deferred == ("readAgain", LAG)
    early = look(first.item, *numbers, after=LAG - 1)
    assert early.deferred == ("readAgain", 1.0)
    assert look(early.item, *numbers, after=LAG).end == ("Failed", code)
    assert look(first.item, free(), after=LAG).follows


def test_another_doubt_is_read_twice_as_well() -> None:
    """The first reading of one thing confirms no other."""
    item = work_item(doubt=Doubt(code="userHasNumber", first_read_at=NOW))
    assert look(item, held(by=SOMEBODY_ELSE), after=LAG).deferred == ("readAgain", LAG)


@pytest.mark.parametrize("number", [free(number_type="directRouting"), free(for_users=False)])
def test_an_unsuited_number_fails_at_once(number: NumberRecord) -> None:
    """What does not change from one minute to the next is read once."""
    outcome, code = look(work_item(), number).end
    assert outcome == "Failed"
    assert code in {"numberNotFound", "numberNotAssignable"}


def test_an_unanswered_order_that_does_not_show_is_given_again_as_it_was() -> None:
    """After an order without an answer: the same one again, or none."""
    looked = look(ordered(order(unanswered=True)), free(), after=60)
    assert [(sent.action, sent.telephone_number) for sent in looked.sent] == [(Action.ASSIGN, NUMBER)]


def test_an_unanswered_order_that_shows_is_done() -> None:
    """It shows: nothing is ordered again."""
    looked = look(ordered(order(unanswered=True)), held(), after=60)
    assert looked.end == ("Succeeded", None)
    assert not looked.sent


def test_an_unanswered_order_is_judged_anew_in_full() -> None:
    """Somebody else's by now: not ordered again."""
    assert not look(ordered(order(unanswered=True)), held(by=SOMEBODY_ELSE), after=60).sent


def test_an_unanswered_unassignment_counts_as_running() -> None:
    """Until CONFIRM_SECONDS it is neither repeated nor ended."""
    item = ordered(order(Action.UNASSIGN, unanswered=True))
    for after in (1, CONFIRM - 1):
        looked = look(item, held(), after=after, sets=ALL)
        assert looked.deferred[0] == "orderUnanswered"
        assert not looked.asked
    assert look(item, held(), after=CONFIRM, sets=ALL).sent


def test_a_success_is_read() -> None:
    """Succeeded means that the number was read on the person."""
    done = look(ordered(followed()), free(), after=20, answers={Poll: Operation("succeeded", None, "g")})
    assert done.deferred[0] == "notVisible"
    assert look(done.item, held(), after=60).end == ("Succeeded", None)
    assert look(done.item, free(), after=20 + CONFIRM - 1).deferred[0] == "notVisible"
    assert look(done.item, free(), after=20 + CONFIRM).end == ("Unconfirmed", "unconfirmed")


def test_an_unknown_word_is_settled_by_observation_after_three_looks() -> None:
    """Two looks take it for running; from the third on it is named."""
    item = ordered(followed())
    reasons = []
    for after in (30, 60, 90):
        looked = look(item, free(), after=after, answers={Poll: Operation("dancing", None, "g")})
        reasons.append(looked.deferred[0])
        item = looked.item
    assert reasons == ["orderRunning", "orderRunning", "operation:dancing"]
    assert look(item, held(), after=120).end == ("Succeeded", None)


def test_the_deadline_asks_the_operation_and_the_number_once_more() -> None:
    """TimedOut is told after both were asked."""
    deadline = settings().deadline.total_seconds()
    late = look(ordered(followed()), held(), after=deadline + 1)
    assert late.end == ("Succeeded", None)
    said = look(
        ordered(followed()),
        free(),
        after=deadline + 1,
        answers={Poll: Operation("failed", "InvalidInput: Location is wrong", "g")},
    )
    assert said.times(ReadNumber) >= 1
    assert said.times(Poll) == 1


def test_a_request_that_was_never_tried_is_tried_after_its_deadline() -> None:
    """The app was away for a day: the request is tried all the same."""
    assert look(work_item(), free(), after=settings().deadline.total_seconds() + 60).follows


def test_a_timed_out_request_names_its_reason_and_that_reasons_advice() -> None:
    """The advice is that of what was waited for."""
    item = work_item(attempt=3, reason="licenseMissing", reason_times=3, said="no license")
    late = settings().deadline.total_seconds() * 9 / 8 + 60
    looked = look(item, free(), after=late)
    assert looked.end == ("TimedOut", "timedOut")
    assert isinstance(looked.decision, Finish)
    assert looked.decision.verdict.problem is not None
    assert looked.decision.verdict.problem.reason == "licenseMissing"
    assert "license" in looked.decision.verdict.problem.advice


def test_a_phantom_is_waited_for_and_then_fails_with_its_own_code() -> None:
    """A number assigned to nobody may become free."""
    first = look(work_item(), held(by=None))
    assert first.deferred[0] == "numberWithoutHolder"
    late = settings().deadline.total_seconds() * 9 / 8 + 60
    assert look(first.item, held(by=None), after=late).end == ("Failed", "numberWithoutHolder")


def test_not_before_defers_and_an_unassignment_fixes_the_person() -> None:
    """A leaver's name may be gone when the time comes."""
    later = (NOW + timedelta(hours=2)).isoformat()
    assert look(work_item(fields={"notBefore": later} | UPN), free()).deferred == ("notBefore", 7200.0)
    looked = look(work_item(fields={"notBefore": later} | UNASSIGN | UPN), held(), sets=ALL)
    assert looked.deferred == ("notBefore", 7200.0)
    assert looked.item.person == USER
    dry = look(work_item(fields={"notBefore": later, "dryRun": True}), free())
    assert dry.end == ("Validated", None)


def test_nobody_of_that_name_is_waited_for_by_an_assignment_and_15_minutes_by_an_unassignment() -> None:
    """A new account comes; a deleted one does not."""
    nobody = {Resolve: NoSuchPerson()}
    assert look(work_item(fields=UPN), free(), answers=nobody, after=5000).deferred[0] == "userNotFound"
    item = work_item(fields=UNASSIGN | UPN)
    assert look(item, held(), answers=nobody, after=899, sets=ALL).deferred[0] == "userNotFound"
    looked = look(item, held(), answers=nobody, after=900, sets=ALL)
    assert looked.end == ("Failed", "userNotFound")
    assert "object id" in looked.message


@pytest.mark.parametrize("fields", [{}, UNASSIGN, {"action": "update", "numberType": None, "locationId": "loc-1"}])
def test_a_dry_run_orders_nothing(fields: dict[str, object]) -> None:
    """It says what would be ordered."""
    there = free() if not fields else held(location_id="loc-2")
    looked = look(work_item(fields={"dryRun": True} | fields), there, sets=ALL)
    assert looked.end == ("Validated", None)
    assert looked.message.startswith("would ")
    assert looked.times(Send) == looked.times(Claim) == 0


def test_a_dry_run_tells_what_is_in_the_way_at_once() -> None:
    """It waits for no second reading."""
    assert look(work_item(fields={"dryRun": True}), held(by=SOMEBODY_ELSE)).end == ("Rejected", "numberTaken")


def test_a_retry_after_beyond_the_longest_pause_does_not_hide_an_ordered_item() -> None:
    """Where an order may be running, the item comes by in time, and asks nothing before Graph wants."""
    looked = look(ordered(followed()), free(), answers={Poll: Throttled(9000, sent=True)})
    reason, after = looked.deferred
    assert reason == "throttled"
    assert after == settings().longest_pause
    again = look(looked.item, held(), after=after)
    assert again.deferred[0] == "throttled"
    assert not again.asked


def test_a_protected_number_is_never_unassigned() -> None:
    """PROTECTED_NUMBERS are nobody's to take."""
    sets = settings(ACTIONS="assign,unassign", PROTECTED_NUMBERS=NUMBER)
    looked = look(work_item(fields=UNASSIGN), held(), sets=sets)
    assert looked.end == ("Failed", "numberProtected")
    assert not looked.sent


def test_the_brake_waits_without_a_deadline() -> None:
    """A person must act; the request does not end for it."""
    deadline = settings().deadline.total_seconds()
    item = work_item(fields=UNASSIGN)
    looked = look(item, held(), answers={Brake: False}, sets=ALL)
    assert looked.deferred[0] == "unassignPaused"
    assert not looked.sent
    for after in (deadline + 60, deadline * 3):
        later = look(looked.item, held(), after=after, answers={Brake: False}, sets=ALL)
        assert later.deferred[0] == "unassignPaused"


def test_a_number_to_unassign_that_is_not_the_persons_holds_after_two_readings() -> None:
    """The wish holds, with a note."""
    first = look(work_item(fields=UNASSIGN), held(by=SOMEBODY_ELSE), sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    assert look(first.item, held(by=SOMEBODY_ELSE), after=LAG, sets=ALL).end == ("Succeeded", None)


def test_what_is_in_flight_for_another_request_is_deferred() -> None:
    """One careful request per person and number at a time."""
    looked = look(work_item(fields=UNASSIGN), held(), answers={Claim: Busy("inFlight")}, sets=ALL)
    assert looked.deferred[0] == "inFlight"
    assert not looked.sent


def test_the_in_box_gives_no_careful_order() -> None:
    """Only the poller orders what can hurt."""
    looked = look(work_item(fields=UNASSIGN), held(), careful=False, sets=ALL)
    assert looked.deferred == ("handedOver", 0.0)
    assert not looked.sent


def test_taken_eight_times_while_free_is_quarantined() -> None:
    """A number that Graph refuses as taken, and that nobody holds, is quarantined."""
    item, after = work_item(), 0.0
    for _ in range(7):
        looked = look(item, free(), after=after, answers={Send: Refused(400, "", "Number already assigned", "g")})
        assert looked.deferred[0] == "numberTaken"
        item, after = looked.item, after + 60
    last = look(item, free(), after=after, answers={Send: Refused(400, "", "Number already assigned", "g")})
    assert last.end == ("Failed", "numberQuarantined")


def test_an_unread_number_decides_nothing() -> None:
    """A read error is not taken for a free number."""
    looked = look(work_item(), free(), answers={ReadNumber: Unclear("status 500")})
    assert looked.deferred[0] == "unclear"
    assert not looked.sent


def test_the_person_of_a_name_is_remembered() -> None:
    """Once known, the person is not looked up again."""
    looked = look(work_item(fields=UPN), free(), answers={Resolve: Person(SOMEBODY_ELSE)})
    assert looked.item.person == SOMEBODY_ELSE
    assert looked.sent[0].assignment_target_id == SOMEBODY_ELSE
