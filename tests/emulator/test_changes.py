"""Taking numbers back, changing their location, and a person's second number."""

import base64

import pytest

from local.graph import magic_tables
from local.graph.inventory import SOMEBODY
from tests.emulator.world import GOOD, NUMBERS, SOMEBODY_ELSE, USER, World, error

OTHER = "+12065550101"
LOCATION = "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"


def given(world: World, number: str = GOOD, target: str = USER, **more: str) -> None:
    """Assign a number, with all that it takes."""
    assert world.post(number, target, **more).status_code == 202
    world.clock.sleep(2)


def test_an_unassignment_is_accepted_and_its_operation_says_what_it_is(world: World) -> None:
    given(world)
    answer = world.unassign()
    assert (answer.status_code, answer.content) == (202, b"")
    location = answer.headers["Location"]
    key = location.partition("('")[2].removesuffix("')")
    kind, _, guid = base64.urlsafe_b64decode(key + "==").decode().partition("|")
    assert (kind, len(guid)) == ("Unassignment", 36)
    assert world.get(location).json()["status"] == "notStarted"
    world.clock.sleep(2)
    assert world.get(location).json()["status"] == "succeeded"
    assert world.number()["assignmentStatus"] == "unassigned"
    assert world.post(target=SOMEBODY_ELSE).status_code == 202


def test_a_freed_number_keeps_its_location(world: World) -> None:
    given(world, locationId=LOCATION)
    world.unassign()
    world.clock.sleep(2)
    shown = world.number()
    assert (shown["locationId"], shown["assignmentTargetId"], shown["assignmentCategory"]) == (LOCATION, None, None)
    given(world, target=SOMEBODY_ELSE)
    assert world.number()["locationId"] == LOCATION


def test_an_unassignment_takes_the_number_from_whoever_has_it_when_it_ends(world: World) -> None:
    given(world)
    world.unassign()
    world.move(GOOD, SOMEBODY_ELSE)
    world.clock.sleep(2)
    assert world.held() == {}
    assert [change["before"] for change in world.stats()["holderChanges"]] == [None, USER, SOMEBODY_ELSE]


@pytest.mark.parametrize("kind", ["directRouting", "operatorConnect"])
def test_an_unassignment_with_a_wrong_type_is_refused(world: World, kind: str) -> None:
    given(world)
    status, message = error(world.unassign(kind=kind))
    assert (status, "is not found from tenant" in message) == (400, True)
    world.clock.sleep(2)
    assert world.held() == {GOOD: USER}


@pytest.mark.parametrize(
    ("choice", "status", "ends"),
    [("failed", 202, "failed"), ("succeeded", 202, "succeeded"), ("badRequest", 400, None)],
)
def test_taking_back_a_number_that_nobody_has_ends_as_planned(choice: str, status: int, ends: str | None) -> None:
    world = World(unassignFree=choice)
    answer = world.unassign()
    assert answer.status_code == status
    world.clock.sleep(2)
    if ends:
        assert world.get(answer.headers["Location"]).json()["status"] == ends
    assert world.number()["assignmentStatus"] == "unassigned"


def test_of_two_unassignments_at_once_the_second_finds_nobody(world: World) -> None:
    given(world)
    first, second = (world.unassign().headers["Location"] for _ in range(2))
    world.clock.sleep(2)
    assert [world.get(where).json()["status"] for where in (first, second)] == ["succeeded", "failed"]


def test_a_freed_number_may_be_blocked_for_a_while_and_reads_as_free() -> None:
    world = World(freedBlockedSeconds=60)
    given(world)
    world.unassign()
    world.clock.sleep(2)
    assert world.number()["assignmentStatus"] == "unassigned"
    assert "already been assigned" in error(world.post(target=SOMEBODY_ELSE))[1]
    world.clock.sleep(60)
    assert world.post(target=SOMEBODY_ELSE).status_code == 202


def test_a_number_that_blocks_once_freed_never_comes_back(world: World) -> None:
    number = magic_tables.number("unassign-then-blocked")
    world.unassign(number)
    world.clock.sleep(3000)
    assert world.number(number)["assignmentStatus"] == "unassigned"
    assert "already been assigned" in error(world.post(number))[1]


def test_an_update_is_done_at_once_and_an_empty_string_clears(world: World) -> None:
    answer = world.update(locationId=LOCATION, networkSiteId="site", reverseNumberLookupOptions=["skipInternalVoip"])
    assert (answer.status_code, answer.content) == (200, b"")
    shown = world.number()
    assert (shown["locationId"], shown["networkSiteId"]) == (LOCATION, "site")
    assert shown["reverseNumberLookupOptions"] == ["skipInternalVoip"]
    assert world.update(networkSiteId="").status_code == 200
    assert world.update(locationId=None).status_code == 200
    shown = world.number()
    assert (shown["locationId"], shown["networkSiteId"]) == (LOCATION, None)
    assert world.update(locationId="").status_code == 200
    assert world.number()["locationId"] is None
    assert world.stats()["acceptedUpdatesPerNumber"] == {GOOD: 4}


def test_by_powershells_rules_a_calling_plan_number_keeps_its_location() -> None:
    world = World(updateRules="powershell")
    for number, status in ((GOOD, 400), ("+18015550100", 200), ("+19015550100", 200)):
        assert world.update(number, locationId=LOCATION).status_code == 200
        assert world.update(number, locationId="").status_code == status
    assert world.number()["locationId"] == LOCATION
    assert world.update(reverseNumberLookupOptions=["skipInternalVoip"]).status_code == 400
    assert world.update("+19015550100", reverseNumberLookupOptions=["skipInternalVoip"]).status_code == 200


@pytest.mark.parametrize(
    ("effect", "at_once", "after"),
    [
        ("done", ("activated", LOCATION), ("activated", LOCATION)),
        ("later", ("updatePending", None), ("activated", LOCATION)),
        ("never", ("activated", None), ("activated", None)),
        ("failed", ("updateFailed", None), ("updateFailed", None)),
    ],
)
def test_an_update_takes_effect_as_planned(
    effect: str, at_once: tuple[str, str | None], after: tuple[str, str | None]
) -> None:
    world = World(updateEffect=effect)
    assert world.update(locationId=LOCATION).status_code == 200
    shown = world.number()
    assert (shown["activationState"], shown["locationId"]) == at_once
    world.clock.sleep(6)
    shown = world.number()
    assert (shown["activationState"], shown["locationId"]) == after


@pytest.mark.parametrize("body", [{}, {"telephoneNumber": "+12005550100"}, {"telephoneNumber": GOOD, "city": "x"}])
def test_a_wrong_update_is_refused(world: World, body: dict[str, str]) -> None:
    assert error(world.session.post(f"{NUMBERS}/updateNumber", json=body))[0] == 400


@pytest.mark.parametrize(
    ("choice", "status", "ends"),
    [("refused", 400, {GOOD}), ("replaced", 202, {OTHER}), ("both", 202, {GOOD, OTHER})],
)
def test_a_second_primary_number_is_taken_as_planned(choice: str, status: int, ends: set[str]) -> None:
    world = World(secondNumber=choice)
    given(world)
    answer = world.post(OTHER)
    assert answer.status_code == status
    if status == 400:
        assert error(answer)[1] == f"User '{USER}' has a telephone number. Remove it before assigning '{OTHER}'."
    world.clock.sleep(2)
    assert set(world.held()) == ends
    assert set(world.listed(f"assignmentTargetId eq '{USER}'")) == ends


def test_a_second_primary_number_is_refused_unless_the_plan_says_otherwise(world: World) -> None:
    given(world)
    assert world.post(OTHER).status_code == 400
    assert world.post(OTHER, SOMEBODY_ELSE).status_code == 202
    assert world.post("+12065550102", assignmentCategory="private").status_code == 202
    world.unassign()
    world.clock.sleep(2)
    assert world.post("+12065550103").status_code == 202


@pytest.mark.parametrize(("choice", "said"), [("refused", "failed"), ("replaced", "succeeded"), ("both", "succeeded")])
def test_of_two_orders_at_once_for_one_person_the_second_ends_as_planned(choice: str, said: str) -> None:
    world = World(secondNumber=choice)
    world.post()
    second = world.post(OTHER).headers["Location"]
    world.clock.sleep(2)
    operation = world.get(second).json()
    assert operation["status"] == said
    assert ("statusDetail" in operation["numbers"][0]) == (said == "failed")
    assert set(world.held()) == {"refused": {GOOD}, "replaced": {OTHER}, "both": {GOOD, OTHER}}[choice]


@pytest.mark.parametrize(
    ("name", "kept"), [("second-replaces", False), ("second-beside", True), ("second-refused", True)]
)
def test_magic_numbers_choose_what_becomes_of_the_first_one(name: str, kept: bool) -> None:
    world = World(secondNumber="replaced" if name == "second-refused" else "refused")
    given(world)
    answer = world.post(magic_tables.number(name))
    assert answer.status_code == (400 if name == "second-refused" else 202)
    world.clock.sleep(2)
    assert (GOOD in world.held()) == kept


def test_an_id_that_stands_for_many_may_have_many_numbers(world: World) -> None:
    assert world.number("+12065550145")["assignmentTargetId"] == SOMEBODY
    given(world, GOOD, SOMEBODY)
    given(world, OTHER, SOMEBODY)


def test_a_phantom_is_assigned_to_nobody_and_can_be_taken_back(world: World) -> None:
    phantom = magic_tables.number("phantom")
    shown = world.number(phantom)
    assert (shown["assignmentStatus"], shown["assignmentTargetId"]) == ("userAssigned", None)
    assert world.post(phantom).status_code == 400
    world.unassign(phantom)
    world.clock.sleep(2)
    assert world.post(phantom).status_code == 202
