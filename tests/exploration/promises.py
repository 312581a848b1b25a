"""What holds in every state, whatever happened: each check returns the promise that a move breaks, in words, or None."""

import json
from typing import Any

from tests.exploration.rooms import Posted
from tests.exploration.state import Item, State, Wish, World
from tests.exploration.tenant import LAG

#: How the numbers of the pool begin.
POOL = "+1206"


def wish_of(world: World, owner: str) -> Wish:
    """Return whose a message is: its name begins with its wish."""
    return world.wishes[int(owner.partition("-")[0])]


def nobody_robbed(world: World, owner: str, action: str, before: State, after: State) -> str | None:
    """Nobody loses a number but the person whom the request names, who was to lose it."""
    wish = wish_of(world, owner)
    takes = action == "unassign"
    for was, now in zip(before.numbers, after.numbers, strict=True):
        if was.holder is None or was.holder == now.holder:
            continue
        named = was.holder == wish.person and wish.fields.get("telephoneNumber", was.name) == was.name
        replaced = was.holder == wish.person and wish.fields.get("existingNumber") == "replace"
        if was.moved is None and not (takes and (named or replaced)):
            return f"nobody loses a number who was not named: {was.name[-2:]} was {was.holder[:4]}'s"
    return None


def one_of_a_pool(before: State, after: State) -> str | None:
    """No person gets a second number of the pool."""
    had = [number.holder for number in before.numbers if number.name.startswith(POOL)]
    has = [number.holder for number in after.numbers if number.name.startswith(POOL)]
    for holder in set(has) - {None}:
        if has.count(holder) > max(1, had.count(holder)):
            return f"no person holds two numbers of a pool: {str(holder)[:4]} does"
    return None


def order_is_the_stored_one(world: World, owner: str, order: Posted, state: State) -> str | None:
    """An order is stored before it is sent, and never another while an earlier one of the request may run."""
    item = next((item for item in state.items if item.name == owner), None)
    if item is not None and world.orders_stored:
        stored = json.loads(item.text).get("order") or {}
        if (stored.get("action"), stored.get("telephoneNumber")) != (order.action, order.number):
            return "an order is stored before it is sent"
    for running in state.operations:
        if running.owner != owner or running.status != "running":
            continue
        fails = running.action == "assign" and state.number(running.number).holder not in {None, running.person}
        if (running.action, running.number) != (order.action, order.number) and not fails:
            return f"no other order while {running.action} {running.number[-2:]} may run"
    return None


def told_once(owner: str, event: str, state: State) -> str | None:
    """A request that is told twice is told the same."""
    if any(whose == owner and before != event for whose, before, _ in state.told):
        return "a request ends once: its second event has another id"
    return None


def success_was_read(world: World, owner: str, text: str, state: State) -> str | None:
    """A success was so in Graph, not longer ago than its list lags."""
    told: dict[str, Any] = json.loads(text)
    verdict = told.get("verdict") or told.get("data")
    outcome = verdict.get("outcome") or told["type"].rpartition(".")[2]
    if str(outcome).lower() != "succeeded":
        return None
    wish = wish_of(world, owner)
    now = {number.name: [(number.holder, number.location)] for number in state.numbers}
    for number in state.numbers:
        now[number.name] += [(holder, location) for holder, location, ended in number.past if ended + LAG >= state.tick]
    action = wish.fields.get("action", "assign")
    if action == "unassign":
        gone = verdict.get("unassignedNumbers") or ()
        left = [name for name in gone if all(holder == wish.person for holder, _ in now[name])]
        return f"a success was read: {left} is the person's" if left else None
    number = verdict.get("telephoneNumber")
    location = wish.fields.get("locationId")
    if any(holder == wish.person and location in {None, where} for holder, where in now.get(number, ())):
        return None
    return f"a success was read: {number} was not so"


def end_is_asked_for(world: World, state: State) -> str | None:
    """At the end nobody has a number, or is without one, but those for whom a request asked for that."""
    if world.budget.moves:
        return None
    for number in state.numbers:
        was, now = world.numbers[number.name], number.holder
        if was == now:
            continue
        gave = [wish for wish in world.wishes if wish.person == now and wish.fields.get("action") is None]
        if now is not None and not gave:
            return f"{number.name[-2:]} is {now[:4]}'s: nobody asked for that"
        took = [wish for wish in world.wishes if wish.person == was and _takes(wish)]
        if was is not None and not took:
            return f"{number.name[-2:]} is not {was[:4]}'s any more: nobody asked for that"
    for index, wish in enumerate(world.wishes):
        alone = sum(other.person == wish.person for other in world.wishes) == 1
        ends = {outcome for owner, _, outcome in state.told if owner.startswith(f"{index}-")}
        held = [number for number in state.numbers if number.holder == wish.person]
        assigns = wish.fields.get("action") is None
        if alone and assigns and ends == {"Succeeded"} and len(held) != 1:
            return f"{wish.person}'s request succeeded, and the person holds {len(held)} numbers"
        if alone and ends == {"Succeeded"} and wish.fields.get("action") == "unassign":
            named = wish.fields.get("telephoneNumber")
            if any(named in {None, number.name} for number in held):
                return "a leaver's request succeeded, and the person has the number"
        if not ends:
            return f"request {index} has no event"
    return None


def _takes(wish: Wish) -> bool:
    return wish.fields.get("action") == "unassign" or wish.fields.get("existingNumber") == "replace"


def newly_judged(items: tuple[Item, ...], owner: str, text: str) -> bool:
    """Say whether a text holds a verdict that the item did not have."""
    before = next((item.text for item in items if item.name == owner), "{}")
    return json.loads(text).get("verdict") is not None and json.loads(before).get("verdict") is None
