"""What the bench reads and models, on inputs whose answer is known."""

import os

import pytest

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


def test_a_request_of_the_bench_is_one_of_the_contract() -> None:
    from assign_number.request import Rejection, read  # noqa: PLC0415 - only this test needs it
    from tests.values import envelope  # noqa: PLC0415 - as above

    assert not isinstance(read(envelope(request("+12065550100", "r.1"))), Rejection)
