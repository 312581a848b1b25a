"""The contract tells a request from what is none."""

import json

import pytest

from tests.workflows.contract import REFUSED, checked

_ANNA = {"userPrincipalName": "anna@contoso.example"}
_ID = {"assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"}
_NUMBER = {"telephoneNumber": "+12065550100", "numberType": "callingPlan"}


@pytest.mark.parametrize(
    "request_",
    [
        {**_ANNA, "pool": "seattle"},
        {**_ID, **_NUMBER},
        {**_ANNA, **_NUMBER, "existingNumber": "replace", "notBefore": "2026-03-02T08:00:00+01:00"},
        {**_ANNA, "pool": "seattle", "telephoneNumber": None},
        {**_ANNA, "action": "unassign"},
        {**_ID, "action": "unassign", "telephoneNumber": "+12065550100"},
        {"action": "update", "telephoneNumber": "+12065550100", "locationId": "loc-1"},
    ],
)
def test_a_request_passes(request_: dict[str, str]) -> None:
    assert checked(json.dumps(request_))


@pytest.mark.parametrize(
    "request_",
    [
        {"pool": "seattle"},
        {**_ANNA, **_ID, "pool": "seattle"},
        _ANNA,
        {**_ANNA, **_NUMBER, "pool": "seattle"},
        {**_ANNA, "telephoneNumber": "+12065550100"},
        {**_ANNA, "action": "unassign", "pool": "seattle"},
        {"action": "unassign", "telephoneNumber": "+12065550100"},
        {**_ANNA, "action": "update"},
        {**_ANNA, "pool": "seattle", "notBefore": "2026-03-02"},
        {**_ANNA, "pool": "seattle", "employee": "00417"},
    ],
)
def test_what_is_no_request_does_not(request_: dict[str, str]) -> None:
    with pytest.raises(REFUSED):
        checked(json.dumps(request_))
