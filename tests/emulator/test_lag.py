"""A lagging list shows everything as it was, whichever way one reads it."""

import pytest

from local.graph import magic_tables
from tests.emulator.world import GOOD, NUMBERS, SOMEBODY_ELSE, USER, World

LAG = 60
OTHER = "+12065550101"
LOCATION = "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"


@pytest.fixture
def lagging() -> World:
    return World(readLagSeconds=LAG, operationSeconds=10)


def views(world: World) -> set[str | None]:
    """Return whose a number is, as each way of reading it says; one answer where they agree."""
    by_id = world.number()["id"] if world.listed(f"telephoneNumber eq '{GOOD}'") else None
    said: set[str | None] = {world.number()["assignmentTargetId"]}
    said.add(world.get(f"{NUMBERS}/{by_id}").json()["assignmentTargetId"])
    for person in (USER, SOMEBODY_ELSE):
        if GOOD in world.listed(f"assignmentTargetId eq '{person}'"):
            said.add(person)
    free = world.listed("assignmentStatus eq 'unassigned' and numberType eq 'callingPlan'", skip="500", top="1000")
    if GOOD in free:
        said.add(None)
    page = world.session.get(NUMBERS, params={"$top": "1000", "$skip": "500"}).json()["value"]
    said |= {shown["assignmentTargetId"] for shown in page if shown["telephoneNumber"] == GOOD}
    return said


def test_every_reading_shows_the_same_moment(lagging: World) -> None:
    """Given: assigned at 0, done at 10; taken back at 100, done at 110; somebody else's at 110, done at 120."""
    said: dict[float, set[str | None]] = {}
    begin = lagging.clock()
    lagging.post()
    acts = {100: lagging.unassign, 110: lambda: lagging.post(target=SOMEBODY_ELSE)}
    for moment in (0, 30, 69, 70, 99, 100, 110, 120, 169, 170, 179, 180, 300):
        lagging.clock.time = begin + moment
        if moment in acts:
            assert acts[moment]().status_code == 202
        said[moment] = views(lagging)
    expected = {0: None, 30: None, 69: None, 70: USER, 99: USER, 100: USER, 110: USER, 120: USER, 169: USER}
    expected |= {170: None, 179: None, 180: SOMEBODY_ELSE, 300: SOMEBODY_ELSE}
    assert said == {moment: {whose} for moment, whose in expected.items()}


def test_the_truth_decides_what_the_list_does_not_show_yet(lagging: World) -> None:
    lagging.post()
    lagging.clock.sleep(11)
    assert lagging.number()["assignmentStatus"] == "unassigned"
    assert lagging.held() == {GOOD: USER}
    assert lagging.post(target=SOMEBODY_ELSE).status_code == 400
    assert lagging.post(OTHER).status_code == 400, "the person has a number already"


def test_a_running_order_shows_late_and_stays_as_long(lagging: World) -> None:
    lagging.post()
    said = []
    for _ in range(8):
        lagging.clock.sleep(10)
        said.append(lagging.number()["activationState"])
    assert said == ["activated"] * 5 + ["assignmentPending", "activated", "activated"]


def test_locations_and_moves_show_late(lagging: World) -> None:
    lagging.update(locationId=LOCATION)
    lagging.move(GOOD, USER)
    assert (lagging.number()["locationId"], lagging.number()["assignmentTargetId"]) == (None, None)
    lagging.clock.sleep(LAG)
    assert (lagging.number()["locationId"], lagging.number()["assignmentTargetId"]) == (LOCATION, USER)


def test_a_direct_routing_number_is_listed_late(lagging: World) -> None:
    number = "+4930123456"
    lagging.post(number, numberType="directRouting")
    for seconds, listed in ((11, []), (58, []), (1, [number])):
        lagging.clock.sleep(seconds)
        assert lagging.listed(f"telephoneNumber eq '{number}'") == listed
        assert lagging.listed("numberType eq 'directRouting'", skip="10000") == listed


def test_a_magic_number_may_lag_alone_and_with_the_others() -> None:
    alone = magic_tables.number("lag-20")
    for plan, seconds in (({}, 21), ({"readLagSeconds": 30}, 51), ({"timeScale": 0.5}, 11)):
        world = World(**plan)
        world.post(alone)
        world.clock.sleep(seconds - 1)
        assert (world.number(alone)["assignmentTargetId"], world.listed(f"assignmentTargetId eq '{USER}'")) == (
            None,
            [],
        )
        world.clock.sleep(2)
        assert world.number(alone)["assignmentTargetId"] == USER
        assert world.listed(f"assignmentTargetId eq '{USER}'") == [alone]


@pytest.mark.parametrize(("scale", "shows_at"), [(None, 21), (0.1, 5), (2.0, 41)])
def test_pages_follow_a_magic_numbers_own_lag_even_if_the_time_scale_changes(
    world: World, scale: float | None, shows_at: float
) -> None:
    alone, begin = magic_tables.number("lag-20"), world.clock()
    held = "assignmentStatus eq 'userAssigned' and isoCountryCode eq 'US'"
    before = world.listed(held, top="1000")
    world.post(alone)
    for seconds in (2, 4, 5, 20, 22, 40, 42):
        world.clock.time = begin + seconds
        if seconds == 5 and scale:
            world.emulator.change({"timeScale": scale})
        expected = sorted([*before, alone]) if seconds >= shows_at else before
        assert world.listed(held, top="1000") == expected, seconds


def test_a_lag_that_changes_shows_another_moment_at_once(world: World) -> None:
    free = "assignmentStatus eq 'unassigned'"
    world.move(GOOD, USER)
    world.clock.sleep(10)
    everything = {}
    for lag in (0, 20, 0):
        world.emulator.change({"readLagSeconds": lag})
        everything[lag] = GOOD in world.listed(free, skip="400", top="1000")
        assert everything[lag] == (world.number()["assignmentTargetId"] is None)
    assert everything == {0: False, 20: True}
