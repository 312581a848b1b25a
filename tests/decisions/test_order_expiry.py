"""Until when an order may be sent, by the readings that allow it: a process may stand still in between."""

import json
from datetime import timedelta
from typing import Any

import pytest

from teams_numbers.questions import Reading, ReadNumber, ReadPerson, ReadPool, Send
from tests.looking import ALL, UNASSIGN, Looked, free, held, look
from tests.values import NOW, settings, work_item

SEATTLE = {"numberType": "callingPlan", "numbers": [{"startsWith": "+1206"}], "locationId": "loc-1"}
POOLS = settings(NUMBER_POOLS=json.dumps({"seattle": SEATTLE}))
FROM_POOL = {"telephoneNumber": None, "numberType": None, "pool": "seattle"}
RECENT, OLD = settings().recent, timedelta(seconds=20)
LATEST = NOW + RECENT + timedelta(seconds=20)


def expires(looked: Looked) -> Any:
    """Return until when the order of a look may be sent."""
    (send,) = (question for question in looked.asked if isinstance(question, Send))
    return send.expires


def test_an_order_is_not_sent_on_readings_that_have_grown_old_meanwhile() -> None:
    assert expires(look(work_item(), free())) == LATEST
    update = {"action": "update", "numberType": None, "locationId": "loc-1"}
    assert expires(look(work_item(fields=update), held(location_id="loc-2"), sets=ALL)) == LATEST


@pytest.mark.parametrize("kind", [ReadNumber, ReadPerson])
def test_the_older_of_the_readings_counts(kind: type) -> None:
    records = (free(),) if kind is ReadNumber else ()
    assert expires(look(work_item(), free(), answers={kind: Reading(NOW - OLD, records)})) == LATEST - OLD


def test_a_pick_counts_from_its_own_reading_not_from_that_of_the_pool() -> None:
    pool = {ReadPool: Reading(NOW - timedelta(seconds=200), (free(),))}
    assert expires(look(work_item(fields=FROM_POOL), free(), answers=pool, sets=POOLS)) == LATEST


def test_what_was_read_for_an_earlier_step_of_the_look_does_not_count() -> None:
    """The first readings led to a pick, or to none: the next ones are what the order goes by."""
    persons = {ReadPerson: [Reading(NOW - OLD, ()), Reading(NOW, ())]}
    assert expires(look(work_item(fields=FROM_POOL), free(), answers=persons, sets=POOLS)) == LATEST


def test_an_unassignment_is_sent_within_five_seconds_of_its_number_and_of_no_older_reading() -> None:
    assert expires(look(work_item(fields=UNASSIGN), held(), sets=ALL)) == NOW + timedelta(seconds=5)
