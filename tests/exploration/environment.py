"""What happens to the app from outside: crashes, an admin, time."""

from collections.abc import Iterator

from tests.exploration import tenant
from tests.exploration.effects import SIDE_EFFECTS, Noted
from tests.exploration.flight import Flight
from tests.exploration.rooms import Look
from tests.exploration.state import Move, State, World

#: More unassignments than any world has.
_MANY = 100


def crashes(state: State, starts: Flight) -> Iterator[Move]:
    """Yield a crash of the poller, which forgets all, and of each delivery, which comes again.

    A crash after a reading is the same as one before it, so only those after a side effect count, and those between
    two looks.

    Args:
        state: before the crash.
        starts: what a process knows that starts now.
    """
    if not state.budget.crashes:
        return
    left = state._replace(budget=state.budget.less("crashes"))
    working = [look for look in state.looks if look.room == "list"]
    if (state.items or working) and all(_stands_at_a_crash(look) for look in working):
        looks = tuple(look for look in state.looks if look.room != "list")
        yield Move(("the poller's process crashes",), left._replace(looks=looks, flight=starts))
    for look in state.looks:
        if look.room == "box" and _stands_at_a_crash(look):
            looks = tuple(one for one in state.looks if one is not look)
            box = tuple(one._replace(visible=state.tick) if one.name == look.name else one for one in state.box)
            yield Move(("in-box crashes", look.name), left._replace(looks=looks, box=box))


def _stands_at_a_crash(look: Look) -> bool:
    """Say whether a look has just begun, or its last call to others changed something."""
    done = next((effect for effect, _, _ in reversed(look.answers) if not isinstance(effect, Noted)), None)
    return done is None or isinstance(done, SIDE_EFFECTS)


def admin(state: State, world: World) -> Iterator[Move]:
    """Yield what an admin may do by hand: give a free number to anybody, take one away, or move it."""
    people = sorted(
        {wish.person for wish in world.wishes if wish.person} | {one for one in world.numbers.values() if one}
    )
    left = state._replace(budget=state.budget.less("moves"))
    for number in state.numbers:
        for person in (*people, None):
            busy = person is not None and any(other.holder == person for other in state.numbers)
            if person != number.holder and not busy:
                after = tenant.change(left, number.name, person, number.location, moved=True)
                yield Move(("an admin gives", number.name[-2:], "to", (person or "nobody")[:4]), after)


def limit_raised(state: State, world: World, allowed: int) -> Iterator[Move]:
    """Yield that a person raises the brake's limit, so that it stops nobody any more.

    Args:
        state: before it.
        world: tells whether a person does.
        allowed: how many unassignments a day are.
    """
    if world.raised is not None and state.unassigned >= allowed:
        yield Move(("a person raises the limit",), state._replace(unassigned=-_MANY, sent=-_MANY))


def time_passes(state: State, world: World, last: int, allowed: int) -> Iterator[Move]:
    """Yield the next tick, unless something must happen before it.

    Args:
        state: before it.
        world: tells what may last.
        last: by this tick everything has ended.
        allowed: how many unassignments a day are.
    """
    tick = state.tick
    if tick >= last or any(one.status == "running" and one.until <= tick for one in state.operations):
        return
    if any(world.wishes[index].latest <= tick for index, _ in state.to_come):
        return
    if any(not world.slow or look.began < tick for look in state.looks):
        return
    if world.raised is not None and tick >= world.raised and state.unassigned >= allowed:
        return
    leased = {look.name for look in state.looks if look.room == "list"}
    if any(item.visible <= tick and item.name not in leased for item in state.items):
        return
    if any(one.visible is not None and one.visible <= tick for one in state.box):
        return
    numbers = tenant.forgotten(state.numbers, tick + 1, world)
    yield Move(("a tick passes:", tick + 1), state._replace(tick=tick + 1, numbers=numbers))
