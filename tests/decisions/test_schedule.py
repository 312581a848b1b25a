"""When to look again, in seconds: each pause, its bounds and its jitter."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from teams_numbers.schedule import back_off, jittered, page_pause, poll_pause, wait_pause
from tests.values import NoJitter, settings

NONE = NoJitter()


class MostJitter(Random):
    """Adds as much as there is."""

    def random(self) -> float:
        return 1.0


def test_jitter_adds_up_to_a_fifth_and_takes_nothing_away() -> None:
    assert (jittered(100, NONE), jittered(100, MostJitter())) == (100, 120)


def test_an_operation_is_looked_at_every_half_minute_seven_times_then_ever_later() -> None:
    chosen = settings()
    assert [poll_pause(looks, chosen, NONE) for looks in range(1, 13)] == [30] * 7 + [60, 120, 240, 300, 300]
    assert poll_pause(1, chosen, MostJitter()) == 36
    assert poll_pause(10**6, chosen, NONE) == 300
    assert poll_pause(1, settings(MAX_POLL_SECONDS=20), NONE) == 20


def test_a_fruitless_try_is_followed_by_longer_pauses_up_to_the_longest() -> None:
    chosen = settings()
    assert [back_off(times, chosen, NONE) for times in (-1, 0, 1, 2, 3, 4, 5, 10**6)] == [
        *(15, 15, 30, 60, 120, 240, 300, 300),
    ]
    assert back_off(0, chosen, MostJitter()) == 18


@pytest.mark.parametrize(("attempt", "pause"), [(0, 60), (1, 300), (2, 900), (3, 3600), (4, 3600), (99, 3600)])
def test_what_must_happen_outside_is_waited_for_by_the_settings(attempt: int, pause: float) -> None:
    assert wait_pause(attempt, settings()) == pause
    assert wait_pause(attempt, settings(WAIT_SECONDS="7")) == 7


@pytest.mark.parametrize(
    ("second", "age", "pause"),
    [(6, 0, 6), (7, 0, 20), (26.5, 100, 0.5), (27, 100, 30), (11.5, 59, 0.5), (11.5, 60, 15.5)],
)
def test_the_next_pages_are_waited_for_unless_they_come_too_soon(second: float, age: float, pause: float) -> None:
    now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(seconds=second)
    assert page_pause(now - timedelta(seconds=age), now, settings()) == pytest.approx(pause)
