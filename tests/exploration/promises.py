"""What holds in every state, whatever happened: each check returns the promise that a move breaks, or None."""

import json
from typing import Any

from tests.exploration.effects import Posted
from tests.exploration.state import Item, State, Wish, World

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
        # A mover's old number that an admin gives back is one that the request is to replace.
        given_back = replaced and world.budget.moves and world.numbers[was.name] == was.holder
        if was.moved is None and not (takes and (named or replaced)) and not given_back:
            return f"nobody loses a number who was not named: {was.name[-2:]} was {was.holder[:4]}'s"
    return None


def one_of_a_pool(before: State, after: State) -> str | None:
    """No person gets a second number of the pool, but for what an admin does at the same time."""
    had, has = (
        [number.holder for number in state.numbers if number.name.startswith(POOL) and number.moved is None]
        for state in (before, after)
    )
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
    verdict: dict[str, Any] = told.get("verdict") or told["data"]
    outcome = verdict.get("outcome") or told["type"].rpartition(".")[2]
    if str(outcome).lower() != "succeeded":
        return None
    wish = wish_of(world, owner)
    now = {
        number.name: [(number.holder, number.location)]
        + [(holder, where) for holder, where, ended in number.past if ended + world.lag >= state.tick]
        for number in state.numbers
    }
    action = wish.fields.get("action", "assign")
    if action == "unassign":
        gone = verdict.get("unassignedNumbers") or ()
        left = [name for name in gone if all(holder == wish.person for holder, _ in now[name])]
        if world.budget.moves:  # an admin may have given one back while the next was unassigned
            return None
        return f"a success was read: {left} is the person's" if left else None
    told_of = str(verdict.get("telephoneNumber"))
    location = wish.fields.get("locationId")
    if any(holder == wish.person and location in {None, where} for holder, where in now.get(told_of, ())):
        return None
    return f"a success was read: {told_of} was not so"


def end_is_asked_for(world: World, state: State) -> str | None:
    """Each request has an event, and at the end nobody has a number, or is without one, who was not to be."""
    for index, wish in enumerate(world.wishes):
        ends = {outcome for owner, _, outcome in state.told if owner.startswith(f"{index}-")}
        if not ends:
            return f"request {index} has no event"
        # Copies may find different worlds, where others change them; at the deadline one may time out while the other's
        # order still runs.
        budget, alone = world.budget, len(world.wishes) == 1
        if alone and len(ends - {"TimedOut"}) > 1 and not (budget.moves or budget.refused or budget.failed):
            return f"a request that was sent twice ends one way: {index} as {', '.join(sorted(ends))}"
        if ends == {"Succeeded"} and not world.budget.moves and (broken := _not_so(world, wish, state)) is not None:
            return broken
    return None if world.budget.moves else _not_asked_for(world, state)


def _not_so(world: World, wish: Wish, state: State) -> str | None:
    """Say what a success promised and is not so, where no other request is about the person."""
    if sum(other.person == wish.person for other in world.wishes) > 1:
        return None
    held = [number.name for number in state.numbers if number.holder == wish.person]
    action, named = wish.fields.get("action", "assign"), wish.fields.get("telephoneNumber")
    if action == "assign" and (len(held) != 1 or named not in {None, *held}):
        return f"a success is so at the end: the person holds {held}"
    if action == "unassign" and any(named in {None, name} for name in held):
        return f"a success is so at the end: the person holds {held}"
    return None


def _not_asked_for(world: World, state: State) -> str | None:
    """Say who got a number, or lost one, that no request asked for."""
    for number in state.numbers:
        was, now = world.numbers[number.name], number.holder
        gave = [wish for wish in world.wishes if wish.person == now and wish.fields.get("action") is None]
        took = [wish for wish in world.wishes if wish.person == was and _takes(wish)]
        if now not in {None, was} and not gave:
            return f"nobody asked that {number.name[-2:]} is {str(now)[:4]}'s"
        if was not in {None, now} and not took:
            return f"nobody asked that {number.name[-2:]} is not {str(was)[:4]}'s any more"
    return None


def _takes(wish: Wish) -> bool:
    return wish.fields.get("action") == "unassign" or wish.fields.get("existingNumber") == "replace"


def newly_judged(items: tuple[Item, ...], owner: str, text: str) -> bool:
    """Say whether a text holds a verdict that the item did not have."""
    before = next((item.text for item in items if item.name == owner), "{}")
    return json.loads(text).get("verdict") is not None and json.loads(before).get("verdict") is None
