"""What an adversary found in how the app treats its own queues, each as the smallest story that shows it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ServiceRequestError

from tests.reliability.stories import (
    FROM_POOL,
    HOUR,
    ORDER,
    READ,
    USER,
    Act,
    Crash,
    Hand,
    dies_after,
    ended,
    ordered,
    reply,
    request,
    tenant,
)
from tests.reliability.world import EVENTS, OPERATIONS, POISON, REQUESTS


@pytest.mark.parametrize("begins", [0, 7])
@pytest.mark.parametrize("down", [REQUESTS, OPERATIONS, EVENTS, "number-", "-poison"])
def test_an_outage_of_an_hour_of_a_queue_or_the_account_loses_nothing_and_decides_nothing(
    down: str, begins: int
) -> None:
    """A minute without `number-events` was the end of a Rejected, a Failed and a Validated, untold."""
    hand = Hand()
    world = tenant(hand)
    world.emulator.change({"operationSeconds": 5})
    over = world.clock.now() + timedelta(seconds=begins) + HOUR

    def outage(step: str, act: Act) -> Any:
        if (down in step or (down == "number-" and OPERATIONS in step)) and world.clock.now() < over:
            raise ServiceRequestError(step)
        return act()

    free, wrong = "+12065550111", request(requestId="wrong", numberType="mobile")
    for text in (
        request(requestId="good"),
        request(requestId="picked", assignmentTargetId=USER.replace("6f", "7f"), **FROM_POOL),
        request(requestId="taken", telephoneNumber="+12065550145", assignmentTargetId=USER.replace("6f", "8f")),
        request(requestId="dry", telephoneNumber=free, assignmentTargetId=USER.replace("6f", "9f"), dryRun=True),
        wrong,
    ):
        world.send(text)
    if begins:
        world.run(until=world.clock.now() + timedelta(seconds=begins))
    hand.rule = outage
    world.run()
    assert ended(world) == {
        "good": ("Succeeded", None),
        "picked": ("Succeeded", None),
        "taken": ("Failed", "numberTaken"),
        "dry": ("Validated", None),
        "wrong": ("Rejected", "invalidRequest"),
    }
    assert set(world.drained(POISON[0])) == {wrong}
    assert not world.drained(POISON[1])
    assert sorted(ordered(world).values()) == [1, 1]


def test_each_step_out_is_taken_before_what_led_to_it_is_gone() -> None:
    """The order of these steps was held by no test: a crash between two of them would lose something."""
    hand = Hand()
    world = tenant(hand)
    world.send(request(numberType="mobile"))
    world.run()
    told, aside, gone = f"send {EVENTS}", f"send {POISON[0]}", f"delete {REQUESTS}"
    assert [step for step in hand.seen if step in {told, aside, gone}][:2] == [told, aside]
    assert hand.seen[-1] == gone
    hand.seen.clear()
    readable = json.dumps({"request": json.loads(request()), "receivedAt": "yesterday"})
    world.queues.get_queue_client(OPERATIONS).send_message(readable)
    world.run()
    told, aside, gone = f"send {EVENTS}", f"send {POISON[1]}", f"delete {OPERATIONS}"
    assert [step for step in hand.seen if step in {told, aside, gone}] == [told, aside, aside, gone]
    assert world.drained(POISON[1]) == [readable]


def test_a_verdict_is_stored_before_it_is_told_and_told_before_its_item_is_gone() -> None:
    """Whoever finds an item with a verdict tells that one."""
    hand = Hand()
    world = tenant(hand)
    world.send(request())
    world.run(until=world.clock.now() + timedelta(seconds=1))
    hand.seen.clear()
    world.run()
    told = hand.seen.index(f"send {EVENTS}")
    assert hand.seen[told - 1] == f"update {OPERATIONS}"
    assert hand.seen[told + 1] == f"delete {OPERATIONS}"
    world.send(request(telephoneNumber="+12065550111", assignmentTargetId=USER.replace("6f", "7f")))
    world.run(until=world.clock.now() + timedelta(seconds=1))
    hand.rule = dies_after(f"update {OPERATIONS}")
    with pytest.raises(Crash):
        world.run()
    (stored,) = world.queues.store(OPERATIONS)
    assert json.loads(stored.text)["verdict"]["outcome"] == "Succeeded"


def test_a_process_that_stands_still_between_reading_and_ordering_reads_again() -> None:
    """Its lease was over and the item taken by nobody: it went on and ordered on a reading of ten minutes ago."""
    hand = Hand()
    world = tenant(hand)

    def stands_still(step: str, act: Act) -> Any:
        if step == f"update {OPERATIONS}":
            hand.rule = lambda _step, act: act()
            hand.seen.clear()
            world.clock.advance(world.settings.lease_seconds)
        return act()

    hand.rule = stands_still
    world.send(request(**FROM_POOL))
    world.run()
    assert next(step for step in hand.seen if step in {READ, ORDER}) == READ
    assert ended(world) == {"r": ("Succeeded", None)}
    assert list(ordered(world).values()) == [1]


def test_leavers_for_whom_the_permission_to_order_is_missing_do_not_use_up_the_brake() -> None:
    """Each look counted: after the permission was granted, all waited for a person, or for a day."""
    hand = Hand()
    world = tenant(hand, ACTIONS="assign,unassign", UNASSIGN_PER_DAY=2)
    people = {USER: "+12065550110", USER.replace("6f", "7f"): "+12065550111"}
    for person, number in people.items():
        world.send(request(requestId=number[1:], assignmentTargetId=person, telephoneNumber=number))
    world.run()
    world.events()
    granted = world.clock.now() + HOUR

    def denied(step: str, act: Act) -> Any:
        if step == "POST unassignNumber" and world.clock.now() < granted:
            return reply(403, {"error": {"code": "Forbidden", "message": "No."}})
        return act()

    hand.rule = denied
    for person, number in people.items():
        leaver = {"action": "unassign", "assignmentTargetId": person, "telephoneNumber": number, "numberType": None}
        world.send(request(requestId=number[1:], **leaver))
    world.run(until=granted + HOUR)
    assert set(ended(world).values()) == {("Succeeded", None)}
