"""In a wave all orders are looked at together, at the timer's own moments, and their operations late."""

from datetime import UTC, datetime, timedelta

import pytest

from teams_numbers.answers import Operation
from teams_numbers.questions import Follow, Poll
from teams_numbers.schedule import page_pause
from tests.looking import followed, free, look, ordered
from tests.values import NOW, settings, work_item

_STEP = 15.0
_MINUTE_BEGINS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("age", [0, 1, 4, 5, 14, 59, 60, 200])
@pytest.mark.parametrize("second", [0, 0.3, 1, 7, 11.9, 12, 12.1, 14.9, 29, 45])
def test_pages_come_a_little_before_the_timer_and_never_too_soon(second: float, age: float) -> None:
    now = _MINUTE_BEGINS + timedelta(seconds=second)
    pause = page_pause(now - timedelta(seconds=age), now, settings())
    due = (now + timedelta(seconds=pause)).timestamp()
    period = _STEP if age < 4 * _STEP else 2 * _STEP
    assert due % period == pytest.approx(period - _STEP / 5)
    assert 0 < pause <= period + _STEP / 3
    assert pause + age >= _STEP / 3


def test_an_order_whose_wish_a_page_answered_is_looked_at_sooner() -> None:
    alone, shared = (look(work_item(), free(), shared=shared).decision for shared in (False, True))
    assert isinstance(alone, Follow)
    assert isinstance(shared, Follow)
    assert alone.after == _STEP
    assert 5 <= shared.after < 20


def test_an_operation_is_asked_in_a_wave_after_three_minutes_then_each_time_it_is_twice_as_old() -> None:
    asked, item = [], ordered(followed())
    for second in range(15, 1500, 15):
        looked = look(item, free(), after=second, shared=True)
        asked += [second] * looked.times(Poll)
        assert looked.deferred[0] == "orderRunning"
        item = looked.item
    assert asked == [180, 360, 660, 960, 1260]


def test_an_operation_is_asked_at_each_look_where_the_number_is_read_alone() -> None:
    assert look(ordered(followed()), free(), after=15).times(Poll) == 1


def test_an_order_that_no_page_shows_is_read_alone_from_list_lag_seconds_on() -> None:
    done = {Poll: Operation("succeeded", None, "g-1")}
    item = look(ordered(followed()), free(), after=180, shared=True, answers=done).item
    assert item.order is not None
    assert item.order.done_at == NOW + timedelta(seconds=180)
    alone = [look(item, free(), after=after, shared=True).asked[0].alone for after in (470, 480)]  # type: ignore[union-attr]
    assert alone == [False, True]
