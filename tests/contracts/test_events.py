"""What an event tells of an item's end, field by field; and the bounds of what an item holds."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from teams_numbers.contracts import Action, Outcome
from teams_numbers.events import event_of
from teams_numbers.work_item import Order, Problem, Verdict, WorkItem, shortened
from tests.values import NOW, NUMBER, USER, request, work_item

SAID: dict[str, Any] = {
    "requestId": "r-1",
    "userPrincipalName": "anna@contoso.example",
    "assignmentTargetId": None,
    "assignmentCategory": "private",
    "existingNumber": "replace",
    "locationId": "loc-r",
    "notBefore": (NOW + timedelta(hours=1)).isoformat(),
    "dryRun": True,
    "context": {"ticket": 7},
}


def verdict(**about: Any) -> Verdict:
    return Verdict(**{"outcome": Outcome.SUCCEEDED, "completed_at": NOW + timedelta(seconds=9)} | about)


def test_an_event_tells_all_that_is_known() -> None:
    problem = Problem(code="c", message="m", advice="a.")
    item = work_item(fields=SAID, person=USER, submitted_at=NOW, operation_id="o-1", attempt=2)
    read = {"number_type": "operatorConnect", "location_id": "loc-v", "activation_state": "activated"}
    said = verdict(note="n", problem=problem, telephone_number="+12065550199", unassigned_numbers=("+12",), **read)
    event = event_of(item, said, "/s")
    assert (event.source, event.subject, event.time) == ("/s", "r-1", NOW + timedelta(seconds=9))
    assert event.data.model_dump() == {
        "request_id": "r-1",
        "action": "assign",
        "telephone_number": "+12065550199",
        "pool": None,
        "assignment_target_id": USER,
        "user_principal_name": "anna@contoso.example",
        "number_type": "callingPlan",
        "assignment_category": "private",
        "location_id": "loc-v",
        "existing_number": "replace",
        "not_before": NOW + timedelta(hours=1),
        "dry_run": True,
        "context": {"ticket": 7},
        "received_at": NOW,
        "submitted_at": NOW,
        "completed_at": NOW + timedelta(seconds=9),
        "attempts": 3,
        "operation_id": "o-1",
        "activation_state": "activated",
        "unassigned_numbers": ["+12"],
        "note": "n",
        "error": problem.model_dump(),
    }


@pytest.mark.parametrize("action", Action)
def test_an_event_names_its_requests_action(action: Action) -> None:
    asked = work_item().request.model_copy(update={"action": action})
    event = event_of(work_item().but(request=asked), verdict(), "/s")
    assert event.data.action == action


def test_what_was_not_read_is_told_as_it_was_asked_for() -> None:
    told = event_of(work_item(fields={"locationId": "loc-r"}), verdict(), "/s").data
    assert (told.telephone_number, told.assignment_target_id, told.location_id) == (NUMBER, USER, "loc-r")
    assert (told.number_type, told.assignment_category, told.unassigned_numbers) == ("callingPlan", "primary", None)


def test_a_type_that_was_not_asked_for_is_told_as_it_was_read() -> None:
    pool = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
    told = event_of(work_item(fields=pool), verdict(number_type="directRouting"), "/s").data
    assert (told.pool, told.number_type, told.assignment_category) == ("seattle", "directRouting", None)


@pytest.mark.parametrize("fields", [{}, {"telephoneNumber": None, "numberType": None, "pool": "seattle"}])
def test_a_line_is_told_as_it_was_read(fields: dict[str, Any]) -> None:
    """The pool says it where the request does not, and the event said primary."""
    assert event_of(
        work_item(fields=fields), verdict(assignment_category="private"), "/s"
    ).data.assignment_category == ("private")


@pytest.mark.parametrize("fields", [{"action": "unassign"}, {"action": "update", "locationId": "loc-1"}])
def test_only_an_assignment_names_a_line(fields: dict[str, Any]) -> None:
    assert event_of(work_item(fields={"numberType": None} | fields), verdict(), "/s").data.assignment_category is None


def test_a_cloud_events_own_attributes_are_written_in_lower_case() -> None:
    """CloudEvents: attribute names are lower-case letters and digits."""
    event = event_of(work_item(), verdict(), "/s").model_dump(mode="json", by_alias=True)
    assert set(event) == {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}


def test_an_item_that_has_just_come_has_counted_nothing() -> None:
    item = WorkItem(request=request(), received_at=NOW)
    assert (item.attempt, item.waits, item.reason_times) == (0, 0, 0)
    order = Order(action=Action.ASSIGN, telephone_number=NUMBER, sent_at=NOW)
    assert (order.looks, order.odd_looks, order.unanswered) == (0, 0, False)
    assert not verdict().told


def test_an_item_holds_a_hundred_numbers_and_no_more() -> None:
    numbers = tuple(f"+1206555{index:04}" for index in range(101))
    for name in ("touched", "refused", "unassign", "unassigned"):
        assert WorkItem(request=request(), received_at=NOW, **{name: numbers[:100]})
        with pytest.raises(ValidationError):
            WorkItem(request=request(), received_at=NOW, **{name: numbers})


@pytest.mark.parametrize("name", ["attempt", "waits", "reason_times"])
def test_an_item_counts_from_none_to_a_million(name: str) -> None:
    def counting(count: int) -> Any:
        counted: dict[str, Any] = {name: count}
        return getattr(work_item(**counted), name)

    assert (counting(0), counting(1_000_000)) == (0, 1_000_000)
    for beyond in (-1, 1_000_001):
        with pytest.raises(ValidationError):
            counting(beyond)


def test_what_graph_said_is_kept_up_to_a_thousand_characters_and_three_thousand_bytes() -> None:
    assert shortened("x" * 2000) == "x" * 1000
    assert shortened("x" * 598 + "\U0001f600" * 200) == "x" * 598 + "\U0001f600" * 200
    assert len(shortened("x" * 599 + "\U0001f600" * 200)) == 799 * 9 // 10
    assert len(shortened("\U0001f600" * 2000)) == 226


def test_what_the_brake_held_back_is_due_from_then() -> None:
    assert work_item(braked_at=NOW + timedelta(hours=2)).due_from == NOW + timedelta(hours=2)
    assert work_item(braked_at=NOW - timedelta(hours=2)).due_from == NOW


@pytest.mark.parametrize(
    ("hours", "due"),
    [(None, 0), (-1, 0), (1, 1)],
)
def test_a_request_is_due_from_the_later_of_its_arrival_and_not_before(hours: int | None, due: int) -> None:
    not_before = None if hours is None else (NOW + timedelta(hours=hours)).isoformat()
    assert work_item(fields={"notBefore": not_before}).due_from == NOW + timedelta(hours=due)


@pytest.mark.parametrize(
    ("named", "unassigned", "left"),
    [
        (None, (), f" Still to unassign: {NUMBER}, +12065550199."),
        (None, (NUMBER,), " Still to unassign: +12065550199."),
        (None, (NUMBER, "+12065550199"), ""),
        (NUMBER, (), ""),
    ],
)
def test_what_is_still_to_be_unassigned_is_told_where_the_request_names_no_number(
    named: str | None, unassigned: tuple[str, ...], left: str
) -> None:
    fields = {"action": "unassign", "telephoneNumber": named, "numberType": None}
    item = work_item(fields=fields, unassign=(NUMBER, "+12065550199"), unassigned=unassigned)
    assert item.left_over == left
    assert work_item(fields=fields).left_over == ""


@pytest.mark.parametrize(
    ("fields", "needs"),
    [
        ({}, {"assign"}),
        ({"existingNumber": "refuse"}, {"assign"}),
        ({"existingNumber": "replace"}, {"assign", "unassign"}),
    ],
)
def test_a_replacement_needs_unassign_as_well(fields: dict[str, str], needs: set[str]) -> None:
    assert work_item(fields=fields).needs == needs
