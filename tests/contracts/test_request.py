"""The HR message: any text in, a request or one rejection out."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assign_number.request import Rejection, read
from teams_numbers.contracts import NOT_BEFORE_MOST, NumberRequest
from tests.values import NOW, NUMBER, USER, envelope, message


def accepted(body: Any) -> NumberRequest:
    found = read(envelope(body))
    assert isinstance(found, NumberRequest), found
    return found


def rejected(body: Any) -> Rejection:
    found = read(envelope(body))
    assert isinstance(found, Rejection)
    return found


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+49 (0) 30 23125 018", "+493023125018"),
        ("+39 06 698 12345", "+390669812345"),
        ("0044 20 7946 0018", "+442079460018"),
        ("+1 206 555 0143 x5678", "+12065550143;ext=5678"),
        ("\uff11\uff12\uff10\uff16\uff15\uff15\uff15\uff10\uff11\uff10\uff10", "+12065550100"),
        ("+12065550100", "+12065550100"),
        ("12065550100", "+12065550100"),
        ("tel:+1 (206) 555-0100", "+12065550100"),
        ("+1.206.555.0100", "+12065550100"),
        ("+1\u00a0206\u2011555\u20110100", "+12065550100"),
        ("\u202a+1 206 555 0100\u202c", "+12065550100"),
        ("+12065550100;ext=1234", "+12065550100;ext=1234"),
        ("+49 30 / 23 12 50 18", "+493023125018"),
    ],
)
def test_a_number_is_understood_as_people_write_it(written: str, sent: str) -> None:
    assert accepted(message(telephoneNumber=written)).telephone_number == sent


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+",
        "012345678",
        "+0123456789",
        "123456",
        "1234567890123456",
        "+1206555010a",
        "+1206;ext=",
        "++12065550100",
        1,
    ],
)
def test_what_is_no_number_is_rejected_by_name(written: Any) -> None:
    rejection = rejected(message(telephoneNumber=written))
    assert rejection.fields == ("telephoneNumber",)
    assert "telephoneNumber" in rejection.reason


def test_a_user_principal_name_gets_a_rejection_that_says_so() -> None:
    rejection = rejected(message(assignmentTargetId="ada@contoso.example"))
    assert "assignmentTargetId: is a user principal name: send it as userPrincipalName" in rejection.reason


def test_a_mistyped_field_is_refused_and_the_right_one_named() -> None:
    rejection = rejected(message(locationID="9a1c5f0e"))
    assert "'locationID': unknown field, did you mean locationId?" in rejection.reason


def test_every_wrong_field_is_named_in_the_contracts_order() -> None:
    rejection = rejected({"numberType": "mobile", "dryRun": "yes", "shoeSize": 9})
    said = [part.split(":")[0] for part in rejection.reason.split("; ") if ":" in part]
    assert [name for name in said if name in {"telephoneNumber", "assignmentTargetId", "numberType", "dryRun"}] == [
        "assignmentTargetId",
        "telephoneNumber",
        "numberType",
        "dryRun",
    ]
    assert "'shoeSize'" in rejection.reason
    assert set(rejection.fields) == {"telephoneNumber", "assignmentTargetId", "numberType", "dryRun", "(unknown)"}


def test_a_rejection_gives_back_what_was_right() -> None:
    context = {"callback": "https://example.org/resume?id=1", "nothing": None}
    rejection = rejected(
        message(requestId="hire-7", telephoneNumber="tel:12065550100", numberType="?", context=context)
    )
    assert rejection.request_id == "hire-7"
    assert rejection.readable["context"] == context
    assert rejection.readable["telephoneNumber"] == NUMBER


def test_the_message_id_stands_in_for_a_request_id() -> None:
    assert accepted(message()).request_id == "message-1"
    assert accepted(message(requestId="")).request_id == "message-1"
    assert accepted(message(requestId="hire:7")).request_id == "hire:7"
    assert rejected(message(requestId="hire 7")).request_id == "message-1"


@pytest.mark.parametrize(
    "field", ["requestId", "action", "pool", "locationId", "existingNumber", "notBefore", "context", "dryRun"]
)
def test_null_is_as_good_as_leaving_an_optional_field_out(field: str) -> None:
    assert accepted(message() | {field: None}) == accepted(message())


def test_the_defaults_are_those_of_the_contract() -> None:
    request = accepted(message())
    assert (request.action, request.category, request.location_id) == ("assign", "primary", None)
    assert (request.replaces, request.dry_run, request.not_before) == (False, False, None)


def encodings(text: str) -> dict[str, str]:
    """Return the forms in which clients write a message."""
    return {
        "plain": text,
        "plain with white space": f"\r\n {text}\n",
        "plain with a byte order mark": f"\ufeff{text}",
        "plain with a byte order mark before spaces": f"\ufeff \r\n{text}",
        "base64": base64.b64encode(text.encode()).decode(),
        "base64 in lines": base64.encodebytes(text.encode()).decode(),
        "base64 with a byte order mark": base64.b64encode(text.encode("utf-8-sig")).decode(),
        "base64 of UTF-16, as PowerShell's Unicode": base64.b64encode(text.encode("utf-16")).decode(),
    }


@pytest.mark.parametrize("form", encodings(""))
def test_every_way_in_which_clients_write_a_message_is_read(form: str) -> None:
    text = json.dumps(message(context={"name": "Zoë"}), ensure_ascii=False)
    assert accepted(encodings(text)[form]).context == {"name": "Zoë"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the message is empty: send a JSON object"),
        (" \r\n", "the message is empty"),
        ("hello", "neither a JSON object nor base64 of one"),
        ("[1]", "the message is a list: send each request as a message of its own"),
        ('{"pool": "a\tb"}', "is not valid JSON: Invalid control character at line 1, column 12"),
        (base64.b64encode(b"[1]").decode(), "the message is a list: send each request"),
        (base64.b64encode(b'"{}"').decode(), "JSON in a JSON string: send the object itself"),
        (base64.b64encode(b" \r\n").decode(), "the message is empty"),
        (base64.b64encode(b"null").decode(), "neither a JSON object nor base64 of one"),
        ('{"a": NaN}', "NaN"),
        ('{"context": {"a": 1e999}}', "a number that is too large"),
        ('{"context": {"a": 1' + "0" * 5000 + "}}", "a number that is too large"),
        ('{"a": 1, "a": 2}', "a field twice"),
        ('{"context": {"a": {"b": 1, "b": 2}}}', "a field twice"),
        ('{"context": "\\ud800"}', "half of a surrogate pair"),
        ('{"a":' * 100_000, "nested too deeply"),
        (base64.b64encode(base64.b64encode(json.dumps(message()).encode())).decode(), "neither a JSON object nor"),
    ],
)
def test_what_cannot_be_read_is_one_rejection_that_says_why(text: str, reason: str) -> None:
    rejection = rejected(text)
    assert reason in rejection.reason
    assert rejection.request_id == "message-1"


def test_context_up_to_eight_kilobytes_is_accepted_and_more_is_not() -> None:
    assert accepted(message(context={"a": "x" * (8192 - 8)}))
    assert "context: is 8193 bytes" in rejected(message(context={"a": "x" * (8192 - 7)})).reason


@pytest.mark.parametrize("name", ["delivery", "telephone_number", "request_id", "verdict", "receivedAt"])
def test_callers_cannot_write_what_only_the_app_knows(name: str) -> None:
    rejection = rejected(message() | {name: {"attempt": 3}})
    assert f"{name!r}: unknown field" in rejection.reason
    assert rejection.fields == ("(unknown)",)


def test_an_unknown_field_is_refused_even_where_it_is_null() -> None:
    assert rejected(message() | {"shoeSize": None}).fields == ("(unknown)",)


@pytest.mark.parametrize("action", [[], {}, 1, True, ["assign"]])
def test_an_action_that_is_no_text_is_one_rejection(action: Any) -> None:
    assert "action: must be text in quotes" in rejected(message(action=action)).reason


def test_json_in_a_json_string_is_told_apart_from_text_that_is_no_json() -> None:
    told = rejected(json.dumps(json.dumps(message()))).reason
    assert told == "the message is JSON in a JSON string: send the object itself"


def test_not_before_is_at_most_seven_days_after_the_arrival() -> None:
    assert accepted(message(notBefore=(NOW + NOT_BEFORE_MOST).isoformat())).not_before == NOW + NOT_BEFORE_MOST
    for_net = "2026-03-03T08:00:00.1234567Z"  # seven digits, as .NET and Power Automate's utcNow() write them
    assert accepted(message(notBefore=for_net)).not_before == datetime(2026, 3, 3, 8, 0, 0, 123456, UTC)
    later = (NOW + NOT_BEFORE_MOST + timedelta(seconds=1)).isoformat()
    assert "notBefore: is more than 7 days ahead" in rejected(message(notBefore=later)).reason


def test_a_private_numbering_plan_is_read_where_the_setting_says_so() -> None:
    body = envelope(message(telephoneNumber="+99912345"))
    assert isinstance(read(body), Rejection)
    assert isinstance(read(body, "digits"), NumberRequest)


def test_a_request_as_it_is_stored_reads_as_it_was() -> None:
    request = accepted(message(requestId="r", context={"a": [None, 1.5, "\uffff"]}, locationId="a-1"))
    assert accepted(request.to_text()) == request


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
field_names = st.sampled_from([*message(), "requestId", "context", "delivery", "dryRun", "id", "locationId"])


@given(
    st.text()
    | st.binary().map(lambda data: base64.b64encode(data).decode())
    | st.dictionaries(field_names | st.text(max_size=5), json_values).map(json.dumps)
    | st.dictionaries(field_names, json_values).map(lambda extra: json.dumps(message() | extra))
)
def test_any_text_is_a_request_or_one_rejection(text: str) -> None:
    found = read(envelope(text))
    if isinstance(found, NumberRequest):
        assert found.assignment_target_id or found.user_principal_name or found.action == "update"
        assert read(envelope(found.to_text())) == found
    else:
        assert found.reason.isascii() or found.reason
        assert found.request_id


def test_the_users_id_is_sent_in_one_spelling() -> None:
    assert accepted(message(assignmentTargetId=USER.upper())).assignment_target_id == USER
