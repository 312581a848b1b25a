"""A replacement that fails gives the old number back, in the life of a request, without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.answers import Operation, Refused
from teams_numbers.contracts import Action, NumberType, Outcome
from teams_numbers.questions import Finish, Poll, Reading, ReadNumber, Send
from teams_numbers.work_item import Doubt, Problem, Replaced, Verdict, WorkItem
from tests.looking import ALL, CONFIRM, LAG, Looked, followed, free, held, look, order
from tests.values import NOW, NUMBER, SOMEBODY_ELSE, USER, settings, work_item

OLD = "+14255550100"
REPLACE = {"existingNumber": "replace"}
FOR_GOOD = Refused(400, "BadRequest", "The usage location is not the number's", "g-9")
DEADLINE = ALL.deadline.total_seconds()


def item(*, fields: dict[str, Any] | None = None, unassigned_at: float | None = 0, **known: Any) -> WorkItem:
    """Return a replacement whose old number was unassigned at some second."""
    old = Replaced(
        telephone_number=OLD,
        number_type=NumberType.CALLING_PLAN,
        assignment_category="primary",
        location_id="loc-o",
        unassigned_at=None if unassigned_at is None else NOW + timedelta(seconds=unassigned_at),
    )
    about = {"person": USER, "replaced": old, "unassigned": (OLD,), "touched": (OLD,)}
    return work_item(fields=REPLACE | (fields or {}), **about | known)


def failed(**known: Any) -> Looked:
    """Look at a replacement of which Graph refuses the new number for good."""
    return look(item(**known), free(), free(OLD), after=100, answers={Send: FOR_GOOD}, sets=ALL)


def test_when_the_old_number_was_unassigned_is_noted_with_its_unassignment() -> None:
    given = followed(Action.UNASSIGN, telephone_number=OLD, done_at=NOW)
    before = item(unassigned_at=None, unassigned=(), order=given)
    looked = look(before, free(), free(OLD), after=60, sets=ALL)
    assert looked.item.replaced is not None
    assert looked.item.replaced.unassigned_at == NOW + timedelta(seconds=60)
    assert looked.item.unassigned == (OLD,)
    assert [(sent.action, sent.telephone_number) for sent in looked.sent] == [(Action.ASSIGN, NUMBER)]
    other = before.but(order=followed(Action.UNASSIGN, telephone_number="+12065550177", done_at=NOW))
    kept = look(other, free(), free(OLD), after=60, sets=ALL).item.replaced
    assert kept is not None
    assert kept.unassigned_at is None


def test_a_failure_after_the_old_number_was_unassigned_waits_until_the_list_shows_it_free() -> None:
    looked = failed(number=NUMBER, waits=3, waits_for="inFlight", doubt=Doubt(code="x", first_read_at=NOW))
    assert looked.deferred == ("givingBack", 200.0)
    now = looked.item
    assert now.giving_back is not None
    assert (now.giving_back.outcome, now.order, now.doubt, now.number) == (Outcome.FAILED, None, None, None)
    assert (now.waits, now.waits_for, now.not_until) == (0, None, NOW + timedelta(seconds=LAG))
    unanswered = failed(order=order(unanswered=True))
    assert unanswered.deferred == ("givingBack", ALL.longest_pause)
    assert unanswered.item.order is None
    assert look(now, free(OLD), after=LAG - 1, sets=ALL).deferred[0] == "throttled"
    gives = look(now, free(), free(OLD), after=LAG, sets=ALL)
    assert gives.sent == [
        order(
            telephone_number=OLD,
            assignment_category="primary",
            location_id="loc-o",
            sent_at=NOW + timedelta(seconds=LAG),
        )
    ]


def test_a_failure_long_after_that_gives_back_at_once() -> None:
    assert failed(unassigned_at=-1000).deferred == ("givingBack", 0.0)


def test_a_time_out_gives_back_too() -> None:
    known: dict[str, Any] = {"attempt": 1, "reason": "licenseMissing", "reason_times": 1}
    looked = look(item(**known), free(), free(OLD), after=DEADLINE + 60, sets=ALL)
    assert looked.deferred == ("givingBack", 0.0)
    assert looked.item.giving_back is not None
    assert looked.item.giving_back.outcome is Outcome.TIMED_OUT


def test_a_failure_before_the_old_number_was_unassigned_is_just_one() -> None:
    assert failed(unassigned_at=None, unassigned=()).end == ("Failed", "usageLocationMismatch")


def test_a_success_gives_nothing_back() -> None:
    assert look(item(), held(), after=60, sets=ALL).end == ("Succeeded", None)
    unconfirmed = item(order=followed(done_at=NOW))
    assert look(unconfirmed, free(), after=CONFIRM, sets=ALL).end == ("Unconfirmed", "unconfirmed")


def giving_back(problem: dict[str, Any] | None = None, **known: Any) -> WorkItem:
    about: dict[str, Any] = {"code": "usageLocationMismatch", "message": "no such place", "advice": "x."}
    told = Problem(**about | {"graph_request_id": "g-9"} | (problem or {}))
    return item(giving_back=Verdict(outcome=Outcome.FAILED, completed_at=NOW, problem=told, note="n"), **known)


def test_a_number_that_was_given_back_is_told_with_the_reason_of_the_failure() -> None:
    given = followed(telephone_number=OLD)
    there = held(OLD, location_id="loc-o", category="primary")
    looked = look(giving_back(order=given), there, after=600, sets=ALL)
    assert isinstance(looked.decision, Finish)
    told = looked.decision.verdict
    assert (told.outcome, told.completed_at, told.note) == (Outcome.FAILED, NOW + timedelta(seconds=600), "n")
    assert told.problem is not None
    assert told.problem.code == "replaceFailed"
    assert told.problem.message == f"no such place {OLD} was given back."
    assert (told.problem.reason, told.problem.graph_request_id) == ("usageLocationMismatch", "g-9")
    assert "got the old one back" in told.problem.advice
    bare = giving_back(order=given).but(giving_back=Verdict(outcome=Outcome.FAILED, completed_at=NOW))
    assert look(bare, there, after=600, sets=ALL).end == ("Failed", None)
    timed_out = look(giving_back({"reason": "licenseMissing"}, order=given), there, after=600, sets=ALL)
    assert timed_out.decision.verdict.problem.reason == "licenseMissing"  # type: ignore[union-attr]


def test_a_number_that_cannot_be_given_back_is_told_with_both_reasons() -> None:
    looked = look(giving_back(), free(OLD), after=600, answers={Send: FOR_GOOD}, sets=ALL)
    assert looked.end == ("Failed", "numberLost")
    assert looked.message == f"no such place {OLD} is not given back: {FOR_GOOD.message}"


def test_a_number_whose_giving_back_does_not_show_is_told_so() -> None:
    given = followed(telephone_number=OLD, done_at=NOW)
    looked = look(giving_back(order=given), free(OLD), after=CONFIRM, sets=ALL)
    assert looked.end == ("Failed", "numberLost")


def test_long_words_of_graph_leave_room_for_what_became_of_the_old_number() -> None:
    looked = look(giving_back({"message": "x" * 1000}), free(OLD), after=600, answers={Send: FOR_GOOD}, sets=ALL)
    assert looked.message.startswith("x" * 500 + f" {OLD} is not given back")


@pytest.mark.parametrize(
    ("there", "code"),
    [
        ((held(OLD, by=SOMEBODY_ELSE),), "numberLost"),
        ((free(OLD), held(NUMBER, category="primary")), "usageLocationMismatch"),
        ((held(OLD, category="private"),), "numberLost"),
    ],
)
def test_an_old_number_that_is_somebody_elses_or_not_needed_is_not_given_back(
    there: tuple[Any, ...], code: str
) -> None:
    """Whoever has another number by now has not lost one: the request's own failure is told."""
    first = look(giving_back(), *there, after=600, sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    second = look(first.item, *there, after=600 + LAG, sets=ALL)
    assert second.end == ("Failed", code)
    assert not second.sent


def test_a_location_that_is_refused_after_the_new_number_shows_is_told_as_that() -> None:
    """Nothing was lost: the person has the new number."""
    refused = Refused(400, "BadRequest", "Contact your operator to change the emergency address", "g-9")
    shows = (held(NUMBER, category="primary"), free(OLD))
    first = look(item(fields={"locationId": "loc-1"}), *shows, after=LAG, answers={Send: refused}, sets=ALL)
    then = look(first.item, *shows, after=LAG, sets=ALL)
    ended = look(then.item, *shows, after=2 * LAG, sets=ALL)
    assert ended.end == ("Failed", "emergencyAddressByOperator")
    assert ended.message == f"{refused.message} {OLD} is not given back: The person has {NUMBER} by now."


def test_the_time_for_giving_back_begins_when_it_may_be_given() -> None:
    """An eighth of a short deadline is over before an order that may run has been waited for."""
    short = settings(ACTIONS="assign,unassign", REQUEST_DEADLINE_HOURS="2")
    ends = short.deadline.total_seconds() * 9 / 8
    sent = NOW + timedelta(seconds=ends - 1000)
    item_with_order = item(order=followed(sent_at=sent, submitted_at=sent), submitted_at=sent)
    looked = look(item_with_order, free(), free(OLD), after=ends, sets=short)
    assert looked.deferred[0] == "givingBack"
    waits = look(looked.item, free(), free(OLD), after=ends - 1001 + CONFIRM, sets=short)
    assert (waits.deferred, waits.sent) == (("throttled", 1.0), [])
    gives = look(looked.item, free(), free(OLD), after=ends - 1000 + CONFIRM, sets=short)
    assert [sent.telephone_number for sent in gives.sent] == [OLD]


def test_giving_back_is_careful_and_has_an_eighth_of_the_deadline() -> None:
    assert look(giving_back(), free(OLD), after=600, careful=False, sets=ALL).deferred == ("handedOver", 0.0)
    before = giving_back(attempt=1, reason="licenseMissing", reason_times=1)
    assert look(before, free(OLD), after=DEADLINE / 8 - 1, sets=ALL).sent
    late = look(before, free(OLD), after=DEADLINE / 8, sets=ALL)
    assert late.end == ("Failed", "numberLost")
    assert not late.sent
    waits = giving_back(order=followed(telephone_number=OLD))
    running = {Poll: Operation("running", None, "g")}
    assert look(waits, free(OLD), after=DEADLINE / 8, answers=running, sets=ALL).deferred[0] == "orderRunning"
    assert look(waits, free(OLD), after=DEADLINE / 4, answers=running, sets=ALL).end == ("Failed", "numberLost")


def test_the_verdict_of_a_replacement_is_told_again_and_nothing_more_is_given_back() -> None:
    verdict = Verdict(outcome=Outcome.FAILED, completed_at=NOW)
    for known in (item(verdict=verdict), giving_back(verdict=verdict)):
        looked = look(known, free(OLD), after=600, sets=ALL)
        assert isinstance(looked.decision, Finish)
        assert looked.decision.verdict == verdict


def test_a_request_by_pool_gives_the_old_number_back_not_a_pick() -> None:
    pool = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
    known = giving_back(fields=pool, number=None)
    shown = Reading(NOW + timedelta(seconds=600), (free(OLD),))
    looked = look(known, after=600, answers={ReadNumber: shown}, sets=ALL)
    assert [sent.telephone_number for sent in looked.sent] == [OLD]
