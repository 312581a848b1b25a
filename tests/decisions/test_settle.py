"""Whose a number is, from what Graph says of it."""

from typing import Any

import pytest

from teams_numbers.settle import Holder, holder
from tests.values import NUMBER, SOMEBODY_ELSE, USER, request


def read(**number: Any) -> Holder:
    shown = {
        "telephoneNumber": NUMBER,
        "assignmentStatus": "unassigned",
        "activationState": "activated",
        "numberType": "callingPlan",
        "capabilities": ["userAssignment"],
    }
    return holder([shown | number], request())


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ({}, Holder.FREE),
        ({"assignmentTargetId": USER, "assignmentStatus": "userAssigned"}, Holder.OURS),
        ({"assignmentTargetId": USER.upper(), "assignmentStatus": "userAssigned"}, Holder.OURS),
        ({"assignmentTargetId": USER, "activationState": "updateFailed"}, Holder.OURS),
        ({"assignmentTargetId": USER, "activationState": "assignmentPending"}, Holder.CHANGING),
        ({"assignmentTargetId": USER, "activationState": "assignmentFailed"}, Holder.FREE),
        ({"activationState": "assignmentPending"}, Holder.CHANGING),
        ({"assignmentTargetId": SOMEBODY_ELSE, "assignmentStatus": "userAssigned"}, Holder.THEIRS),
        ({"assignmentTargetId": SOMEBODY_ELSE, "activationState": "assignmentPending"}, Holder.THEIRS),
        ({"assignmentStatus": "conferenceAssigned"}, Holder.THEIRS),
        ({"assignmentStatus": "voiceApplicationAssigned"}, Holder.THEIRS),
        ({"numberType": "operatorConnect"}, Holder.OTHER_TYPE),
        ({"capabilities": ["conferenceAssignment"]}, Holder.UNSUITED),
        ({"telephoneNumber": "+12065550199"}, Holder.UNLISTED),
        ({"telephoneNumber": f"{NUMBER};ext=1"}, Holder.UNLISTED),
    ],
)
def test_the_number_says_whose_it_is(number: dict[str, Any], found: Holder) -> None:
    assert read(**number) is found


def test_a_number_that_is_not_in_the_inventory_is_unlisted() -> None:
    assert holder([], request()) is Holder.UNLISTED
