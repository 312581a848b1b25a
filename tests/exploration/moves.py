"""All that may happen next in a state: the app's next steps, Graph's, the queues', a crash, an admin, time."""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from azure.core.exceptions import AzureError

from teams_numbers.answers import Accepted
from teams_numbers.in_flight import InFlight
from teams_numbers.questions import Poll, ReadNumber, ReadPerson, ReadPool
from teams_numbers.queues import Message
from tests.exploration import environment, promises, tenant
from tests.exploration.effects import (
    TICK,
    Delete,
    Effect,
    Failure,
    Length,
    Noted,
    Posted,
    Put,
    Replace,
    Returned,
    at,
)
from tests.exploration.flight import Flights
from tests.exploration.rooms import Beginning, Look, Rooms
from tests.exploration.state import Delivery, Item, Move, Number, State, World
from tests.values import settings

MODEL: dict[str, Any] = {
    "FIRST_POLL_SECONDS": TICK,
    "MAX_POLL_SECONDS": TICK,
    "WAIT_SECONDS": str(TICK),
    "POLL_BUDGET_SECONDS": TICK / 1.25,
    "ACTIONS": "assign,unassign,update",
    "NUMBER_POOLS": '{"seattle": {"numberType": "directRouting", "numbers": [{"startsWith": "+1206"}]}}',
}


STORAGE_FAILS = Failure(AzureError("the queue service"))
#: No world lasts longer, in ticks.
LAST = 60


class Moves:
    """The moves of one world.

    Args:
        world: what may happen.
        make_in_flight: makes the memory of a process.
    """

    def __init__(self, world: World, make_in_flight: Any = InFlight) -> None:
        self.world = world
        # An order that still runs after CONFIRM_SECONDS less LIST_LAG_SECONDS is none of the model's.
        times = {
            "LIST_LAG_SECONDS": world.lag * TICK,
            "CONFIRM_SECONDS": (world.runs + world.lag + 1) * TICK,
            "REQUEST_DEADLINE_HOURS": world.deadline * TICK / 3600,
        }
        self.settings = settings(**MODEL | times | world.settings)
        self._rooms = Rooms(self.settings)
        self._flights = Flights(self.settings, make_in_flight)
        self._texts = [json.dumps({"requestId": f"r{index}"} | wish.fields) for index, wish in enumerate(world.wishes)]
        self._unforeseen: str | None = None
        self._lease = round(self.settings.lease_seconds / TICK)

    def first(self) -> State:
        """Return the state in which everything begins: a process that knows all, and nothing sent."""
        numbers = tuple(Number(name, holder) for name, holder in self.world.numbers.items())
        to_come = tuple((index, copy) for index, wish in enumerate(self.world.wishes) for copy in range(wish.copies))
        flight = self._flights.started(0)._replace(knows_all=True, all_due_at=0)
        return State(0, numbers, (), to_come, (), (), (), flight, frozenset(), 0, 0, self.world.budget)

    def of(self, state: State) -> Iterator[Move]:
        """Yield every move."""
        if state.over:
            return
        yield from self._arrivals(state)
        yield from self._receives(state)
        for look in state.looks:
            yield from self._steps(state, look)
        for which, operation in enumerate(state.operations):
            if operation.status == "running":
                for said, after in tenant.ends(state, self.world, which):
                    broken = promises.nobody_robbed(self.world, operation.owner, operation.action, state, after)
                    yield Move((said,), after, broken or promises.one_of_a_pool(state, after))
        starts = self._flights.started(state.tick)
        yield from environment.crashes(state, starts)
        if state.budget.moves:
            yield from environment.admin(state, self.world)
        allowed = self.settings.unassign_per_day
        yield from environment.limit_raised(state, self.world, allowed)
        yield from environment.time_passes(state, self.world, LAST, allowed)

    def _arrivals(self, state: State) -> Iterator[Move]:
        for index, copy in state.to_come:
            wish = self.world.wishes[index]
            if state.tick >= wish.earliest and (index, copy - 1) not in state.to_come:
                new = Delivery(f"{index}-{copy}", index, 0, state.tick, state.tick)
                left = tuple(one for one in state.to_come if one != (index, copy))
                yield Move(("request", new.name, "is sent"), state._replace(to_come=left, box=(*state.box, new)))

    def _receives(self, state: State) -> Iterator[Move]:
        """The in-box delivers, and the poller takes what is due, one or two items at a time, or finds nothing due."""
        if sum(look.room == "box" for look in state.looks) < self.world.boxes:
            for which, one in enumerate(state.box):
                if one.visible is not None and one.visible <= state.tick:
                    held = one._replace(deliveries=one.deliveries + 1, visible=None)
                    text = self._texts[one.wish]
                    look = self._rooms.begin(
                        Beginning("box", one.name, text, held.deliveries, one.inserted, state.tick)
                    )
                    box = (*state.box[:which], held, *state.box[which + 1 :])
                    yield Move(("in-box delivers", one.name), self._on(state._replace(box=box), look, new=True))
        room = self.world.workers - sum(look.room == "list" for look in state.looks)
        due = [item for item in state.items if item.visible <= state.tick]
        for most in range(1, room + 1):
            for batch in combinations(due, most):
                yield Move(("poller takes", *(item.name for item in batch)), self._taken(state, batch))
        if not state.flight.knows_all and not due and not any(look.room == "list" for look in state.looks):
            learned = self._learned(state, ())
            if learned != state.flight:
                yield Move(("poller finds nothing due",), state._replace(flight=learned))

    def _taken(self, state: State, batch: tuple[Item, ...]) -> State:
        until = state.tick + self._lease
        items = tuple(item._replace(visible=until) if item in batch else item for item in state.items)
        state = state._replace(items=items, flight=self._learned(state, batch))
        for item in batch:
            look = self._rooms.begin(Beginning("list", item.name, item.text, 1, item.inserted, state.tick))
            state = self._on(state, look, new=True)
        return state

    def _learned(self, state: State, batch: tuple[Item, ...]) -> Any:
        """Let the poller learn what is in flight, as it does in a process that has just started."""
        messages = [Message(item.name, "", 1, at(item.inserted), item.text) for item in batch]
        return self._flights.learned(state.flight, state.tick, messages, len(state.items))

    def _on(self, state: State, look: Look, *, new: bool = False) -> State:
        """Let a look go on until it asks somebody else, or is over; what happens within a process takes no time."""
        others = (
            state.looks if new else tuple(one for one in state.looks if one.name != look.name or one.room != look.room)
        )
        flight = state.flight
        while isinstance(effect := look.next, Noted):
            answer, flight = self._flights.call(flight, state.tick, effect.method, effect.args)
            look = self._rooms.told(look, answer, state.tick)
        self._unforeseen = None if look.foreseen else "no exception that nobody foresaw"
        over = isinstance(effect, Returned) and look.room == "list"
        looks = others if over else tuple(sorted((*others, look), key=lambda one: (one.room, one.name)))
        return self._kept(state._replace(looks=looks, flight=flight))

    def _kept(self, state: State) -> State:
        """Return the state without operations that ended and that nobody asks for any more."""
        if not any(operation.status != "running" for operation in state.operations):
            return state
        said = "\n".join([item.text for item in state.items] + [look.text for look in state.looks])
        told = {
            answer.operation_url for look in state.looks for _, answer, _ in look.answers if type(answer) is Accepted
        }
        kept = tuple(one for one in state.operations if one.status == "running" or one.url in told or one.url in said)
        return state._replace(operations=kept)

    def _steps(self, state: State, look: Look) -> Iterator[Move]:
        effect = look.next
        if isinstance(effect, Returned):
            yield self._handled(state, look, effect)
            return
        for said, answer, after, broken in self._outcomes(state, look, effect):
            yield Move(
                (look.room, look.name, said), self._on(after, self._rooms.told(look, answer, state.tick)), broken
            )

    def _handled(self, state: State, look: Look, returned: Returned) -> Move:
        """The host deletes a message that was handled, and delivers one again whose function failed."""
        left = tuple(one for one in state.looks if one is not look)
        box = tuple(one for one in state.box if one.name != look.name)
        if returned.result == "failed":
            box = tuple(one._replace(visible=state.tick + 1) if one.name == look.name else one for one in state.box)
        return Move(("in-box", returned.result, look.name), self._kept(state._replace(looks=left, box=box)))

    def _outcomes(self, state: State, look: Look, effect: Effect) -> Iterator[tuple[str, Any, State, str | None]]:
        """Yield what a look may be told, with the state after it and what that breaks."""
        match effect:
            case ReadNumber() | ReadPerson() | ReadPool():
                if (known := tenant.remembered(look, effect)) is not None:
                    yield "remembers", known, state, None
                    return
                for said, answer, after in tenant.read(state, self.world, effect):
                    yield said, answer, after, None
            case Poll():
                for said, answer, after in tenant.asked(state, effect):
                    yield said, answer, after, None
            case Posted():
                wrong = promises.order_is_the_stored_one(self.world, look.name, effect, state)
                for said, answer, after in tenant.posted(state, self.world, look.name, effect):
                    most = self.settings.unassign_per_day
                    braked = f"at most {most} unassignments a day" if after.sent > most else None
                    yield said, answer, after, wrong or braked
            case Length():
                yield "counts", state.unassigned, state, None
            case Put() | Replace() | Delete():
                yield from self._stored(state, look, effect)

    def _stored(
        self, state: State, look: Look, effect: Put | Replace | Delete
    ) -> Iterator[tuple[str, Any, State, str | None]]:
        after, said, broken = state, "", None
        match effect:
            case Delete():
                said, after = "deletes", state._replace(items=tuple(i for i in state.items if i.name != look.name))
            case Replace(text, seconds):
                until = state.tick + max(0, -int(-seconds // TICK))
                items = tuple(i._replace(text=text, visible=until) if i.name == look.name else i for i in state.items)
                said, after = "stores", state._replace(items=items)
                if promises.newly_judged(state.items, look.name, text):
                    broken = promises.success_was_read(self.world, look.name, text, state)
            case Put(queue="operations", text=text, after=seconds):
                name = f"{look.name}-{look.deliveries}"
                item = Item(name, text, state.tick, state.tick - int(-seconds // TICK))
                said, after = "hands over", state._replace(items=tuple(sorted((*state.items, item))))
            case Put(queue="events", text=text):
                said, after, broken = self._told(state, look, text)
            case Put(queue="unassignments"):
                said, after = "counts one more", state._replace(unassigned=state.unassigned + 1)
            case Put():
                said, broken = "sets aside", "nothing readable is set aside"
        yield said, None, after, broken
        if state.budget.storage:
            left = state.budget.less("storage")
            yield f"{said}, the answer is lost", STORAGE_FAILS, after._replace(budget=left), broken
            yield f"{said}: storage fails", STORAGE_FAILS, state._replace(budget=left), None

    def _told(self, state: State, look: Look, text: str) -> tuple[str, State, str | None]:
        event = json.loads(text)
        outcome = event["type"].rpartition(".")[2]
        owner = look.name if look.room == "list" else f"{look.name}-{look.deliveries}"
        broken = promises.told_once(owner, event["id"], state)
        if look.room == "box":
            broken = broken or promises.success_was_read(self.world, look.name, text, state)
        code = (event["data"].get("error") or {}).get("code", "")
        return f"tells {outcome} {code}", state._replace(told=state.told | {(owner, event["id"], outcome)}), broken
