"""Never slower than Graph allows, never faster, and not at all while Graph says wait."""

from datetime import UTC, datetime, timedelta

import pytest

from teams_numbers.pace import Pace


class HandClock:
    """A clock that stands still unless somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pace(clock: HandClock) -> Pace:
    return Pace(10, 300, clock)


def test_calls_are_spread_evenly(pace: Pace, clock: HandClock) -> None:
    times = []
    for _ in range(5):
        assert pace.enter() == 0
        times.append(clock.seconds)
    assert times == pytest.approx([100.0, 100.1, 100.2, 100.3, 100.4])


def test_nothing_is_sent_until_retry_after_has_passed(pace: Pace, clock: HandClock) -> None:
    pace.throttled(30)
    before = clock.seconds
    assert pace.enter() == pytest.approx(30)
    assert clock.seconds == before
    clock.sleep(29)
    assert pace.enter() == 0
    assert clock.seconds == pytest.approx(before + 30)


def test_a_call_waits_ten_seconds_for_its_turn_and_no_longer(pace: Pace, clock: HandClock) -> None:
    pace.close(10.5)
    assert pace.enter() == pytest.approx(10.5)
    clock.sleep(0.5)
    assert pace.enter() == 0
    assert clock.seconds == pytest.approx(110.5)


def test_without_a_retry_after_the_pause_doubles(pace: Pace, clock: HandClock) -> None:
    pauses = []
    for _ in range(4):
        pace.throttled(None)
        pauses.append(pace.closed_for)
        clock.sleep(pace.closed_for)
    assert pauses == pytest.approx([2, 4, 8, 16])
    pace.passed()
    pace.throttled(None)
    assert pace.closed_for == pytest.approx(2)


def test_a_day_long_retry_after_does_not_stop_the_process_for_a_day(pace: Pace) -> None:
    pace.throttled(86_400)
    assert pace.closed_for == pytest.approx(300)


def test_the_pace_slows_once_for_answers_that_come_together_and_recovers(pace: Pace, clock: HandClock) -> None:
    for _ in range(8):
        pace.throttled(1)
    clock.sleep(1)
    assert pace.enter() == 0
    before = clock.seconds
    assert pace.enter() == 0
    assert clock.seconds - before == pytest.approx(0.1 / 0.85)
    for _ in range(600):
        pace.passed()
    pace.enter()
    before = clock.seconds
    pace.enter()
    assert clock.seconds - before == pytest.approx(0.1)


def test_a_call_that_would_wait_long_is_not_kept_in_a_thread(clock: HandClock) -> None:
    slow = Pace(0.01, 300, clock)
    assert slow.enter() == 0
    assert slow.enter() == pytest.approx(100)


def test_a_call_that_waits_for_its_turn_while_graph_throttles_another_waits_on() -> None:
    clock = HandClock()
    pace = Pace(1, 300, clock)
    pauses = [5.0]

    def sleep(seconds: float) -> None:
        clock.seconds += seconds
        if pauses:
            pace.throttled(pauses.pop())

    clock.sleep = sleep  # type: ignore[method-assign]
    assert pace.enter() == pace.enter() == 0
    assert clock.seconds == pytest.approx(100 + 1 + 5)


def test_one_call_that_passes_does_not_make_up_for_a_throttled_one(pace: Pace, clock: HandClock) -> None:
    pace.throttled(1)
    clock.sleep(1)
    pace.passed()
    pace.enter()
    before = clock.seconds
    pace.enter()
    assert clock.seconds - before == pytest.approx(0.1 / 0.85, rel=0.01)


def test_without_a_retry_after_the_pause_grows_to_a_minute(pace: Pace, clock: HandClock) -> None:
    for _ in range(9):
        pace.throttled(None)
        closed = pace.closed_for
        clock.sleep(closed)
    assert closed == pytest.approx(64)
