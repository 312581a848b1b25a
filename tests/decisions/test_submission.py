"""One delivery in the in-box: rejected, ended, ordered or handed over; nothing is decided where the storage fails."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from assign_number.submission import handle
from teams_numbers.answers import Accepted, Unclear
from teams_numbers.questions import Reading
from teams_numbers.work_item import WorkItem
from tests.looking import ALL, free, held
from tests.values import NOW, NUMBER, OPERATION_URL, USER, NoJitter, envelope, message

if TYPE_CHECKING:
    from teams_numbers.services import Services


@dataclass
class World:
    """Graph and the queues, as far as the in-box meets them; writes down what happens, in order."""

    number: Any = None
    answer: Any = None
    happened: list[tuple[Any, ...]] = field(default_factory=list)

    def _note(self, name: str) -> Any:
        return lambda *values: self.happened.append((name, *values))

    def _order(self, action: str, body: dict[str, str], **_: Any) -> Any:
        self.happened.append(("order", action, body["telephoneNumber"]))
        return self.answer or Accepted(OPERATION_URL, "g")

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    def deliver(self, body: Any, **about: Any) -> list[str]:
        """Deliver a message; return what happened, by name."""
        queues = {
            "operations": SimpleNamespace(send=self._note("work list")),
            "events": SimpleNamespace(send=self._note("event")),
            "requests": SimpleNamespace(set_aside=self._note("aside")),
        }
        reading = Reading(NOW, (self.number,) if self.number else ())
        parts = {
            "inventory": SimpleNamespace(number=lambda *_, **__: reading, person=lambda *_: Reading(NOW, ())),
            "graph": SimpleNamespace(order=self._order),
            "queues": SimpleNamespace(**queues),
        }
        services = SimpleNamespace(settings=ALL, rng=NoJitter(), clock=self, **parts)
        handle(envelope(body, **about), cast("Services", services))
        return [what[0] for what in self.happened]

    @property
    def event(self) -> dict[str, Any]:
        """The one event that was sent."""
        (sent,) = [what[1] for what in self.happened if what[0] == "event"]
        told: dict[str, Any] = json.loads(sent)
        return told

    @property
    def item(self) -> WorkItem:
        """The one item that was put on the work list."""
        (sent,) = [what[1] for what in self.happened if what[0] == "work list"]
        return WorkItem.model_validate_json(sent)


def logged(caplog: pytest.LogCaptureFixture, name: str) -> dict[str, Any]:
    """Return the one line of the log that has this name, with its level."""
    lines = [(json.loads(line.getMessage()), line.levelname) for line in caplog.records if line.name == "teams_numbers"]
    found: dict[str, Any]
    (found,) = [said | {"level": level} for said, level in lines if said["name"] == name]
    return found


def test_a_first_assignment_by_number_is_ordered_and_then_followed_on_the_work_list(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    with caplog.at_level(logging.INFO):
        assert world.deliver(message(requestId="r-1"), inserted_at=NOW - timedelta(seconds=7)) == ["order", "work list"]
    assert world.happened[1][2] == 15
    assert world.item.order is not None
    assert world.item.order.operation_url == OPERATION_URL
    assert world.item.received_at == NOW - timedelta(seconds=7)
    assert logged(caplog, "order.submitted")["requestId"] == "r-1"


def test_what_cannot_be_ordered_now_waits_on_the_work_list() -> None:
    world = World(answer=Unclear("status 500"))
    assert world.deliver(message()) == ["order", "work list"]
    assert world.happened[1][2] == 15
    assert world.item.waits_for == "unclear"


def test_a_wish_that_holds_ends_with_its_event() -> None:
    world = World(held())
    assert world.deliver(message()) == ["event"]
    assert world.event["type"] == "TeamsPhone.NumberAssignment.Succeeded"


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({}, {"deliveries": 2}),
        ({"notBefore": (NOW + timedelta(seconds=1)).isoformat()}, {}),
        ({"existingNumber": "replace"}, {}),
        ({"telephoneNumber": None, "numberType": None, "pool": "seattle"}, {}),
        ({"action": "unassign", "numberType": None}, {}),
        ({"action": "update", "numberType": None, "locationId": "loc-1"}, {}),
        ({"action": "unassign", "numberType": None, "dryRun": True}, {}),
    ],
)
def test_everything_else_is_handed_over_without_a_call_to_graph(
    fields: dict[str, Any], about: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    with caplog.at_level(logging.INFO):
        assert world.deliver(message(requestId="r-1", **fields), **about) == ["work list"]
    assert len(world.happened[0]) == 2
    assert (world.item.request.request_id, world.item.received_at, world.item.order) == ("r-1", NOW, None)
    line = logged(caplog, "request.handed_over")
    assert (line["requestId"], line["action"]) == ("r-1", fields.get("action", "assign"))
    assert line["deliveries"] == about.get("deliveries", 1)


@pytest.mark.parametrize("fields", [{"notBefore": NOW.isoformat()}, {"notBefore": "2026-03-01T08:00:00Z"}])
def test_a_moment_that_has_come_is_no_reason_to_wait(fields: dict[str, Any]) -> None:
    assert World().deliver(message(**fields)) == ["order", "work list"]


def test_a_dry_run_is_answered_at_once_whenever_it_is_for() -> None:
    world = World(free())
    later = (NOW + timedelta(hours=2)).isoformat()
    assert world.deliver(message(dryRun=True, notBefore=later)) == ["event"]
    assert world.event["type"] == "TeamsPhone.NumberAssignment.Validated"


def test_an_order_that_can_hurt_is_handed_over_when_the_look_comes_to_it() -> None:
    """The number is the person's; its location must be updated, which only the work list does."""
    world = World(held(location_id="loc-2"))
    assert world.deliver(message(locationId="loc-1")) == ["work list"]
    assert world.happened[0][2] == 0
    assert (world.item.waits, world.item.waits_for) == (0, None)


def test_what_is_no_request_is_told_first_and_then_set_aside_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    body = message(requestId="r-7", numberType="mobile", context={"ticket": 1}, shoeSize=9)
    with caplog.at_level(logging.INFO):
        assert world.deliver(body) == ["event", "aside"]
    assert world.happened[1][1] == json.dumps(body)
    event = world.event
    assert event["type"] == "TeamsPhone.NumberAssignment.Rejected"
    assert event["subject"] == "r-7"
    data = event["data"]
    assert (data["attempts"], data["telephoneNumber"], data["assignmentTargetId"]) == (1, NUMBER, USER)
    assert (data["receivedAt"], data["completedAt"], data["context"]) == (
        "2026-03-02T08:00:00Z",
        "2026-03-02T08:00:00Z",
        {"ticket": 1},
    )
    assert data["error"]["code"] == "invalidRequest"
    assert "numberType: must be one of" in data["error"]["message"]
    assert data["error"]["advice"]
    line = logged(caplog, "request.set_aside")
    assert (line["level"], line["requestId"], line["reason"]) == ("WARNING", "r-7", "invalidRequest")
    assert line["fields"] == ["(unknown)", "numberType"]


@pytest.mark.parametrize(
    ("action", "kind"),
    [("unassign", "NumberUnassignment"), ("update", "NumberUpdate"), ("dance", "NumberAssignment")],
)
def test_a_rejection_is_told_under_the_action_that_was_asked_for(action: str, kind: str) -> None:
    world = World()
    world.deliver({"action": action})
    assert world.event["type"] == f"TeamsPhone.{kind}.Rejected"


def test_the_same_wrong_message_makes_the_same_event_and_another_one_another() -> None:
    first, again, other = World(), World(), World()
    first.deliver({"action": "unassign"})
    again.deliver({"action": "unassign"})
    other.deliver({"action": "update"})
    assert first.event["id"] == again.event["id"] != other.event["id"]


def test_where_the_storage_fails_nothing_is_decided_and_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    world = World(number=7)
    with caplog.at_level(logging.INFO), pytest.raises(AttributeError):
        world.deliver(message(requestId="r-1"))
    assert world.happened == []
    line = logged(caplog, "unforeseen")
    assert (line["level"], line["where"], line["requestId"]) == ("ERROR", "assign_number", "r-1")
    assert line["error"] == "AttributeError"
