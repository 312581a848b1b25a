"""The loop that both rooms run: put the life cycle's questions to the world, until it says how this look ends."""

from typing import Any, Protocol

from teams_numbers.answers import OUT_OF_TIME, Unclear, not_sent
from teams_numbers.contracts import Action
from teams_numbers.lifecycle import live
from teams_numbers.look import Rules
from teams_numbers.questions import (
    Brake,
    Busy,
    Claim,
    Claimed,
    Decision,
    Poll,
    Question,
    ReadNumber,
    ReadPerson,
    ReadPool,
    Resolve,
    Send,
)
from teams_numbers.services import Services
from teams_numbers.work_item import Order, WorkItem


class Room(Protocol):
    """What the two rooms do differently."""

    @property
    def careful(self) -> bool:
        """Whether orders that can hurt may be given here."""

    def claim(self, claim: Claim) -> Claimed | Busy:
        """Say whether an item may give a careful order."""

    def brake(self) -> bool:
        """Say whether one more unassignment may be sent today."""

    def not_sent(self) -> None:
        """Take notice that an order, which the brake may have let pass, was not sent."""

    def store(self, item: WorkItem) -> None:
        """Store an item with its order, before that is sent."""


def look_at(item: WorkItem, services: Services, room: Room, ends: float = float("inf")) -> Decision:
    """Look at an item once; return how that ends.

    Args:
        item: the item.
        services: the process's queues, Graph, inventory, settings and clock.
        room: where this happens.
        ends: from this moment of the monotonic clock on, Graph is not asked any more.

    Raises:
        AzureError: the app's own storage failed; nothing is decided.
        LeaseLostError: somebody else has the item by now.
    """
    clock = services.clock
    life = live(item, clock.now(), Rules(services.settings, services.rng, room.careful))
    try:
        question = next(life)
        while True:
            late = clock.monotonic() >= ends and not isinstance(question, Claim | Brake)
            answer: Any = Unclear(OUT_OF_TIME, sent=False) if late else _ask(question, services, room)
            if isinstance(question, Send) and not_sent(answer):
                room.not_sent()
            question = life.send((answer, clock.now()))
    except StopIteration as end:
        decision: Decision = end.value
        return decision


def _ask(question: Question, services: Services, room: Room) -> Any:  # noqa: ANN401 - each question has its own answers
    inventory = services.inventory
    match question:
        case ReadNumber(number, since, alone):
            return inventory.number(number, since, alone=alone)
        case ReadPerson(person, since):
            return inventory.person(person, since)
        case ReadPool(pool, since):
            return inventory.pool(pool, since)
        case Resolve(name):
            return services.people.find(name)
        case Poll(url):
            return services.graph.operation(url)
        case Claim():
            return room.claim(question)
        case Brake():
            return room.brake()
        case Send(item, expires):
            room.store(item)
            order = item.order
            return services.graph.order(order.action, body_of(order), expires=expires) if order else None


def body_of(order: Order) -> dict[str, str]:
    """Return what Graph is sent for an order."""
    body: dict[str, str | None] = {"telephoneNumber": order.telephone_number, "numberType": order.number_type}
    if order.action is Action.ASSIGN:
        body |= {
            "assignmentTargetId": order.assignment_target_id,
            "assignmentCategory": order.assignment_category,
            "locationId": order.location_id,
        }
    elif order.action is Action.UPDATE:
        body = {"telephoneNumber": order.telephone_number, "locationId": order.location_id}
    return {name: value for name, value in body.items() if value is not None}
