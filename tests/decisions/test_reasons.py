"""The reason is found wherever it stands, and a page of markup is never one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.pasted import read
from teams_numbers.reasons import Reason, find

SAID = "User 'Ada' lacks appropriate licenses to assign a 'CallingPlan' number."
HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"code": "BadRequest", "message": SAID}}, "BadRequest"),
        ({"Error": {"Code": "BadRequest", "Message": SAID}}, "BadRequest"),
        ({"error": {"code": "BadRequest", "message": "", "details": [{"code": "x", "message": SAID}]}}, "BadRequest"),
        ({"error": {"code": "UnknownError", "message": None, "innerError": {"code": "No", "message": SAID}}}, "No"),
        ({"error": {"code": "A", "innererror": {"code": "B", "innererror": {"code": "C", "message": SAID}}}}, "C"),
        (
            {"error": {"code": "UnknownError", "message": json.dumps({"code": "Forbidden", "message": SAID})}},
            "Forbidden",
        ),
        ({"error": {"message": json.dumps(json.dumps({"error": {"code": "E", "message": SAID}}))}}, "E"),
        ({"error": {"message": json.dumps([{"code": "E", "message": SAID}])}}, "E"),
        ({"error": "invalid_request", "error_description": SAID}, "invalid_request"),
        ({"error": SAID}, ""),
        ({"error": json.dumps({"code": "E", "message": SAID})}, "E"),
        ({"Message": SAID}, ""),
        ({"errorCode": "E", "errorMessage": SAID}, "E"),
        ({"error": {"innerError": {"code": "E", "message": None, "additionalData": {"action": SAID}}}}, "E"),
        ({"message": SAID, "code": "E"}, "E"),
        ({"ExceptionMessage": SAID}, ""),
        ({"Message": None, "InnerException": {"ExceptionMessage": SAID}}, ""),
        ({"data": {"error": {"code": "E", "message": SAID}}}, "E"),
        ({"odata.error": {"code": "E", "message": {"lang": "en-US", "value": SAID}}}, "E"),
        ({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": SAID}, ""),
        ({"type": "about:blank", "title": SAID, "status": 400}, ""),
        ({"title": "Invalid.", "errors": {"telephoneNumber": [SAID]}}, ""),
        ({"code": "E", "errors": [{"code": "x", "message": SAID}]}, "E"),
        ({"code": "E", "details": [SAID]}, "E"),
        ({"status": "failed", "statusDetail": SAID, "numbers": []}, ""),
        ({"value": {"status": "failed", "numbers": [{"status": "failed", "statusDetail": SAID}]}}, ""),
        (
            {"status": "failed", "numbers": [{"statusDetail": json.dumps({"error": {"code": "E", "message": SAID}})}]},
            "",
        ),
        ([{"code": "E"}, SAID], "E"),
        (SAID, ""),
    ],
)
def test_the_reason_is_found_wherever_it_stands(body: Any, code: str) -> None:
    found = find(body)
    assert (found.code, found.message) == (code, SAID)


def test_several_reasons_are_told_on_a_line_each_and_none_twice() -> None:
    body = {"error": {"message": "Invalid.\n", "details": [{"message": SAID}, {"message": "Invalid."}]}}
    assert find(body).message == f"Invalid.\n{SAID}"
    lines = [{"statusDetail": "A"}, {"statusDetail": None}, {"statusDetail": " "}, "x", {"statusDetail": "B"}]
    assert find({"status": "failed", "numbers": lines}).message == "A\nB"


def test_a_title_is_told_only_where_there_is_nothing_else() -> None:
    body = {"title": "Bad Request", "error": {"message": SAID, "innerError": {"code": "E"}}}
    assert find(body) == Reason("E", SAID)


def test_what_teams_backend_advises_is_told_only_where_it_says_nothing_else() -> None:
    assert find({"error": {"message": SAID, "additionalData": {"action": "Try it again."}}}) == Reason("", SAID)


def test_json_within_a_message_that_gives_no_reason_is_told_as_it_is() -> None:
    assert find({"message": '{"code": "E"}'}).message == '{"code": "E"}'


@pytest.mark.parametrize("said", [HTML, "  <html>x", "<?xml version='1.0'?><Error/>", "<Error><Code>x</Code></Error>"])
def test_a_page_of_markup_is_no_reason(said: str) -> None:
    for body in (said, {"error": {"code": "BadGateway", "message": said}}, {"numbers": [{"statusDetail": said}]}):
        assert find(body).message == ""
    assert (
        find({"message": f"Failed to execute backend request. {HTML}"}).message == "Failed to execute backend request."
    )


@pytest.mark.parametrize(
    "body",
    [None, 5, True, [], {}, "", {"error": None}, {"error": {}}, {"error": {"code": 1, "message": []}}, {"error": ""}],
)
def test_what_says_nothing_has_no_reason(body: Any) -> None:
    assert find(body) == Reason()


def test_a_listed_number_is_data_and_no_reason() -> None:
    assert find({"value": [{"telephoneNumber": "+12065550100"}], "numbers": ["+12065550100"]}) == Reason()
    assert find({"value": ["+12065550100"], "data": "+12065550100", "additionalData": {"id": "1"}}) == Reason()


@pytest.mark.parametrize("key", ["details", "innerError", "innerException", "errors", "numbers", "data"])
def test_a_text_where_an_object_belongs_is_no_reason(key: str) -> None:
    assert find({key: SAID}) == Reason()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired."}}, 401),
        ({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to do it."}}, 403),
        ({"error": {"code": "UnknownError", "message": '{"code":"Forbidden","message":"Access Denied."}'}}, 403),
        ({"error": {"code": "TooManyRequests", "message": "Too many requests."}}, 429),
        ({"title": "Not Found", "status": 404}, 404),
        ({"error": {"code": "404", "message": "x"}}, 404),
        ({"statusCode": 404, "message": "x"}, 404),
        ({"error": {"httpStatusCode": "404", "message": "x"}}, 404),
        ({"status": 400, "statusCode": 404, "innerError": {"status": 409}}, 400),
        ({"status": 200, "statusCode": "600", "httpStatusCode": 4040, "code": True}, None),
        ({"details": [{"status": 404}], "errors": [{"status": 404}], "numbers": [{"status": 404}]}, None),
        ({"error": {"code": "unauthenticated", "message": SAID}}, 401),
        ({"error": {"code": "Authorization_RequestDenied", "message": SAID}}, 403),
        ({"error": {"code": "activityLimitReached", "message": SAID}}, 429),
        ({"error": {"code": "BadRequest", "message": SAID}}, None),
        ({"status": "failed"}, None),
    ],
)
def test_the_status_is_known_from_the_words_where_it_was_not_kept(body: Any, status: int | None) -> None:
    assert find(body).status in {status, None}  # what is told, not what the words imply
    assert read(json.dumps(body)).status == status


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        (SAID, Reason("", SAID)),
        (f"  {SAID}\n", Reason("", SAID)),
        ('HTTP/1.1 409 Conflict\r\nDate: x\r\n\r\n{"error":{"code":"E","message":"No."}}\r\n', Reason("E", "No.", 409)),
        ("HTTP/2 400 \r\nserver: x\r\n\r\n<html>", Reason("", "", 400)),
        ("HTTP/1.1 404 Not Found\nA: b\n\nNo such thing.", Reason("", "No such thing.", 404)),
        ('HTTP/1.1 400 Bad Request\n\n{"error": {}}', Reason("", "", 400)),
        ("403 Forbidden", Reason("", "403 Forbidden", 403)),
        ("Response status code does not indicate success: 423 (Locked).", None),
        ("Request failed with status code 423", None),
        ("StatusCode: 423, ReasonPhrase: 'Locked'", None),
        ("HTTP Error 423: Locked", None),
        ("curl: (22) The requested URL returned error: 423", None),
        ("(423) Locked", None),
        (json.dumps(json.dumps({"error": {"code": "E", "message": SAID}})), Reason("E", SAID)),
        ("The remote server returned an error: (423) Locked.", None),
        (f'Failed: {{"error":{{"code":"E","message":"{SAID}"}}}} (line 3)', Reason("E", SAID)),
        (f'{{"error":{{"code":"E","message":"{SAID}"}}}}, line 3', Reason("E", SAID)),
        ('{"message": "status 423"}', Reason("", "status 423")),
        (f'["{SAID}"]', Reason("", SAID)),
        ("5", Reason("", "5")),
        ("null", Reason("", "null")),
        ("Too many requests", Reason("", "Too many requests", 429)),
        ("}{", Reason("", "}{")),
        ('"User not found."', Reason("", "User not found.")),
        ("{not json", Reason("", "{not json")),
        (HTML, Reason()),
    ],
)
def test_a_pasted_text_is_read_like_an_answer(pasted: str, found: Reason | None) -> None:
    assert read(pasted) == (found or Reason("", pasted, 423))


_KEYS = st.sampled_from(
    [
        *("error", "message", "Message", "code", "details", "innerError", "errors", "value", "status", "title"),
        *("detail", "statusDetail", "numbers", "odata.error", "error_description", "x"),
    ]
)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just(HTML) | st.just(SAID),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_KEYS, inner, max_size=4)
        | st.dictionaries(_KEYS, inner, max_size=3).map(json.dumps)
    ),
    max_leaves=20,
)


@given(_ANY)
def test_whatever_was_said_the_reason_is_a_short_text_without_markup(said: Any) -> None:
    found = find(said)
    assert "<html" not in found.message
    assert len(found.message) <= 10 * 2001
    assert found.status is None or 400 <= found.status < 600


@given(st.text(st.characters()))
def test_whatever_is_pasted_it_is_read(pasted: str) -> None:
    assert isinstance(read(pasted), Reason)


_WITHIN = json.dumps({"message": SAID})


@pytest.mark.parametrize("around", [lambda inner: {"error": inner}, lambda inner: [inner]])
@pytest.mark.parametrize(
    ("innermost", "deepest"),
    [
        ({"message": SAID}, 7),
        ([SAID], 7),
        ({"message": _WITHIN}, 5),
        ({"error": _WITHIN}, 5),
        ({"title": _WITHIN}, 5),
        ({"additionalData": {"action": _WITHIN}}, 5),
    ],
)
def test_a_reason_is_found_eight_levels_down_and_no_deeper(
    around: Callable[[Any], Any], innermost: Any, deepest: int
) -> None:
    said = innermost
    for _ in range(deepest):
        said = around(said)
    assert find(said) == Reason("", SAID)
    for _ in range(50):
        said = around(said)
        assert find(said).message != SAID


def test_what_is_no_reason_may_be_endlessly_deep() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert find({"status": deep, "code": deep, "message": deep}) == Reason()


def test_texts_that_are_many_or_long_are_cut() -> None:
    texts = [f"{index}." for index in range(11)]
    assert find(texts).message == "\n".join(texts[:10])
    assert find({"message": "First.", "details": texts}).message == "\n".join(["First.", *texts[:9]])
    assert find("a" * 2001).message == "a" * 2000
    assert find({"code": "a" * 2001}).code == "a" * 2000
    assert find(" " * 7999 + "ab").message == "a"
