"""One set of services for a process: one pace, one gate, one token."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest

from teams_numbers import services
from teams_numbers.queues import connect
from teams_numbers.services import Services, open_services
from teams_numbers.session import PlainSession
from tests.values import settings


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a process does that has opened nothing yet."""
    monkeypatch.setattr(services, "_opened", {})


@pytest.mark.parametrize("fresh", range(3))
def test_messages_that_arrive_together_after_a_cold_start_share_one_set_of_services(fresh: int) -> None:
    chosen = settings(EVENT_SOURCE=f"/cold/{fresh}")
    together, opened = threading.Barrier(16), list[Services]()

    def come() -> None:
        together.wait()
        opened.append(open_services(chosen))

    threads = [threading.Thread(target=come) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 16
    assert len({id(one.graph) for one in opened}) == 1
    assert opened[0].settings is chosen


@pytest.mark.parametrize(("workers", "threads"), [(16, 32), (64, 64)])
def test_there_is_a_connection_for_every_thread_that_may_call_out(
    monkeypatch: pytest.MonkeyPatch, workers: int, threads: int
) -> None:
    def counting(make: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any) -> Any:
            asked.append(given[-1])
            return make(*given)

        return counted

    asked: list[int] = []
    monkeypatch.setattr(services, "PlainSession", counting(PlainSession))
    monkeypatch.setattr(services, "connect", counting(connect))
    open_services(settings(POLL_WORKERS=workers))
    assert asked == [threads, threads]


def test_the_libraries_logs_are_silent_from_the_first_call_on() -> None:
    logging.getLogger("azure").setLevel(logging.DEBUG)
    open_services(settings())
    assert not logging.getLogger("azure").isEnabledFor(logging.INFO)


def test_each_process_has_its_own_memory_and_brake_and_nobody_hands_them_over() -> None:
    one = open_services(settings())
    other = Services(one.settings, one.queues, one.graph)
    for name in ("inventory", "people", "in_flight", "faults", "braking", "clock", "rng"):
        assert getattr(one, name) is not getattr(other, name)
    for name in ("inventory", "people", "in_flight", "faults", "braking"):
        with pytest.raises(TypeError):
            Services(one.settings, one.queues, one.graph, **{name: getattr(one, name)})
