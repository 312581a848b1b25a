"""The bounds of what a message may be, and what a rejection makes of it."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from assign_number.request import Rejection, read, stored_at
from teams_numbers.contracts import NumberRequest
from tests.values import NOW, NUMBER, USER, envelope, message


def rejected(body: Any, **about: Any) -> Rejection:
    found = read(envelope(body, **about))
    assert isinstance(found, Rejection)
    return found


def accepted(body: Any) -> NumberRequest:
    found = read(envelope(body))
    assert isinstance(found, NumberRequest), found
    return found


def test_a_message_whose_id_is_no_request_id_is_called_unnamed() -> None:
    assert rejected("", message_id="not an id").request_id == "unnamed"


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (None, NOW),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1)),
        ((NOW - timedelta(hours=1)).replace(tzinfo=None), NOW - timedelta(hours=1)),
        (NOW + timedelta(seconds=1), NOW),
    ],
    ids=["nothing", "the-hosts", "without-a-zone", "in-the-future"],
)
def test_a_message_was_stored_in_the_past_whatever_a_body_put_in_place_of_the_hosts_time(
    said: datetime | None, stored: datetime
) -> None:
    assert stored_at(said, NOW) == stored


def test_a_rejections_fingerprint_is_that_of_the_text_whatever_that_holds() -> None:
    assert rejected("a").fingerprint == "ca978112ca1bbdcafac231b39a23dc4d"
    assert len(rejected('{"a": "\ud800"}').fingerprint) == 32


@pytest.mark.parametrize("name", ["telephone_number", "number_type", "dry_run", "assignment_target_id"])
def test_a_field_is_known_by_its_name_in_the_contract_alone(name: str) -> None:
    assert f"'{name}': unknown field" in rejected(message() | {name: "x"}).reason
    assert rejected(message(location_id="loc-1")).fields == ("(unknown)",)


def test_twenty_problems_are_told_and_the_rest_is_counted() -> None:
    unknown = {f"field{index:02}": 1 for index in range(20)}
    assert " more" not in rejected(message() | unknown).reason
    assert rejected(message() | unknown).reason.count("unknown field") == 20
    more = rejected(message() | unknown | {"field98": 1, "field99": 1}).reason
    assert more.endswith("; and 2 more")
    assert more.count("unknown field") == 20


def test_numbers_of_up_to_300_digits_and_fractions_come_back_as_they_were() -> None:
    assert accepted(message(context={"a": 1.5, "b": 10**299})).context == {"a": 1.5, "b": 10**299}
    assert rejected(json.dumps(message(context={"b": 10**300}))).reason == (
        "the message contains a number that is too large"
    )


@pytest.mark.parametrize("text", ["e3*0=", "e30", "é", base64.b64encode(b'{"a": "\xff"}').decode()])
def test_what_is_only_nearly_base64_of_text_is_refused(text: str) -> None:
    assert rejected(text).reason == "the message is neither a JSON object nor base64 of one"


def test_an_empty_text_is_no_value_for_a_flag_a_number_or_a_context() -> None:
    for name in ("dryRun", "telephoneNumber", "context"):
        assert rejected(message() | {name: ""}).fields == (name,)


@pytest.mark.parametrize(
    "name",
    [
        *("requestId", "action", "userPrincipalName", "pool", "assignmentCategory", "locationId", "existingNumber"),
        "notBefore",
    ],
)
def test_an_empty_text_is_as_good_as_leaving_a_field_out(name: str) -> None:
    assert accepted(message() | {name: ""}) == accepted(message())


@pytest.mark.parametrize(
    ("name", "longest", "said"),
    [
        ("requestId", "r" * 128, "must be 1 to 128"),
        ("userPrincipalName", "a" * 246 + "@b.example", "must be one user principal name"),
        ("telephoneNumber", "+12065550100".ljust(64), "is longer than 64 characters"),
        ("locationId", "l" * 64, "must be the emergency location's id"),
    ],
)
def test_a_text_may_be_as_long_as_its_bound(name: str, longest: str, said: str) -> None:
    body = message(assignmentTargetId=None if name == "userPrincipalName" else USER)
    assert accepted(body | {name: longest})
    longer = longest[0] + longest if name != "telephoneNumber" else longest + " "
    assert rejected(body | {name: longer}).reason.startswith(f"{name}: {said}")


def test_an_id_is_looked_for_in_up_to_256_characters() -> None:
    hint = "alone: leave out what stands around it"
    assert hint in rejected(message(assignmentTargetId=USER.ljust(256))).reason
    assert hint not in rejected(message(assignmentTargetId=USER.ljust(257))).reason


def test_white_space_around_a_user_principal_name_is_left_out() -> None:
    said = message(assignmentTargetId=None, userPrincipalName=" anna@contoso.example\n")
    assert accepted(said).user_principal_name == "anna@contoso.example"


def test_a_context_is_counted_in_bytes_of_compact_utf_8() -> None:
    assert accepted(message(context={"a": "é" * 2000, "b": ["x" * 4173, 1]}))
    assert "context: is 8193 bytes" in rejected(message(context={"a": "é" * 2000, "b": ["x" * 4174, 1]})).reason


def test_a_context_may_be_nested_32_deep_objects_and_lists_alike() -> None:
    def nested(depth: int) -> Any:
        value: Any = 1
        for level in range(depth):
            value = {"a": value, "b": 1} if (depth - level) % 2 else [1, value]
        return value

    assert accepted(message(context=nested(32))).context == nested(32)
    assert "context: is nested more than 32 deep" in rejected(message(context=nested(33))).reason


@pytest.mark.parametrize("action", ["dance", 7, ["assign"], {"a": 1}])
def test_an_action_that_is_none_is_the_one_thing_told(action: Any) -> None:
    found = rejected(message(action=action))
    assert found.fields == ("action",)
    assert "assign, unassign, update" in found.reason


def test_not_before_may_be_seven_days_ahead_and_no_more() -> None:
    week = NOW + timedelta(days=7)
    assert accepted(message(notBefore=week.isoformat())).not_before == week
    found = rejected(message(notBefore=(week + timedelta(seconds=1)).isoformat()))
    assert found.fields == ("notBefore",)
    assert found.readable["telephoneNumber"] == NUMBER


def test_what_is_wrong_is_not_given_back_as_readable() -> None:
    found = rejected(message(shoeSize=9, numberType="mobile", context={"ticket": 1}))
    assert found.fields == ("(unknown)", "numberType")
    assert set(found.readable) == {"telephoneNumber", "assignmentTargetId", "context"}
