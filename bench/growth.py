"""`python -m bench.growth AMOUNT`: end so many pending operations on the in-memory queue, under the simulated clock.

In a process of its own, so that its memory can be told; prints one line of JSON.
"""

import gc
import json
import os
import sys
import time
import uuid

from bench.items import followed
from bench.processes import resident_mb
from bench.simulation import TICK_SECONDS
from local.graph.vocabulary import MANAGEMENT, AssignmentCategory
from teams_numbers.contracts import NumberRequest, NumberType
from tests.reliability.transport import ORIGIN
from tests.reliability.world import EVENTS, OPERATIONS, World

#: One fictional number with as many extensions as are wanted.
_NUMBER = "+12015550100;ext={}"


def run(amount: int) -> dict[str, float]:
    """Fill the queue, let the timer run until it is empty, and return what that took."""
    world = World(1)
    world.emulator.change({"operationSeconds": 0, "inventoryAreas": 1})
    for place in range(amount):
        _store(world, place)
    gc.collect()
    filled, began, used = resident_mb(os.getpid()), time.perf_counter(), time.process_time()
    runs: list[float] = []
    event_bytes = 0
    told: set[str] = set()
    store, events = (world.queues.store(name) for name in (OPERATIONS, EVENTS))
    while len(store):
        began_run = world.clock.monotonic()
        world.poll(world.services)
        runs.append(world.clock.monotonic() - began_run)
        told |= {json.loads(event.text)["subject"] for event in events}
        event_bytes = max(event_bytes, sum(len(event.text) for event in events))
        events.clear()  # the consumer has taken them
        world.clock.advance(TICK_SECONDS - world.clock.monotonic() % TICK_SECONDS)
    return {
        "amount": amount,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "runs": len(runs),
        "longest_run": max(runs),
        "filled_mb": filled,
        "events_mb": event_bytes / 1e6,
        "peak_mb": resident_mb(os.getpid(), "VmHWM"),
        "ended": len(told),
    }


def _store(world: World, place: int) -> None:
    """Put one accepted order on the queue, due at once."""
    tenant, now, target = world.emulator.tenant, world.clock.now(), str(uuid.UUID(int=place + 10**9))
    number = tenant.direct_routing(_NUMBER.format(place))
    operation = tenant.order(number, target, AssignmentCategory.PRIMARY, None)
    asked = NumberRequest(
        request_id=f"r.{place}",
        telephone_number=number.telephone_number,
        assignment_target_id=target,
        number_type=NumberType.DIRECT_ROUTING,
    )
    url = f"{ORIGIN}{MANAGEMENT}/operations('{operation.id}')"
    world.services.queues.operations.send(followed(asked, url, now))


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
