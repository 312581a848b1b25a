"""What an item of the work list keeps others from, from its order on."""

import json
from datetime import timedelta
from typing import Any

import pytest

from poll_operation import item as work
from teams_numbers.contracts import Action
from teams_numbers.questions import Busy, Claimed
from teams_numbers.queues import Message
from teams_numbers.work_item import Order
from tests.reliability.stories import (
    FROM_POOL,
    HOUR,
    NUMBER,
    USER,
    Act,
    Hand,
    ended,
    failing,
    ordered,
    request,
    tenant,
)
from tests.reliability.world import OPERATIONS
from tests.working import ALL, OTHER_USER, an_item, handle, other_wish, put, stored


def test_an_item_with_an_order_is_noted_before_it_is_looked_at_and_after_a_restart() -> None:
    world = tenant()
    now = world.clock.now()
    order = Order(action=Action.ASSIGN, telephone_number=NUMBER, assignment_target_id=USER, sent_at=now)
    for known, noted in (({"order": order}, True), ({"touched": (NUMBER,)}, True), ({"number": NUMBER}, False)):
        world.restart()
        world.services.in_flight.all_noted()
        item = an_item(world, person=USER).but(**known)
        work.note_order(Message("a", "receipt", 1, now, item.to_text()), world.services)
        busy = world.services.in_flight.claim("b", other_wish(world), ())
        assert busy == (Busy("inFlight") if noted else Claimed(None))
    work.note_order(Message("a", "receipt", 1, now, "rubbish"), world.services)


def test_what_is_stored_with_an_order_is_in_flight_until_confirm_seconds_after_its_pause() -> None:
    world = tenant()
    order = Order(action=Action.ASSIGN, telephone_number=NUMBER, assignment_target_id=USER, sent_at=world.clock.now())
    known: dict[str, Any]
    for known, after in (({"order": order}, 100.0), ({"touched": (NUMBER,)}, 100.0), ({"order": order}, None)):
        world.restart()
        world.queues.store(OPERATIONS).clear()
        in_flight = world.services.in_flight
        in_flight.all_noted()
        item = an_item(world, person=USER).but(**known)
        work._WorkList(put(world, item), world.services).store(item, after)
        world.clock.advance((after or 0) + world.settings.confirm_seconds - 1)
        assert in_flight.claim("b", other_wish(world), ()) == Busy("inFlight")
        world.clock.advance(1)
        assert in_flight.claim("b", other_wish(world), ()) == Claimed(None)


def test_what_is_stored_without_an_order_is_not_in_flight() -> None:
    world = tenant()
    world.services.in_flight.all_noted()
    item = an_item(world, person=USER)
    work._WorkList(put(world, item), world.services).store(item, 100)
    assert world.services.in_flight.claim("b", other_wish(world), ()) == Claimed(None)


def test_an_item_with_an_order_is_in_flight_even_where_its_look_comes_to_nothing() -> None:
    hand = Hand()
    world = tenant(hand)
    world.services.in_flight.all_noted()
    order = Order(action=Action.ASSIGN, telephone_number=NUMBER, assignment_target_id=USER, sent_at=world.clock.now())
    taken = put(world, an_item(world, person=USER, order=order))
    hand.rule = failing(f"update {OPERATIONS}", 9)
    assert handle(world, taken) == "errors"
    assert world.services.in_flight.claim("b", other_wish(world), ()) == Busy("inFlight")


def test_a_process_that_takes_over_the_work_list_waits_for_the_orders_of_the_one_before() -> None:
    """It had served the in-box for hours, and gave the second of two requests for a person a second number."""
    kind = {"numberType": "callingPlan", "locationId": "loc-1"}
    pools = {
        name: kind | {"numbers": [{"from": f"+1{area}5550120", "to": f"+1{area}5550129"}]}
        for name, area in (("seattle", 206), ("portland", 208))
    }
    world = tenant(NUMBER_POOLS=json.dumps(pools))
    world.emulator.change({"operationSeconds": 300, "showRunning": False})
    takes_over = world.process()
    world.clock.advance(7200)
    world.send(request(requestId="first", **FROM_POOL))
    world.run(until=world.clock.now() + timedelta(seconds=95))
    world.services = takes_over
    world.send(request(requestId="second", **FROM_POOL | {"pool": "portland"}))
    world.run()
    assert ended(world) == {"first": ("Succeeded", None), "second": ("Failed", "userHasNumber")}
    assert list(ordered(world).values()) == [1]


def test_more_careful_requests_than_can_be_looked_at_in_a_pause_begin_after_a_restart_all_the_same() -> None:
    """The first were due again before the last had been looked at: something was always due, and none ever began."""
    hand = Hand()
    world = tenant(hand)
    people = [f"{USER[:-2]}{place}" for place in range(10, 50)]
    for person in people:
        world.send(request(requestId=person[-2:], assignmentTargetId=person, **FROM_POOL))
    world.run(until=world.clock.now() + timedelta(seconds=5))
    world.restart()

    def slow(_step: str, act: Act) -> Any:
        world.clock.advance(0.5)
        return act()

    hand.rule = slow
    world.run(until=world.clock.now() + HOUR)
    assert all(item.touched for item in stored(world))
    assert len(world.events()) > len(people) / 2


@pytest.mark.parametrize(("replaces_first", "ends"), [(True, ("Succeeded", None)), (False, ("Failed", "numberTaken"))])
def test_a_number_that_a_replacement_names_is_not_given_to_somebody_else_while_the_old_one_makes_room(
    *, replaces_first: bool, ends: tuple[str, str | None]
) -> None:
    """The old one was unassigned all the same, and given back after minutes without any."""
    hand, old, new = Hand(), "+12065550120", "+12065550124"
    pool = {"numberType": "callingPlan", "locationId": "loc-1", "numbers": [{"from": new, "to": new}]}
    world = tenant(hand, **ALL, NUMBER_POOLS=json.dumps({"one": pool}))
    world.send(request(requestId="before", telephoneNumber=old))
    world.run()
    world.clock.advance(3600)
    world.emulator.change({"operationSeconds": 120, "showRunning": False})
    texts = [
        request(requestId="replaces", telephoneNumber=new, existingNumber="replace"),
        request(requestId="picks", assignmentTargetId=OTHER_USER, **FROM_POOL | {"pool": "one"}),
    ]
    for text in texts if replaces_first else reversed(texts):
        world.send(text)
        world.run(until=world.clock.now() + timedelta(seconds=20))
    world.run()
    assert ended(world)["replaces"] == ends
    assert hand.seen.count("POST unassignNumber") == replaces_first
