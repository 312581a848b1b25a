"""The rows of "The life of a request", without a server."""

import pytest

from teams_numbers.answers import Operation
from teams_numbers.contracts import Action, Outcome
from teams_numbers.questions import Finish, Poll, ReadNumber, ReadPerson, Send
from teams_numbers.records import NumberRecord
from teams_numbers.work_item import Doubt, Verdict
from tests.looking import ALL, CONFIRM, LAG, UNASSIGN, followed, free, held, look, order, ordered
from tests.values import NOW, NUMBER, OPERATION_URL, SOMEBODY_ELSE, settings, work_item


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
    repeated = look(item, held(), after=CONFIRM, sets=ALL).sent
    assert [sent.unanswered for sent in repeated] == [False]


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
