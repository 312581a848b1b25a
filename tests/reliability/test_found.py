"""What an adversary found in an afternoon: each broken promise as the smallest story that shows it.

What no simulated world can show stands in tests/pipeline: one set of services for a process (test_services.py), a call
within its limits and a run within its lease (test_silence.py), one credential a minute (test_token_storm.py), whatever
bytes Graph sends (test_graph_bodies.py). tests/contracts/test_messages.py holds the bounds of all messages.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from local.graph.texts import CONTACT_OPERATOR
from tests.reliability.stories import (
    FROM_POOL,
    HOUR,
    NUMBER,
    ORDER,
    READ,
    USER,
    Crash,
    Hand,
    dies_after,
    ended,
    failing,
    once,
    ordered,
    reply,
    request,
    tenant,
)
from tests.reliability.transport import ENDPOINT, ORIGIN
from tests.reliability.world import OPERATIONS, POISON, app_settings

SUCCEEDED = {"r": ("Succeeded", None)}


@pytest.mark.parametrize("depth", [1, 32, 33, 199, 254])
def test_a_context_that_is_accepted_is_told_and_a_deeper_one_is_rejected_before_anything_is_ordered(depth: int) -> None:
    """One that was nested 198 deep was ordered, and never heard of again."""
    context: dict[str, Any] = {}
    for _ in range(depth - 1):
        context = {"a": context}
    hand = Hand()
    world = tenant(hand)
    world.send(request(context=context))
    world.run()
    (event,) = world.events()
    if depth > 32:
        assert event["type"].endswith(".Rejected")
        assert ORDER not in hand.seen
    else:
        assert event["type"].endswith(".Succeeded")
        assert event["data"]["context"] == context


@pytest.mark.parametrize("said", ["throttled", "refused", "unclear"])
@pytest.mark.parametrize("fields", [{}, FROM_POOL], ids=["named", "picked"])
def test_an_order_that_a_dead_process_may_have_sent_is_read_before_it_is_repeated(
    fields: dict[str, Any], said: str
) -> None:
    """One unreadable answer after the crash, and the next order was blind: Graph accepted two and three."""
    answers = {
        "throttled": lambda: reply(429, Retry_After="20"),
        "refused": lambda: reply(400, {"error": {"code": "BadRequest", "message": "Not now."}}),
        "unclear": lambda: reply(500),
    }
    hand = Hand()
    hand.rule = dies_after(ORDER)
    world = tenant(hand)
    world.emulator.change({"secondPost": "accepted", "showRunning": False, "readLagSeconds": 60})
    world.send(request(**fields))
    with pytest.raises(Crash):
        world.run()
    world.restart()
    hand.rule = once(READ, *(answers[said]() for _ in range(3)))
    world.run()
    assert ended(world) == SUCCEEDED
    assert list(ordered(world).values()) == [1]


@pytest.mark.parametrize("fields", [{}, FROM_POOL], ids=["named", "picked"])
def test_a_request_that_stands_twice_on_the_work_list_gives_one_number(fields: dict[str, Any]) -> None:
    """It was stored, the answer was lost, and the delivery came again: each copy ordered without reading."""
    hand = Hand()
    hand.rule = failing(f"send {OPERATIONS}", 1, done=True)
    world = tenant(hand)
    world.emulator.change({"secondPost": "accepted", "showRunning": False, "readLagSeconds": 60, "operationSeconds": 5})
    world.send(request(**fields))
    world.run(until=world.clock.now() + timedelta(seconds=61))
    assert len(world.queues.store(OPERATIONS)) == 2
    world.run()
    assert ended(world) == SUCCEEDED
    assert len(ordered(world)) == 1
    if fields:
        assert list(ordered(world).values()) == [1]


def test_a_number_that_is_the_persons_without_the_named_location_gets_it() -> None:
    """It was called a success, and an emergency address stayed silently wrong."""
    world = tenant()
    world.emulator.move(NUMBER, USER)
    world.send(request(locationId="loc-7"))
    world.run()
    (event,) = world.events()
    assert (event["type"].rpartition(".")[2], event["data"]["locationId"]) == ("Succeeded", "loc-7")
    assert world.emulator.stats()["requests"]["update"] == 1


def test_a_number_that_is_the_persons_on_another_line_fails_and_names_both() -> None:
    """It was called a success, and nothing had changed."""
    world = tenant()
    world.emulator.move(NUMBER, USER, "private")
    world.send(request(assignmentCategory="primary"))
    world.run()
    (event,) = world.events()
    assert event["data"]["error"]["code"] == "categoryDiffers"
    assert {"private", "primary"} <= set(event["data"]["error"]["message"].replace(".", "").split())


@pytest.mark.parametrize(
    "answer",
    [
        lambda: reply(400, b'{"error": {"code": "BadReq'),
        lambda: reply(404, b"<html><body>Not Found</body></html>"),
        lambda: reply(408, {"error": {"code": "Timeout", "message": "The request took too long."}}),
        lambda: reply(413, b""),
    ],
    ids=["cut-off", "html", "408", "413"],
)
def test_a_client_error_without_a_readable_reason_ends_no_request(answer: Any) -> None:
    """A gateway's page ended it as Failed for good."""
    hand = Hand()
    hand.rule = once(ORDER, answer())
    world = tenant(hand)
    world.send(request())
    world.run()
    assert ended(world) == SUCCEEDED
    assert ordered(world) == {NUMBER: 1}
    assert READ in hand.seen[hand.seen.index(ORDER) : len(hand.seen) - hand.seen[::-1].index(ORDER)]


def test_an_absurd_retry_after_and_half_a_character_do_no_harm() -> None:
    """The one raised an OverflowError, the other failed a day later, when the event was to be told."""
    hand = Hand()
    refusal = {"error": {"code": "BadRequest", "message": f"{CONTACT_OPERATOR} \ud83d"}}
    dates = ("Wed, 21 Oct 2015 07:28:00 +99999999999999", "99999999999", "-1", "soon")
    hand.rule = once(ORDER, *(reply(429, Retry_After=date) for date in dates), reply(400, refusal))
    world = tenant(hand)
    world.send(request())
    world.run()
    (event,) = world.events()
    assert event["data"]["error"]["code"] == "emergencyAddressByOperator"
    assert world.clock.now() - world.started < timedelta(minutes=30)
    assert not world.unhandled


def test_an_empty_page_that_names_another_one_is_not_the_lists_end() -> None:
    """A number that was the person's read as unlisted, and was ordered again."""
    hand = Hand()
    world = tenant(hand)
    world.emulator.move(NUMBER, USER)
    link = f"{ENDPOINT}/admin/teams/telephoneNumberManagement/numberAssignments?$filter=telephoneNumber%20eq%20'{{}}'"
    elsewhere = link.replace(ORIGIN, "https://graph.evil.example")
    pages = [
        reply(200, {"value": [], "@odata.nextLink": one.format(NUMBER.replace("+", "%2B"))})
        for one in (link, elsewhere)
    ]
    hand.rule = once(READ, *pages)
    world.send(request())
    world.run()
    assert ended(world) == SUCCEEDED
    assert ORDER not in hand.seen


@pytest.mark.parametrize("note", ["delivery", "attempt", "order", "receivedAt", "telephone_number"])
def test_a_caller_can_neither_write_the_apps_notes_nor_its_own_spelling(note: str) -> None:
    """A forged count made a message that the app refused itself, after the order."""
    hand = Hand()
    world = tenant(hand)
    mine = {"telephoneNumber": None, note: NUMBER} if note == "telephone_number" else {note: {"attempt": 1000}}
    world.send(request(**mine))
    world.run()
    (event,) = world.events()
    assert event["type"].endswith(".Rejected")
    assert f"'{note}': unknown field" in event["data"]["error"]["message"]
    assert ORDER not in hand.seen


def test_an_order_is_settled_by_its_number_where_another_graph_is_asked_by_now() -> None:
    """After a change of GRAPH_ENDPOINT each operation was set aside without an event."""
    hand = Hand()
    world = tenant(hand)
    world.emulator.change({"operationSeconds": 40})
    world.send(request())
    world.run(until=world.clock.now() + timedelta(seconds=5))
    other = "https://graph.other.example"
    world.emulator.origins = (ORIGIN, other)
    world.settings = app_settings(GRAPH_ENDPOINT=f"{other}/v1.0")
    world.restart()
    hand.seen.clear()
    world.run()
    assert ended(world) == SUCCEEDED
    assert ordered(world) == {NUMBER: 1}
    assert "GET operation" not in hand.seen
    assert not world.drained(POISON[1])


@pytest.mark.parametrize(("hours", "ends"), [(3, ("Succeeded", None)), (999, ("Failed", "numberWithoutHolder"))])
def test_a_number_assigned_to_nobody_is_waited_for(hours: int, ends: tuple[str, str | None]) -> None:
    """It read as somebody else's for good."""
    hand = Hand()
    world = tenant(hand)
    phantom = {"telephoneNumber": NUMBER, "numberType": "callingPlan", "assignmentStatus": "userAssigned"}
    until = world.clock.now() + hours * HOUR
    hand.rule = lambda step, act: (
        reply(200, {"value": [phantom]}) if step == READ and world.clock.now() < until else act()
    )
    world.send(request())
    world.run()
    assert ended(world) == {"r": ends}


def test_a_pick_whose_operation_is_gone_stays_this_requests_order_where_it_is_refused_as_taken() -> None:
    """The next pick was ordered while the first still ran: Failed, userHasNumber, for a number of its own."""
    hand = Hand()
    world = tenant(hand)
    world.emulator.change({"operationSeconds": 1500, "showRunning": False})
    taken = f"Telephone Number '{NUMBER}' has already been assigned to another user"

    def rule(step: str, act: Callable[[], Any]) -> Any:
        if step == "GET operation":
            return reply(404, {"error": {"code": "NotFound", "message": "The operation is not found."}})
        if step == ORDER and ordered(world):
            hand.rule = lambda now, act: rule(now, act) if now != ORDER else act()
            return reply(400, {"error": {"code": "BadRequest", "message": taken}})
        return act()

    hand.rule = rule
    world.send(request(**FROM_POOL))
    world.run()
    assert ended(world) == SUCCEEDED
    assert list(ordered(world).values()) == [1]
