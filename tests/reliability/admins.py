"""An administrator who moves numbers meanwhile, as one may: by hand, at any moment, without a word to the app."""

from random import Random
from typing import TYPE_CHECKING, Final

from tests.reliability.tenants import Tenant, person
from tests.reliability.workload import Wanted

if TYPE_CHECKING:
    from tests.reliability.world import World

#: In so many hours a number is moved.
_CHANCE: Final = 0.2


class Admin:
    """Moves numbers: a free one to an outsider, somebody's to nobody, to an outsider, to somebody else of whom HR asks.

    Args:
        world: where.
        tenant: its numbers.
        people: of whom HR asks.
        rng: decides.

    Attributes:
        moves: how often so far.
    """

    def __init__(self, world: "World", tenant: Tenant, people: list[str], rng: Random) -> None:
        self._world, self._tenant, self._people, self._rng = world, tenant, people, rng
        self._numbers: set[str] = set()
        self._persons: set[str | None] = set()
        self.moves = 0

    def hour(self) -> None:
        """Move a number now and then."""
        if self._rng.random() >= _CHANCE:
            return
        holders = {name: whose for name, whose in self._world.emulator.stats()["holders"].items() if whose is not None}
        free = [number for number in self._tenant.named if number not in holders]
        number = self._rng.choice(sorted(holders) if self._rng.random() < 0.7 and holders else free)
        target = self._rng.choice([None, person(f"outsider.{self.moves}"), self._rng.choice(self._people)])
        self._persons |= {holders.get(number), target}
        self._numbers.add(number)
        self._world.emulator.move(number, target)
        self.moves += 1

    def touched(self, request: Wanted) -> bool:
        """Say whether a request's number or person was moved."""
        return request.person in self._persons - {None} or request.number in self._numbers
