"""The loop puts each question to the right part of the world, and says no more when its time is over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from teams_numbers import failures
from teams_numbers.answers import EXPIRED, Accepted, Denied, Done, Operation, Person, Refused, Throttled, Unclear
from teams_numbers.contracts import Action
from teams_numbers.look import TURN_SECONDS
from teams_numbers.loop import body_of, look_at
from teams_numbers.questions import Busy, Claim, Claimed, Decision, Defer, Follow, Reading
from teams_numbers.settings import Settings
from teams_numbers.work_item import WorkItem
from tests.looking import ALL, UPN, followed, free, held, order, ordered
from tests.values import NOW, NUMBER, OPERATION_URL, USER, NoJitter, settings, work_item

if TYPE_CHECKING:
    from teams_numbers.services import Services

POOLS = settings(NUMBER_POOLS='{"seattle": {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}]}}')


@dataclass
class World:
    """Writes down what it is asked, and answers; it is the room as well."""

    answers: dict[str, Any] = field(default_factory=dict)
    sets: Settings = ALL
    careful: bool = True
    seconds: float = 0.0
    heard: list[tuple[Any, ...]] = field(default_factory=list)

    def _heard(self, *asked: Any) -> Any:
        self.heard.append(asked)
        self.seconds += 1
        return self.answers.get(asked[0])

    def _asked(self, name: str) -> Callable[..., Any]:
        return lambda *values, **named: self._heard(name, *values, *named.items())

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def claim(self, claim: Claim) -> Claimed | Busy:
        return cast("Claimed | Busy", self._heard("claim", claim.numbers))

    def brake(self) -> bool:
        return bool(self._heard("brake"))

    def not_sent(self) -> None:
        self._heard("not_sent")

    def store(self, item: WorkItem) -> None:
        self._heard("store", item.order and item.order.action)

    def look(self, item: WorkItem, ends: float = float("inf")) -> Decision:
        parts = {
            "inventory": SimpleNamespace(
                number=self._asked("number"), person=self._asked("person"), pool=self._asked("pool")
            ),
            "people": SimpleNamespace(find=self._asked("find")),
            "graph": SimpleNamespace(operation=self._asked("operation"), order=self._asked("order")),
        }
        services = SimpleNamespace(settings=self.sets, rng=NoJitter(), clock=self, **parts)
        return look_at(item, cast("Services", services), self, ends)


def test_each_question_goes_to_the_part_of_the_world_that_knows() -> None:
    known = {
        "find": Person(USER),
        "number": Reading(NOW, (free(),)),
        "person": Reading(NOW, ()),
        "order": Accepted(OPERATION_URL, "g"),
    }
    world = World(known)
    decision = world.look(work_item(fields=UPN))
    assert isinstance(decision, Follow)
    recent = timedelta(seconds=30)
    at = [NOW + timedelta(seconds=second) for second in range(9)]
    body = {
        "telephoneNumber": NUMBER,
        "numberType": "callingPlan",
        "assignmentTargetId": USER,
        "assignmentCategory": "primary",
    }
    assert world.heard == [
        ("find", "anna@contoso.example"),
        ("number", NUMBER, at[1] - recent, ("alone", False)),
        ("person", USER, at[2] - recent),
        ("store", "assign"),
        ("order", "assign", body, ("expires", NOW + recent + timedelta(seconds=TURN_SECONDS))),
    ]
    assert decision.item.order is not None
    assert (decision.item.order.sent_at, decision.item.submitted_at) == (at[3], at[5])


def test_an_unassignment_is_claimed_braked_stored_and_sent_before_it_expires() -> None:
    known = {
        "number": Reading(NOW, (held(),)),
        "claim": Claimed(),
        "brake": True,
        "order": Accepted(OPERATION_URL, "g"),
    }
    world = World(known)
    decision = world.look(work_item(fields={"action": "unassign", "numberType": None}))
    assert decision.item.order is not None
    assert decision.item.order.sent_at == NOW + timedelta(seconds=3)
    assert [heard[0] for heard in world.heard] == ["number", "claim", "brake", "store", "order"]
    body = {"telephoneNumber": NUMBER, "numberType": "callingPlan"}
    assert world.heard[0][-1] == ("alone", True)
    assert world.heard[-1] == ("order", "unassign", body, ("expires", NOW + timedelta(seconds=5)))


def test_a_pool_is_read_and_an_operation_asked() -> None:
    world = World({"person": Reading(NOW, ()), "pool": Reading(NOW, ())}, POOLS)
    world.look(work_item(fields={"telephoneNumber": None, "numberType": None, "pool": "seattle"}))
    assert world.heard[1][:2] == ("pool", "seattle")
    assert world.heard[1][2] == NOW + timedelta(seconds=1 - 300)
    world = World({"number": Reading(NOW, (free(),)), "operation": Operation("running", None, "g")})
    world.look(ordered(followed()))
    assert world.heard[1] == ("operation", OPERATION_URL)


def test_this_room_says_whether_it_may_order_what_can_hurt() -> None:
    world = World({"number": Reading(NOW, (held(),))}, careful=False)
    decision = world.look(work_item(fields={"action": "unassign", "numberType": None}))
    assert isinstance(decision, Defer)
    assert decision.reason == "handedOver"


def test_when_the_time_is_over_graph_is_asked_nothing_and_the_item_stays_as_it_was() -> None:
    world = World({"number": Reading(NOW, (free(),)), "person": Reading(NOW, ())})
    decision = world.look(work_item(), ends=2)
    assert isinstance(decision, Defer)
    assert (decision.reason, decision.after) == ("outOfTime", 0.0)
    assert [heard[0] for heard in world.heard] == ["number", "person", "not_sent"]
    assert decision.item.order is None
    world = World()
    assert not world.look(work_item(), ends=0).item.touched
    assert not world.heard, "a reading is no order"


def test_what_needs_no_call_to_graph_is_answered_when_the_time_is_over() -> None:
    world = World({"number": Reading(NOW, (held(),)), "claim": Claimed(), "brake": True})
    decision = world.look(work_item(fields={"action": "unassign", "numberType": None}), ends=1)
    assert isinstance(decision, Defer)
    assert decision.reason == "outOfTime"
    assert [heard[0] for heard in world.heard] == ["number", "claim", "brake", "not_sent"]


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (Accepted(OPERATION_URL, "g"), True),
        (Refused(400, "BadRequest", "Not now.", None), True),
        (Unclear("ReadTimeout"), True),
        (Throttled(20, sent=True), True),
        (Throttled(20, sent=False), False),
        (Unclear(EXPIRED, sent=False), False),
        (Denied(403, failures.NO_TOKEN, "", None), False),
    ],
)
def test_the_room_is_told_of_an_order_that_was_not_sent(answer: object, *, sent: bool) -> None:
    """What the brake had counted for it stopped real ones."""
    world = World({"number": Reading(NOW, (held(),)), "claim": Claimed(), "brake": True, "order": answer})
    world.look(work_item(fields={"action": "unassign", "numberType": None}))
    assert ("not_sent" in [heard[0] for heard in world.heard]) is not sent


def test_graph_is_sent_what_the_order_says_and_nothing_that_it_does_not() -> None:
    full = order(location_id="loc-1", assignment_category="private")
    assert body_of(full) == {
        "telephoneNumber": NUMBER,
        "numberType": "callingPlan",
        "assignmentTargetId": USER,
        "assignmentCategory": "private",
        "locationId": "loc-1",
    }
    assert body_of(full.model_copy(update={"action": Action.UNASSIGN})) == {
        "telephoneNumber": NUMBER,
        "numberType": "callingPlan",
    }
    assert body_of(full.model_copy(update={"action": Action.UPDATE})) == {
        "telephoneNumber": NUMBER,
        "locationId": "loc-1",
    }
    assert "locationId" not in body_of(order())


def test_an_update_that_is_done_at_once_is_followed() -> None:
    known = {"number": Reading(NOW, (held(location_id="loc-2"),)), "claim": Claimed(), "order": Done("g")}
    world = World(known)
    update = {"action": "update", "numberType": None, "locationId": "loc-1"}
    assert isinstance(world.look(work_item(fields=update)), Follow)
    assert world.heard[-1] == (
        "order",
        "update",
        {"telephoneNumber": NUMBER, "locationId": "loc-1"},
        ("expires", NOW + settings().recent + timedelta(seconds=TURN_SECONDS)),
    )
