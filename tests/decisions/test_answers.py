"""What Graph said, as values."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from teams_numbers import answers, failures
from teams_numbers.answers import UNREADABLE, Accepted, Denied, Listing, Operation, Refused, Reply, Throttled, Unclear

NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


def reply(status: int = 200, body: Any = None, **headers: str) -> Reply:
    return Reply(status, headers, body)


def error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("30", 30),
        (" 1.5 ", 2),
        ("0", None),
        ("-5", None),
        ("86400", 86400),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 2026 08:00:45 GMT", 45),
        ("Mon, 02 Mar 2026 07:00:00 GMT", None),
        ("Mon, 02 Mar 2026 08:00:45", None),
        ("9" * 40, None),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert answers.retry_after(header, NOW) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_429_and_503_are_throttling(status: int) -> None:
    assert answers.judge(Reply(status, {"Retry-After": "9"}, UNREADABLE), NOW) == Throttled(9, sent=True)


def test_401_and_403_are_the_apps_own_fault() -> None:
    assert answers.judge(reply(401), NOW) == Denied(401, failures.UNAUTHORIZED, "", None)
    nested = error("UnknownError", json.dumps({"code": "Forbidden", "message": "Access Denied."}))
    assert answers.judge(reply(403, nested), NOW) == Denied(403, failures.ACCESS_DENIED, "Access Denied.", None)
    missing = error("forbidden", "Insufficient permission(s) to perform this operation. TeamsTelephoneNumber")
    assert answers.judge(reply(403, missing), NOW).failure is failures.PERMISSION_MISSING  # type: ignore[union-attr]


def test_other_4xx_are_refusals_with_code_and_message() -> None:
    found = answers.judge(Reply(400, {"request-id": "g-1"}, error("BadRequest", "No.")), NOW)
    assert found == Refused(400, "BadRequest", "No.", "g-1")
    assert answers.judge(reply(422, UNREADABLE), NOW) == Refused(422, "", "", None)


@pytest.mark.parametrize("status", [500, 502, 504, 509, 302, 307, 100])
def test_5xx_and_redirects_say_nothing_about_the_call(status: int) -> None:
    assert answers.judge(reply(status), NOW) == Unclear(f"status {status}")


def test_202_is_a_yes_whatever_the_body_is() -> None:
    assert answers.accepted(reply(202, UNREADABLE), None) == Accepted(None, None)
    assert answers.accepted(reply(200, {"value": []}), None) == Unclear("status 200 instead of 202")


def test_an_operation_is_read_wrapped_and_bare() -> None:
    entity = {"status": "running", "numbers": []}
    assert answers.operation(reply(body={"value": entity})) == Operation("running", None, None)
    assert answers.operation(reply(body=entity)) == Operation("running", None, None)


def test_an_operations_status_details_are_its_failure_text() -> None:
    numbers = [{"statusDetail": "A"}, {"statusDetail": None}, {"statusDetail": " "}, "x", {"statusDetail": "B"}]
    assert answers.operation(reply(body={"status": "failed", "numbers": numbers})) == Operation("failed", "A; B", None)


@pytest.mark.parametrize("body", [None, UNREADABLE, [], {}, {"status": 1}, {"value": []}, {"value": {"status": None}}])
def test_what_is_no_operation_is_unclear(body: Any) -> None:
    assert answers.operation(reply(body=body)) == Unclear("no operation in the answer")


def test_a_list_of_numbers_is_read_and_anything_else_is_unclear() -> None:
    assert answers.listing(reply(body={"value": [{"id": "1"}, 2]})) == Listing(({"id": "1"},))
    bodies: tuple[Any, ...] = (None, UNREADABLE, [], {"value": {}})
    for body in bodies:
        assert answers.listing(reply(body=body)) == Unclear("no list of numbers in the answer")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, None])
def test_a_body_that_is_no_json_is_unreadable(body: bytes | None) -> None:
    assert answers.parse(body) is UNREADABLE


@pytest.mark.parametrize("body", [None, [], {"error": "no"}, {"error": {"code": 1, "message": []}}, UNREADABLE])
def test_an_error_of_another_shape_says_nothing(body: Any) -> None:
    assert answers.said(body) == ("", "")
