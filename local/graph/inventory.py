"""Which numbers the tenant has, without keeping a list: it follows from the digits.

The numbers are North America's fictional range, 555-0100 to 555-0199 of every area code from 201 to 999, so none of
them can belong to a person. Source: https://nationalnanpa.com, "555-0100 through 555-0199 for fictional use".
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local.graph import magic_tables, people, state
from local.graph.magic import Holder, Magic
from local.graph.state import SOMEBODY, VOICE_APPLICATION, State
from local.graph.vocabulary import AssignmentStatus, NumberType

__all__ = ["SOMEBODY", "VOICE_APPLICATION"]

AREAS: Final = range(201, 1000)
#: The first area code of each kind of number.
OPERATOR_CONNECT_FROM, DIRECT_ROUTING_FROM = 800, 900
#: The two digits below which a number is plainly good.
PLAIN_BELOW: Final = 40
#: Area codes of Canada; source: https://nationalnanpa.com/area_codes.
_CANADA: Final = re.compile(
    "204|226|236|249|250|289|306|343|365|367|403|416|418|431|437|438|450|506|514|519|548|579|581|587|604|613|639|647|"
    "672|705|709|778|780|782"
)
_FICTIONAL: Final = re.compile(r"\+1(\d{3})55501(\d\d)")
_HOLDERS: Final = {
    Holder.SOMEBODY: SOMEBODY,
    Holder.VOICE_APPLICATION: VOICE_APPLICATION,
    Holder.CONFERENCE: state.CONFERENCE,
    Holder.THIRD_PARTY: state.THIRD_PARTY,
    Holder.POLICY: state.POLICY,
}
#: The properties of `Magic.shown` that may change; they are how the number is at first.
_AT_FIRST: Final = {"assignmentStatus": "status", "activationState": "activation", "locationId": "location_id"}


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What never changes about a number, and how it is at first; many numbers share one.

    Attributes:
        number_type: its kind.
        country: isoCountryCode.
        magic: what is special about it.
        shown: properties that are shown otherwise than those of its kind.
        first: its state before anything happened.
    """

    number_type: NumberType
    country: str | None
    magic: Magic | None
    shown: Mapping[str, Any]
    first: State


def number_type(telephone_number: str) -> NumberType | None:
    """Return the kind of a number of the inventory; None where the tenant has no such number.

    Args:
        telephone_number: with its plus, and its `;ext=` if it has one.
    """
    match = _FICTIONAL.fullmatch(telephone_number)
    return _kind(int(match[1])) if match and int(match[1]) in AREAS else None


def area(telephone_number: str) -> int | None:
    """Return the area code of a number of the fictional range, None for any other."""
    match = _FICTIONAL.fullmatch(telephone_number)
    return int(match[1]) if match else None


def magic(telephone_number: str) -> Magic | None:
    """Return what is special about a number; an extension does not change it."""
    match = _FICTIONAL.fullmatch(telephone_number.partition(";")[0])
    return magic_tables.row(match[1], match[2]) if match else None


def profile(telephone_number: str, kind: NumberType) -> Profile:
    """Return the profile of a number of a kind, be it in the inventory or not."""
    match = _FICTIONAL.fullmatch(telephone_number)
    country = None if match is None else _country(kind, match[1])
    return _profile(kind, country, magic(telephone_number), number_type(telephone_number) is kind)


def every_number() -> Iterator[str]:
    """Yield the whole inventory, in order."""
    for code in AREAS:
        for last in range(100):
            yield f"+1{code}55501{last:02}"


def good_numbers(kind: NumberType = NumberType.CALLING_PLAN) -> Iterator[str]:
    """Yield the plainly good numbers of a kind, in order: 23,960 for Calling Plans, 4,000 for each of the others."""
    for number in every_number():
        if int(number[-2:]) < PLAIN_BELOW and number_type(number) is kind:
            yield number


class Inventory:
    """The numbers of some area codes, in ascending order.

    Args:
        areas: the area codes, ascending.

    Attributes:
        areas: as given.
        names: the numbers.
        profiles: each number's, at the same place.
        holders: the numbers that somebody has at first, by their object ids.
    """

    def __init__(self, areas: tuple[int, ...]) -> None:
        self.areas = frozenset(areas)
        self.names: list[str] = []
        self.profiles: list[Profile] = []
        self.holders: dict[str, list[str]] = {}
        for code in areas:
            kind, country = _kind(code), _country(_kind(code), str(code))
            for last in range(100):
                name, found = f"+1{code}55501{last:02}", magic_tables.row(str(code), f"{last:02}")
                own = _profile(kind, country, found, True)  # noqa: FBT003 - functools.cache tells keywords apart
                self.names.append(name)
                self.profiles.append(own)
                if own.first.target is not None:
                    self.holders.setdefault(own.first.target, []).append(name)


def inventory(chosen: int | Sequence[int] | None) -> Inventory:
    """Return the inventory that a plan chooses: so many area codes, or the ones named; None: all."""
    if isinstance(chosen, int):
        return _inventory(tuple(AREAS[:chosen]))
    return _inventory(tuple(AREAS) if chosen is None else tuple(sorted(set(chosen))))


@functools.lru_cache(maxsize=8)
def _inventory(areas: tuple[int, ...]) -> Inventory:
    return Inventory(areas)


def _kind(code: int) -> NumberType:
    if code >= DIRECT_ROUTING_FROM:
        return NumberType.DIRECT_ROUTING
    return NumberType.OPERATOR_CONNECT if code >= OPERATOR_CONNECT_FROM else NumberType.CALLING_PLAN


def _country(kind: NumberType, code: str) -> str | None:
    if kind is NumberType.DIRECT_ROUTING:
        return None
    return "CA" if _CANADA.fullmatch(code) else "US"


@functools.cache
def _profile(kind: NumberType, country: str | None, found: Magic | None, listed: bool) -> Profile:
    shown = dict(found.shown) if found else {}
    at_first = {field: shown.pop(name) for name, field in _AT_FIRST.items() if name in shown}
    return Profile(kind, country, found, shown, State(listed=listed, **(_first(found) | at_first)))


def _first(found: Magic | None) -> dict[str, Any]:
    if found is None or found.holder is Holder.NOBODY:
        return {}
    if found.holder is Holder.PHANTOM:
        return {"status": AssignmentStatus.USER_ASSIGNED}
    if found.person is not None:
        return state.whose(people.object_id(f"{found.person}@{people.DOMAIN}")) | {"category": found.category}
    return state.whose(_HOLDERS.get(found.holder))
