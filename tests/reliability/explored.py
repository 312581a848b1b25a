"""The exploration as a part of the suite: every state of the small and the larger worlds, with how many there are."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from tests.exploration.explore import Found, explore
from tests.exploration.large_worlds import LARGE, LONG
from tests.exploration.moves import Moves
from tests.exploration.worlds import SMALL
from tests.reliability.targets import Target, all_of, at_least, none

#: The short suite has these; `tests/exploration` holds every small world.
_SHORT: Final = ("a joiner by name", "a location", "two joiners, one number")
#: So many states of one world are explored at most: none of them has so many.
_MOST: Final = 1_000_000


def run(*, short: bool) -> dict[str, Found]:
    """Explore the worlds, one after another on each core; return what was found by their names."""
    if short:
        return {name: _found(name) for name in _SHORT}
    names = sorted({**SMALL, **LARGE}.keys() - LONG)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        return dict(zip(names, workers.map(_found, names), strict=True))


def _found(name: str) -> Found:
    return explore(Moves(({**SMALL, **LARGE})[name]), _MOST)


def targets(found: Mapping[str, Found]) -> list[Target]:
    """Return the figures."""
    part = f"every state of {len(found)} worlds:"
    each = found.values()
    return [
        none(f"{part} promises broken", sum(one.broken is not None for one in each)),
        all_of(f"{part} worlds explored until no new state appeared", sum(one.whole for one in each), len(found)),
        all_of(f"{part} worlds in which everything ends", sum(one.ends > 0 for one in each), len(found)),
        at_least(f"{part} states", sum(one.states for one in each), 1),
        at_least(f"{part} moves from one state to another", sum(one.moves for one in each), 1),
    ]


def describe(found: Mapping[str, Found]) -> str:
    """Return the largest worlds, and each way to a broken promise."""
    largest = sorted(found.items(), key=lambda item: -item[1].states)[:10]
    lines = [f"{name}: {one.states:,} states, {one.moves:,} moves" for name, one in largest]
    for name, one in found.items():
        if one.broken is not None:
            lines += [f"{name}: {one.broken}", *(f"    {line}" for line in one.trace)]
    return "\n".join(lines)
