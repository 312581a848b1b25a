"""Whatever bytes Graph sends, a call is answered by a value, over a real connection."""

import gc
import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams_numbers.answers import Listing, Operation, Unclear
from teams_numbers.contracts import Action
from tests.pipeline.loopback import (
    CLOSE,
    OPERATION,
    Heard,
    Loopback,
    Script,
    Steps,
    answer,
    client,
)
from tests.values import NUMBER


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_an_answer_is_read_up_to_a_megabyte_and_a_list_up_to_eight(graph: Loopback, more: int, *, read: bool) -> None:
    megabyte, asker = 1024 * 1024, client(graph.url)
    graph.say = Script(answer(200, b'{"status": "running"}'.ljust(megabyte + more)))
    assert isinstance(asker.operation(f"{graph.url}{OPERATION}"), Operation) is read
    graph.say = Script(answer(200, b'{"value": []}'.ljust(8 * megabyte + more)))
    assert isinstance(asker.numbers({"telephoneNumber": NUMBER}), Listing) is read


@pytest.mark.parametrize("body", [b"x", b'{"status":"running"', b"\xff"])
def test_an_operation_that_is_no_json_is_unclear(graph: Loopback, body: bytes) -> None:
    graph.say = Script(answer(200, body))
    assert client(graph.url).operation(f"{graph.url}{OPERATION}") == Unclear("no operation in the answer", status=200)


def test_a_compressed_body_is_read_within_the_same_limit(graph: Loopback) -> None:
    small, large = (gzip.compress(json.dumps({"status": "running"}).encode() + b" " * pad) for pad in (0, 10_000_000))
    assert len(large) < 1024 * 1024
    graph.say = Script(answer(200, small, Content_Encoding="gzip"), answer(200, large, Content_Encoding="gzip"))
    asker = client(graph.url)
    assert asker.operation(f"{graph.url}{OPERATION}") == Operation("running", None, None)
    assert isinstance(asker.operation(f"{graph.url}{OPERATION}"), Unclear)


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


def test_a_connection_whose_answer_cannot_be_taken_is_closed_at_once(graph: Loopback) -> None:
    """Left to the garbage collector it would be closed late, and with a warning, which fails this test."""
    graph.say = Script([b"HTTP/1.1 200 -\r\nContent-Length: 1, 2\r\n\r\n{}"])
    assert client(graph.url).numbers({"telephoneNumber": NUMBER}) == Unclear("InvalidHeader")
    gc.collect()


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
        sender.order(Action.ASSIGN, {}),
        sender.operation(f"{graph.url}{OPERATION}"),
        sender.numbers({"telephoneNumber": NUMBER}),
    ):
        told = [getattr(value, name) for name in value.__slots__ if name != "failure"]
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
