"""The settings change while an order runs: what is not enabled any more is not ordered, in the life of a request."""

from typing import Any

import pytest

from teams_numbers.answers import Operation
from teams_numbers.contracts import Action, Outcome
from teams_numbers.questions import Poll
from teams_numbers.work_item import Replaced, Verdict
from tests.looking import CONFIRM, LAG, UNASSIGN, followed, free, held, look, order
from tests.values import NOW, NUMBER, USER, settings, work_item

OTHER = "+12065550199"
ASSIGN_ONLY, ALL = settings(), settings(ACTIONS="assign,unassign")
POOL = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
TAKEN = Operation("failed", "Telephone Number has already been assigned to another user", "g-1")


def leaver(given: Any) -> Any:
    """Return a leaver of two numbers, the first of which is ordered."""
    about = {"person": USER, "touched": (NUMBER,), "submitted_at": given.submitted_at}
    return work_item(fields=UNASSIGN | {"telephoneNumber": None}, unassign=(NUMBER, OTHER), order=given, **about)


def pick(given: Any) -> Any:
    """Return a request by pool whose pick is ordered."""
    return work_item(fields=POOL, person=USER, number=NUMBER, touched=(NUMBER,), order=given, submitted_at=NOW)


def test_the_next_number_of_a_leaver_stays_where_unassign_is_not_enabled_any_more() -> None:
    item = leaver(followed(Action.UNASSIGN, done_at=NOW))
    assert [sent.telephone_number for sent in look(item, held(OTHER), after=60, sets=ALL).sent] == [OTHER]
    ended = look(item, held(OTHER), after=60, sets=ASSIGN_ONLY)
    assert (ended.end, ended.item.unassigned) == (("Failed", "actionNotEnabled"), (NUMBER,))
    assert ended.message == f"action: unassign is not enabled here. Still to unassign: {OTHER}."
    assert not ended.sent


def test_an_unassignment_without_an_answer_is_not_given_again_where_unassign_is_not_enabled_any_more() -> None:
    item = leaver(order(Action.UNASSIGN, unanswered=True))
    assert look(item, held(), held(OTHER), after=CONFIRM, sets=ALL).sent
    ended = look(item, held(), held(OTHER), after=CONFIRM, sets=ASSIGN_ONLY)
    assert ended.end == ("Failed", "actionNotEnabled")
    assert not ended.sent


def test_what_is_done_already_is_a_success_whatever_is_enabled() -> None:
    item = leaver(followed(Action.UNASSIGN, done_at=NOW)).but(unassign=(NUMBER,))
    assert look(item, free(), after=60, sets=ASSIGN_ONLY).end == ("Succeeded", None)
    assert look(pick(followed(done_at=NOW)), held(), after=60).end == ("Succeeded", None)


def test_a_pick_that_is_refused_when_its_pool_is_gone_ends_the_request_in_the_next_look() -> None:
    """There is nothing to pick from; it was looked at for a day, and the event said internalError."""
    looked = look(pick(followed()), free(), after=60, answers={Poll: TAKEN})
    assert looked.deferred == ("pickRefused", 1.0)
    ended = look(looked.item, free(), after=61)
    assert ended.end == ("Failed", "poolUnknown")


def test_an_assignment_without_an_answer_is_read_and_not_given_again_where_assign_is_not_enabled_any_more() -> None:
    item = work_item(person=USER, touched=(NUMBER,), order=order(unanswered=True))
    update_only = settings(ACTIONS="update")
    looked = look(item, free(), after=LAG, sets=update_only)
    assert (looked.deferred[0], looked.sent) == ("orderUnanswered", [])
    assert look(item, held(), after=LAG, sets=update_only).end == ("Succeeded", None)


def test_a_pick_that_failed_without_a_reason_is_of_no_wrong_type_when_its_pool_is_gone() -> None:
    """The pool alone knew the type, and the event said that the number is not directRouting."""
    there = free(number_type="callingPlan")
    ended = look(pick(followed()), there, after=60, answers={Poll: Operation("failed", None, "g-1")})
    assert ended.end == ("Failed", "poolUnknown")


def test_a_mover_whose_pool_is_gone_when_the_old_number_has_made_room_is_told_so_and_gets_it_back() -> None:
    """The pick was judged as a Direct Routing number: numberNotFound."""
    old = Replaced(telephone_number=OTHER, number_type="callingPlan", assignment_category="primary")
    about = {"replaced": old, "touched": (OTHER,)}
    item = pick(followed(Action.UNASSIGN, telephone_number=OTHER, done_at=NOW)).but(**about)
    looked = look(item, free(), free(OTHER), after=60, sets=ALL)
    assert looked.deferred[0] == "givingBack"
    assert looked.item.giving_back is not None
    assert looked.item.giving_back.problem is not None
    assert looked.item.giving_back.problem.code == "poolUnknown"


def test_nothing_makes_room_for_an_order_without_an_answer_where_its_actions_are_not_all_enabled_any_more() -> None:
    """Another number of the person's was unassigned."""
    fields = {"existingNumber": "replace"}
    item = work_item(fields=fields, person=USER, touched=(NUMBER,), order=order(unanswered=True))
    assert look(item, free(), held(OTHER), after=LAG, sets=ALL).sent
    for enabled in ("assign", "unassign"):
        looked = look(item, free(), held(OTHER), after=LAG, sets=settings(ACTIONS=enabled))
        assert (looked.deferred[0], looked.sent) == ("orderUnanswered", [])


def test_an_old_number_is_given_back_whatever_is_enabled() -> None:
    """Its order had no answer: it is given again."""
    old = Replaced(telephone_number=NUMBER, number_type="callingPlan", assignment_category="primary", unassigned_at=NOW)
    failed = Verdict(outcome=Outcome.FAILED, completed_at=NOW)
    item = pick(order(unanswered=True)).but(replaced=old, unassigned=(NUMBER,), giving_back=failed)
    assert look(item, free(), after=LAG, sets=settings(ACTIONS="update")).sent


@pytest.mark.parametrize("unanswered", [False, True])
def test_a_pick_without_an_answer_is_read_and_not_ordered_again_when_its_pool_is_gone(*, unanswered: bool) -> None:
    """The pool says type and location; without them the same order cannot be given."""
    item = pick(order(unanswered=unanswered))
    looked = look(item, free(), after=LAG)
    assert looked.deferred[0] == "orderUnanswered"
    assert not looked.sent
    assert look(looked.item, held(), after=2 * LAG).end == ("Succeeded", None)
