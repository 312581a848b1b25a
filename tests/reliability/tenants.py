"""Tenants: the numbers they have, their pools, and who has a number from the start. Small and nearly full."""

import math
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from local.graph import people
from local.graph.inventory import PLAIN_BELOW

#: The emergency location that the Calling Plan pools set.
LOCATION: Final = "loc-1"
#: Area codes of the United States in the emulator's range of Calling Plan numbers.
_CODES: Final = tuple(code for code in range(201, 360) if code not in {204, 226, 236, 249, 250, 289, 306, 343})
_RANGE_FIRST: Final = 493_012_345_000
#: How many numbers there are for each request.
_SIZES: Final = {"north": 0.35, "south": 0.2, "named": 0.4}
_RANGE_SIZE, _GIVEN = 0.27, 0.2


@dataclass(slots=True)
class Tenant:
    """A tenant before anything happens.

    Attributes:
        areas: the area codes of its inventory.
        pools: its pools, as the setting has them.
        given: who has which number from the start: numbers, and how their holders' names go on after `holder.`.
        named: numbers of no pool that nobody has.
        protected: a number that is never unassigned.
    """

    areas: tuple[int, ...]
    pools: dict[str, Any]
    given: dict[str, int]
    named: list[str]
    protected: str

    def holders(self) -> dict[str, str]:
        """Return whose the numbers are that somebody has from the start, by object id."""
        return {number: person(f"holder.{index}") for number, index in self.given.items()}


def person(name: str) -> str:
    """Return the object id of whoever has that name in the emulator's directory."""
    return people.object_id(f"{name}@{people.DOMAIN}")


def make_tenant(count: int, rng: Random) -> Tenant:
    """Return a tenant of a size for so many requests."""
    codes = list(_CODES)
    rng.shuffle(codes)
    areas = {name: [codes.pop() for _ in range(math.ceil(size * count / PLAIN_BELOW))] for name, size in _SIZES.items()}
    idle = [codes.pop() for _ in range(rng.choice([0, 9]))]  # so the list is a page long, or two
    free = {
        name: [f"+1{code}55501{end:02}" for code in own for end in range(PLAIN_BELOW)] for name, own in areas.items()
    }
    for numbers in free.values():
        rng.shuffle(numbers)
    given = {(free["north"] if index % 2 else free["named"]).pop(): index for index in range(math.ceil(_GIVEN * count))}
    last = _RANGE_FIRST + max(10, math.ceil(_RANGE_SIZE * count)) - 1
    pools = {name: calling_plan(areas[name]) for name in ("north", "south")} | {
        "range": {
            "numberType": "directRouting",
            "numbers": [{"from": f"+{_RANGE_FIRST}", "to": f"+{last}"}],
            "except": [f"+{_RANGE_FIRST + 3}"],
        }
    }
    every = sorted([*idle, *(code for own in areas.values() for code in own)])
    return Tenant(tuple(every), pools, given, free["named"], rng.choice(list(given)))


def calling_plan(codes: list[int]) -> dict[str, Any]:
    """Return a pool of the plainly good numbers of some area codes."""
    parts = [{"from": f"+1{code}5550100", "to": f"+1{code}55501{PLAIN_BELOW - 1}"} for code in sorted(codes)]
    return {"numberType": "callingPlan", "numbers": parts, "country": "US", "locationId": LOCATION}


def pool_of(number: str, pools: dict[str, Any]) -> str | None:
    """Return the pool that a number is of."""
    for name, pool in pools.items():
        if number in pool.get("except", ()):
            continue
        if any(len(part["to"]) == len(number) and part["from"] <= number <= part["to"] for part in pool["numbers"]):
            return str(name)
    return None
