"""Small worlds: who wants what, and what may go wrong."""

from collections.abc import Mapping
from typing import Any, Final

from tests.exploration.state import Budget, Wish, World

ANNA, BO = "aaaa2f8c-90f5-4a0e-9c39-1f0a3f8b6d21", "bbbb4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10"
#: Two numbers of the pool, and one that is of none.
ONE, TWO, OLD = "+12065550101", "+12065550102", "+14255550100"


def named(person: str, number: str, **about: Any) -> Wish:
    """Return the wish for a number by name."""
    return Wish({"assignmentTargetId": person, "telephoneNumber": number, "numberType": "directRouting"}, **about)


def joiner(person: str, *, category: str | None = None, **about: Any) -> Wish:
    """Return the wish for a number of the pool."""
    fields = {"assignmentTargetId": person, "pool": "seattle"}
    return Wish(fields | ({"assignmentCategory": category} if category else {}), **about)


def mover(person: str, **about: Any) -> Wish:
    """Return the wish for a number of the pool in place of the one that the person has."""
    return Wish({"assignmentTargetId": person, "pool": "seattle", "existingNumber": "replace"}, **about)


def leaver(person: str, number: str | None = None, **about: Any) -> Wish:
    """Return the wish that a person has a number no more, or none at all."""
    fields = {"assignmentTargetId": person, "action": "unassign"}
    return Wish(fields | ({"telephoneNumber": number} if number else {}), **about)


def located(person: str, number: str, location: str, **about: Any) -> Wish:
    """Return the wish that a number has an emergency location."""
    fields = {"assignmentTargetId": person, "telephoneNumber": number, "action": "update", "locationId": location}
    return Wish(fields, **about)


_FREE: Final = {ONE: None, TWO: None}
_LOCATION = "loc-1"

#: Explored whole by `make test`.
SMALL: Final[Mapping[str, World]] = {
    "a joiner by name": World((named(ANNA, ONE),), {ONE: None}, Budget(crashes=1, lost=1)),
    "a joiner by pool": World((joiner(ANNA),), _FREE, Budget(crashes=1, lost=1)),
    "a joiner by pool, refused": World((joiner(ANNA),), _FREE, Budget(crashes=1, refused=1)),
    "a joiner by pool, and an exception": World((joiner(ANNA),), _FREE, Budget(crashes=1, odd=1)),
    "a leaver, and the queue service fails": World((leaver(ANNA),), {ONE: ANNA}, Budget(storage=1)),
    "a leaver": World((leaver(ANNA),), {ONE: ANNA}, Budget(crashes=1, lost=1)),
    "a mover": World((mover(ANNA),), {OLD: ANNA, ONE: None}, Budget(crashes=1)),
    "a mover, refused": World((mover(ANNA),), {OLD: ANNA, ONE: None}, Budget(lost=1, refused=1)),
    "a location": World((located(ANNA, ONE, _LOCATION),), {ONE: ANNA}, Budget(crashes=1, lost=1)),
    "a joiner, sent twice": World((joiner(ANNA, copies=2, latest=1),), _FREE),
    "a joiner, sent twice, readings from memory": World((joiner(ANNA, copies=2, latest=3),), _FREE, recent=1),
    "two joiners": World((joiner(ANNA), joiner(BO)), _FREE),
    "two joiners, one number": World((named(ANNA, ONE), named(BO, ONE)), {ONE: None}),
    "a person with two wishes": World((joiner(ANNA), joiner(ANNA, category="primary")), _FREE),
    "a joiner who leaves": World((joiner(ANNA), leaver(ANNA)), _FREE),
    "a mover who leaves": World((mover(ANNA), leaver(ANNA)), {OLD: ANNA, ONE: None}),
    "a mover and a joiner": World((mover(ANNA), joiner(BO)), {OLD: ANNA, ONE: None}),
}
