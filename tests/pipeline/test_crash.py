"""Killing the host in the middle loses nothing and assigns nothing twice."""

import signal

from local.demo import SCALED
from local.stack import Stack
from tests.pipeline.life import Life, until
from tests.pipeline.rows import magic_person

_REQUESTS = 40
_KILLS = 3


def test_killing_the_host_in_the_middle_loses_nothing_and_assigns_nothing_twice() -> None:
    numbers = [f"+1{201 + index}5550100" for index in range(_REQUESTS)]
    settings = SCALED | {"LOCAL_HOST_LEASE_SECONDS": "2", "POLL_BUDGET_SECONDS": "2", "REQUEST_DEADLINE_HOURS": "1"}
    with Stack(settings) as stack, Life(stack) as life:
        for kill in range(_KILLS):
            accepted = sum(life.stats()["acceptedPerNumber"].values())
            for number in numbers[kill::_KILLS]:
                life.send(requestId=number[1:], telephoneNumber=number, assignmentTargetId=magic_person(number))
            until(lambda before=accepted: sum(life.stats()["acceptedPerNumber"].values()) > before)  # type: ignore[misc]
            stack.host.signal(signal.SIGKILL)
            stack.host.wait(10)
            stack.host.start()
        for number in numbers:
            assert life.end(number[1:]) == ("Succeeded", None)
        stats = life.stats()
    assert set(stats["holders"]) >= set(numbers)
    assert max(stats["succeededPerNumber"].values()) == 1
