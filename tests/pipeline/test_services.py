"""One set of services for a process: one pace, one gate, one token."""

import threading

from teams_numbers.services import Services, open_services
from teams_numbers.settings import Settings
from tests.values import settings


def test_messages_that_arrive_together_after_a_cold_start_share_one_set_of_services() -> None:
    for fresh in range(3):
        chosen: Settings = settings(EVENT_SOURCE=f"/cold/{fresh}")
        together, opened = threading.Barrier(16), list[Services]()

        def come(
            chosen: Settings = chosen, together: threading.Barrier = together, opened: list[Services] = opened
        ) -> None:
            together.wait()
            opened.append(open_services(chosen))

        threads = [threading.Thread(target=come) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened) == 16
        assert len({id(services.graph) for services in opened}) == 1
