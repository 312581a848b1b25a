"""The HR message: any text in, a request or one rejection out."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assign_number.request import Rejection, read
from teams_numbers.messages import AssignmentRequest
from tests.values import NOW, NUMBER, USER, envelope, message


def accepted(body: Any) -> AssignmentRequest:
    found = read(envelope(body))
    assert isinstance(found, AssignmentRequest), found
    return found


def rejected(body: Any) -> Rejection:
    found = read(envelope(body))
    assert isinstance(found, Rejection)
    return found


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("+12065550100", "+12065550100"),
        ("12065550100", "+12065550100"),
        ("tel:+1 (206) 555-0100", "+12065550100"),
        ("+1.206.555.0100", "+12065550100"),
        ("+1\u00a0206\u2011555\u20110100", "+12065550100"),
        ("\u202a+1 206 555 0100\u202c", "+12065550100"),
        ("+1206555000;ext=1234", "+1206555000;ext=1234"),
        ("+4930123", "+4930123"),
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
    assert "assignmentTargetId: is a user principal name; send the user's object id" in rejection.reason


def test_a_mistyped_field_is_refused_and_the_right_one_named() -> None:
    rejection = rejected(message(locationID="9a1c5f0e"))
    assert "'locationID': unknown field, did you mean locationId?" in rejection.reason


def test_every_wrong_field_is_named_in_the_contracts_order() -> None:
    rejection = rejected({"numberType": "mobile", "dryRun": "yes", "shoeSize": 9})
    said = [part.split(":")[0] for part in rejection.reason.split("; ") if ":" in part]
    assert [name for name in said if name in {"telephoneNumber", "assignmentTargetId", "numberType", "dryRun"}] == [
        "telephoneNumber",
        "assignmentTargetId",
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


@pytest.mark.parametrize("field", ["requestId", "assignmentCategory", "locationId", "context", "delivery", "dryRun"])
def test_null_is_as_good_as_leaving_an_optional_field_out(field: str) -> None:
    assert accepted(message() | {field: None}) == accepted(message())


def test_the_defaults_are_those_of_the_contract() -> None:
    request = accepted(message())
    assert (request.assignment_category, request.location_id, request.dry_run) == ("primary", None, False)
    assert request.delivery.received_at == NOW


def encodings(text: str) -> dict[str, str]:
    """Return the forms in which clients write a message."""
    return {
        "plain": text,
        "plain with white space": f"\r\n {text}\n",
        "plain with a byte order mark": f"\ufeff{text}",
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
        ("", "no valid JSON"),
        ("hello", "neither a JSON object nor base64 of one"),
        ("[1]", "neither a JSON object nor base64 of one"),
        (base64.b64encode(b"[1]").decode(), "must be a JSON object"),
        ('{"a": NaN}', "NaN"),
        ('{"context": {"a": 1e999}}', "a number that is too large"),
        ('{"context": {"a": 1' + "0" * 5000 + "}}", "a number that is too large"),
        ('{"a": 1, "a": 2}', "a field twice"),
        ('{"context": {"a": {"b": 1, "b": 2}}}', "a field twice"),
        ('{"context": "\\ud800"}', "half a surrogate pair"),
        ('{"a":' * 100_000, "nested too deeply"),
        (base64.b64encode(base64.b64encode(json.dumps(message()).encode())).decode(), "no valid JSON"),
    ],
)
def test_what_cannot_be_read_is_one_rejection_that_says_why(text: str, reason: str) -> None:
    rejection = rejected(text)
    assert reason in rejection.reason
    assert rejection.request_id == "message-1"


def test_context_up_to_eight_kilobytes_is_accepted_and_more_is_not() -> None:
    assert accepted(message(context={"a": "x" * (8192 - 8)}))
    assert "context: is 8193 bytes" in rejected(message(context={"a": "x" * (8192 - 7)})).reason


def test_a_delivery_that_claims_to_come_from_the_future_does_not_postpone_the_deadline() -> None:
    later = (NOW + timedelta(days=9)).isoformat()
    assert accepted(message(delivery={"receivedAt": later})).delivery.received_at == NOW


def test_a_request_that_is_put_back_reads_as_it_was() -> None:
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
    if isinstance(found, AssignmentRequest):
        assert found.assignment_target_id
        assert read(envelope(found.to_text())) == found
    else:
        assert found.reason.isascii() or found.reason
        assert found.request_id


def test_the_users_id_is_sent_in_one_spelling() -> None:
    assert accepted(message(assignmentTargetId=USER.upper())).assignment_target_id == USER
