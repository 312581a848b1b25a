"""What the desk says of a work item: its order, what it waits for, and whom it is about."""

from datetime import timedelta
from typing import Any

import pytest

from desk.pending import row
from desk.worklist import Found, WorkList, of_number, of_person, ordered, told, waits_for
from teams_numbers.contracts import Action, Outcome
from teams_numbers.work_item import Doubt, Order, Replaced, Verdict
from tests.values import NOW, NUMBER, USER, request, work_item

OTHER = "+12065550199"
ORDER = Order(action=Action.ASSIGN, telephone_number=NUMBER, sent_at=NOW - timedelta(minutes=3))
VERDICT = Verdict(outcome=Outcome.SUCCEEDED, completed_at=NOW)
POOL: dict[str, Any] = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "none"),
        ({"order": ORDER}, "assign sent 3 min 0 s ago"),
        ({"order": ORDER.model_copy(update={"looks": 1})}, "assign sent 3 min 0 s ago, 1 look"),
        ({"order": ORDER.model_copy(update={"unanswered": True, "looks": 2})}, "assign sent 3 min 0 s ago, no answer"),
        ({"order": ORDER.model_copy(update={"done_at": NOW})}, "assign sent 3 min 0 s ago, Graph says done"),
    ],
)
def test_an_items_order_is_told_with_its_age_and_its_looks(known: dict[str, Any], said: str) -> None:
    assert ordered(work_item(**known), NOW).startswith(said)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "its first look"),
        ({"order": ORDER}, "Graph"),
        ({"reason": "licenseMissing", "reason_times": 1}, "licenseMissing"),
        ({"reason": "licenseMissing", "reason_times": 4}, "licenseMissing, 4 times"),
        ({"reason": "licenseMissing", "waits_for": "throttled", "waits": 2}, "throttled, 2 times"),
        ({"waits_for": "unassignPaused", "waits": 1}, "unassignPaused"),
        ({"doubt": Doubt(code="numberTaken", first_read_at=NOW)}, "readAgain: numberTaken"),
        ({"giving_back": VERDICT}, "givingBack"),
        ({"verdict": VERDICT}, "nothing: Succeeded, not told yet"),
        ({"verdict": VERDICT.model_copy(update={"told": True})}, "nothing: Succeeded"),
        ({"fields": {"notBefore": (NOW + timedelta(hours=2)).isoformat()}}, "notBefore, in 2 h 0 min"),
    ],
)
def test_an_item_says_what_it_waits_for(known: dict[str, Any], said: str) -> None:
    assert waits_for(work_item(**known), NOW) == said


def test_an_item_is_about_every_number_that_it_touches() -> None:
    old = Replaced(
        telephone_number="+12065550111", number_type="callingPlan", assignment_category="primary", location_id=None
    )
    item = work_item(fields=POOL, number="+12065550112", order=ORDER, replaced=old, touched=("+12065550113",))
    for number in ("+12065550111", "+12065550112", "+12065550113", NUMBER):
        assert of_number(number)(item)
    assert of_number("+12065550114")(work_item(fields=POOL, unassign=("+12065550114",)))
    assert not of_number(OTHER)(item)
    assert of_number(NUMBER)(request())
    assert not of_number(OTHER)(request())


def test_an_item_is_about_its_person_by_id_or_by_name() -> None:
    named = {"assignmentTargetId": None, "userPrincipalName": "Anna@contoso.example"}
    found = work_item(fields=named, person=USER)
    assert of_person(USER, None)(found)
    assert of_person(None, "anna@CONTOSO.example")(found)
    assert of_person(USER, None)(request())
    assert not of_person("0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10", "ben@contoso.example")(found)
    assert not of_person(None, None)(request(action="update", assignmentTargetId=None, numberType=None, locationId="x"))


def test_what_is_told_leaves_out_what_is_about_others() -> None:
    seen = WorkList({"m": Found(work_item(order=ORDER)), "n": Found(work_item(fields={"telephoneNumber": OTHER}))})
    (line,) = told(seen, of_number(NUMBER), NOW)
    assert line == "r-1: assign, came 0 s ago; order: assign sent 3 min 0 s ago; waits for: Graph"


@pytest.mark.parametrize(
    ("fields", "known", "asks"),
    [
        ({}, {}, "assign +1•••••••00"),
        (POOL, {}, "assign one from seattle"),
        (POOL, {"number": OTHER}, "assign +1•••••••99"),
        (POOL | {"existingNumber": "replace", "dryRun": True}, {}, "replace by one from seattle, dry run"),
        ({"action": "unassign", "telephoneNumber": None, "numberType": None}, {}, "unassign all numbers"),
    ],
)
def test_a_row_says_what_is_asked_for(fields: dict[str, Any], known: dict[str, Any], asks: str) -> None:
    assert row(work_item(fields=fields, **known), NOW, numbers=False)[1] == asks


def test_a_row_hides_people_and_numbers_unless_they_may_be_shown() -> None:
    item = work_item(fields={"assignmentTargetId": None, "userPrincipalName": "anna@contoso.example"})
    assert row(item, NOW, numbers=False)[2] == "a•••@contoso.example"
    assert row(item, NOW, numbers=True)[1:3] == (f"assign {NUMBER}", "anna@contoso.example")
    assert row(work_item(), NOW, numbers=False)[2] == "6f0b2f8c…"
