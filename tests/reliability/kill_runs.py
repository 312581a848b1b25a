"""The real stack as processes; the host is killed twenty times, the queue service restarted, Graph not reachable.

`python -m tests.reliability --only kills` runs this part alone.
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from azure.core.exceptions import AzureError

from local.demo import SCALED
from local.stack import Stack
from tests.reliability.history import History, tell
from tests.reliability.requester import Requester, feed, good_requests
from tests.reliability.targets import Target, all_of, at_least, none

_REQUESTS, _KILLS, _SECONDS = 300, 20, 120.0
#: How long a message in work stays invisible after its host's death, in seconds; in Azure ten minutes.
_LEASE: Final = 2
#: How long the dead host stays dead at most: half the time longer than its leases, half the time shorter.
_DEAD_SECONDS: Final = 2.0 * _LEASE
_QUEUES_DOWN_SECONDS: Final = (1.0, 4.0)
_OUTAGE_SECONDS: Final = 10.0
#: How long the last requests may take, in seconds.
_PATIENCE: Final = 90.0
SETTINGS: Final = SCALED | {
    "LOCAL_HOST_LEASE_SECONDS": str(_LEASE),
    "POLL_BUDGET_SECONDS": "2",
    # A reading allows an order for a tenth of this; Graph's answers take half a second here.
    "LIST_LAG_SECONDS": "60",
    "REQUEST_DEADLINE_HOURS": "1",
}
#: A Graph that takes its time, so that a kill finds somebody at work.
_PLAN: Final = {"latencySeconds": 0.5, "operationSeconds": {"median": 3, "sigma": 0.5}}


@dataclass(frozen=True, slots=True)
class Run:
    """What happened.

    Attributes:
        history: what was sent and heard.
        wanted: the requests, by their ids.
        kills: how often the host was killed and came up again.
        unfinished: requests that a dead host was found to have left unfinished.
        repeated: how often a send was tried again.
        stats: what the Graph emulator counted.
        left: messages on the queues at the end.
        aside: messages in the poison queues at the end.
        seconds: how long it all took.
    """

    history: History
    wanted: dict[str, dict[str, Any]]
    kills: int
    unfinished: frozenset[str]
    repeated: int
    stats: dict[str, Any]
    left: int
    aside: int
    seconds: float


def run(seed: int) -> Run:
    """Feed the requests evenly while the mishaps happen at random moments; then wait until nothing is left to do."""
    rng, began = Random(seed), time.monotonic()  # noqa: S311 - a test
    wanted = good_requests(_REQUESTS, rng)
    with (
        Stack(SETTINGS, persistent=True) as stack,
        Requester(stack) as requester,
        ThreadPoolExecutor(1) as feeder,
    ):
        requester.plan(**_PLAN)
        feeding = feeder.submit(feed, requester, wanted, _REQUESTS / _SECONDS, time.monotonic)
        kills, unfinished, start = 0, set[str](), time.monotonic()
        for moment, mishap in _mishaps(rng):
            time.sleep(max(0.0, start + moment - time.monotonic()))
            match mishap:
                case "kill":
                    unfinished |= _kill(stack, requester, rng)
                    kills += 1
                case "restart":
                    stack.azurite.stop()
                    time.sleep(rng.uniform(*_QUEUES_DOWN_SECONDS))
                    stack.azurite.start()
                case "outage" | "end of outage":
                    requester.plan(outage=mishap == "outage")
        feeding.result()
        requester.heard_of_all(_PATIENCE)
        requester.emptied(_PATIENCE)
        return Run(
            history=requester.history(),
            wanted=wanted,
            kills=kills,
            unfinished=frozenset(unfinished),
            repeated=requester.repeated,
            stats=requester.stats(),
            left=requester.stored(),
            aside=requester.set_aside(),
            seconds=time.monotonic() - began,
        )


def targets(found: Run) -> list[Target]:
    """Return the figures."""
    queue, outcomes, stats = found.history.check(), found.history.outcomes(), found.stats
    name = f"{found.kills} kills of the host:"
    orders, assigned = stats["acceptedPerNumber"], stats["succeededPerNumber"]
    succeeded = sum(outcomes.get(request_id) == {"Succeeded"} for request_id in found.wanted)
    asked = {message["telephoneNumber"]: message["assignmentTargetId"] for message in found.wanted.values()}
    return [
        all_of(f"{name} killed and started again", found.kills, _KILLS),
        at_least(f"{name} requests found unfinished at a dead host, and ended later", len(_recovered(found)), 5),
        at_least(f"{name} calls that found Graph out of reach", stats["faults"].get("outage", 0), 1),
        at_least(f"{name} sends that found the queue service down", found.repeated, 1),
        all_of(f"{name} requests acknowledged", len(queue.acknowledged), len(queue.attempted)),
        none(f"{name} lost", len(queue.lost)),
        none(f"{name} unexpected", len(queue.unexpected)),
        all_of(f"{name} succeeded", succeeded, len(found.wanted)),
        none(f"{name} repeated events that are not the same event", len(found.history.renamed() | _mixed(found))),
        none(f"{name} numbers assigned twice", sum(times > 1 for times in assigned.values())),
        none(f"{name} orders beyond the first", sum(times - 1 for times in orders.values())),
        none(
            f"{name} numbers held by somebody else than asked for, or by nobody",
            len(asked.items() ^ _held(found).items()),
        ),
        none(f"{name} messages left unfinished or set aside", found.left + found.aside),
    ]


def describe(found: Run) -> str:
    """Return what the table does not say."""
    return (
        f"{tell(found.history.check())}\n"
        f"{found.seconds:.0f} s; found unfinished at a dead host and ended: {len(_recovered(found))}; "
        f"events: {len(found.history.events)}; orders accepted: {sum(found.stats['acceptedPerNumber'].values())}"
    )


def _mishaps(rng: Random) -> Iterator[tuple[float, str]]:
    """Yield what happens at which moment, in order, in seconds from the start."""
    outage = rng.uniform(0.3, 0.5) * _SECONDS
    planned = [(rng.uniform(0, _SECONDS), "kill") for _ in range(_KILLS)]
    planned += [(outage, "outage"), (outage + _OUTAGE_SECONDS, "end of outage")]
    planned += [(rng.uniform(0.6, 0.9) * _SECONDS, "restart")]
    yield from sorted(planned)


def _kill(stack: Stack, requester: Requester, rng: Random) -> set[str]:
    """Kill the host, look what it left unfinished, and start it again."""
    stack.host.signal(signal.SIGKILL)
    stack.host.wait(10)
    time.sleep(rng.uniform(0, _DEAD_SECONDS))
    found: set[str] = set()
    with suppress(AzureError):
        found = requester.unfinished()
    stack.host.start()
    return found


def _recovered(found: Run) -> frozenset[str]:
    return found.unfinished & found.history.check().ok


def _mixed(found: Run) -> set[str]:
    """Return the ids that stand for more than one event."""
    meant: dict[str, set[tuple[str, str]]] = {}
    for event in found.history.events:
        meant.setdefault(event["id"], set()).add((event["subject"], event["type"]))
    return {event_id for event_id, meanings in meant.items() if len(meanings) > 1}


def _held(found: Run) -> dict[str, str]:
    """Return who has which number, among the inventory's plain ones."""
    return {number: str(target) for number, target in found.stats["holders"].items()}
