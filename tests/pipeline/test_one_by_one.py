"""Where the list cannot be had, each number is read by itself; and what nothing else ends, ends at its deadline."""

from datetime import datetime, timedelta

import pytest

from tests.pipeline.life import Life
from tests.pipeline.rows import IN_ALONE, LATE, row

#: What these wait for in vain.
_REASONS = {
    "license-never": "licenseMissing",
    "user-never": "userNotFound",
    "person-nobody": "userNotFound",
    "person-unlicensed": "licenseMissing",
    "runs-forever": "orderRunning",
    "unassign-forever": "orderRunning",
}


@pytest.mark.parametrize("name", IN_ALONE)
def test_every_magic_number_and_person_ends_as_its_row_says(alone: Life, name: str) -> None:
    assert alone.end(name) == (row(name).ends, row(name).code)


@pytest.mark.parametrize("name", LATE)
def test_a_request_is_given_up_at_its_deadline_and_not_before(alone: Life, name: str) -> None:
    data = alone.event(name)["data"]
    age = datetime.fromisoformat(data["completedAt"]) - datetime.fromisoformat(data["receivedAt"])
    assert age >= timedelta(hours=float(alone.stack.environment["REQUEST_DEADLINE_HOURS"]))


@pytest.mark.parametrize("name", _REASONS)
def test_the_event_of_a_request_that_timed_out_says_what_it_waited_for(alone: Life, name: str) -> None:
    error = alone.event(name)["data"]["error"]
    assert error["reason"] == _REASONS[name]
    assert f"It waited for: {_REASONS[name]}" in error["message"]
    assert error["advice"].endswith(".")


def test_nothing_unforeseen_happened_to_any_of_them(alone: Life) -> None:
    for name in IN_ALONE:
        alone.event(name)
    assert alone.log("unforeseen") == []
