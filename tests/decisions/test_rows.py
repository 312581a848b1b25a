"""Rows of "The life of a request" that end, defer or pass: who, when, in flight, changing. Without a server."""

from datetime import timedelta
from typing import Any

import pytest

from teams_numbers import failures
from teams_numbers.answers import Denied, NoSuchPerson, Person, Refused, Throttled, Unclear
from teams_numbers.contracts import NumberType, Outcome
from teams_numbers.orders import READINGS
from teams_numbers.questions import Busy, Claim, ReadNumber, ReadPerson, Resolve
from teams_numbers.work_item import Doubt, Replaced, Verdict
from tests.looking import ALL, LAG, UNASSIGN, UPN, followed, free, held, look, ordered
from tests.values import NOW, NUMBER, SOMEBODY_ELSE, USER, settings, work_item

PENDING = {"activation_state": "assignmentPending"}
UPDATE = {"action": "update", "numberType": None, "locationId": "loc-1"}
OTHER = "+12065550199"
LATE = settings().deadline.total_seconds() + 60
OLD = Replaced(
    telephone_number=OTHER, number_type=NumberType.CALLING_PLAN, assignment_category="primary", unassigned_at=NOW
)
GIVING_BACK = Verdict(outcome=Outcome.FAILED, completed_at=NOW)


def test_what_was_ordered_before_the_set_up_changed_is_followed_to_its_end() -> None:
    item = ordered(followed(done_at=NOW)).but(request=work_item(fields=UNASSIGN).request)
    assert look(item, free(), after=60).deferred[0] == "notVisible"
    back = work_item(
        fields=UNASSIGN, person=USER, touched=(NUMBER,), replaced=OLD, giving_back=GIVING_BACK, unassigned=(OTHER,)
    )
    assert [sent.telephone_number for sent in look(back, free(OTHER), after=600).sent] == [OTHER]


def test_graphs_pause_is_kept_until_it_is_over() -> None:
    item = work_item(not_until=NOW + timedelta(seconds=60))
    assert look(item, free(), after=20).deferred == ("throttled", 40.0)
    assert look(item, free(), after=60).follows


def test_graphs_pause_does_not_outlive_the_deadline() -> None:
    item = ordered(followed(), not_until=NOW + timedelta(seconds=LATE + 600))
    assert look(item, held(), after=LATE).end == ("Succeeded", None)


def test_not_before_is_over_when_it_comes() -> None:
    fields = {"notBefore": (NOW + timedelta(seconds=60)).isoformat()}
    assert look(work_item(fields=fields), free(), after=59).deferred == ("notBefore", 1.0)
    assert look(work_item(fields=fields), free(), after=60).follows


def test_before_its_time_only_an_unassignment_looks_its_person_up() -> None:
    later = {"notBefore": (NOW + timedelta(hours=2)).isoformat()}
    for fields in (UPN, UPN | UPDATE):
        looked = look(work_item(fields=later | fields), held(), sets=ALL)
        assert not looked.asked
    nobody = {Resolve: NoSuchPerson()}
    looked = look(work_item(fields=later | UNASSIGN | UPN), held(), answers=nobody, sets=ALL)
    assert looked.deferred[0] == "userNotFound"
    assert looked.times(Resolve) == 1


def test_a_person_who_is_known_is_not_looked_up() -> None:
    looked = look(work_item(fields=UPN, person=USER), free())
    assert not looked.times(Resolve)
    assert looked.sent[0].assignment_target_id == USER
    asked = look(work_item(fields=UPN), free()).asked[0]
    assert asked == Resolve("anna@contoso.example")


def test_a_dry_run_for_a_name_that_nobody_has_is_rejected_at_once() -> None:
    looked = look(work_item(fields=UPN | {"dryRun": True}), free(), answers={Resolve: NoSuchPerson()})
    assert looked.end == ("Rejected", "userNotFound")


def test_an_assignment_waits_for_a_name_in_wait_seconds() -> None:
    looked = look(work_item(fields=UPN), free(), answers={Resolve: NoSuchPerson()})
    assert looked.deferred == ("userNotFound", 60.0)


@pytest.mark.parametrize(("fields", "ends"), [(UNASSIGN, 900), (UPDATE, 3600 + 900)])
def test_nobody_is_waited_for_15_minutes_from_when_the_person_can_be_fixed(fields: dict[str, Any], ends: int) -> None:
    """An unassignment fixes the person when it comes, an update when it is due."""
    item = work_item(fields=UPN | fields | {"notBefore": (NOW + timedelta(hours=1)).isoformat()})
    nobody = {Resolve: NoSuchPerson()}
    assert look(item, held(), answers=nobody, after=ends - 1, sets=ALL).deferred[0] == "userNotFound"
    assert look(item, held(), answers=nobody, after=ends, sets=ALL).end == ("Failed", "userNotFound")


@pytest.mark.parametrize("dry", [False, True])
def test_a_lookup_that_graph_refuses_ends_the_request_with_its_words(*, dry: bool) -> None:
    """Nothing is ordered or promised for somebody whom nobody knows; words that nobody knows are asked for again."""
    answer = Refused(400, "BadRequest", "Something new", "g-9")
    asked = work_item(fields=UPN | {"dryRun": dry})
    assert look(asked, free(), answers={Resolve: answer}).deferred[0] == "unknownFailure"
    heard = asked.but(reason="unknownFailure", reason_times=READINGS - 1)
    looked = look(heard, free(), answers={Resolve: answer})
    assert looked.end == ("Rejected" if dry else "Failed", "unknownFailure")
    assert looked.message == "Something new"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Throttled(9, sent=True), "throttled"),
        (Unclear("status 500"), "unclear"),
        (Denied(403, failures.USER_LOOKUP_DENIED, "", None), "userLookupDenied"),
        (Refused(400, "", "Access token is empty.", None), "unauthorized"),
    ],
)
def test_a_lookup_that_says_nothing_is_tried_again(answer: Any, reason: str) -> None:
    looked = look(work_item(fields=UPN), free(), answers={Resolve: answer})
    assert looked.deferred[0] == reason
    assert not looked.sent


def test_what_is_in_flight_is_deferred_for_as_long_as_it_is_known_to_be() -> None:
    item = work_item(fields=UNASSIGN)
    assert look(item, held(), answers={Claim: Busy("inFlight", 7)}, sets=ALL).deferred == ("inFlight", 7.0)
    all_of_them = work_item(fields=UNASSIGN | {"telephoneNumber": None})
    busy = look(all_of_them, held(), answers={Claim: Busy("starting", 7)}, sets=ALL)
    assert busy.deferred == ("starting", 7.0)
    assert [type(question) for question in busy.asked] == [Claim]
    assert busy.item.unassign is None


@pytest.mark.parametrize("holder", [None, USER])
def test_a_number_that_graph_is_still_changing_is_waited_for(holder: str | None) -> None:
    there = held(by=USER, **PENDING) if holder else free(**PENDING)
    looked = look(work_item(), there)
    assert looked.deferred[0] == "orderRunning"
    assert not looked.sent
    assert look(work_item(fields={"dryRun": True}), there).end == ("Rejected", "activationPending")


def test_an_update_of_a_number_that_graph_is_still_changing_waits() -> None:
    looked = look(work_item(fields=UPDATE), held(location_id="loc-2", **PENDING), sets=ALL)
    assert looked.deferred[0] == "orderRunning"


def test_each_number_to_unassign_that_is_not_the_persons_is_left_out_when_read_twice() -> None:
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None}, person=USER, unassign=(NUMBER, OTHER))
    there = (held(by=SOMEBODY_ELSE), held(OTHER))
    first = look(item, *there, sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    assert first.item.doubt == Doubt(code=f"notTheirs:{NUMBER}", first_read_at=NOW)
    second = look(first.item, *there, after=LAG, sets=ALL)
    assert second.item.unassign == (OTHER,)
    assert second.item.doubt is None
    assert [sent.telephone_number for sent in second.sent] == [OTHER]


def test_an_item_that_unassigns_nothing_any_more_ends() -> None:
    """The first reading for a person without numbers is repeated like every other."""
    item = work_item(fields=UNASSIGN | {"telephoneNumber": None}, person=USER)
    first = look(item, sets=ALL)
    assert first.deferred == ("readAgain", LAG)
    second = look(first.item, after=LAG, sets=ALL)
    assert (second.end, second.message) == (("Succeeded", None), "The person does not have the number.")
    dry = look(work_item(fields=UNASSIGN | {"telephoneNumber": None, "dryRun": True}), sets=ALL)
    assert dry.message == "Nothing would change: The person does not have the number."


def test_a_reading_that_confirms_a_first_one_is_of_the_number_alone() -> None:
    item = work_item(doubt=Doubt(code="numberTaken", first_read_at=NOW))
    looked = look(item, held(by=SOMEBODY_ELSE), after=LAG)
    assert [question.alone for question in looked.asked if isinstance(question, ReadNumber)] == [True]
    assert not look(work_item(), free()).asked[0].alone  # type: ignore[union-attr]


def test_a_reading_that_allows_an_order_is_at_most_30_seconds_old_and_from_after_the_last_order() -> None:
    asked = look(work_item(), free(), after=600).asked
    assert asked == [ReadNumber(NUMBER, NOW + timedelta(seconds=570)), *asked[1:]]
    assert asked[1] == ReadPerson(USER, NOW + timedelta(seconds=570))
    answered = work_item(submitted_at=NOW + timedelta(seconds=590))
    assert look(answered, free(), after=600).asked[0] == ReadNumber(NUMBER, NOW + timedelta(seconds=590))


def test_the_person_of_a_request_is_in_the_verdicts_item() -> None:
    assert look(work_item(), held()).item.person == USER
    resolved = look(work_item(fields=UPN), held(by=SOMEBODY_ELSE), answers={Resolve: Person(SOMEBODY_ELSE)})
    assert resolved.item.person == SOMEBODY_ELSE
