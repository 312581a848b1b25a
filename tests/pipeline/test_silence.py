"""However silent Graph or the identity is, a call ends in its time, and a poll run within its lease."""

import socket
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.clock import SimulatedClock
from local.queues import MemoryQueueService
from poll_operation import poller
from teams_numbers.answers import Accepted, Denied, Throttled, Unclear
from teams_numbers.clock import SystemClock
from teams_numbers.contracts import Action
from teams_numbers.graph import Graph
from teams_numbers.limits import LONGEST_CALL_SECONDS, Limits
from teams_numbers.origin import MANAGEMENT
from teams_numbers.queues import open_queues
from teams_numbers.services import Services
from teams_numbers.work_item import Order, WorkItem
from tests.pipeline.loopback import FOREVER, RESET, Heard, Loopback, Steps, answer, client
from tests.values import NUMBER, USER, request, settings

#: The app's limits, fifty times smaller.
SMALL = Limits(call=0.6, turn=0.2, token=0.24, connect=0.06, silence=0.04)
#: What a slow and busy machine may add to a call: half of what a call of the app's own limits takes.
SLACK = 15


def timed(act: Callable[[], object]) -> tuple[object, float]:
    started = time.monotonic()
    return act(), time.monotonic() - started


def dripping_body(_: Heard) -> Steps:
    yield b"HTTP/1.1 200 -\r\nContent-Length: 100000\r\n\r\n"
    while True:
        yield b" "
        yield 0.02


def stalling_body(_: Heard) -> Steps:
    yield 0.2
    yield b'HTTP/1.1 200 -\r\nContent-Length: 100000\r\n\r\n{"value": ['
    yield FOREVER


def late_break(_: Heard) -> Steps:
    return [0.2, RESET]


def late_401(_: Heard) -> Steps:
    return [0.2, *answer(401)]


SILENT: list[Callable[[Heard], Steps]] = [
    lambda _: [FOREVER],
    dripping_body,
    stalling_body,
    late_break,
    late_401,
    lambda _: [b"HTTP/1.1 200", FOREVER],
]


@pytest.mark.parametrize("say", SILENT, ids=["silent", "dripping", "stalling", "breaking", "refusing", "half-a-line"])
def test_a_call_ends_in_its_time_however_silent_graph_is(say: Callable[[Heard], Steps]) -> None:
    with Loopback(say) as graph:
        sender = client(graph.url, limits=SMALL)
        for call in (lambda: sender.numbers({"telephoneNumber": NUMBER}), lambda: _order(sender)):
            found, seconds = timed(call)
            assert isinstance(found, Unclear | Denied)
            assert seconds < SMALL.call + SLACK


def test_a_tls_handshake_that_is_never_answered_ends_in_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # the system accepts, nobody speaks
        sender = client(f"https://127.0.0.1:{mute.getsockname()[1]}", limits=SMALL)
        found, seconds = timed(lambda: _order(sender))
        assert isinstance(found, Unclear)
        assert seconds < SMALL.connect + SLACK


def test_a_connection_that_never_comes_about_has_carried_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()[:2]
        waiting = [socket.socket() for _ in range(4)]  # more than the system keeps for a server that accepts nobody
        for each in waiting:
            each.settimeout(0)
            each.connect_ex(address)
        found, seconds = timed(lambda: _order(client(f"http://127.0.0.1:{address[1]}", limits=SMALL)))
        for each in waiting:
            each.close()
    assert found == Unclear("ConnectTimeout", sent=False)
    assert seconds < SMALL.connect + SLACK


def test_a_body_that_drips_is_left_while_a_last_silence_still_fits() -> None:
    looked = threading.Event()

    class Watched(SimulatedClock):
        def monotonic(self) -> float:
            looked.set()
            return super().monotonic()

    clock = Watched()

    def drip(_: Heard) -> Steps:
        yield b"HTTP/1.1 200 -\r\nContent-Length: 100000\r\n\r\n"
        for _step in range(30):
            clock.advance(2)
            looked.clear()
            yield b" "
            if not looked.wait(1):  # time goes on with what was read: the call has left, or the machine is slow
                return

    with Loopback(drip) as graph:
        assert isinstance(client(graph.url, clock=clock).numbers({"telephoneNumber": NUMBER}), Unclear)
        silence = Limits().silence_within(LONGEST_CALL_SECONDS)
        assert clock.monotonic() <= LONGEST_CALL_SECONDS - silence + 4


def test_an_order_whose_answer_never_comes_may_have_been_taken() -> None:
    with Loopback(lambda _: [FOREVER]) as graph:
        assert _order(client(graph.url, limits=SMALL)) == Unclear("ReadTimeout", sent=True)
        assert [heard.method for heard in graph.heard] == ["POST"]


def test_a_get_that_is_not_answered_is_not_repeated_in_the_same_call() -> None:
    with Loopback(lambda _: [FOREVER]) as graph:
        assert client(graph.url, limits=SMALL).numbers({"telephoneNumber": NUMBER}) == Unclear("ReadTimeout")
        assert len(graph.heard) == 1


def test_an_answer_that_comes_slowly_but_in_time_is_taken() -> None:
    with Loopback(lambda _: [0.1, b"HTTP/1.1 202 -\r\n", 0.1, b"Content-Length: 2\r\n\r\n", 0.1, b"{}"]) as graph:
        assert _order(client(graph.url)) == Accepted(None, None)


def test_a_401_that_comes_too_late_for_a_repeat_is_no_fault_of_the_app(caplog: pytest.LogCaptureFixture) -> None:
    clock = SimulatedClock()

    def late(_: Heard) -> Steps:
        clock.advance(9)
        return answer(401)

    with Loopback(late) as graph:
        assert client(graph.url, clock=clock).numbers({"telephoneNumber": NUMBER}) == Unclear(
            "no time left", sent=False
        )
        assert len(graph.heard) == 1
    assert "configuration_fault" not in caplog.text


def test_a_call_that_would_wait_too_long_for_its_turn_is_not_sent() -> None:
    with Loopback(lambda _: answer(200, {"value": []})) as graph:
        slow = client(graph.url, limits=SMALL, GRAPH_REQUESTS_PER_SECOND=1)
        slow.numbers({"telephoneNumber": NUMBER})
        found, seconds = timed(lambda: slow.numbers({"telephoneNumber": NUMBER}))
        assert isinstance(found, Throttled)
        assert not found.sent
        assert seconds < SMALL.turn + SLACK
        assert len(graph.heard) == 1


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_by_arithmetic_no_call_outlasts_its_limit(begun: float, waited: float, renewed: bool) -> None:
    for limits in (Limits(), SMALL):
        left = begun * limits.call
        patience = limits.patience(left, renewed=renewed)
        if patience >= 0:
            turn, token = waited * patience, limits.token if renewed else 0.0
            left -= turn + token
            if left >= limits.sending:
                assert 2 * limits.connect + 2 * limits.silence_within(left) <= left + 1e-9
            else:
                assert left >= limits.sending - limits.token - 1e-9 or not renewed
            assert left >= -1e-9


def test_two_calls_and_the_longest_wait_for_a_token_fit_where_they_must() -> None:
    usual, budgets = settings(), 1.25
    left_of_the_lease = usual.poll_budget_seconds * (budgets - 1)
    assert left_of_the_lease >= 2 * LONGEST_CALL_SECONDS
    limits = Limits()
    assert limits.call == LONGEST_CALL_SECONDS
    assert limits.turn + limits.token <= limits.call
    assert limits.patience(limits.call, renewed=False) == limits.turn


def test_a_poll_run_with_a_silent_graph_ends_within_its_lease() -> None:
    with Loopback(lambda _: [FOREVER]) as graph:
        services = _services(graph.url, Limits(call=0.25, turn=0.05, token=0.05, connect=0.02, silence=0.02))
        url = f"{graph.url}/v1.0{MANAGEMENT}/operations('a')"
        now = services.clock.now()
        order = Order(
            action=Action.ASSIGN,
            telephone_number=NUMBER,
            assignment_target_id=USER,
            sent_at=now,
            submitted_at=now,
            operation_url=url,
        )
        text = WorkItem(request=request(), received_at=now, order=order, touched=(NUMBER,)).to_text()
        for _ in range(300):
            services.queues.operations.send(text)
        budget = services.settings.poll_budget_seconds
        _, seconds = timed(lambda: poller.run(services))
        assert budget <= seconds < 1.25 * budget + SLACK
        assert len(graph.heard) > 30


def _order(graph: Graph) -> object:
    return graph.order(Action.ASSIGN, {"telephoneNumber": NUMBER})


def _services(url: str, limits: Limits) -> Services:
    chosen = settings(GRAPH_ENDPOINT=f"{url}/v1.0", GRAPH_REQUESTS_PER_SECOND=1000, POLL_BUDGET_SECONDS=2)
    service = MemoryQueueService()
    for name in (chosen.requests_queue, chosen.operations_queue, chosen.events_queue, chosen.unassignments_queue):
        service.create_queue(name)
    graph = client(url, limits=limits, GRAPH_REQUESTS_PER_SECOND=1000)
    return Services(chosen, open_queues(chosen, cast("Any", service)), graph, SystemClock(), Random(1))  # noqa: S311
