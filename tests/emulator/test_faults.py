"""Every random fault changes the answer that it says, at every kind of call that it is for."""

import pytest
import requests

from local.graph.twist_table import TWISTS
from local.graph.twists import ASSIGN, OPERATION, ORDERS, PAGE, TOKEN, UNASSIGN, UPDATE, USER, Twist
from tests.emulator.world import GOOD, NUMBERS, ORIGIN, SOMEBODY_ELSE, World

_COUNTED = {
    ASSIGN: "acceptedPerNumber",
    UNASSIGN: "acceptedUnassignmentsPerNumber",
    UPDATE: "acceptedUpdatesPerNumber",
}
FAULTS = [(twist, kind) for twist in TWISTS.values() for kind in twist.on if kind != TOKEN]


@pytest.mark.parametrize(("twist", "kind"), FAULTS, ids=[f"{twist.name}-{kind}" for twist, kind in FAULTS])
def test_a_fault_changes_its_answer_and_carries_out_what_it_says(twist: Twist, kind: str) -> None:
    shape = "bare" if twist.shape == "wrapped" else "wrapped"
    plain, twisted = World(bodyShape=shape), World(bodyShape=shape)
    assert observe(twisted, kind, twist) != observe(plain, kind, None, at_an_end=twist.own_detail)
    stats = twisted.stats()
    assert stats["faults"] == {twist.name: 1}
    if kind in ORDERS:
        assert (GOOD in stats[_COUNTED[kind]]) == twist.accepted


@pytest.mark.parametrize("kind", [*ORDERS, OPERATION, PAGE, USER])
def test_the_same_call_without_a_fault_is_answered_alike(kind: str) -> None:
    assert observe(World(), kind, None) == observe(World(), kind, None)


def observe(world: World, kind: str, twist: Twist | None, *, at_an_end: bool = False) -> object:
    """Return what a client sees of one call with a fault: the exception, or the answer without what is long.

    Args:
        world: a fresh one.
        kind: of the call.
        twist: the fault; None: none.
        at_an_end: the operation asked about has failed with a reason.
    """
    failed = at_an_end or (twist is not None and twist.own_detail)
    location = world.post("+12065550172" if failed else "+12065550101").headers["Location"]
    if kind != ASSIGN:
        world.move(GOOD, SOMEBODY_ELSE)
    world.clock.sleep(2)
    world.emulator.change({"faults": {twist.name: 1}} if twist else {})
    try:
        answer = ask(world, kind, location)
    except requests.RequestException as error:
        return type(error)
    finally:
        world.emulator.change({"faults": {}})
    where = answer.headers.get("Location", "").partition("('")[0]
    content = answer.content if answer.ok and len(answer.content) < 1024 * 1024 else len(answer.content)
    return answer.status_code, where, answer.headers.get("Retry-After"), content


def ask(world: World, kind: str, location: str) -> requests.Response:
    """Make one call of a kind."""
    answer: requests.Response
    match kind:
        case "assign":
            answer = world.post("+12065550100", "0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f11")
        case "unassign":
            answer = world.unassign()
        case "update":
            answer = world.update(locationId="here")
        case "operation":
            answer = world.get(location)
        case "user":
            answer = world.get(f"{ORIGIN}/v1.0/users/anna@contoso.example?$select=id")
        case _:
            answer = world.get(f"{NUMBERS}?$top=4&$skip=1")
    return answer
