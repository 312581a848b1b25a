"""What the bench reads and models, on inputs whose answer is known."""

import os

import pytest

from bench.bound import least_looks, soonest_half
from bench.processes import cpu_seconds, resident_mb
from bench.rows.latency import model
from bench.stand import request
from tests.values import settings


def test_cpu_time_of_a_process_grows_with_its_work() -> None:
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) < before + 0.05:
        sum(range(10_000))
    assert cpu_seconds(os.getpid()) > before


def test_memory_is_never_more_than_the_most_it_ever_was() -> None:
    assert 0 < resident_mb(os.getpid()) <= resident_mb(os.getpid(), "VmHWM")


def test_a_later_first_look_costs_fewer_calls_and_more_time() -> None:
    early, late = (model(first, 15, settings(), 2000) for first in (3, 30))
    assert early[0] > late[0]
    assert early[1] < late[1]


@pytest.mark.parametrize("first", [3, 15])
def test_the_schedule_keeps_99_in_100_within_45_seconds_of_the_timer(first: float) -> None:
    assert model(first, 15, settings(), 20_000)[2] <= 45


@pytest.mark.parametrize("first", [1, 8, 15, 33])
def test_no_schedule_is_better_than_the_bound(first: float) -> None:
    looks, half, most = model(first, 15, settings(), 20_000)
    assert least_looks(half, most, 15) < looks + 0.02  # what 20,000 draws may differ by


def test_who_may_wait_for_ever_looks_once() -> None:
    assert least_looks(1200, 1200, 30) == pytest.approx(1, abs=0.01)


def test_sooner_costs_more_looks_and_so_does_a_slower_timer() -> None:
    assert least_looks(16, 45, 15) < least_looks(12, 45, 15)
    assert least_looks(16, 45, 7.5) < least_looks(16, 45, 15)


def test_what_half_cannot_be_within_costs_more_looks_than_are_allowed() -> None:
    half = soonest_half(1.5, 45, 30)
    assert least_looks(half, 45, 30) > 1.5 >= least_looks(half + 0.25, 45, 30)


def test_a_request_of_the_bench_is_one_of_the_contract() -> None:
    from assign_number.request import Rejection, read  # noqa: PLC0415 - only this test needs it
    from tests.values import envelope  # noqa: PLC0415 - as above

    assert not isinstance(read(envelope(request("+12065550100", "r.1"))), Rejection)
