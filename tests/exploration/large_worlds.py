"""Larger worlds: each pair of requests with each thing that may go wrong, and each request with several."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tests.exploration.state import Budget, Wish, World
from tests.exploration.worlds import ANNA, BO, OLD, ONE, TWO, joiner, leaver, located, mover, named

type _Numbers = Mapping[str, str | None]

_FREE: Final[_Numbers] = {ONE: None, TWO: None}

#: One request, and whose the numbers are before it.
_ALONE: Final[Mapping[str, tuple[Wish, _Numbers]]] = {
    "by name": (named(ANNA, ONE), _FREE),
    "joiner": (joiner(ANNA), _FREE),
    "leaver": (leaver(ANNA), {ONE: ANNA}),
    "leaver of two": (leaver(ANNA), {ONE: ANNA, OLD: ANNA}),
    "leaver of one": (leaver(ANNA, ONE), {ONE: ANNA}),
    "mover": (mover(ANNA), {OLD: ANNA, ONE: None}),
    "location": (located(ANNA, ONE, "loc-1"), {ONE: ANNA}),
}

#: What goes wrong with one request.
_WORST: Final[Mapping[str, Mapping[str, Any]]] = {
    "crash, lost, refused": {"budget": Budget(crashes=1, lost=1, refused=1)},
    "crash, lost, failed": {"budget": Budget(crashes=1, lost=1, failed=1)},
    "crash, lost, unread": {"budget": Budget(crashes=1, lost=1, unread=1)},
    "crash, storage": {"budget": Budget(crashes=1, storage=1)},
    "crash, exception": {"budget": Budget(crashes=1, odd=1)},
    "two crashes": {"budget": Budget(crashes=2)},
    "lost twice, refused": {"budget": Budget(lost=2, refused=1)},
    "crash, an admin": {"budget": Budget(crashes=1, moves=1)},
    "lost, an admin": {"budget": Budget(lost=1, moves=1)},
    "crash, lost; both numbers": {"budget": Budget(crashes=1, lost=1), "second": "both"},
    "crash, lost; long lag": {"budget": Budget(crashes=1, lost=1), "lag": 2, "runs": 2, "deadline": 7},
    "crash; slow": {"budget": Budget(crashes=1), "slow": True, "settings": {"POLL_BUDGET_SECONDS": 96}},
}

#: Two requests, and whose the numbers are before them.
_PAIRS: Final[Mapping[str, tuple[tuple[Wish, ...], _Numbers]]] = {
    "joiner twice": ((joiner(ANNA, copies=2, latest=1),), _FREE),
    "joiner, two wishes": ((joiner(ANNA), joiner(ANNA, category="primary")), _FREE),
    "two joiners": ((joiner(ANNA), joiner(BO)), _FREE),
    "two joiners, one number": ((joiner(ANNA), joiner(BO)), {ONE: None}),
    "two by name": ((named(ANNA, ONE), named(BO, ONE)), {ONE: None}),
    "by name twice": ((named(ANNA, ONE, copies=2, latest=1),), {ONE: None}),
    "leaver and by name": ((leaver(ANNA, ONE), named(BO, ONE, latest=2)), {ONE: ANNA}),
    "leaver and joiner": ((leaver(ANNA), joiner(BO, latest=1)), {ONE: ANNA}),
    "leaver twice": ((leaver(ANNA, copies=2, latest=1),), {ONE: ANNA}),
    "leaver, both wishes": ((leaver(ANNA, ONE), leaver(ANNA)), {ONE: ANNA}),
    "leaver and mover": ((leaver(BO), mover(ANNA)), {OLD: ANNA, ONE: BO}),
    "mover and joiner": ((mover(ANNA), joiner(BO)), {OLD: ANNA, ONE: None}),
    "mover twice": ((mover(ANNA, copies=2, latest=1),), {OLD: ANNA, ONE: None}),
    "mover who leaves": ((mover(ANNA), leaver(ANNA)), {OLD: ANNA, ONE: None}),
    "joiner who leaves": ((joiner(ANNA), leaver(ANNA, latest=1)), _FREE),
    "joiner and location": ((joiner(ANNA), located(ANNA, ONE, "loc-1", latest=2)), {ONE: None}),
}

#: What goes wrong with two.
_ONCE: Final[Mapping[str, Mapping[str, Any]]] = {
    "crash": {"budget": Budget(crashes=1)},
    "lost": {"budget": Budget(lost=1)},
    "refused": {"budget": Budget(refused=1)},
    "failed": {"budget": Budget(failed=1)},
    "storage": {"budget": Budget(storage=1)},
    "exception": {"budget": Budget(odd=1)},
    "two workers": {"workers": 2, "boxes": 2},
    "two workers, lost": {"workers": 2, "budget": Budget(lost=1)},
    "long lag": {"lag": 2, "deadline": 6},
    "readings from memory": {"recent": 1, "deadline": 6},
}

_BRAKED: Final = World(
    (leaver(ANNA, ONE), leaver(BO, TWO)), {ONE: ANNA, TWO: BO}, settings={"UNASSIGN_PER_DAY": 1}, raised=2
)
#: Three requests, and the brake.
_MORE: Final = {
    "leaver twice and joiner": World((leaver(ANNA, copies=2, latest=1), joiner(BO, latest=1)), {ONE: ANNA}),
    "leaver twice and by name": World((leaver(ANNA, ONE, copies=2, latest=1), named(BO, ONE, latest=2)), {ONE: ANNA}),
    "two leavers, one a day: lost": replace(_BRAKED, budget=Budget(lost=1)),
    "two leavers, one a day: crash": replace(_BRAKED, budget=Budget(crashes=1)),
}

#: `python -m tests.exploration` alone has these: each has about a hundred thousand states or more, the first a million.
LONG: Final = frozenset(
    {
        "leaver: crash; slow",
        "leaver of two: crash; slow",
        "leaver of one: crash; slow",
        "mover: crash; slow",
        "mover: crash, lost, refused",
        "mover: crash, lost, failed",
        "mover twice: crash",
        "by name twice: crash",
        "two by name: storage",
        "two leavers, one a day: crash",
    }
)

LARGE: Final[Mapping[str, World]] = (
    {
        f"{who}: {wrong}": World((wish,), numbers, **about)
        for who, (wish, numbers) in _ALONE.items()
        for wrong, about in _WORST.items()
    }
    | {
        f"{who}: {wrong}": World(wishes, numbers, **about)
        for who, (wishes, numbers) in _PAIRS.items()
        for wrong, about in _ONCE.items()
    }
    | _MORE
)
