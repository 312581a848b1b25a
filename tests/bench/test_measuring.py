"""What the bench reads and models, on inputs whose answer is known."""

import os

from bench.processes import cpu_seconds, resident_mb
from bench.simulation import Load, measure
from bench.stand import request


def test_cpu_time_of_a_process_grows_with_its_work() -> None:
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) < before + 0.05:
        sum(range(10_000))
    assert cpu_seconds(os.getpid()) > before


def test_memory_is_never_more_than_the_most_it_ever_was() -> None:
    assert 0 < resident_mb(os.getpid()) <= resident_mb(os.getpid(), "VmHWM")


def test_a_wave_shares_its_pages_and_a_lone_request_reads_for_itself() -> None:
    wave = measure(Load(60, 12))
    lone = measure(Load(2, 9, spread=700))
    assert wave.outcomes == {"Succeeded": 60}
    assert lone.outcomes == {"Succeeded": 2}
    assert wave.numbers == 60
    assert wave.each("POST assignNumber") == lone.each("POST assignNumber") == 1
    assert wave.each() < lone.each() <= 2 + 6


def test_two_instances_and_pools_end_all_that_comes() -> None:
    cost = measure(Load(24, 10, spread=30, instances=2, pools=1))
    assert cost.outcomes == {"Succeeded": 24}
    assert cost.numbers == 24
    assert cost.within(0.5) <= cost.within(0.99)


def test_a_request_of_the_bench_is_one_of_the_contract() -> None:
    from assign_number.request import Rejection, read  # noqa: PLC0415 - only this test needs it
    from tests.values import envelope  # noqa: PLC0415 - as above

    assert not isinstance(read(envelope(request("+12065550100", "r.1"))), Rejection)
