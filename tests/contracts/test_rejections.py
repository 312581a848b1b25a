"""Which fields go together, and what a rejection says: what is wrong, then what to write."""

from typing import Any

import pytest

from tests.contracts.test_request import accepted, rejected
from tests.values import NUMBER, USER, message

ANNA = {"userPrincipalName": "anna@contoso.example"}


@pytest.mark.parametrize(
    "body",
    [
        ANNA | {"pool": "seattle"},
        ANNA | {"pool": "seattle", "locationId": "loc-1", "assignmentCategory": "private", "existingNumber": "replace"},
        message(),
        ANNA | {"action": "unassign"},
        ANNA | {"action": "unassign", "telephoneNumber": NUMBER},
        {"action": "update", "telephoneNumber": NUMBER, "locationId": "loc-1"},
        ANNA | {"action": "update", "telephoneNumber": NUMBER, "locationId": "loc-1"},
    ],
)
def test_each_combination_of_the_contract_is_a_request(body: dict[str, Any]) -> None:
    assert accepted(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"pool": "seattle"}, "assignmentTargetId: is missing: name the person"),
        (ANNA, "telephoneNumber: is missing: name the number, by telephoneNumber or by pool"),
        (message(**ANNA), "userPrincipalName: leave out one of assignmentTargetId and userPrincipalName"),
        (message(pool="seattle"), "pool: leave out one of telephoneNumber and pool"),
        (message(numberType=None), "numberType: is missing: say who provides the number"),
        (ANNA | {"pool": "seattle", "numberType": "callingPlan"}, "numberType: leave it out: the pool says it"),
        (ANNA | {"action": "unassign", "pool": "seattle"}, "pool: leave it out: it means nothing for the action"),
        (
            ANNA | {"action": "unassign", "pool": "seattle", "numberType": "callingPlan"},
            "numberType: leave it out: it means nothing for the action unassign",
        ),
        (ANNA | {"action": "unassign", "locationId": "l"}, "locationId: leave it out"),
        ({"action": "unassign", "telephoneNumber": NUMBER}, "assignmentTargetId: is missing"),
        (ANNA | {"action": "update", "telephoneNumber": NUMBER}, "locationId: is missing: name the emergency location"),
        (ANNA | {"action": "update", "locationId": "l"}, "telephoneNumber: is missing: name the number"),
    ],
)
def test_each_other_combination_is_refused_and_says_what_to_write(body: dict[str, Any], said: str) -> None:
    assert said in rejected(body).reason


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"telephoneNumber": 12065550156}, "telephoneNumber: must be text: write it in quotes"),
        ({"requestId": 417}, "requestId: must be text: write it in quotes"),
        ({"dryRun": "true"}, "dryRun: must be true or false, without quotes"),
        ({"context": "x"}, "context: must be a JSON object, not text: send the object itself"),
        ({"numberType": "DirectRouting"}, "did you mean directRouting?"),
        ({"numberType": "CallingPlan"}, "did you mean callingPlan?"),
        ({"numberType": "OCMobile"}, "did you mean operatorConnect?"),
        ({"assignmentTargetId": "00000000-0000-0000-0000-000000000000"}, "assignmentTargetId: is all zeros"),
        ({"UPN": "a@b"}, "'UPN': unknown field, did you mean userPrincipalName?"),
        ({"LineURI": "x"}, "'LineURI': unknown field, did you mean telephoneNumber?"),
        ({"ObjectId": "x"}, "'ObjectId': unknown field, did you mean assignmentTargetId?"),
        ({"PhoneNumberType": "x"}, "'PhoneNumberType': unknown field, did you mean numberType?"),
        ({"numberType": "Direct"}, "did you mean directRouting?"),
        ({"numberType": " callingPlan "}, "did you mean callingPlan?"),
        ({"assignmentCategory": "alt"}, "did you mean alternate?"),
        ({"action": "remove"}, "must be one of: assign, unassign, update; did you mean unassign?"),
        ({"action": "Release"}, "did you mean unassign?"),
        ({"existingNumber": "overwrite"}, "did you mean replace?"),
        ({"requestId": "hire 7"}, "requestId: must be 1 to 128 of the characters A-Z a-z 0-9 . _ : - and nothing else"),
        ({"userPrincipalName": "anna"}, "userPrincipalName: must be one user principal name, such as anna@"),
        ({"userPrincipalName": "a@b.c;d@b.c"}, "userPrincipalName: must be one user principal name"),
        ({"userPrincipalName": USER}, "userPrincipalName: is an object id: send it as assignmentTargetId"),
        ({"assignmentTargetId": f"{{{USER}}}"}, "must be the user's object id alone: leave out what stands around it"),
        ({"assignmentTargetId": "anna@contoso.example"}, "is a user principal name: send it as userPrincipalName"),
        ({"assignmentTargetId": "anna"}, "assignmentTargetId: must be the user's object id, a GUID such as "),
        ({"assignmentTargetId": "x" * 300}, "assignmentTargetId: must be the user's object id, a GUID such as "),
        ({"telephoneNumber": "1" * 65}, "telephoneNumber: is longer than 64 characters: write one number"),
        ({"telephoneNumber": True}, "telephoneNumber: must be text: write it in quotes"),
        ({"telephoneNumber": [NUMBER]}, "telephoneNumber: must be text in quotes"),
        ({"pool": "Sea ttle"}, "pool: must be a pool's name: a-z, 0-9,"),
        ({"locationId": "Seattle HQ"}, "locationId: must be the emergency location's id: letters, digits and dashes"),
        ({"notBefore": ["2026-03-03"]}, "notBefore: must be text: a real date and time with an offset"),
        ({"context": ["x"]}, 'context: must be a JSON object, such as {"employeeId": "00417"}'),
        ({"context": 7}, "context: must be a JSON object, such as"),
        ({"employeeId": "7"}, "'employeeId': unknown field: leave it out, or put it into context"),
        ({"OnPremLineURI": "x"}, "'OnPremLineURI': unknown field, did you mean telephoneNumber?"),
        ({"WhatIf": True}, "'WhatIf': unknown field, did you mean dryRun?"),
        ({"AzureAdObjectId": "x"}, "'AzureAdObjectId': unknown field, did you mean assignmentTargetId?"),
        ({"EmailAddress": "x"}, "'EmailAddress': unknown field, did you mean userPrincipalName?"),
        ({"notBefore": "2026-02-30T08:00:00Z"}, "notBefore: must be text: a real date and time with an offset"),
        ({"notBefore": "tomorrow"}, "notBefore: must be a date and time with an offset"),
        ({"notBefore": "2026-03-03T08:00:00"}, "notBefore: must be a date and time with an offset"),
        ({"notBefore": 1772524800}, "notBefore: must be text: a date and time with an offset"),
        ({"telephoneNumber": "12065550118.0"}, "looks like a spreadsheet's number; format the column as text"),
        ({"telephoneNumber": "1.2065550118E10"}, "looks like a spreadsheet's number; format the column as text"),
        ({"telephoneNumber": "(206) 555-0118"}, "the country code is missing: write +1 206 555 0118"),
        ({"telephoneNumber": "2065550118"}, "the country code is missing: write +1 206 555 0118"),
        ({"telephoneNumber": "600 111 222"}, "the country code is missing"),
        ({"telephoneNumber": "+1 206 555 0143 5678"}, "+1 numbers have ten more digits"),
        ({"telephoneNumber": "+1 206 555 0178-0180"}, "+1 numbers have ten more digits"),
        ({"telephoneNumber": "+12065550143\n+12065550144"}, "one number, please"),
        ({"telephoneNumber": "+1 800 FLOWERS"}, "letters are not read"),
    ],
)
def test_a_rejection_says_what_is_wrong_and_what_to_write(fields: dict[str, Any], said: str) -> None:
    assert said in rejected(message(**fields)).reason
