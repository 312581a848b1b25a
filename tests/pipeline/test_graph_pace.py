"""Graph asks for less, or for time: reads and orders wait, over a real connection."""

from typing import Any

import pytest

from local.clock import SimulatedClock
from teams_numbers.answers import EXPIRED, Done, Listing, Throttled, Unclear
from teams_numbers.contracts import Action
from teams_numbers.limits import Limits
from tests.pipeline.loopback import Loopback, Script, Tokens, answer, client
from tests.values import NUMBER


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("throttled", ["GET", "POST"])
def test_throttling_closes_the_way_for_reads_and_orders_for_as_long_as_graph_said(
    graph: Loopback, status: int, throttled: str
) -> None:
    graph.say = Script(answer(status, Retry_After="37", request_id="g-1"))
    sender = client(graph.url)
    first = sender.order(Action.ASSIGN, {}) if throttled == "POST" else sender.numbers({"telephoneNumber": NUMBER})
    assert first == Throttled(37, sent=True, status=status)
    assert 36 < sender.closed_for <= 37
    for again in (
        sender.order(Action.ASSIGN, {}),
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
        sender.order(Action.ASSIGN, {})
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
    assert sender.order(Action.ASSIGN, {}) == Unclear("no time left", sent=False)
    assert graph.connections == 0
    assert isinstance(sender.numbers({"telephoneNumber": NUMBER}), Listing)


def test_an_order_is_not_sent_after_the_moment_until_which_it_was_good(graph: Loopback) -> None:
    clock = SimulatedClock()
    sender = client(graph.url, clock=clock)
    good_until = clock.now()
    assert isinstance(sender.order(Action.UPDATE, {}, expires=good_until), Done)
    clock.advance(0.001)
    assert sender.order(Action.UPDATE, {}, expires=good_until) == Unclear(EXPIRED, sent=False)
    assert len(graph.heard) == 1


def test_a_call_waits_for_its_turn_as_long_as_its_limits_say(graph: Loopback) -> None:
    graph.say = Script(answer(429, Retry_After="5"))
    for limits in (Limits(turn=2), Limits(call=12)):
        clock, before = SimulatedClock(), len(graph.heard)
        clock.advance(100)
        hasty = client(graph.url, clock=clock, limits=limits)
        hasty.numbers({"telephoneNumber": NUMBER})
        assert isinstance(hasty.numbers({"telephoneNumber": NUMBER}), Throttled)
        assert len(graph.heard) == before + 1


def test_a_call_is_sent_where_what_is_left_is_just_enough(graph: Loopback) -> None:
    sender = client(graph.url, clock=SimulatedClock(), limits=Limits(call=Limits().sending))
    assert sender.numbers({"telephoneNumber": NUMBER}) == Listing(())


def test_a_503_is_followed_by_a_new_connection_and_a_429_is_not(graph: Loopback) -> None:
    for status, connections in ((429, 1), (503, 2)):
        before = graph.connections
        graph.say = Script(answer(status, Retry_After="0"), answer(200, {"value": []}))
        sender = client(graph.url, MAX_POLL_SECONDS=0.01)
        sender.numbers({"telephoneNumber": NUMBER})
        sender.numbers({"telephoneNumber": NUMBER})
        assert graph.connections - before == connections


@pytest.mark.parametrize("seconds", [9, 10])
def test_a_short_closing_is_waited_for_and_stops_nobody(graph: Loopback, seconds: int) -> None:
    clock = SimulatedClock()
    sender = client(graph.url, clock=clock)
    graph.say = Script(answer(429, Retry_After=str(seconds)), answer(200, {"value": []}))
    sender.numbers({"telephoneNumber": NUMBER})
    assert sender.closed_for == 0
    assert isinstance(sender.numbers({"telephoneNumber": NUMBER}), Listing)
    assert clock.monotonic() == pytest.approx(seconds, abs=0.1)
