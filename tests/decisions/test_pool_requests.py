"""Requests that name a pool, in the life of a request, without a server."""

import json
from typing import Any

import pytest

from teams_numbers.answers import Refused
from teams_numbers.contracts import AssignmentCategory, NumberType
from teams_numbers.pools import suited, walk
from teams_numbers.questions import Busy, Claim, Claimed, Finish, Reading, ReadNumber, ReadPerson, ReadPool, Send
from teams_numbers.records import NumberRecord
from tests.looking import ALL, LAG, free, held, look, order
from tests.values import NOW, SOMEBODY_ELSE, settings, work_item

SEATTLE = {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}], "country": "US"}
PRIVATE = SEATTLE | {"locationId": "loc-p", "assignmentCategory": "private"}
SETS = settings(
    ACTIONS="assign,unassign", NUMBER_POOLS=json.dumps({"seattle": SEATTLE, "private": PRIVATE, "idle": SEATTLE})
)
POOL = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
NUMBERS = tuple(f"+1206555010{digit}" for digit in range(7))
#: The same in the order in which request r-1 wants them.
WANTED = walk(NUMBERS, "r-1")
TAKEN = Refused(400, "BadRequest", "Telephone Number has already been assigned to another user", "g-1")


def listed(number: str, **about: Any) -> NumberRecord:
    return free(number, **{"number_type": "directRouting"} | about)


def theirs(number: str, **about: Any) -> NumberRecord:
    return held(number, **{"number_type": "directRouting", "category": "primary"} | about)


FREE = tuple(listed(number) for number in NUMBERS)


def test_a_pool_that_is_not_here_is_rejected_and_the_known_ones_are_named() -> None:
    assert look(work_item(fields=POOL)).end == ("Rejected", "poolUnknown")
    assert look(work_item(fields=POOL)).message.endswith("there are: none.")
    other = look(work_item(fields=POOL | {"pool": "berlin"}), sets=SETS)
    assert other.message == "pool: there is no pool 'berlin' here; there are: idle, private, seattle."
    assert look(work_item(fields=POOL, touched=("+12065550100",))).end == ("Failed", "poolUnknown")


def test_a_pick_is_claimed_and_read_itself_before_it_is_ordered() -> None:
    looked = look(work_item(fields=POOL), *FREE, sets=SETS)
    kinds = [ReadPerson, ReadPool, Claim, ReadNumber, ReadPerson, Claim, Send]
    assert [type(question) for question in looked.asked] == kinds
    assert looked.asked[1].pool == "seattle"  # type: ignore[union-attr]
    claims = [question for question in looked.asked if isinstance(question, Claim)]
    assert [(claim.numbers, claim.free) for claim in claims] == [(tuple(WANTED), 7), ((WANTED[0],), None)]
    assert looked.item.number == looked.sent[0].telephone_number == WANTED[0]
    assert looked.sent[0].number_type is NumberType.DIRECT_ROUTING
    assert (looked.sent[0].assignment_category, looked.sent[0].location_id) == (AssignmentCategory.PRIMARY, None)


def test_the_number_that_is_claimed_is_the_one_that_is_ordered() -> None:
    looked = look(work_item(fields=POOL), *FREE, answers={Claim: Claimed(WANTED[2])}, sets=SETS)
    assert looked.sent[0].telephone_number == WANTED[2]


def test_the_in_box_picks_nothing() -> None:
    looked = look(work_item(fields=POOL), *FREE, careful=False, sets=SETS)
    assert looked.deferred == ("handedOver", 0.0)
    assert not looked.times(Claim)


def test_where_others_work_on_the_person_nothing_is_picked_yet() -> None:
    looked = look(work_item(fields=POOL), *FREE, answers={Claim: Busy("inFlight", 7)}, sets=SETS)
    assert looked.deferred == ("inFlight", 7.0)
    assert looked.item.number is None
    assert looked.item.waits_for == "inFlight"


def test_a_pick_that_others_work_on_by_now_is_picked_anew_but_not_one_that_was_ordered() -> None:
    busy = {Claim: [Claimed(WANTED[0]), Busy("inFlight", 7)]}
    looked = look(work_item(fields=POOL), *FREE, answers=busy, sets=SETS)
    assert looked.item.number is None
    item = work_item(fields=POOL, number=WANTED[0], touched=(WANTED[0],))
    looked = look(item, *FREE, answers={Claim: Busy("inFlight", 7)}, sets=SETS)
    assert looked.deferred == ("inFlight", 7.0)
    assert looked.item.number == WANTED[0]


def test_a_pick_that_was_never_ordered_gives_way_to_a_number_of_the_pool_that_the_person_has_by_now() -> None:
    looked = look(work_item(fields=POOL, number=WANTED[0]), theirs(WANTED[3]), listed(WANTED[0]), sets=SETS)
    assert looked.end == ("Succeeded", None)
    assert looked.decision.verdict.telephone_number == WANTED[3]  # type: ignore[union-attr]


def test_once_a_pick_was_ordered_another_number_of_the_pool_is_just_another_number() -> None:
    """Its order may be on the way: the wish is about the pick from then on."""
    item = work_item(fields=POOL, number=WANTED[0], touched=(WANTED[0],))
    looked = look(item, theirs(WANTED[3]), listed(WANTED[0]), sets=SETS)
    assert looked.item.doubt is not None
    assert looked.item.doubt.code == "userHasNumber"


def test_a_pools_dry_run_says_which_number_and_how_many_there_are() -> None:
    looked = look(work_item(fields=POOL | {"dryRun": True}), *FREE, sets=SETS)
    assert looked.message == f"would assign {WANTED[0]}, one of 7 free numbers of pool seattle"
    assert not looked.times(Claim)


def test_an_empty_pool_is_waited_for() -> None:
    looked = look(work_item(fields=POOL), sets=SETS)
    assert looked.deferred == ("poolEmpty", 60.0)
    assert (looked.item.attempt, looked.item.said) == (1, "Pool seattle has no free number.")


def test_a_pick_that_was_refused_is_left_out() -> None:
    item = work_item(fields=POOL, refused=(WANTED[0], WANTED[1]))
    assert look(item, *FREE, sets=SETS).sent[0].telephone_number == WANTED[2]


def test_a_pool_gives_what_is_free_of_its_type_and_country_or_where_graph_does_not_say() -> None:
    records = (
        listed("+12065550100", country="US"),
        listed("+12065550101", number_type=None),
        listed("+12065550102", number_type="callingPlan", country="US"),
        listed("+12065550103", country="CA"),
        listed("+12065550104", for_users=False),
        theirs("+12065550105", by=SOMEBODY_ELSE),
        listed("+14255550100"),
    )
    expected = dict(zip(NUMBERS[:6], (True, True, False, False, False, False), strict=True))
    assert suited(SETS.number_pools["seattle"], records) == expected
    anywhere = settings(NUMBER_POOLS=json.dumps({"any": {key: SEATTLE[key] for key in ("numberType", "numbers")}}))
    assert suited(anywhere.number_pools["any"], records) == expected | {"+12065550103": True}


@pytest.mark.parametrize("category", ["primary", None])
def test_a_number_of_the_pool_that_is_the_persons_fulfills_the_wish(category: str | None) -> None:
    looked = look(work_item(fields=POOL), theirs(NUMBERS[3], category=category), *FREE, sets=SETS)
    assert looked.end == ("Succeeded", None)
    assert looked.item.number == NUMBERS[3]
    assert not looked.sent


def test_a_number_of_the_pool_on_another_line_does_not_fulfill_it() -> None:
    looked = look(work_item(fields=POOL), theirs(NUMBERS[3], category="private"), *FREE, sets=SETS)
    assert looked.sent[0].telephone_number == WANTED[0]


def test_another_number_of_the_persons_on_that_line_is_in_the_way() -> None:
    for category in ("primary", None):
        looked = look(work_item(fields=POOL), theirs("+14255550100", category=category), *FREE, sets=SETS)
        assert looked.item.doubt is not None
        assert looked.item.doubt.code == "userHasNumber"


def test_a_pool_says_line_and_location_and_the_requests_own_win() -> None:
    private = look(work_item(fields=POOL | {"pool": "private"}), *FREE, sets=SETS).sent[0]
    assert (private.assignment_category, private.location_id) == ("private", "loc-p")
    own = {"pool": "private", "assignmentCategory": "alternate", "locationId": "loc-r"}
    sent = look(work_item(fields=POOL | own), *FREE, sets=SETS).sent[0]
    assert (sent.assignment_category, sent.location_id) == ("alternate", "loc-r")


def test_a_pick_that_shows_somebody_else_is_remembered_and_the_next_one_ordered() -> None:
    item = work_item(fields=POOL, number=WANTED[0], refused=("+12065550109",))
    looked = look(item, theirs(WANTED[0], by=SOMEBODY_ELSE), *FREE[:0], *map(listed, WANTED[1:]), sets=SETS)
    assert looked.sent[0].telephone_number == WANTED[1]
    assert looked.item.refused == ("+12065550109", WANTED[0])


@pytest.mark.parametrize("about", [{"number_type": "callingPlan"}, {"for_users": False}])
def test_a_pick_that_is_not_of_the_pools_kind_is_passed_over(about: dict[str, Any]) -> None:
    """A range's numbers need not be listed, and a list of one type lacks those of another: the request failed."""
    there = (listed(WANTED[0], **about), *map(listed, WANTED[1:]))
    looked = look(work_item(fields=POOL), *there, answers={ReadPool: Reading(NOW, FREE)}, sets=SETS)
    assert looked.sent[0].telephone_number == WANTED[1]
    assert looked.item.refused == (WANTED[0],)


def test_a_pick_whose_order_has_no_answer_is_given_up_when_somebody_else_is_read_twice() -> None:
    given = order(telephone_number=WANTED[0], number_type=NumberType.DIRECT_ROUTING, unanswered=True)
    item = work_item(fields=POOL, number=WANTED[0], order=given, touched=(WANTED[0],))
    there = (theirs(WANTED[0], by=SOMEBODY_ELSE), *map(listed, WANTED[1:]))
    first = look(item, *there, after=60, sets=SETS)
    assert first.deferred == ("readAgain", LAG)
    assert first.item.number == WANTED[0]
    second = look(first.item, *there, after=60 + LAG, sets=SETS)
    assert second.sent[0].telephone_number == WANTED[1]
    assert not second.sent[0].unanswered
    assert second.item.doubt is None
    assert second.item.refused == (WANTED[0],)
    none_left = look(first.item, there[0], after=60 + LAG, sets=SETS)
    assert none_left.deferred[0] == "poolEmpty"
    assert none_left.item.order is None


def test_a_pick_that_is_refused_as_taken_is_remembered_and_the_next_one_ordered_five_times_in_a_look() -> None:
    looked = look(work_item(fields=POOL), *FREE, answers={Send: TAKEN}, sets=SETS)
    assert [sent.telephone_number for sent in looked.sent] == WANTED[:5]
    assert looked.deferred == ("pickRefused", 1.0)
    assert looked.item.refused == tuple(WANTED[:5])
    assert looked.item.touched == tuple(WANTED[:5])
    assert (looked.item.number, looked.item.order) == (None, None)
    assert look(looked.item, *FREE, after=1, sets=SETS).sent[0].telephone_number == WANTED[5]


def test_a_pick_that_is_refused_for_another_reason_stays_the_pick() -> None:
    held_by_person = Refused(400, "", "The user already has a phone number assigned", "g-1")
    looked = look(work_item(fields=POOL), *FREE, answers={Send: held_by_person}, sets=SETS)
    assert looked.deferred[0] == "userHasNumber"
    assert looked.item.number == WANTED[0]
    assert looked.item.refused == ()


def test_a_number_that_is_named_is_no_pick() -> None:
    looked = look(work_item(), free(), answers={Send: TAKEN}, sets=SETS)
    assert looked.deferred[0] == "numberTaken"
    assert looked.item.refused == ()
    lost = look(work_item(), held(by=SOMEBODY_ELSE), sets=ALL)
    assert lost.deferred[0] == "readAgain"


def test_a_replacement_from_a_pool_claims_from_the_picks_and_reads_before_anything_is_ordered() -> None:
    old = theirs("+14255550100", location_id="loc-o")
    looked = look(work_item(fields=POOL | {"existingNumber": "replace"}), old, *FREE, sets=SETS)
    claims = [question for question in looked.asked if isinstance(question, Claim)]
    assert [(claim.numbers, claim.free) for claim in claims] == [(tuple(WANTED), 7), (("+14255550100",), None)]
    assert [(sent.action, sent.telephone_number) for sent in looked.sent] == [("unassign", "+14255550100")]
    assert looked.item.number == WANTED[0]
    said = look(work_item(fields=POOL | {"existingNumber": "replace", "dryRun": True}), old, *FREE, sets=SETS).message
    assert said == f"would unassign +14255550100 and assign {WANTED[0]}, one of 7 free numbers of pool seattle"


def test_a_pick_is_read_as_young_as_a_named_number() -> None:
    looked = look(work_item(fields=POOL), *FREE, sets=SETS, after=1000)
    pool, number = (next(q for q in looked.asked if isinstance(q, kind)) for kind in (ReadPool, ReadNumber))
    assert ((NOW - pool.since).total_seconds(), (NOW - number.since).total_seconds()) == (-700.0, -970.0)


def test_a_success_tells_the_line_that_the_pool_sets() -> None:
    ours = theirs("+12065550100", category="private", location_id="loc-p")
    ended = look(work_item(fields=POOL | {"pool": "private"}), ours, sets=SETS)
    assert ended.end == ("Succeeded", None)
    assert isinstance(ended.decision, Finish)
    assert ended.decision.verdict.assignment_category == "private"
