"""What a request asks for: its name for the wish, whether it can hurt, and that no code makes one that is none."""

from typing import Any

import pytest
from pydantic import ValidationError

from teams_numbers.contracts import NumberRequest
from teams_numbers.fields import NUMBER, PERSON, combined
from tests.values import SOMEBODY_ELSE, request

POOL: dict[str, Any] = {"pool": "seattle", "telephoneNumber": None, "numberType": None}
LEAVER: dict[str, Any] = {"action": "unassign", "numberType": None}
MOVE: dict[str, Any] = {"action": "update", "numberType": None, "locationId": "loc-1"}


def test_a_wish_keeps_its_name_from_version_to_version() -> None:
    """Events already sent have ids made of it."""
    assert request().fingerprint == "33e5200d04ca82a842905783fc5f19d0"
    full = request(locationId="loc-1", existingNumber="replace", assignmentCategory="private")
    assert full.fingerprint == "c6d3553b51eb0320417c8e64e7de2c20"
    assert request(notBefore="2026-03-03T08:00:00+01:00").fingerprint == "c10c955c1ec558a505e8fe556c3241a9"


def test_the_same_wish_has_the_same_name_whoever_asks_and_whatever_else_is_said() -> None:
    assert request(requestId="r-2", context={"ticket": 1}).fingerprint == request().fingerprint
    later = request(notBefore="2026-03-03T08:00:00+01:00").fingerprint
    assert request(notBefore="2026-03-03T07:00:00Z").fingerprint == later


@pytest.mark.parametrize(
    "fields",
    [
        POOL,
        LEAVER,
        MOVE,
        {"assignmentTargetId": SOMEBODY_ELSE},
        {"telephoneNumber": "+12065550101"},
        {"numberType": "directRouting"},
        {"assignmentCategory": "private"},
        {"locationId": "loc-1"},
        {"existingNumber": "replace"},
        {"dryRun": True},
        {"notBefore": "2026-03-03T07:00:00Z"},
    ],
)
def test_another_wish_has_another_name(fields: dict[str, Any]) -> None:
    assert request(**fields).fingerprint != request().fingerprint


@pytest.mark.parametrize(
    ("fields", "careful"),
    [
        ({}, False),
        ({"existingNumber": "refuse"}, False),
        ({"existingNumber": "replace"}, True),
        (POOL, True),
        (LEAVER, True),
        (MOVE, True),
    ],
)
def test_all_but_the_assignment_of_a_number_that_it_names_can_hurt(fields: dict[str, Any], careful: bool) -> None:
    assert request(**fields).careful is careful


def test_a_line_is_the_primary_one_where_none_is_named() -> None:
    assert request().category == "primary"
    assert request(assignmentCategory="private").category == "private"
    by_pool = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
    assert request(**by_pool).category is None  # the pool may say another
    assert request(**by_pool, assignmentCategory="private").category == "private"


@pytest.mark.parametrize("group", [PERSON, NUMBER])
def test_two_fields_that_say_the_same_thing_are_one_too_many_whatever_else_is_named(group: tuple[str, str]) -> None:
    assert combined("assign", group)[group[1]].startswith("leave out one of")


def test_a_request_whose_fields_do_not_go_together_cannot_be_made() -> None:
    with pytest.raises(ValidationError, match="numberType: is missing: say who provides the number"):
        request(numberType=None)


def test_a_request_takes_its_own_number_as_the_app_stores_it_alone() -> None:
    assert request(telephoneNumber="+12065550143;ext=5678").telephone_number == "+12065550143;ext=5678"
    with pytest.raises(ValidationError, match="is not a number that the app stores"):
        request(telephoneNumber="+1 206 555 0143")


def test_a_request_is_made_by_either_name_of_a_field_and_never_changes() -> None:
    written = {"request_id": "r-1", "action": "unassign", "userPrincipalName": "anna@contoso.example"}
    made = NumberRequest.model_validate(written)
    assert made.user_principal_name == "anna@contoso.example"
    with pytest.raises(ValidationError):
        made.request_id = "r-2"  # type: ignore[misc] # what the test is about
