"""A driver for one item of the work list, in a simulated world."""

import json
from collections.abc import Callable
from typing import Any

from poll_operation import item as work
from teams_numbers.contracts import Outcome
from teams_numbers.queues import Message
from teams_numbers.work_item import Verdict, WorkItem
from tests.reliability.stories import (
    NUMBER,
    USER,
)
from tests.reliability.world import OPERATIONS, LogTap, World
from tests.values import message

OTHER_USER = USER.replace("6f", "7f")
ALL = {"ACTIONS": "assign,unassign,update"}


def an_item(world: World, *, fields: dict[str, Any] | None = None, **known: Any) -> WorkItem:
    """Return an item that came just now."""
    wish = {"requestId": "r"} | message(telephoneNumber=NUMBER) | (fields or {})
    wish = {name: value for name, value in wish.items() if value is not None}
    return WorkItem.model_validate({"request": wish, "receivedAt": world.clock.now()} | known)


def put(world: World, item: WorkItem | str, lease: float = 300) -> Message:
    """Put an item on the work list and lease it."""
    world.services.queues.operations.send(item if isinstance(item, str) else item.to_text())
    (taken,) = world.services.queues.operations.receive(lease)
    return taken


def handle(world: World, taken: Message) -> str:
    """Look at an item; return how that is counted."""
    return work.handle(taken, world.services, float("inf"))[0]


def lines(act: Callable[[], object]) -> list[dict[str, Any]]:
    """Return what is logged meanwhile."""
    said: list[dict[str, Any]] = []
    with LogTap(lambda line: said.append(json.loads(line))):
        act()
    return said


def hidden(world: World) -> list[float]:
    """Return for how long each item is out of sight yet, in seconds."""
    return [(one.visible_on - world.clock.now()).total_seconds() for one in world.queues.store(OPERATIONS)]


def stored(world: World) -> list[WorkItem]:
    """Return the work list."""
    return [WorkItem.model_validate_json(one.text) for one in world.queues.store(OPERATIONS)]


def ended_item(world: World, outcome: Outcome, **known: Any) -> WorkItem:
    """Return an item whose verdict is stored."""
    verdict = Verdict(outcome=outcome, completed_at=world.clock.now())
    return an_item(world, verdict=verdict, **known)


def other_wish(world: World) -> WorkItem:
    """Return another wish of the same person's."""
    return an_item(world, fields={"telephoneNumber": "+12065550177"}, person=USER)
