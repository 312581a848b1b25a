"""The catalogue knows every failure that was seen in the field."""

import re

import pytest

from teams_numbers.failures import CATALOGUE, NOTICED, Kind, recognize


@pytest.mark.parametrize(
    ("said", "code", "kind"),
    [
        ("User 'Ada' lacks appropriate licenses to assign a 'CallingPlan' number", "licenseMissing", Kind.WAIT),
        ("The user '6f0b2f8c' is not found", "userNotFound", Kind.WAIT),
        ("The server responded with a Request Error, Status: NotFound", "userNotFound", Kind.WAIT),
        ("Cannot assign: the activation state is pending", "activationPending", Kind.WAIT),
        ("Service is unavailable. Please try again", "serviceUnavailable", Kind.TRANSIENT),
        ("Update failed for user 'Ada'. Please try again", "updateFailed", Kind.TRANSIENT),
        ("Telephone Number '+12065550100' has already been assigned to another user", "numberTaken", Kind.SETTLE),
        ("Telephone Number '+12065550100' is not found from tenant 'x'", "numberNotFound", Kind.PERMANENT),
        (
            "The user already has a telephone number set in the on-premises Active Directory; clear it first",
            "onPremisesNumber",
            Kind.PERMANENT,
        ),
        (
            "Contact your operator to change the emergency address for this number.",
            "emergencyAddressByOperator",
            Kind.PERMANENT,
        ),
        ("Something new", "unknownFailure", Kind.PERMANENT),
        ("", "unknownFailure", Kind.PERMANENT),
    ],
)
def test_each_text_seen_in_the_field_is_recognized(said: str, code: str, kind: Kind) -> None:
    found = recognize(said)
    assert (found.code, found.kind) == (code, kind)
    assert recognize(said.upper()) is found


def test_the_status_speaks_where_there_is_no_text() -> None:
    assert recognize("", 409).code == "conflict"
    assert recognize("", 401).code == "unauthorized"
    assert recognize("", 403).code == "accessDenied"
    assert recognize("", 422).code == "unknownFailure"


def test_a_conflict_is_tried_as_often_as_a_taken_number_since_either_may_be_the_apps_own_earlier_order() -> None:
    assert recognize("", 409).tries == recognize("Number has already been assigned").tries == 8


def test_every_failure_has_a_code_of_its_own_and_a_sentence_of_advice() -> None:
    entries = (*CATALOGUE, *NOTICED)
    assert len({entry.code for entry in entries}) == len(entries)
    for entry in entries:
        assert re.fullmatch(r"[a-z][A-Za-z]+", entry.code)
        assert entry.advice.endswith(".")
        assert bool(entry.pattern) == (entry in CATALOGUE)
