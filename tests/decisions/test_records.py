"""What one entry of Graph's list means."""

from typing import Any

import pytest

from teams_numbers.records import Holder, NumberRecord, record
from tests.values import NUMBER, SOMEBODY_ELSE, USER

ENTRY: dict[str, Any] = {
    "telephoneNumber": NUMBER,
    "numberType": "callingPlan",
    "assignmentTargetId": USER.upper(),
    "assignmentStatus": "userAssigned",
    "assignmentCategory": "primary",
    "locationId": "loc-1",
    "activationState": "activated",
    "capabilities": ["userAssignment"],
    "isoCountryCode": "US",
}


def read(**fields: Any) -> NumberRecord:
    found = record(ENTRY | fields)
    assert found is not None
    return found


def test_an_entry_is_read_in_full() -> None:
    expected = NumberRecord(
        NUMBER, "callingPlan", USER, assigned=True, category="primary", location_id="loc-1",
        activation_state="activated", for_users=True, country="US",
    )  # fmt: skip
    assert read() == expected


def test_an_entry_without_a_number_is_none() -> None:
    assert record({}) is None
    assert record({"telephoneNumber": 7}) is None


@pytest.mark.parametrize("written", [USER, USER.upper(), f"{{{USER}}}"])
def test_a_holders_id_is_read_however_it_is_written(written: str) -> None:
    """Graph's metadata calls it a text."""
    assert read(assignmentTargetId=written).holder(USER) is Holder.TARGET


def test_an_id_of_zeros_is_none() -> None:
    zeros = USER.translate(str.maketrans("123456789abcdef", "0" * 15))
    found = read(assignmentTargetId=zeros, assignmentStatus="unassigned", locationId=zeros)
    assert (found.target, found.assigned, found.location_id) == (None, False, None)


def test_a_number_without_its_plus_gets_one() -> None:
    assert read(telephoneNumber=NUMBER[1:]).telephone_number == NUMBER


@pytest.mark.parametrize(
    ("field", "attribute"),
    [
        ("numberType", "number_type"),
        ("assignmentTargetId", "target"),
        ("assignmentCategory", "category"),
        ("locationId", "location_id"),
        ("activationState", "activation_state"),
        ("isoCountryCode", "country"),
    ],
)
@pytest.mark.parametrize("value", [None, "", 7, ["x"]])
def test_what_is_no_text_is_none(field: str, attribute: str, value: Any) -> None:
    assert getattr(read(**{field: value}), attribute) is None


@pytest.mark.parametrize(("location", "is_one"), [("l" * 64, True), ("l" * 65, False), ("a b", False), ("a\n", False)])
def test_a_location_that_could_not_be_stored_is_none(location: str, is_one: bool) -> None:
    """A number with it could not be given back: a replacement failed on it time and again, after the brake's count."""
    assert read(locationId=location).location_id == (location if is_one else None)


def test_a_type_that_graph_could_not_tell_is_none() -> None:
    assert read(numberType="internalError").number_type is None
    assert read(numberType="newType").number_type == "newType"


@pytest.mark.parametrize("status", [None, "unassigned", "internalError"])
def test_a_number_without_a_target_is_unassigned_where_the_status_does_not_say_otherwise(status: str | None) -> None:
    assert not read(assignmentTargetId=None, assignmentStatus=status).assigned
    assert read(assignmentStatus=status).assigned


def test_a_number_that_is_assigned_to_nobody_is_a_phantom_and_not_free() -> None:
    phantom = read(assignmentTargetId=None, assignmentStatus="userAssigned")
    assert (phantom.assigned, phantom.phantom, phantom.free) == (True, True, False)
    assert phantom.holder(USER) is phantom.holder(None) is Holder.OTHER
    assert not read().phantom
    assert not NumberRecord(NUMBER).phantom


@pytest.mark.parametrize(
    ("capabilities", "for_users"),
    [
        (None, True),
        ([], True),
        ("userAssignment", True),
        ("conferenceAssignment", True),
        (["conferenceAssignment"], False),
        (["conferenceAssignment", "userAssignment"], True),
    ],
)
def test_a_number_is_for_users_unless_graph_lists_capabilities_without_that(
    capabilities: Any, *, for_users: bool
) -> None:
    assert read(capabilities=capabilities).for_users is for_users


def test_the_holder_is_seen_from_the_person() -> None:
    assert (read().holder(USER), read().holder(SOMEBODY_ELSE), read().holder(None)) == (
        Holder.TARGET,
        Holder.OTHER,
        Holder.OTHER,
    )
    assert NumberRecord(NUMBER).holder(USER) is NumberRecord(NUMBER).holder(None) is Holder.NOBODY


def test_an_assignment_that_failed_holds_nothing_for_its_person_and_is_somebody_elses_for_others() -> None:
    failed = read(activationState="assignmentFailed")
    assert failed.holder(USER) is Holder.NOBODY
    assert failed.holder(SOMEBODY_ELSE) is Holder.OTHER
    assert (failed.failed, read().failed) == (True, False)
    assert (failed.names(USER), failed.names(SOMEBODY_ELSE), failed.names(None)) == (True, False, False)
    assert not NumberRecord(NUMBER, assigned=True).names(None)


@pytest.mark.parametrize(
    ("read_as", "asked", "same"),
    [("9A1C-B", "9a1c-b", True), ("9a1c-b", "9A1C-B", True), ("a", "b", False), (None, None, True), (None, "a", False)],
)
def test_an_emergency_location_is_the_same_in_any_letter_case(
    read_as: str | None, asked: str | None, *, same: bool
) -> None:
    """Some databases write every GUID in capital letters."""
    assert read(locationId=read_as).located(asked) is same


def test_a_number_is_free_when_nobody_has_it_nothing_runs_and_users_may_have_it() -> None:
    assert NumberRecord(NUMBER).free
    assert not NumberRecord(NUMBER, assigned=True).free
    assert not NumberRecord(NUMBER, activation_state="assignmentPending").free
    assert not NumberRecord(NUMBER, for_users=False).free
    assert NumberRecord(NUMBER, activation_state="activated").free


def test_what_an_event_or_a_message_names_a_holder_stays_the_same() -> None:
    assert [str(holder) for holder in Holder] == ["target", "other", "nobody"]


def test_words_that_many_numbers_share_are_kept_once() -> None:
    first, second = (read(locationId=f"loc-{digits}") for digits in (int("9"), 9))
    assert first.location_id is second.location_id
