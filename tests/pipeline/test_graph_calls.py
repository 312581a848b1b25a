"""What the Graph client sends and what becomes of each answer, over a real connection."""

import json
from pathlib import Path
from typing import NoReturn

import pytest
from azure.core.exceptions import ClientAuthenticationError

from local.clock import SimulatedClock
from teams_numbers import failures
from teams_numbers.answers import (
    Accepted,
    Denied,
    Done,
    Listing,
    Operation,
    Refused,
    Unclear,
)
from teams_numbers.contracts import Action
from tests.pipeline.loopback import (
    CLOSE,
    NUMBERS,
    OPERATION,
    RESET,
    Heard,
    Loopback,
    Script,
    Steps,
    Tokens,
    answer,
    client,
    said,
)
from tests.values import NUMBER


def test_each_order_is_one_post_to_its_action_with_its_body(graph: Loopback) -> None:
    graph.say = Script(answer(202, Location=f"{graph.url}{OPERATION}", request_id="g-1"))
    sender = client(graph.url)
    orders = (sender.order(Action.ASSIGN, {"x": "assign"}), sender.order(Action.UNASSIGN, {"x": "unassign"}))
    assert {*orders, sender.order(Action.UPDATE, {"x": "update"})} == {Accepted(f"{graph.url}{OPERATION}", "g-1")}
    for heard, action in zip(graph.heard, ("assign", "unassign", "update"), strict=True):
        assert (heard.method, heard.path) == ("POST", f"{NUMBERS}/{action}Number")
        assert json.loads(heard.body) == {"x": action}
        assert heard.headers["authorization"] == "Bearer token-1"
        assert heard.headers["content-type"] == heard.headers["accept"] == "application/json"
        assert "prefer" not in heard.headers


def test_an_update_is_done_when_it_is_answered_and_an_assignment_is_not(graph: Loopback) -> None:
    for status in (200, 204):
        graph.say = Script(answer(status, request_id="g-1"))
        assert client(graph.url).order(Action.UPDATE, {}) == Done("g-1")
        assert isinstance(client(graph.url).order(Action.ASSIGN, {}), Unclear)
        assert isinstance(client(graph.url).order(Action.UNASSIGN, {}), Unclear)


def test_every_read_asks_for_words_newer_than_the_sentinel_and_bears_an_id_of_its_own(graph: Loopback) -> None:
    reader = client(graph.url)
    reader.numbers()
    reader.person("anna@contoso.example")
    reader.operation(f"{graph.url}{OPERATION}")
    assert [heard.headers["prefer"] for heard in graph.heard] == ["include-unknown-enum-members"] * 3
    assert len({heard.headers["client-request-id"] for heard in graph.heard}) == 3


@pytest.mark.parametrize("body", [b"", b"<html>not here</html>", b'{"cut'])
def test_an_operations_404_is_a_refusal_whatever_it_says_and_a_lists_is_not(graph: Loopback, body: bytes) -> None:
    graph.say = Script(answer(404, body))
    assert client(graph.url).operation(f"{graph.url}{OPERATION}") == Refused(404, "", "", None)
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("status 404", status=404)
    assert client(graph.url).order(Action.ASSIGN, {}) == Unclear("status 404", status=404)


def test_an_operation_is_asked_at_its_address(graph: Loopback) -> None:
    graph.say = Script(answer(200, {"status": "RUNNING"}))
    assert client(graph.url).operation(f"{graph.url}{OPERATION}") == Operation("running", None, None)
    assert (graph.heard[0].method, graph.heard[0].path) == ("GET", OPERATION)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(graph: Loopback, status: int) -> None:
    with Loopback(Script(answer(200, {"value": []}))) as elsewhere:
        graph.say = Script(answer(status, Location=f"{elsewhere.url}{NUMBERS}"))
        for found in (
            client(graph.url).numbers({"telephoneNumber": NUMBER}),
            client(graph.url).order(Action.ASSIGN, {}),
        ):
            assert found == Unclear(f"status {status}", status=status)
        assert len(graph.heard) == 2
        assert elsewhere.connections == 0


@pytest.mark.parametrize("how", [RESET, CLOSE])
def test_a_post_is_never_repeated_and_a_get_once_where_the_connection_broke(graph: Loopback, how: str) -> None:
    graph.say = Script([how])
    assert client(graph.url).order(Action.ASSIGN, {}) == Unclear("ConnectionError")
    assert [heard.method for heard in graph.heard] == ["POST"]
    graph.heard.clear()
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("ConnectionError")
    assert [heard.method for heard in graph.heard] == ["GET", "GET"]
    graph.say = Script([how], answer(200, {"value": []}))
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}).numbers == ()  # type: ignore[union-attr]


def test_an_interim_answer_is_no_answer_and_what_follows_it_is_not_taken_for_the_next_calls() -> None:
    """RFC 9110 allows a 1xx before the answer; the HTTP client skips 100 only and leaves the rest to the next call."""

    def say(heard: Heard) -> Steps:
        number = "+1" if "'%2B1'" in heard.path else "+2"
        whole = answer(200, {"value": [{"telephoneNumber": number}]})
        return whole if number == "+2" else [b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.1, *whole]

    with Loopback(say) as hinting:
        asked = client(hinting.url)
        assert isinstance(asked.numbers({"telephoneNumber": "+1"}), Unclear)
        found = asked.numbers({"telephoneNumber": "+2"})
    assert isinstance(found, Listing)
    assert [entry["telephoneNumber"] for entry in found.numbers] == ["+2"]


def test_nobody_at_the_address_means_that_nothing_was_sent() -> None:
    with Loopback(Script([CLOSE])) as gone:
        url = gone.url
    assert client(url).order(Action.ASSIGN, {}) == Unclear("ConnectionError", sent=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_401_is_tried_once_more_with_a_new_token(graph: Loopback, method: str) -> None:
    good = answer(202 if method == "POST" else 200, {"value": []})
    graph.say = lambda heard: good if heard.headers["authorization"] == "Bearer token-2" else answer(401)
    tokens = Tokens()
    sender = client(graph.url, tokens=tokens)
    found = sender.order(Action.ASSIGN, {}) if method == "POST" else sender.numbers({"telephoneNumber": NUMBER})
    assert not isinstance(found, Denied)
    assert [heard.headers["authorization"] for heard in graph.heard] == ["Bearer token-1", "Bearer token-2"]
    assert (tokens.made, tokens.asked) == (2, 2)


def test_a_403_is_not_tried_again(graph: Loopback) -> None:
    graph.say = Script(answer(403, said("Insufficient permission(s)")))
    assert client(graph.url).order(Action.ASSIGN, {}).failure is failures.PERMISSION_MISSING  # type: ignore[union-attr]
    assert len(graph.heard) == 1


def test_without_a_token_nothing_is_sent_and_the_answer_says_why(graph: Loopback) -> None:
    def none() -> NoReturn:
        raise ClientAuthenticationError

    assert client(graph.url, tokens=none).order(Action.ASSIGN, {}) == Denied(
        None, failures.NO_TOKEN, "ClientAuthenticationError", None
    )
    assert graph.connections == 0


def test_the_environments_proxies_and_passwords_are_not_used(
    graph: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Listing(())
    assert graph.heard[0].headers["authorization"] == "Bearer token-1"


def test_each_answer_that_says_nothing_is_logged_with_what_support_asks_for(
    graph: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    sender = client(graph.url, MAX_POLL_SECONDS=0.001)
    graph.say = Script(answer(500, request_id="g-1"), answer(429, request_id="g-2", Retry_After="1"), [CLOSE])
    for _ in range(3):
        sender.order(Action.ASSIGN, {})
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    ids = [heard.headers["client-request-id"] for heard in graph.heard]
    usual = [{"method": "POST", "clientRequestId": client_request_id} for client_request_id in ids]
    assert lines == [
        {"name": "graph.unclear", "reason": "status 500", "status": "500", "graphRequestId": "g-1"} | usual[0],
        {"name": "graph.throttled", "retryAfterSeconds": 1.0, "status": "429", "graphRequestId": "g-2"} | usual[1],
        {"name": "graph.unclear", "reason": "ConnectionError"} | usual[2],
    ]


def test_a_success_that_cannot_be_used_is_logged_as_well(graph: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    sender = client(graph.url)
    graph.say = Script(*[answer(200, [], request_id=f"g-{place}") for place in range(4)])
    sender.order(Action.ASSIGN, {})
    sender.operation(f"{graph.url}{OPERATION}")
    sender.numbers({"telephoneNumber": NUMBER})
    sender.person("anna@contoso.example")
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [(line["reason"], line["method"], line["status"], line["graphRequestId"]) for line in lines] == [
        ("status 200 for an order", "POST", "200", "g-0"),
        ("no operation in the answer", "GET", "200", "g-1"),
        ("no list of numbers in the answer", "GET", "200", "g-2"),
        ("no person in the answer", "GET", "200", "g-3"),
    ]
    assert {line["name"] for line in lines} == {"graph.unclear"}


def test_a_fault_that_lasts_is_logged_once_a_minute(graph: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    clock = SimulatedClock()
    sender = client(graph.url, clock=clock)
    graph.say = Script(answer(403, said("Insufficient permission(s)"), request_id="g-1"))
    for _ in range(10):
        sender.order(Action.ASSIGN, {})
        clock.advance(13)
    (first, *more) = [json.loads(record.getMessage()) for record in caplog.records]
    assert len(more) == 1
    assert first == {
        "name": "configuration.fault",
        "status": 403,
        "code": "permissionMissing",
        "advice": failures.PERMISSION_MISSING.advice,
        "graphRequestId": "g-1",
    }
