"""What the stats tell: requests, orders in turn, and who holds what and since when."""

from tests.emulator.world import GOOD, SOMEBODY_ELSE, START, USER, World

OTHER = "+12065550101"
TRACE = "client-request-id"


def test_stats_tell_when_an_operation_was_polled_and_done(world: World) -> None:
    location = world.post().headers["Location"]
    for seconds in (0.25, 1):
        world.clock.sleep(seconds)
        world.get(location)
    stats = world.stats()
    (operation,) = stats["operations"]
    assert operation["telephoneNumber"] == GOOD
    assert operation["assignmentTargetId"] == USER
    assert operation["status"] == "succeeded"
    assert (operation["createdAt"], operation["doneAt"]) == (START, START + 1)
    assert operation["polledAt"] == [START + 0.25, START + 1.25]
    counted = {kind: times for kind, times in stats["requests"].items() if times}
    assert counted == {"assign": 1, "operation": 2, "token": 1}


def test_every_accepted_order_is_told_in_turn_with_its_clients_id(world: World) -> None:
    world.session.headers[TRACE] = "one"
    world.post()
    world.clock.sleep(2)
    world.session.headers[TRACE] = "two"
    world.update(locationId="here")
    assert world.post(target=SOMEBODY_ELSE).status_code == 400
    world.session.headers[TRACE] = "three"
    world.unassign()
    orders = world.stats()["orders"]
    about = {"telephoneNumber": GOOD}
    assert orders == [
        {"at": START, "action": "assign", **about, "assignmentTargetId": USER, "holder": None, TRACE: "one"},
        {"at": START + 2, "action": "update", **about, "assignmentTargetId": None, "holder": USER, TRACE: "two"},
        {"at": START + 2, "action": "unassign", **about, "assignmentTargetId": None, "holder": USER, TRACE: "three"},
    ]


def test_accepted_orders_are_counted_by_action_number_and_person() -> None:
    world = World(secondNumber="both", secondPost="accepted")
    for number, target in ((GOOD, USER), (GOOD, USER), (OTHER, USER), ("+12065550102", SOMEBODY_ELSE)):
        world.post(number, target)
    world.unassign()
    world.update(OTHER, locationId="here")
    stats = world.stats()
    assert stats["accepted"] == {"assign": 4, "unassign": 1, "update": 1}
    assert stats["acceptedPerNumber"] == {GOOD: 2, OTHER: 1, "+12065550102": 1}
    assert stats["acceptedPerPerson"] == {USER: 3, SOMEBODY_ELSE: 1}
    assert stats["acceptedUnassignmentsPerNumber"] == {GOOD: 1}
    assert stats["acceptedUpdatesPerNumber"] == {OTHER: 1}
    assert [operation["action"] for operation in stats["operations"]] == ["assign"] * 4 + ["unassign"]


def test_the_numbers_of_each_person_are_the_present_ones(world: World) -> None:
    world.emulator.change({"secondNumber": "both"})
    for number in (OTHER, GOOD):
        world.post(number)
    world.post("+12065550102", SOMEBODY_ELSE)
    world.clock.sleep(2)
    assert world.stats()["numbersPerPerson"] == {USER: [GOOD, OTHER], SOMEBODY_ELSE: ["+12065550102"]}
    world.unassign("+12065550102")
    world.move(OTHER, None)
    world.clock.sleep(2)
    assert world.stats()["numbersPerPerson"] == {USER: [GOOD], SOMEBODY_ELSE: []}


def test_every_change_of_a_holder_is_told_with_its_cause(world: World) -> None:
    world.emulator.change({"secondNumber": "replaced"})
    world.session.headers[TRACE] = "mine"
    world.post()
    world.clock.sleep(2)
    world.post(OTHER)
    world.clock.sleep(2)
    world.unassign(OTHER)
    world.clock.sleep(2)
    world.move(OTHER, SOMEBODY_ELSE)
    changes = [tuple(change.values()) for change in world.stats()["holderChanges"]]
    assert changes == [
        (START + 1, GOOD, None, USER, "assign", "mine"),
        (START + 3, GOOD, USER, None, "replaced", "mine"),
        (START + 3, OTHER, None, USER, "assign", "mine"),
        (START + 5, OTHER, USER, None, "unassign", "mine"),
        (START + 6, OTHER, None, SOMEBODY_ELSE, "admin", ""),
    ]


def test_a_reset_forgets_orders_holders_lookups_and_changes(world: World) -> None:
    world.post()
    world.clock.sleep(2)
    world.emulator.reset()
    stats = world.stats()
    for name in ("orders", "holderChanges", "operations"):
        assert stats[name] == [], name
    for name in ("holders", "numbersPerPerson", "acceptedPerPerson", "acceptedPerNumber"):
        assert stats[name] == {}, name
    assert world.number()["assignmentStatus"] == "unassigned"
