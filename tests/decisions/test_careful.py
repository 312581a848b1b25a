"""Dates, names, dry runs, brakes and refusals in the life of a request, without a server."""

from datetime import timedelta

import pytest

from teams_numbers.answers import NoSuchPerson, Person, Refused, Throttled, Unclear
from teams_numbers.questions import Brake, Busy, Claim, Poll, Reading, ReadNumber, Resolve, Send
from tests.looking import ALL, LAG, UNASSIGN, UPN, followed, free, held, look, ordered
from tests.values import NOW, NUMBER, SOMEBODY_ELSE, USER, settings, work_item


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
    """A person must act; the request does not end for it, nor for what it meets once days are over."""
    half = settings().deadline.total_seconds() / 2
    looked = look(work_item(fields=UNASSIGN), held(), answers={Brake: False}, sets=ALL)
    assert looked.deferred[0] == "unassignPaused"
    assert not looked.sent
    item = looked.item
    for halves in range(1, 10):
        later = look(item, held(), after=halves * half, answers={Brake: False}, sets=ALL)
        assert later.deferred[0] == "unassignPaused"
        item = later.item
    starting = look(item, held(), after=9 * half + 60, answers={Claim: Busy("starting", 300)}, sets=ALL)
    assert starting.deferred == ("starting", 300.0)
    assert look(starting.item, held(), after=9 * half + 360, sets=ALL).sent


def test_a_request_that_the_brake_lets_pass_has_its_deadline_again() -> None:
    """It counts from when the brake last held the request back."""
    deadline = settings().deadline.total_seconds()
    braked = look(work_item(fields=UNASSIGN), held(), answers={Brake: False}, after=deadline - 60, sets=ALL)
    busy = {Claim: Busy("inFlight")}
    assert look(braked.item, held(), after=2 * deadline - 61, answers=busy, sets=ALL).deferred
    late = look(braked.item, held(), after=2.1 * deadline, answers=busy, sets=ALL)
    assert look(late.item, held(), after=2.3 * deadline, answers=busy, sets=ALL).end == ("TimedOut", "timedOut")


def test_a_number_to_unassign_that_is_not_the_persons_holds_after_two_readings() -> None:
    """The wish holds, with a note."""
    first = look(work_item(fields=UNASSIGN), held(by=SOMEBODY_ELSE), sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    assert look(first.item, held(by=SOMEBODY_ELSE), after=LAG, sets=ALL).end == ("Succeeded", None)


@pytest.mark.parametrize("wish", [UNASSIGN, {"existingNumber": "replace", "telephoneNumber": "+12065550199"}])
@pytest.mark.parametrize("dry", [True, False])
def test_a_reading_from_before_a_number_was_the_persons_does_not_say_that_it_is_not(
    wish: dict[str, object], *, dry: bool
) -> None:
    """The app still knows the free number from a moment ago; then the person was read to have it."""
    before = Reading(NOW - timedelta(seconds=3), (free(),))

    def remembered(question: ReadNumber) -> Reading:
        if question.telephone_number == NUMBER and question.since <= before.at:
            return before
        return Reading(NOW, (held(), free("+12065550199")))

    if wish is UNASSIGN:
        wish = wish | {"telephoneNumber": None}
    looked = look(work_item(fields=wish | {"dryRun": dry}), held(), answers={ReadNumber: remembered}, sets=ALL)
    if dry:
        assert f"would unassign {NUMBER}" in looked.message
    else:
        assert [order.action for order in looked.sent] == ["unassign"]


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


def refused(words: str) -> dict[object, object]:
    return {ReadNumber: Refused(400, "BadRequest", words, "g-1")}


def test_a_reading_refused_in_words_that_nobody_knows_is_asked_for_three_times() -> None:
    """It may be a passing fault; what is said of the number itself is believed at once."""
    item = work_item()
    for _ in range(2):
        looked = look(item, free(), answers=refused("Not now."))
        assert looked.deferred[0] == "unknownFailure"
        item = looked.item
    assert look(item, free(), answers=refused("Not now.")).end == ("Failed", "numberNotFound")
    said = "Invalid DirectRoutingTelephoneNumber '+12065550100'"
    assert look(work_item(), free(), answers=refused(said)).end == ("Failed", "numberNotAccepted")


def test_a_refused_reading_says_nothing_of_an_order_that_may_be_running() -> None:
    """The request would be told as failed, and the person would have the number."""
    for words in ("Not now.", "Invalid DirectRoutingTelephoneNumber '+12065550100'"):
        looked = look(ordered(followed()), free(), after=60, answers=refused(words))
        assert looked.deferred[0] == "unclear"
        assert looked.item.order is not None


def test_the_person_of_a_name_is_remembered() -> None:
    """Once known, the person is not looked up again."""
    looked = look(work_item(fields=UPN), free(), answers={Resolve: Person(SOMEBODY_ELSE)})
    assert looked.item.person == SOMEBODY_ELSE
    assert looked.sent[0].assignment_target_id == SOMEBODY_ELSE
