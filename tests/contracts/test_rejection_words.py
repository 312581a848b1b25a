"""What a rejection says of a field: which one was meant, and what to write instead."""

import json
from typing import Any

import pytest

from assign_number.rejection import field_meant, say
from assign_number.request import Rejection, read
from tests.values import USER, envelope, message


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (
            "telephoneNumber",
            "PhoneNumber Number phone Telephone LineURI OnPremLineURI tel DID ddi telephone_number telephonNumber",
        ),
        ("numberType", "PhoneNumberType Type number-type"),
        (
            "userPrincipalName",
            "UPN Identity user Email mail EmailAddress PrimarySmtpAddress SignInName userPrincipalNames",
        ),
        (
            "assignmentTargetId",
            "objectId UserId target_id oid AzureAdObjectId ExternalDirectoryObjectId assignedTo assignmentTargetID",
        ),
        ("pool", "poolName number-pool"),
        ("locationId", "Location emergencyLocation EmergencyLocationId emergencyAddress locationID"),
        ("assignmentCategory", "category"),
        ("requestId", "id request-id"),
        ("notBefore", "startDate notBeforeDate effectiveDate"),
        ("dryRun", "WhatIf dry_run"),
        ("action", "operation"),
        ("existingNumber", "existing replace Overwrite"),
    ],
)
def test_a_field_is_known_by_what_other_tools_call_it(field: str, names: str) -> None:
    for name in names.split():
        assert field_meant(name) == field, name
        assert say(name, {}) == f"{name!r}: unknown field, did you mean {field}?"


def test_a_name_that_means_nothing_is_told_as_it_is_and_cut() -> None:
    for name in ("shoeSize", "numberSize", "locationName", "dateBefore"):
        assert field_meant(name) is None
    told = "unknown field: leave it out, or put it into context"
    assert say("shoeSize", {}) == f"'shoeSize': {told}"
    assert say("é" * 100, {}) == "'" + "\\xe9" * 64 + f"': {told}"


def said(**fields: Any) -> str:
    found = read(envelope(message(**fields)))
    assert isinstance(found, Rejection)
    return found.reason


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("OCMobile", "operatorConnect"),
        ("DR", "directRouting"),
        ("CP", "callingPlan"),
        ("oc", "operatorConnect"),
        ("Direct Routing", "directRouting"),
        ("callingPlans", "callingPlan"),
    ],
)
def test_a_number_type_is_known_by_its_other_names(written: str, meant: str) -> None:
    allowed = "directRouting, callingPlan, operatorConnect"
    assert said(numberType=written) == f"numberType: must be one of: {allowed}; did you mean {meant}?"


@pytest.mark.parametrize(
    ("field", "words", "meant"),
    [
        ("action", "add Create SET", "assign"),
        ("action", "remove Delete release", "unassign"),
        ("action", "upd", "update"),
        ("existingNumber", "overwrite", "replace"),
        ("existingNumber", "keep", "refuse"),
    ],
)
def test_a_word_is_known_by_what_other_tools_call_it(field: str, words: str, meant: str) -> None:
    for word in words.split():
        assert said(**{field: word}).endswith(f"; did you mean {meant}?"), word


def test_a_word_that_means_nothing_is_told_what_is_allowed() -> None:
    assert said(numberType="mobile") == "numberType: must be one of: directRouting, callingPlan, operatorConnect"
    assert said(assignmentCategory="DR") == "assignmentCategory: must be one of: primary, private, alternate"
    assert said(assignmentCategory="Privat").endswith("alternate; did you mean private?")
    assert said(existingNumber="dance") == "existingNumber: must be one of: refuse, replace"
    assert said(action="unasign").startswith("action: must be one of: assign, unassign, update; did you mean unassign?")
    assert said(numberType=7) == (
        "numberType: must be text in quotes, one of: directRouting, callingPlan, operatorConnect"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"telephoneNumber": 12065550100}, "telephoneNumber: must be text: write it in quotes"),
        ({"notBefore": "2026-03-02T08:00:00"}, "notBefore: must be a date and time with an offset, such as 2026-03-02"),
        ({"pool": USER.upper()}, "pool: must be a pool's name"),
        ({"telephoneNumber": 1.5}, "telephoneNumber: must be text: write it in quotes"),
        ({"telephoneNumber": ["+12065550100"]}, "telephoneNumber: must be text in quotes"),
        ({"dryRun": "yes"}, "dryRun: must be true or false, without quotes"),
        ({"context": "x"}, "context: must be a JSON object, not text: send the object itself"),
        ({"context": {"a": "x" * 9000}}, "context: is 9008 bytes of JSON, 8192 are allowed"),
        (
            {"context": json.loads('{"a":' * 300 + "1" + "}" * 300)},
            "context: is nested more than 32 deep; keep a reference",
        ),
        ({"assignmentTargetId": "x"}, "assignmentTargetId: must be the user's object id, a GUID"),
        (
            {"locationId": "no such form"},
            "locationId: must be the emergency location's id: letters, digits and dashes, up to 64",
        ),
        ({"context": [1]}, 'context: must be a JSON object, such as {"employeeId": "00417"}'),
    ],
)
def test_a_wrong_value_is_told_what_to_write_instead(fields: dict[str, Any], words: str) -> None:
    assert said(**fields).startswith(words)
