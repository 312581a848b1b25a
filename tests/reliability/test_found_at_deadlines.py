"""What the fault suite found first: how requests end at their deadlines and after failing sends."""

from datetime import timedelta
from typing import Any

from local.graph.inventory import SOMEBODY
from local.graph.texts import CONTACT_OPERATOR
from tests.reliability.stories import FROM_POOL, HOUR, USER, Act, Hand, ended, failing, reply, request, tenant
from tests.reliability.world import OPERATIONS, POISON, World


def outcomes(world: World) -> list[str]:
    return [event["type"].rpartition(".")[2] for event in world.events()]


def test_a_dry_run_that_is_read_at_its_deadline_says_what_an_order_would_do() -> None:
    """It ended as TimedOut, or even as Succeeded, though it orders nothing."""
    for number, outcome in (("+12065550110", "Validated"), ("+12065550146", "Validated"), ("+12065550145", "Rejected")):
        world = World(1)
        world.emulator.change({"faults": {"throttled-a-day": 1.0}})
        world.send(request(dryRun=True, telephoneNumber=number))
        world.run(until=world.clock.now() + HOUR)
        world.emulator.change({"faults": {}})
        world.run()
        assert outcomes(world) == [outcome]


def test_an_operation_throttled_for_a_day_is_looked_at_at_its_deadline() -> None:
    """It was postponed beyond the deadline and its grace, and ended a night late."""
    world = World(1)
    world.emulator.change({"operationSeconds": 40})
    world.send(request())
    world.run(until=world.clock.now() + timedelta(seconds=5))
    world.emulator.change({"faults": {"throttled-a-day": 1.0}})
    world.run(until=world.clock.now() + HOUR)
    world.emulator.change({"faults": {}})
    world.run()
    assert outcomes(world) == ["Succeeded"]
    assert world.clock.now() - world.started <= timedelta(hours=24, minutes=1)


def test_throttling_until_after_the_deadline_leaves_minutes_to_try_in() -> None:
    """A day's Retry-After in the grace led to an event two days late."""
    world = World(1)
    world.emulator.change({"faults": {"throttled-a-day": 1.0}})
    world.send(request())
    world.run(until=world.clock.now() + 25 * HOUR)
    world.emulator.change({"faults": {}})
    world.run()
    assert world.clock.now() - world.started <= timedelta(hours=25, minutes=10)
    assert outcomes(world) == ["Succeeded"]


def test_a_decided_end_is_not_told_as_an_internal_error_after_the_grace() -> None:
    """One failing send past the grace turned Succeeded into Failed, internalError."""
    world = World(1)
    world.emulator.change({"operationSeconds": 40})
    world.send(request())
    world.run(until=world.clock.now() + timedelta(seconds=5))
    for message in world.queues.store(OPERATIONS):
        world.queues.store(OPERATIONS).update(message, world.clock.now(), 30 * 3600, None)
    world.around = failing("send number-events", 1)
    world.run()
    assert outcomes(world) == ["Succeeded"]


def test_at_its_deadline_a_number_that_is_somebody_elses_ends_the_request_as_before() -> None:
    """It ended as TimedOut where another delivery of the same request had ended as Failed, numberTaken."""
    world = World(1)
    world.emulator.change({"faults": {"throttled-a-day": 1.0}})
    world.send(request(telephoneNumber="+12065550145"))
    world.run(until=world.clock.now() + HOUR)
    world.emulator.change({"faults": {}})
    world.run()
    ends = world.events()
    assert [event["data"]["error"]["code"] for event in ends] == ["numberTaken"]
    assert world.emulator.stats()["holders"]["+12065550145"] == SOMEBODY


def test_an_order_that_runs_at_the_deadline_is_waited_for() -> None:
    """It ended as TimedOut, and an hour later the number was the user's."""
    world = World(1)
    world.emulator.change({"operationSeconds": 25 * 3600})
    world.send(request())
    world.run()
    assert outcomes(world) == ["Succeeded"]


def test_a_queue_that_fails_five_times_does_not_fail_a_request_that_was_decided() -> None:
    """The fifth failing send ended the request as Failed, internalError, while its order went on."""
    world = World(1)
    world.send(request())
    world.around = failing("send number-requests", 5)
    world.emulator.change({"faults": {"service-unavailable-400": 1.0}})
    world.run(until=world.clock.now() + timedelta(seconds=50))
    world.emulator.change({"faults": {}})
    world.run()
    assert outcomes(world) == ["Succeeded"]
    assert not world.drained(POISON[0])


def test_waiting_for_a_license_uses_up_no_other_failures_tries() -> None:
    """After hours of waiting, the first `Update failed … Please try again` was the end."""
    world = World(1)
    world.emulator.change({"faults": {"license-missing": 1.0}})
    world.send(request())
    world.run(until=world.clock.now() + 8 * HOUR)
    world.emulator.change({"faults": {"update-failed": 1.0}})
    due = world.next_due()
    assert due is not None
    world.run(until=due + timedelta(minutes=1))
    world.emulator.change({"faults": {}})
    world.run()
    assert outcomes(world) == ["Succeeded"]


def test_at_the_deadline_the_operation_is_asked_and_its_reason_is_told() -> None:
    """The event said TimedOut, though the operation would have said why."""
    hand = Hand()
    world = tenant(hand)
    world.emulator.change({"operationSeconds": 10**6})
    deadline = world.clock.now() + world.settings.deadline

    def fails_at_last(step: str, act: Act) -> Any:
        if step == "GET operation" and world.clock.now() >= deadline:
            return reply(200, {"id": "x", "status": "failed", "numbers": [{"statusDetail": CONTACT_OPERATOR}]})
        return act()

    hand.rule = fails_at_last
    world.send(request())
    world.run()
    (event,) = world.events()
    assert event["data"]["error"]["code"] == "emergencyAddressByOperator"
    assert event["data"]["completedAt"] < (deadline + timedelta(minutes=10)).isoformat()


def test_a_request_that_waited_a_day_for_the_app_is_tried() -> None:
    """It ended as TimedOut without one try."""
    world = tenant()
    world.send(request())
    world.send(request(requestId="p", assignmentTargetId=USER.replace("6f", "7f"), **FROM_POOL))
    world.clock.advance(25 * 3600)
    world.run()
    assert ended(world) == {"r": ("Succeeded", None), "p": ("Succeeded", None)}
