"""One item of the work list: what is stored, told, counted and forgotten."""

import json
from typing import Any

import pytest

from assign_number import submission
from assign_number.request import Envelope
from poll_operation import item as work
from teams_numbers.contracts import Action, Outcome
from teams_numbers.questions import Busy, Claim, Claimed
from teams_numbers.work_item import Order
from tests.reliability.stories import (
    FROM_POOL,
    NUMBER,
    USER,
    Act,
    Hand,
    ended,
    failing,
    once,
    reply,
    request,
    tenant,
)
from tests.reliability.world import EVENTS, OPERATIONS, UNASSIGNMENTS, LogTap
from tests.values import settings
from tests.working import ALL, OTHER_USER, an_item, ended_item, handle, hidden, lines, put, stored


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (Outcome.SUCCEEDED, "succeeded"),
        (Outcome.VALIDATED, "succeeded"),
        (Outcome.UNCONFIRMED, "unconfirmed"),
        (Outcome.FAILED, "failed"),
        (Outcome.TIMED_OUT, "failed"),
        (Outcome.REJECTED, "failed"),
    ],
)
def test_a_verdict_that_is_stored_is_told_again_and_counted(outcome: Outcome, counted: str) -> None:
    hand = Hand()
    world = tenant(hand)
    taken = put(world, ended_item(world, outcome))
    hand.seen.clear()
    assert handle(world, taken) == counted
    assert hand.seen == [f"send {EVENTS}", f"delete {OPERATIONS}"], "it is not stored a second time"
    assert ended(world) == {"r": (str(outcome), None)}


def test_an_item_that_gave_a_careful_order_stays_until_the_list_shows_it_and_is_told_once() -> None:
    hand = Hand()
    world = tenant(hand, **ALL)
    in_flight = world.services.in_flight
    in_flight.all_noted()
    leaver = {"action": "unassign", "numberType": None}
    taken = put(world, ended_item(world, Outcome.SUCCEEDED, fields=leaver, person=USER, touched=[NUMBER]))
    assert handle(world, taken) == "succeeded"
    assert hidden(world) == [world.settings.settled_seconds]
    (kept,) = stored(world)
    assert kept.verdict is not None
    assert kept.verdict.told
    joiner = an_item(world, fields={"assignmentTargetId": OTHER_USER}, person=OTHER_USER)
    assert in_flight.claim("joiner", joiner, (NUMBER,)) == Busy("inFlight")
    assert ended(world) == {"r": ("Succeeded", None)}
    world.clock.advance(world.settings.settled_seconds - 1)
    assert in_flight.claim("joiner", joiner, (NUMBER,)) == Busy("inFlight")
    world.clock.advance(1)
    (again,) = world.services.queues.operations.receive(300)
    assert handle(world, again) == "ended"
    assert not stored(world)
    assert not world.events()
    assert in_flight.claim("joiner", joiner, (NUMBER,)) == Claimed(NUMBER)


def test_a_named_assignment_is_deleted_at_its_end_and_in_flight_for_a_while() -> None:
    world = tenant(None, **ALL)
    world.services.in_flight.all_noted()
    taken = put(world, ended_item(world, Outcome.SUCCEEDED, person=USER, touched=[NUMBER]))
    handle(world, taken)
    assert not stored(world)
    leaver = an_item(world, fields={"action": "unassign", "numberType": None}, person=USER)
    assert world.services.in_flight.claim("leaver", leaver, (NUMBER,)) == Busy("inFlight")
    world.clock.advance(world.settings.settled_seconds)
    assert world.services.in_flight.claim("leaver", leaver, (NUMBER,)) == Claimed(NUMBER)


def test_an_item_that_ends_without_an_order_is_in_flight_no_more() -> None:
    world = tenant()
    in_flight = world.services.in_flight
    in_flight.all_noted()
    world.emulator.move(NUMBER, USER)
    item = an_item(world, person=USER)
    taken = put(world, item)
    in_flight.claim(taken.id, item, ())
    assert handle(world, taken) == "succeeded"
    assert in_flight.claim("b", item, ()) == Claimed(None)


def test_what_is_deferred_without_an_order_is_claimed_by_nobody() -> None:
    world = tenant()
    in_flight = world.services.in_flight
    in_flight.all_noted()
    item = an_item(world, fields=FROM_POOL, person=USER)
    taken = put(world, item)
    in_flight.claim(taken.id, item, (NUMBER,))
    world.emulator.change({"outage": True})
    assert handle(world, taken) == "deferred"
    assert in_flight.claim("b", item, (NUMBER,)) == Claimed(NUMBER)


def test_an_order_is_stored_for_the_lease_and_then_for_its_pause() -> None:
    hand = Hand()
    world = tenant(hand)
    seen: list[float] = []

    def look(step: str, act: Act) -> Any:
        if step == "POST assignNumber":
            seen.extend(hidden(world))
            assert stored(world)[0].order is not None
        return act()

    hand.rule = look
    world.services.in_flight.all_noted()
    assert handle(world, put(world, an_item(world, fields=FROM_POOL, person=USER), lease=200)) == "deferred"
    assert seen == [world.settings.lease_seconds]
    assert hidden(world)[0] == pytest.approx(world.settings.first_poll_seconds, abs=8)


def test_the_level_of_a_pool_is_logged_and_warns_below_low_water() -> None:
    low = {"seattle": {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}], "lowWater": 10}}
    world = tenant(None, NUMBER_POOLS=json.dumps(low))
    item = an_item(world, fields=FROM_POOL)
    room = work._WorkList(put(world, item), world.services)
    for free, level in ((9, "WARNING"), (10, "INFO"), (0, "WARNING")):
        levels: list[str] = []
        with LogTap(levels.append):
            room.claim(Claim(item, (), free))
        assert [json.loads(line) for line in levels] == [
            {"name": "pool.level", "pool": "seattle", "free": free, "lowWater": 10}
        ]
        warned: list[str] = []
        with LogTap(warned.append, 30):
            room.claim(Claim(item, (), free))
        assert bool(warned) == (level == "WARNING")
    silent: list[str] = []
    with LogTap(silent.append):
        room.claim(Claim(item, (), None))
        room.claim(Claim(an_item(world), (), 3))
    assert not silent


def test_the_brake_counts_before_it_lets_pass_and_forgets_after_a_day() -> None:
    world = tenant(None, UNASSIGN_PER_DAY=2)
    room = work._WorkList(put(world, an_item(world)), world.services)
    assert [room.brake() for _ in range(3)] == [True, True, False]
    counted = world.queues.store(UNASSIGNMENTS)
    assert len(counted) == 2
    assert all(json.loads(one.text) == {"at": world.clock.now().isoformat()} for one in counted)
    world.clock.advance(61)
    said = lines(room.brake)
    assert [line["code"] for line in said if line["name"] == "configuration.fault"] == ["unassignPaused"]
    world.clock.advance(24 * 3600 - 62)
    assert not room.brake()
    world.clock.advance(1)
    assert room.brake()


@pytest.mark.parametrize(("fails", "left"), [(0, 0), (1, 1)])
def test_the_brake_does_not_count_what_was_not_sent(fails: int, left: int) -> None:
    """Without the permission to order, each look counted, until everything waited for a person."""
    world = tenant(hand := Hand(), UNASSIGN_PER_DAY=1)
    room = work._WorkList(put(world, an_item(world)), world.services)
    room.not_sent()
    assert room.brake()
    hand.rule = failing(f"delete {UNASSIGNMENTS}", fails)
    room.not_sent()
    assert len(world.queues.store(UNASSIGNMENTS)) == left


def test_the_brake_counts_what_was_sent_where_the_next_order_of_the_same_look_was_not() -> None:
    world = tenant(None)
    room = work._WorkList(put(world, an_item(world)), world.services)
    assert room.brake()
    room.claim(Claim(an_item(world)))
    room.not_sent()
    assert len(world.queues.store(UNASSIGNMENTS)) == 1


def test_the_brake_lets_nobody_pass_where_another_process_was_counted_meanwhile() -> None:
    hand = Hand()
    world = tenant(hand, UNASSIGN_PER_DAY=1)
    room = work._WorkList(put(world, an_item(world)), world.services)

    def another(step: str, act: Act) -> Any:
        result = act()
        if step == f"send {UNASSIGNMENTS}":
            hand.rule = lambda _step, act: act()
            world.queues.get_queue_client(UNASSIGNMENTS).send_message("theirs")
        return result

    hand.rule = another
    assert not room.brake()


@pytest.mark.parametrize("deliveries", [2, 99, 100])
def test_every_redelivery_is_handed_over_the_last_one_too(deliveries: int) -> None:
    hand = Hand()
    world = tenant(hand)
    hand.seen.clear()
    submission.handle(Envelope(request(), "message-1", deliveries, world.clock.now()), world.services)
    assert hand.seen == [f"send {OPERATIONS}"]
    assert [item.request.request_id for item in stored(world)] == ["r"]


def test_an_item_of_another_graph_is_read_without_its_operation_and_settled_by_its_number() -> None:
    world = tenant()
    now = world.clock.now()
    about = {"action": Action.ASSIGN, "telephone_number": NUMBER, "assignment_target_id": USER, "sent_at": now}
    for url, unanswered in (("https://elsewhere.example/operations('a')", True), (None, False)):
        item = an_item(world, order=Order(**about, operation_url=url))
        (order,) = [work.read(item.to_text(), world.services).order]
        assert order is not None
        assert (order.operation_url, order.unanswered) == (None, unanswered)
    ours = (
        f"{settings(GRAPH_ENDPOINT=world.settings.graph_endpoint).graph_endpoint}/admin/teams/telephoneNumberManagement"
    )
    kept = work.read(
        an_item(world, order=Order(**about, operation_url=f"{ours}/operations('a')")).to_text(), world.services
    )
    assert kept.order is not None
    assert (kept.order.operation_url, kept.order.unanswered) == (f"{ours}/operations('a')", False)
    doubtful = an_item(world, order=Order(**about, operation_url=f"{ours}/operations('a')", unanswered=True))
    assert (order := work.read(doubtful.to_text(), world.services).order) is not None
    assert order.unanswered
    assert once("x", reply(200))("y", lambda: 1) == 1


def test_a_careful_wish_for_which_nothing_was_ordered_is_gone_at_its_end() -> None:
    world = tenant(None, **ALL)
    leaver = {"action": "unassign", "numberType": None}
    handle(world, put(world, ended_item(world, Outcome.SUCCEEDED, fields=leaver, person=USER)))
    assert not stored(world)


def test_a_look_tells_what_it_goes_on_with() -> None:
    world = tenant()
    world.emulator.change({"outage": True})
    taken = put(world, an_item(world))
    assert "request.deferred" in [line["name"] for line in lines(lambda: handle(world, taken))]
