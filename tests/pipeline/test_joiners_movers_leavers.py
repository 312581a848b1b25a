"""Joiners, movers and leavers: who, where and when in; the number, read back, out."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from local.graph import people
from tests.pipeline.life import Life, until
from tests.pipeline.rows import FULL

PERSON = "anna.{}@contoso.example"
#: Who joins before a test begins: all at once, so that no test waits for another's.
_JOINERS = ("joiner", "again", "leaver", "mover", "stays", "safe", "dry")


@pytest.fixture(scope="module", autouse=True)
def _hired(life: Life) -> None:
    """Let everybody join who is to move, leave or stay."""
    for name in _JOINERS:
        life.send_wish(requestId=f"join-{name}", userPrincipalName=person(name), pool="seattle")


def person(name: str) -> str:
    return PERSON.format(name)


def held(life: Life, name: str) -> set[str]:
    """Return the numbers that a person has in the emulated tenant."""
    owner = people.object_id(person(name))
    return {number for number, holder in life.stats()["holders"].items() if holder == owner}


def joined(life: Life, name: str) -> str:
    """Wait until somebody has joined; return the number."""
    event = life.event(f"join-{name}")
    assert event["type"] == "TeamsPhone.NumberAssignment.Succeeded", event
    number: str = event["data"]["telephoneNumber"]
    return number


def test_a_joiner_gets_a_number_of_the_pool_and_hears_which(life: Life) -> None:
    number = joined(life, "joiner")
    assert number.startswith(("+1206555012", "+1206555013"))
    assert held(life, "joiner") == {number}
    data = life.event("join-joiner")["data"]
    assert data["locationId"] == "9a1c5f0e-5f0e-4f5b-8a55-0a3e0c1d2b3f"
    assert data["activationState"] == "activated"
    assert (data["pool"], data["userPrincipalName"]) == ("seattle", person("joiner"))
    assert data["assignmentTargetId"] == people.object_id(person("joiner"))


def test_a_joiner_who_has_a_number_of_the_pool_keeps_it(life: Life) -> None:
    number = joined(life, "again")
    event = life.event(life.send_wish(requestId="join-again-2", userPrincipalName=person("again"), pool="seattle"))
    assert event["data"]["telephoneNumber"] == number
    assert held(life, "again") == {number}


def test_a_leaver_s_number_is_free_again(life: Life) -> None:
    number = joined(life, "leaver")
    event = life.event(life.send_wish(requestId="leave", action="unassign", userPrincipalName=person("leaver")))
    assert event["type"] == "TeamsPhone.NumberUnassignment.Succeeded"
    assert event["data"]["unassignedNumbers"] == [number]
    assert held(life, "leaver") == set()


def test_a_mover_s_old_number_makes_room_for_one_of_the_new_place(life: Life) -> None:
    old = joined(life, "mover")
    event = life.event(
        life.send_wish(requestId="move", userPrincipalName=person("mover"), pool="berlin", existingNumber="replace")
    )
    assert event["type"] == "TeamsPhone.NumberAssignment.Succeeded"
    assert event["data"]["telephoneNumber"].startswith("+493012345")
    assert event["data"]["unassignedNumbers"] == [old]
    assert held(life, "mover") == {event["data"]["telephoneNumber"]}


def test_without_replace_nothing_is_overwritten(life: Life) -> None:
    old = joined(life, "stays")
    event = life.event(life.send_wish(requestId="second", userPrincipalName=person("stays"), pool="berlin"))
    assert event["data"]["error"]["code"] == "userHasNumber"
    assert held(life, "stays") == {old}


def test_an_emergency_location_is_updated_and_read_back(life: Life) -> None:
    number = joined(life, "safe")
    fields = {"action": "update", "telephoneNumber": number, "locationId": "new-location"}
    event = life.event(life.send_wish(requestId="update", userPrincipalName=person("safe"), **fields))
    assert event["type"] == "TeamsPhone.NumberUpdate.Succeeded"
    assert event["data"]["locationId"] == "new-location"


def test_a_dry_run_of_each_wish_says_what_it_would_do_and_does_nothing(life: Life) -> None:
    number = joined(life, "dry")
    time.sleep(1)  # the app may use a reading that is a tenth of LIST_LAG_SECONDS old
    who = {"userPrincipalName": person("dry"), "dryRun": True}
    wishes = {
        "dry-leave": ({"action": "unassign"}, f"would unassign {number}"),
        "dry-move": ({"pool": "berlin", "existingNumber": "replace"}, f"would unassign {number} and assign +4930"),
        "dry-update": (
            {"action": "update", "telephoneNumber": number, "locationId": "x"},
            f"would set the emergency location of {number} to x",
        ),
    }
    for request_id, (fields, said) in wishes.items():
        event = life.event(life.send_wish(requestId=request_id, **who, **fields))
        assert event["type"].endswith(".Validated")
        assert said in event["data"]["note"]
    newcomer = life.send_wish(requestId="dry-join", userPrincipalName=person("nobody-yet"), pool="berlin", dryRun=True)
    assert "free numbers of pool berlin" in life.event(newcomer)["data"]["note"]
    assert held(life, "dry") == {number}


def test_not_before_waits(life: Life) -> None:
    due = datetime.now(UTC) + timedelta(seconds=8)
    fields = {"userPrincipalName": person("later"), "pool": "seattle", "notBefore": due.isoformat()}
    event = life.event(life.send_wish(requestId="later", **fields))
    assert event["type"].endswith(".Succeeded")
    assert datetime.fromisoformat(event["data"]["submittedAt"]) >= due


def test_the_same_wish_twice_is_one_event(life: Life) -> None:
    fields = {"requestId": "twice", "userPrincipalName": person("twice"), "pool": "seattle"}
    life.send_wish(**fields)
    life.send_wish(**fields)
    first, second = life.events("twice", 2)[:2]
    assert first["id"] == second["id"]
    assert len(held(life, "twice")) == 1


def test_an_empty_pool_is_waited_for_until_a_number_is_free(life: Life) -> None:
    request_id = life.send_wish(requestId="patient", userPrincipalName=person("patient"), pool="full")
    until(lambda: life.log("request.deferred", requestId=request_id, reason="poolEmpty"))
    life.move(FULL, None)
    event = life.event(request_id)
    assert event["data"]["telephoneNumber"] == FULL
    assert held(life, "patient") == {FULL}


def test_each_pick_says_how_many_numbers_the_pool_has_left(life: Life) -> None:
    joined(life, "joiner")
    levels = life.log("pool.level", pool="seattle")
    assert levels
    assert all(0 < line["free"] <= 20 and line["lowWater"] == 5 for line in levels)


def test_an_unknown_pool_is_rejected_by_name(life: Life) -> None:
    event = life.event(life.send_wish(requestId="no-pool", userPrincipalName=person("lost"), pool="atlantis"))
    assert event["type"].endswith(".Rejected")
    assert "there are: berlin, full, seattle" in event["data"]["error"]["message"]
