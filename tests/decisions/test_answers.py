"""What Graph said, as values."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams_numbers import answers, failures
from teams_numbers.answers import Accepted, Denied, Done, Listing, Operation, Page, Person, Refused, Throttled, Unclear
from teams_numbers.reply import UNREADABLE, Reply, parse
from teams_numbers.work_item import Problem
from tests.values import NUMBER, USER

NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
HTML = b"<!DOCTYPE html><html><body>Our services aren't available right now</body></html>"


def reply(status: int = 200, body: Any = None, **headers: str) -> Reply:
    return Reply(status, headers, body)


def error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize("status", [429, 503])
def test_429_and_503_are_throttling(status: int) -> None:
    said = answers.judge(Reply(status, {"Retry-After": "9", "request-id": "g-1"}, UNREADABLE), NOW)
    assert said == Throttled(9, sent=True, status=status)


def test_401_and_403_are_the_apps_own_fault() -> None:
    assert answers.judge(reply(401), NOW) == Denied(401, failures.UNAUTHORIZED, "", None)
    nested = error("UnknownError", json.dumps({"code": "Forbidden", "message": "Access Denied."}))
    assert answers.judge(reply(403, nested), NOW) == Denied(403, failures.ACCESS_DENIED, "Access Denied.", None)
    missing = error("forbidden", "Insufficient permission(s) to perform this operation. TeamsTelephoneNumber")
    assert answers.judge(reply(403, missing), NOW).failure is failures.PERMISSION_MISSING  # type: ignore[union-attr]
    assert answers.judge(reply(403, {"error": "forbidden"}), NOW).message == "forbidden"  # type: ignore[union-attr]


def test_a_403_that_names_only_a_code_is_denied_unless_the_code_says_more() -> None:
    """`UnknownError` without a message: https://github.com/microsoftgraph/microsoft-graph-docs/issues/9488."""
    assert answers.judge(reply(403, error("UnknownError", "")), NOW) == Denied(
        403, failures.ACCESS_DENIED, "UnknownError", None
    )
    requested = error("Authorization_RequestDenied", "")
    assert answers.judge(reply(403, requested), NOW) == Denied(
        403, failures.PERMISSION_MISSING, "Authorization_RequestDenied", None
    )


def test_a_403_means_what_the_call_says_it_means_and_a_401_does_not() -> None:
    missing = error("forbidden", "Insufficient permission(s)")
    said = [answers.judge(reply(status, missing), NOW, forbidden=failures.USER_LOOKUP_DENIED) for status in (403, 401)]
    assert [denied.failure for denied in said] == [failures.USER_LOOKUP_DENIED, failures.UNAUTHORIZED]  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_other_4xx_are_refusals_in_words(status: int) -> None:
    found = answers.judge(Reply(status, {"request-id": "g-1"}, error("BadRequest", "No.")), NOW)
    assert found == Refused(status, "BadRequest", "No.", "g-1")


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"  ", b'{"error":{"code":"BadRequest","mess', b"Request Too Long", HTML, b"{}", b"[]", b"null", None),
        *(b'{"error":{"code":"BadRequest","message":""}}', b'{"error":{"message":"<html>x"}}', b'{"error":null}'),
    ],
)
def test_a_4xx_without_a_readable_reason_judges_nothing(status: int, body: bytes | None) -> None:
    found = answers.judge(Reply(status, {"request-id": "g-1"}, parse(body)), NOW)
    assert found == Unclear(f"status {status}", status=status)


@pytest.mark.parametrize(
    ("status", "message"),
    [(400, "Bad Request"), (400, "BadRequest"), (404, "Not Found."), (409, "conflict"), (410, "Gone")],
)
def test_a_4xx_that_repeats_only_its_status_in_words_judges_nothing(status: int, message: str) -> None:
    """As gateways and frameworks fill it in."""
    for body in (error("x", message), json.dumps({"title": message, "status": status}).encode()):
        found = answers.judge(Reply(status, {}, parse(body) if isinstance(body, bytes) else body), NOW)
        assert found == Unclear(f"status {status}", status=status)


@pytest.mark.parametrize("status", [407, 408, 412, 413, 421, 423, 424, 425, 449, 499])
@pytest.mark.parametrize("message", ["", "The caller gave up."])
def test_a_4xx_that_speaks_of_the_moment_judges_nothing_whatever_it_says(status: int, message: str) -> None:
    found = answers.judge(reply(status, error("x", message)), NOW)
    assert found == Unclear(f"status {status}", status=status)


@pytest.mark.parametrize("body", [None, UNREADABLE, {}])
def test_an_operations_404_is_a_refusal_whatever_it_says(body: Any) -> None:
    assert answers.judge(reply(404, body), NOW, wordless={404}) == Refused(404, "", "", None)
    assert isinstance(answers.judge(reply(400, body), NOW, wordless={404}), Unclear)


@pytest.mark.parametrize("status", [500, 502, 504, 509, 302, 307, 100])
def test_5xx_and_redirects_say_nothing_about_the_call(status: int) -> None:
    said = answers.judge(reply(status, error("x", "Try again.")), NOW)
    assert said == Unclear(f"status {status}", status=status)


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_a_success_is_read_by_who_asked(status: int) -> None:
    said = reply(status, error("x", "y"))
    assert answers.judge(said, NOW) is said


@pytest.mark.parametrize("status", [199, 300])
def test_what_is_no_success_says_nothing(status: int) -> None:
    assert answers.judge(reply(status), NOW) == Unclear(f"status {status}", status=status)


def test_202_is_a_yes_whatever_the_body_is() -> None:
    assert answers.ordered(reply(202, UNREADABLE), None) == Accepted(None, None)
    assert answers.ordered(reply(202), "url", at_once=True) == Accepted("url", None)
    assert answers.ordered(reply(200, {"value": []}), None) == Unclear("status 200 for an order", status=200)


def test_an_update_is_done_when_it_is_answered() -> None:
    for status in (200, 204):
        assert answers.ordered(Reply(status, {"request-id": "g-1"}, UNREADABLE), None, at_once=True) == Done("g-1")
    assert answers.ordered(reply(206), None, at_once=True) == Unclear("status 206 for an order", status=206)


def test_an_operation_is_read_wrapped_and_bare() -> None:
    entity = {"status": "running", "numbers": []}
    assert answers.operation(reply(body={"value": entity})) == Operation("running", None, None)
    assert answers.operation(reply(body=entity)) == Operation("running", None, None)


def test_an_operations_reasons_are_its_failure_text_wherever_they_stand() -> None:
    numbers = [{"statusDetail": "A"}, {"statusDetail": None}, {"statusDetail": " "}, "x", {"statusDetail": "B"}]
    said = {"status": "Failed", "numbers": numbers}
    assert answers.operation(reply(body=said)) == Operation("failed", "A\nB", None)
    assert answers.operation(reply(body=said | {"statusDetail": "C"})) == Operation("failed", "C\nA\nB", None)
    assert answers.operation(reply(body={"status": "failed", "error": {"message": "D"}})) == Operation(
        "failed", "D", None
    )


@pytest.mark.parametrize(
    ("status", "lines", "doubtful"),
    [
        ("Succeeded", ["Failed"], True),
        ("completed", ["succeeded", "SKIPPED"], True),
        ("failed", ["succeeded"], True),
        ("succeeded", ["completed"], False),
        ("succeeded", ["running"], False),
        ("succeeded", [None, 5], False),
        ("succeeded", [], False),
        ("failed", ["failed"], False),
        ("running", ["failed"], False),
    ],
)
def test_an_operation_that_ended_otherwise_than_its_number_is_doubtful(
    status: str, lines: list[Any], doubtful: bool
) -> None:
    said = {"status": status, "numbers": [{"status": line} for line in lines]}
    assert answers.operation(reply(body=said)).doubtful is doubtful  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body", [None, UNREADABLE, [], {}, {"status": 1}, {"status": " "}, {"value": []}, {"value": {"status": None}}]
)
def test_what_is_no_operation_is_unclear(body: Any) -> None:
    assert answers.operation(reply(body=body)) == Unclear("no operation in the answer", status=200)


def test_a_page_of_numbers_is_read_and_anything_else_is_unclear() -> None:
    listed = {"telephoneNumber": NUMBER, "capabilities": []}
    assert answers.page(reply(body={"value": [listed]})) == Page((listed,), complete=True, count=1, link=None)
    linked = {"value": [listed], "@odata.nextLink": "x"}
    assert answers.page(reply(body=linked)) == Page((listed,), complete=True, count=1, link="x")
    last = {"value": [listed], "@odata.nextLink": ""}
    assert answers.page(reply(body=last)) == answers.page(reply(body=last | {"@odata.nextLink": None}))
    assert answers.page(reply(body=last)) == answers.page(reply(body={"value": [listed]}))
    bodies: tuple[Any, ...] = (None, UNREADABLE, [], {"value": {}})
    for body in bodies:
        assert answers.page(reply(body=body)) == Unclear("no list of numbers in the answer", status=200)
    part = reply(206, {"value": [{"telephoneNumber": NUMBER}]})  # "Partial Content" says itself that it is not all
    assert answers.page(part) == Unclear("no list of numbers in the answer", status=206)
    assert isinstance(answers.page(reply(body={"value": [], "@odata.nextLink": 5})), Unclear)


def test_a_page_with_an_entry_that_cannot_be_used_is_not_complete() -> None:
    for odd in (2, None, {"id": "1"}):
        assert answers.page(reply(body={"value": [odd]})) == Page((), complete=False, count=1, link=None)


def test_a_person_is_an_object_id() -> None:
    assert answers.person(reply(body={"id": USER.upper()})) == Person(USER)
    bodies: tuple[Any, ...] = (None, UNREADABLE, {}, {"id": 5}, {"id": "anna@contoso.example"}, [])
    for body in bodies:
        assert answers.person(reply(body=body)) == Unclear("no person in the answer", status=200)


def test_a_list_is_whole_and_a_call_has_left_unless_they_say_otherwise() -> None:
    assert Listing(()).complete
    assert Unclear("status 500").sent


_TEXT = st.text(st.characters()) | st.text(st.characters()).map(lambda text: json.dumps({"message": text}))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)
_ERROR = st.fixed_dictionaries(
    {},
    optional={
        "error": st.fixed_dictionaries({}, optional={"code": _JSON, "message": _JSON, "details": _JSON}) | _JSON,
        "status": _TEXT | _JSON,
        "numbers": st.lists(st.fixed_dictionaries({}, optional={"statusDetail": _JSON, "status": _JSON})) | _JSON,
        "value": _JSON,
        "@odata.nextLink": _JSON,
    },
)
_BODY = (_ERROR | _JSON).map(json.dumps).map(str.encode) | st.binary()
_HEADERS = st.dictionaries(st.sampled_from(["Retry-After", "request-id", "Location"]), _TEXT, max_size=3)


@given(st.integers(100, 599), _HEADERS, _BODY)
def test_whatever_graph_says_becomes_a_value_whose_texts_an_event_and_a_log_line_can_carry(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    said = answers.judge(Reply(status, headers, parse(body)), NOW)
    readings: list[Any] = [said]
    if isinstance(said, Reply):
        readings = [read(said) for read in (answers.operation, answers.page, answers.person)]
    for value in readings:
        texts = [text for name in value.__slots__ if isinstance(text := getattr(value, name), str)]
        json.dumps(texts, ensure_ascii=False).encode()
        for text in texts:
            Problem(code="unknownFailure", message=text, advice="Read it.").to_text().encode()
        if isinstance(value, Page):
            json.dumps(value.numbers, ensure_ascii=False, allow_nan=False).encode()


def test_an_order_was_not_sent_where_it_never_left_or_nobody_was_let_in() -> None:
    nobody_let_in = Denied(403, failures.ACCESS_DENIED, "", None)
    assert all(map(answers.not_sent, (Throttled(1, sent=False), Unclear("expired", sent=False), nobody_let_in)))
    asked = (Throttled(1, sent=True), Unclear("silence"), Accepted(None, None), Refused(400, "", "No.", None))
    assert not any(map(answers.not_sent, asked))
