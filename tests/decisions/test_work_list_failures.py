"""What fails while an item is worked on, and what cannot be read: nothing is lost, nothing is decided."""

import json
from datetime import timedelta
from typing import Any

import pytest

from poll_operation import item as work
from teams_numbers.contracts import Outcome
from teams_numbers.work_item import WorkItem
from tests.reliability.stories import (
    FROM_POOL,
    HOUR,
    NUMBER,
    READ,
    USER,
    Act,
    Hand,
    ended,
    failing,
    request,
    tenant,
)
from tests.reliability.world import EVENTS, OPERATIONS, POISON, UNASSIGNMENTS
from tests.working import ALL, OTHER_USER, an_item, ended_item, handle, hidden, lines, put, stored


def test_who_has_lost_the_lease_leaves_the_item_to_the_other() -> None:
    world = tenant()
    taken = put(world, an_item(world), lease=1)
    world.clock.advance(2)
    world.services.queues.operations.receive(300)
    counted, item = work.handle(taken, world.services, float("inf"))
    assert (counted, item) == ("lease_lost", an_item(world, receivedAt=item and item.received_at))
    assert 299 < hidden(world)[0] <= 300
    assert not world.events()


def test_a_failing_storage_decides_nothing_however_long_it_fails() -> None:
    hand = Hand()
    world = tenant(hand, **ALL)
    world.emulator.move(NUMBER, USER)
    world.send(request(action="unassign", numberType=None))
    until = world.clock.now() + 20 * HOUR
    hand.rule = lambda step, act: (
        failing(step, 1)(step, act) if UNASSIGNMENTS in step and world.clock.now() < until else act()
    )
    said = lines(world.run)
    assert ended(world) == {"r": ("Succeeded", None)}
    unforeseen = [line for line in said if line["name"] == "unforeseen"]
    assert unforeseen
    assert all((line["where"], line["error"]) == ("poll_operation", "ServiceRequestError") for line in unforeseen)


def test_an_item_on_which_the_storage_fails_is_counted_as_an_error_and_left_as_it_is() -> None:
    hand = Hand()
    world = tenant(hand, **ALL)
    world.emulator.move(NUMBER, USER)
    taken = put(world, an_item(world, fields={"action": "unassign", "numberType": None}))
    world.services.in_flight.all_noted()
    before = stored(world)
    hand.rule = failing(f"properties {UNASSIGNMENTS}", 1)
    assert handle(world, taken) == "errors"
    assert stored(world) == before


def test_how_an_item_ends_is_stored_before_it_is_told() -> None:
    hand = Hand()
    world = tenant(hand)
    world.emulator.move(NUMBER, USER)
    taken = put(world, an_item(world))
    hand.rule = failing(f"send {EVENTS}", 1)
    assert handle(world, taken) == "errors"
    (item,) = stored(world)
    assert item.verdict is not None
    assert not item.verdict.told
    assert not world.events()


class Unthought(Exception):  # noqa: N818 - nobody has thought of it
    """What nobody foresaw."""


def test_what_nobody_foresaw_is_logged_and_tried_again_soon() -> None:
    hand = Hand()
    world = tenant(hand)
    taken = put(world, an_item(world))

    def rule(step: str, act: Act) -> Any:
        if step == "GET token":
            raise Unthought
        return act()

    hand.rule = rule
    counted: list[Any] = []
    (line,) = lines(lambda: counted.extend(work.handle(taken, world.services, float("inf"))))
    assert line == {"name": "unforeseen", "where": "poll_operation", "requestId": "r", "error": "Unthought"}
    assert counted == ["errors", WorkItem.model_validate_json(taken.text)]
    assert [item.failing_since for item in stored(world)] == [world.clock.now()]
    assert 30 <= hidden(world)[0] <= 36 + 1
    hand.rule = lambda _step, act: act()
    world.run()
    assert ended(world) == {"r": ("Succeeded", None)}


def test_who_cannot_even_store_that_says_so_and_leaves_the_item() -> None:
    hand = Hand()
    world = tenant(hand)
    taken = put(world, an_item(world))

    def rule(step: str, act: Act) -> Any:
        if step == "GET token":
            raise Unthought
        return failing(f"update {OPERATIONS}", 1)(step, act)

    hand.rule = rule
    said = lines(lambda: handle(world, taken))
    assert [line["error"] for line in said] == ["Unthought", "ServiceRequestError"]
    assert {(line["name"], line["where"]) for line in said} == {("unforeseen", "poll_operation")}


@pytest.mark.parametrize(("holder", "reads"), [(USER, "target"), (OTHER_USER, "other"), (None, "nobody")])
def test_after_a_day_of_that_it_ends_as_an_internal_error_and_says_what_the_number_reads(
    holder: str | None, reads: str
) -> None:
    hand = Hand()
    world = tenant(hand)
    now = world.clock.now()
    item = an_item(world, person=USER, failing_since=now - timedelta(days=1))
    taken = put(world, item)
    if holder:
        world.emulator.move(NUMBER, holder)
    room = work._WorkList(taken, world.services)
    work._unforeseen(room, world.services)
    assert hand.seen.count(READ) == 1, "the number itself"
    (event,) = world.events()
    error = event["data"]["error"]
    assert error["code"] == "internalError"
    assert error["message"].endswith(f"The number reads: {reads}.")
    assert not stored(world)


def test_of_a_pick_the_internal_error_tells_what_it_reads_too_and_what_was_unassigned() -> None:
    """It said what the number reads, and not which one."""
    world = tenant()
    old = world.clock.now() - timedelta(days=2)
    item = an_item(world, fields=FROM_POOL, person=USER, number=NUMBER, failing_since=old, unassigned=("+14255550100",))
    work._unforeseen(work._WorkList(put(world, item), world.services), world.services)
    (event,) = world.events()
    assert event["data"]["error"]["message"].endswith("The number reads: nobody.")
    assert (event["data"]["telephoneNumber"], event["data"]["unassignedNumbers"]) == (NUMBER, ["+14255550100"])


def test_a_fault_while_an_unreadable_item_is_set_aside_harms_nobody_else() -> None:
    hand = Hand()
    world = tenant(hand)
    taken = put(world, "rubbish")

    def rule(step: str, act: Act) -> Any:
        if step == f"send {POISON[1]}":
            raise Unthought
        return act()

    hand.rule = rule
    assert work.handle(taken, world.services, float("inf")) == ("errors", None)
    assert len(world.queues.store(OPERATIONS)) == 1


def test_a_day_counts_from_the_first_failure_and_not_before_it_is_over() -> None:
    world = tenant()
    now = world.clock.now()
    almost = an_item(world, failing_since=now - timedelta(days=1) + timedelta(seconds=1))
    work._unforeseen(work._WorkList(put(world, almost), world.services), world.services)
    assert [item.failing_since for item in stored(world)] == [almost.failing_since]
    assert 30 <= hidden(world)[0] <= 36 + 1
    world.queues.store(OPERATIONS).clear()
    work._unforeseen(work._WorkList(put(world, an_item(world)), world.services), world.services)
    assert [item.failing_since for item in stored(world)] == [now]
    assert not world.events()


def test_a_verdict_that_is_stored_is_never_told_as_an_internal_error() -> None:
    world = tenant()
    old = world.clock.now() - timedelta(days=9)
    item = ended_item(world, Outcome.SUCCEEDED, failing_since=old)
    work._unforeseen(work._WorkList(put(world, item), world.services), world.services)
    assert not world.events()
    assert [one.verdict for one in stored(world)] == [item.verdict]


def test_a_look_that_went_well_ends_the_count_of_failures() -> None:
    world = tenant()
    now = world.clock.now()
    world.emulator.change({"outage": True})
    handle(world, put(world, an_item(world, failing_since=now - timedelta(hours=20))))
    assert [item.failing_since for item in stored(world)] == [None]


def test_an_item_that_holds_no_readable_request_is_set_aside_and_nothing_is_told() -> None:
    hand = Hand()
    world = tenant(hand)
    for text in ("rubbish", "{}", "[]", '"x"', '{"request": {"telephoneNumber": 5}}', "[" * 60_000):
        taken = put(world, text)
        hand.seen.clear()
        said = lines(lambda taken=taken: handle(world, taken))  # type: ignore[misc]
        assert [step for step in hand.seen if step != f"create {POISON[1]}"][-2:] == [
            f"send {POISON[1]}",
            f"delete {OPERATIONS}",
        ]
        (line,) = [line for line in said if line["name"] == "item.set_aside"]
        assert line == {"name": "item.set_aside", "messageId": taken.id, "reason": "not a work item"}
        assert world.drained(POISON[1]) == [text]
    assert not world.events()
    assert work.handle(put(world, "rubbish"), world.services, float("inf")) == ("set_aside", None)


def test_an_unreadable_item_whose_request_can_be_read_ends_as_an_internal_error() -> None:
    world = tenant()
    wish = json.loads(an_item(world).to_text())["request"]
    for text in (json.dumps({"request": wish, "receivedAt": "yesterday"}), json.dumps({"request": wish})):
        taken = put(world, text)
        world.clock.advance(10)
        assert handle(world, taken) == "set_aside"
        (event,) = world.events()
        assert event["data"]["error"]["code"] == "internalError"
        assert event["data"]["error"]["message"] == "The app could not read its own work item."
        assert event["data"]["receivedAt"] == event["data"]["completedAt"]


def test_an_unreadable_item_that_cannot_be_set_aside_is_told_of_once() -> None:
    hand = Hand()
    world = tenant(hand)
    taken = put(world, "rubbish")

    def fails(_step: str, _act: Act) -> Any:
        raise RuntimeError

    hand.rule = fails
    said = lines(lambda: handle(world, taken))
    assert [line["error"] for line in said] == ["RuntimeError"]
