"""One run of the timer: it takes what is due, also what becomes due meanwhile, and no more at a time than it may do."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.reliability.world import OPERATIONS, LogTap, World

_RECEIVE, _LOOK = f"receive {OPERATIONS}", "GET number"


def request(place: int) -> str:
    fields = {"telephoneNumber": f"+4930123{place:04}", "assignmentTargetId": str(uuid.UUID(int=place + 10**6))}
    return json.dumps({"requestId": f"r.{place}", "numberType": "directRouting"} | fields)


class Steps:
    """Counts what leaves the app, and does something before the first reading."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, step: str, act: Callable[[], Any]) -> Any:
        self.seen.append(step)
        if step == _LOOK and self.seen.count(_LOOK) == 1:
            self.meanwhile()
        return act()


def due(amount: int, steps: Steps, **settings: Any) -> World:
    """Return a world in which so many operations have ended, are due, and nothing has looked at them."""
    world = World(1, steps, **settings)
    world.emulator.change({"operationSeconds": 0, "inventoryAreas": 20})
    order(world, range(amount))
    world.clock.advance(world.settings.first_poll_seconds)
    steps.seen.clear()
    return world


def order(world: World, places: range) -> None:
    for place in places:
        world.send(request(place))
    while world.deliver(world.services):
        pass


def test_a_run_without_anything_due_costs_one_receive() -> None:
    steps = Steps()
    world = due(0, steps)
    world.poll(world.services)
    assert steps.seen.count(_RECEIVE) == 1


@pytest.mark.parametrize(("per_second", "receives"), [(1000, 5), (20, 6), (7, 16), (0.5, 101)])
def test_a_run_drains_all_and_takes_at_a_time_what_it_may_look_at_in_a_second(per_second: float, receives: int) -> None:
    steps = Steps()
    world = due(100, steps, GRAPH_REQUESTS_PER_SECOND=per_second)
    world.poll(world.services)
    assert len(world.events()) == 100
    assert steps.seen.count(_RECEIVE) == receives


def test_what_becomes_due_while_a_run_works_does_not_wait_for_the_timer() -> None:
    steps = Steps()
    world = due(2, steps)
    order(world, range(2, 4))
    steps.seen.clear()
    steps.meanwhile = lambda: world.clock.advance(world.settings.first_poll_seconds)
    world.poll(world.services)
    assert len(world.events()) == 4


def ended_by(world: World) -> tuple[str, dict[str, Any]]:
    """Run once; return why the run took no more, and its line."""
    said: list[dict[str, Any]] = []
    with LogTap(lambda line: said.append(json.loads(line))):
        world.poll(world.services)
    (line,) = [one for one in said if one["name"] == "poll.run"]
    return line["endedBy"], line


def test_a_run_that_graph_throttles_takes_no_more() -> None:
    steps = Steps()
    world = due(100, steps)
    world.emulator.change({"faults": {"throttled-a-day": 1.0}})
    reason, line = ended_by(world)
    assert reason == "throttled"
    assert line["received"] == line["deferred"] == 20
    assert line["queueLength"] == 100
    world.emulator.change({"faults": {}})
    assert ended_by(world)[1]["received"] == 0


def test_a_run_takes_no_more_when_its_time_is_used_up_and_asks_graph_nothing_more() -> None:
    steps = Steps()
    world = due(100, steps, POLL_BUDGET_SECONDS=240)
    steps.meanwhile = lambda: world.clock.advance(240.00049)
    reason, line = ended_by(world)
    assert (reason, line["received"]) == ("budget", 20)
    assert line["durationSeconds"] == 240
    assert steps.seen.count(_LOOK) < 5
    assert line["queueLength"] == 100 - line["succeeded"]


def test_what_a_run_takes_nobody_else_gets_before_the_run_must_have_ended() -> None:
    steps = Steps()
    world = due(3, steps)
    begins = world.clock.now()
    hidden: list[float] = []

    def meanwhile() -> None:
        hidden.extend((message.visible_on - begins).total_seconds() for message in world.queues.store(OPERATIONS))

    steps.meanwhile = meanwhile
    world.poll(world.services)
    assert hidden == [1.25 * world.settings.poll_budget_seconds] * 3


def test_a_run_counts_what_became_of_each_item_and_says_how_old_the_oldest_is() -> None:
    world = World(1)
    world.emulator.change({"operationSeconds": 0, "inventoryAreas": 20})
    order(world, range(1))
    world.clock.advance(20)
    order(world, range(1, 2))
    world.clock.advance(20)
    world.send(request(3))
    world.clock.advance(5)
    world.queues.get_queue_client(OPERATIONS).send_message("rubbish")
    reason, line = ended_by(world)
    assert reason == "empty"
    assert (line["received"], line["succeeded"], line["setAside"]) == (3, 2, 1)
    assert line["unconfirmed"] == line["failed"] == line["deferred"] == line["errors"] == line["leaseLost"] == 0
    assert (line["oldestAgeSeconds"], line["queueLength"], line["requestsLength"]) == (45, 0, 1)
    assert ended_by(world)[1]["oldestAgeSeconds"] == 0
