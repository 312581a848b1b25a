"""What the Graph client sends and what becomes of each answer, over a real connection."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.clock import SimulatedClock
from teams_numbers import failures
from teams_numbers.answers import (
    Accepted,
    Denied,
    Done,
    Listing,
    NoSuchPerson,
    Operation,
    Person,
    Refused,
    Throttled,
    Unclear,
)
from tests.pipeline.loopback import CLOSE, NUMBERS, RESET, Heard, Loopback, Steps, Tokens, answer, client, said
from tests.values import NUMBER, USER

_OPERATION = "/v1.0/admin/teams/telephoneNumberManagement/operations('QXNz')"


class Script:
    """Answers one request after the other; the last answer stays."""

    def __init__(self, *answers: Steps) -> None:
        self._answers = list(answers)

    def __call__(self, _: Heard) -> Steps:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.fixture
def graph() -> Iterator[Loopback]:
    with Loopback(Script(answer(200, {"value": []}))) as listening:
        yield listening


def test_each_order_is_one_post_to_its_action_with_its_body(graph: Loopback) -> None:
    graph.say = Script(answer(202, Location=f"{graph.url}{_OPERATION}", request_id="g-1"))
    sender = client(graph.url)
    orders = (sender.order("assign", {"x": "assign"}), sender.order("unassign", {"x": "unassign"}))
    assert {*orders, sender.order("update", {"x": "update"})} == {Accepted(f"{graph.url}{_OPERATION}", "g-1")}
    for heard, action in zip(graph.heard, ("assign", "unassign", "update"), strict=True):
        assert (heard.method, heard.path) == ("POST", f"{NUMBERS}/{action}Number")
        assert json.loads(heard.body) == {"x": action}
        assert heard.headers["authorization"] == "Bearer token-1"
        assert heard.headers["content-type"] == "application/json"
        assert "prefer" not in heard.headers


def test_an_update_is_done_when_it_is_answered_and_an_assignment_is_not(graph: Loopback) -> None:
    for status in (200, 204):
        graph.say = Script(answer(status, request_id="g-1"))
        assert client(graph.url).order("update", {}) == Done("g-1")
        assert isinstance(client(graph.url).order("assign", {}), Unclear)
        assert isinstance(client(graph.url).order("unassign", {}), Unclear)


def test_every_read_asks_for_words_newer_than_the_sentinel_and_bears_an_id_of_its_own(graph: Loopback) -> None:
    reader = client(graph.url)
    reader.numbers()
    reader.person("anna@contoso.example")
    reader.operation(f"{graph.url}{_OPERATION}")
    assert [heard.headers["prefer"] for heard in graph.heard] == ["include-unknown-enum-members"] * 3
    assert len({heard.headers["client-request-id"] for heard in graph.heard}) == 3


@pytest.mark.parametrize("body", [b"", b"<html>not here</html>", b'{"cut'])
def test_an_operations_404_is_a_refusal_whatever_it_says_and_a_lists_is_not(graph: Loopback, body: bytes) -> None:
    graph.say = Script(answer(404, body))
    assert client(graph.url).operation(f"{graph.url}{_OPERATION}") == Refused(404, "", "", None)
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("status 404", status=404)
    assert client(graph.url).order("assign", {}) == Unclear("status 404", status=404)


def test_an_operation_is_asked_at_its_address(graph: Loopback) -> None:
    graph.say = Script(answer(200, {"status": "RUNNING"}))
    assert client(graph.url).operation(f"{graph.url}{_OPERATION}") == Operation("running", None, None)
    assert (graph.heard[0].method, graph.heard[0].path) == ("GET", _OPERATION)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(graph: Loopback, status: int) -> None:
    with Loopback(Script(answer(200, {"value": []}))) as elsewhere:
        graph.say = Script(answer(status, Location=f"{elsewhere.url}{NUMBERS}"))
        for found in (client(graph.url).numbers({"telephoneNumber": NUMBER}), client(graph.url).order("assign", {})):
            assert found == Unclear(f"status {status}", status=status)
        assert len(graph.heard) == 2
        assert elsewhere.connections == 0


@pytest.mark.parametrize("how", [RESET, CLOSE])
def test_a_post_is_never_repeated_and_a_get_once_where_the_connection_broke(graph: Loopback, how: str) -> None:
    graph.say = Script([how])
    assert client(graph.url).order("assign", {}) == Unclear("ConnectionError")
    assert [heard.method for heard in graph.heard] == ["POST"]
    graph.heard.clear()
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("ConnectionError")
    assert [heard.method for heard in graph.heard] == ["GET", "GET"]
    graph.say = Script([how], answer(200, {"value": []}))
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}).numbers == ()  # type: ignore[union-attr]


def test_nobody_at_the_address_means_that_nothing_was_sent() -> None:
    with Loopback(Script([CLOSE])) as gone:
        url = gone.url
    assert client(url).order("assign", {}) == Unclear("ConnectionError", sent=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_401_is_tried_once_more_with_a_new_token(graph: Loopback, method: str) -> None:
    good = answer(202 if method == "POST" else 200, {"value": []})
    graph.say = lambda heard: good if heard.headers["authorization"] == "Bearer token-2" else answer(401)
    tokens = Tokens()
    sender = client(graph.url, tokens=tokens)
    found = sender.order("assign", {}) if method == "POST" else sender.numbers({"telephoneNumber": NUMBER})
    assert not isinstance(found, Denied)
    assert [heard.headers["authorization"] for heard in graph.heard] == ["Bearer token-1", "Bearer token-2"]
    assert (tokens.made, tokens.asked) == (2, 2)


def test_a_403_is_not_tried_again(graph: Loopback) -> None:
    graph.say = Script(answer(403, said("Insufficient permission(s)")))
    assert client(graph.url).order("assign", {}).failure is failures.PERMISSION_MISSING  # type: ignore[union-attr]
    assert len(graph.heard) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("throttled", ["GET", "POST"])
def test_throttling_closes_the_way_for_reads_and_orders_for_as_long_as_graph_said(
    graph: Loopback, status: int, throttled: str
) -> None:
    graph.say = Script(answer(status, Retry_After="37", request_id="g-1"))
    sender = client(graph.url)
    first = sender.order("assign", {}) if throttled == "POST" else sender.numbers({"telephoneNumber": NUMBER})
    assert first == Throttled(37, sent=True, status=status, graph_request_id="g-1")
    assert 36 < sender.closed_for <= 37
    for again in (
        sender.order("assign", {}),
        sender.numbers({"telephoneNumber": NUMBER}),
        sender.person("anna@contoso.example"),
    ):
        assert isinstance(again, Throttled)
        assert not again.sent
        assert again.retry_after is not None
        assert 36 < again.retry_after <= 37
    assert len(graph.heard) == 1


def test_reads_and_orders_have_a_pace_each(graph: Loopback) -> None:
    clock = SimulatedClock()
    sender = client(graph.url, clock=clock, GRAPH_REQUESTS_PER_SECOND=1)
    for _ in range(3):
        sender.order("assign", {})
        sender.numbers({"telephoneNumber": NUMBER})
    assert clock.monotonic() == pytest.approx(2)


def test_an_answer_that_is_not_throttled_ends_the_growing_of_pauses(graph: Loopback) -> None:
    clock = SimulatedClock()
    sender = client(graph.url, clock=clock)
    graph.say = Script(answer(429), answer(200, {"value": []}), answer(429), answer(200, {"value": []}))
    for seconds in (0, 2, 2, 4):
        sender.numbers({"telephoneNumber": NUMBER})
        assert clock.monotonic() == pytest.approx(seconds, abs=0.1)


def test_a_call_whose_token_took_its_time_is_not_sent(graph: Loopback) -> None:
    clock = SimulatedClock()

    class Slow(Tokens):
        def __call__(self) -> Any:
            clock.advance(25)
            return super().__call__()

    sender = client(graph.url, clock=clock, tokens=Slow())
    assert sender.order("assign", {}) == Unclear("no time left", sent=False)
    assert graph.connections == 0
    assert isinstance(sender.numbers({"telephoneNumber": NUMBER}), Listing)


def test_a_503_is_followed_by_a_new_connection_and_a_429_is_not(graph: Loopback) -> None:
    for status, connections in ((429, 1), (503, 2)):
        before = graph.connections
        graph.say = Script(answer(status, Retry_After="0"), answer(200, {"value": []}))
        sender = client(graph.url, MAX_POLL_SECONDS=0.01)
        sender.numbers({"telephoneNumber": NUMBER})
        sender.numbers({"telephoneNumber": NUMBER})
        assert graph.connections - before == connections


@pytest.mark.parametrize("body", [b"x" * (1024 * 1024 + 1), b'{"status":"running"', b"\xff"])
def test_an_operation_that_is_too_long_or_no_json_is_unclear(graph: Loopback, body: bytes) -> None:
    graph.say = Script(answer(200, body))
    assert client(graph.url).operation(f"{graph.url}{_OPERATION}") == Unclear("no operation in the answer", status=200)


def test_a_body_that_breaks_off_is_unclear(graph: Loopback) -> None:
    whole = answer(200, {"value": []})[0]
    graph.say = Script([whole[:-3], CLOSE])
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear(
        "no list of numbers in the answer", status=200
    )


def test_a_list_has_room_for_a_page_of_a_thousand_numbers_and_no_answer_is_read_without_end(graph: Loopback) -> None:
    page = [{"telephoneNumber": f"+1206555{place:04}", "city": "x" * 2000} for place in range(1000)]
    graph.say = Script(answer(200, {"value": page}))
    assert len(client(graph.url).numbers(top=1000).numbers) == 1000  # type: ignore[union-attr]
    sent = []

    def endless(_: Heard) -> Steps:
        yield b"HTTP/1.1 200 -\r\nContent-Length: 99999999999\r\n\r\n"
        while True:
            sent.append(1)
            yield b" " * 1024 * 1024

    graph.say = endless
    assert client(graph.url).numbers(top=1000) == Unclear("no list of numbers in the answer", status=200)
    assert len(sent) < 32


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("anna@contoso.example", "/v1.0/users/anna@contoso.example?$select=id"),
        ("$x@contoso.example", "/v1.0/users('$x@contoso.example')?$select=id"),
        ("anna#EXT#@contoso.example", "/v1.0/users/anna%23EXT%23@contoso.example?$select=id"),
    ],
)
def test_a_person_is_looked_up_by_name(graph: Loopback, name: str, path: str) -> None:
    graph.say = Script(answer(200, {"@odata.context": "x", "id": USER.upper()}))
    assert client(graph.url).person(name) == Person(USER)
    assert graph.heard[0].path == path


def test_nobody_of_that_name_is_an_answer_and_a_gateways_404_is_none(graph: Loopback) -> None:
    graph.say = Script(answer(404, {"error": {"code": "Request_ResourceNotFound", "message": "Resource 'x' …"}}))
    assert client(graph.url).person("anna@contoso.example") == NoSuchPerson()
    graph.say = Script(answer(404, b"<html>"))
    assert client(graph.url).person("anna@contoso.example") == Unclear("status 404", status=404)
    graph.say = Script(answer(400, said("Bad name.")))
    assert client(graph.url).person("anna@contoso.example") == Refused(400, "BadRequest", "Bad name.", None)


def test_a_name_that_nobody_can_have_is_not_sent(graph: Loopback) -> None:
    for name in (
        "",
        "anna",
        "..",
        "delta",
        "$count",
        "../x@y",
        "a/b@y",
        "a@b@c",
        "a\\b@y",
        "a?b@y",
        "a%2fb@y",
        "a b@y",
    ):
        assert client(graph.url).person(name) == NoSuchPerson()
    assert graph.connections == 0


def test_a_lookup_that_is_denied_is_its_own_fault_and_hides_no_other(
    graph: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    graph.say = Script(answer(403, said("Insufficient privileges to complete the operation."), request_id="g-1"))
    sender = client(graph.url)
    for _ in range(3):
        denied = sender.person("anna@contoso.example")
        assert isinstance(denied, Denied)
        assert (denied.status, denied.failure, denied.graph_request_id) == (403, failures.USER_LOOKUP_DENIED, "g-1")
    graph.say = Script(answer(403, said("Insufficient permission(s)")))
    sender.order("assign", {})
    lines: list[dict[str, Any]] = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["code"] for line in lines if line["name"] == "configuration.fault"] == [
        "userLookupDenied",
        "permissionMissing",
    ]


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


_NAMES = st.sampled_from([b"Retry-After", b"request-id", b"Location", b"Content-Encoding", b"Content-Length", b"X"])
_BYTES = st.binary(max_size=40) | st.sampled_from([b"gzip", b"-1", b"99999999999999999999", b"1, 2", b"deflate, gzip"])
_LINES = st.lists(st.tuples(_NAMES, _BYTES).map(b": ".join) | st.binary(max_size=20), max_size=5)
_STATUSES = st.sampled_from(
    [b"100", b"200", b"202", b"204", b"302", b"400", b"403", b"404", b"429", b"500", b"999", b"x"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STATUSES, _LINES, st.binary(max_size=40) | st.just(b'{"value":[{"telephoneNumber":"\\ud800"}]}'))
def test_whatever_bytes_come_a_call_is_answered_by_a_value_that_can_be_told(
    graph: Loopback, status: bytes, lines: list[bytes], body: bytes
) -> None:
    head = b"\r\n".join([b"HTTP/1.1 " + status + b" -", *lines, b"Connection: close", b"", b""])
    graph.say = Script([head + body, CLOSE])
    sender = client(graph.url, MAX_POLL_SECONDS=0.001)
    for value in (
        sender.order("assign", {}),
        sender.operation(f"{graph.url}{_OPERATION}"),
        sender.numbers({"telephoneNumber": NUMBER}),
    ):
        told = [getattr(value, name) for name in value.__slots__ if name != "failure"]
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
