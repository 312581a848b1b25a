"""Numbers that are taken back, and their emergency locations: what Graph did is read, and nothing is done twice."""

import pytest

from tests.pipeline.life import Life
from tests.pipeline.rows import magic_number


@pytest.mark.parametrize(
    "name", ["unassign-lost", "unassign-error-accepted", "unassign-hang", "unassign-empty-408", "unassign-no-sign"]
)
def test_an_unassignment_whose_answer_said_nothing_is_given_once(life: Life, name: str) -> None:
    assert life.event(name)["data"]["unassignedNumbers"] == [magic_number(name)]
    assert life.stats()["acceptedUnassignmentsPerNumber"][magic_number(name)] == 1


@pytest.mark.parametrize("name", ["unassign-free-failed", "unassign-free-succeeded", "unassign-free-refused"])
def test_a_number_that_is_not_the_persons_is_never_unassigned(life: Life, name: str) -> None:
    assert life.event(name)["type"].endswith(".Succeeded")
    assert magic_number(name) not in life.stats()["acceptedUnassignmentsPerNumber"]


@pytest.mark.parametrize("name", ["update-plain", "update-lost", "update-later", "update-lag"])
def test_an_update_ends_with_the_location_that_was_read(life: Life, name: str) -> None:
    data = life.event(name)["data"]
    assert data["locationId"] == "new-location"
    assert life.stats()["acceptedUpdatesPerNumber"][magic_number(name)] == 1
