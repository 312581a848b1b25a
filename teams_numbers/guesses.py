"""A number whose country code nobody marked: what it may be. Pure.

The country code is a guess there, so the number must be valid, and no other country's number may look the same:
a number that is read as another one is ordered, and reported as a success, for a line on another continent.
"""

import itertools
from collections.abc import Iterable, Sequence

import phonenumbers

from teams_numbers import numbering
from teams_numbers.numbers import Written

_MISSING = "the country code is missing: write "
_EXAMPLE = "+, the country code and the number, such as +1 206 555 0100"

#: Where a number without a country code likely comes from: first where people write it without a trunk prefix.
_BARE = ("US", "ES", "PL", "IN", "RU", "CN", "DK", "NO", "CZ", "LT", "GR", "SG", "HK", "BR", "MX", "PT", "CL")
_WITH_TRUNK = (
    *("GB", "DE", "FR", "NL", "IT", "CH", "BE", "AT", "SE", "FI", "IE", "HU", "RO", "SK", "SI", "BG", "UA", "TR"),
    *("AU", "NZ", "JP", "KR", "IL", "ZA", "MY", "TH", "PH", "AR", "BY"),
)
#: Whose national numbers, written without a zero, can look like other countries' numbers with their country codes.
_RIVALS, _RIVALS_OF_AN_AREA = ("US", "RU", "LT"), ("US", "RU", "LT", "BR", "MX")
#: What is dialed before a country code, in Australia, North America, Japan, and most other countries.
_DIALED_ABROAD = ("0011", "011", "010", "00")
#: From here on a number looks too little like the numbers of a country to be one; and what is too short for any.
_TOO_ODD, _TOO_SHORT = 3, 8


def read(written: Written) -> str:
    """Return a number whose country code is not marked by + or 00, in E.164.

    Raises:
        ValueError: it is not valid, or may be another country's; the message suggests what it may be.
    """
    if written.digits.startswith("0"):
        raise ValueError(_MISSING + suggestion(written))
    try:
        number = numbering.international(written)
    except ValueError as error:
        suggestions = _suggestions(written)
        if _begins_with_code(written) and not suggestions:
            raise
        raise ValueError(_MISSING + (" or ".join(suggestions) or _EXAMPLE)) from error
    if not numbering.is_valid(number):
        own = numbering.shown(number) if _begins_with_code(written) else None
        raise ValueError(_MISSING + suggestion(written, own))
    if rivals := _rivals(written):
        raise ValueError(_MISSING + f"{rivals[0]} or {numbering.shown(number)}")
    return number


def suggestion(written: Written, own: str | None = None) -> str:
    """Return what to write instead of a number without a country code: what it likely is, else `own`, else a form."""
    return " or ".join(_suggestions(written)) or own or _EXAMPLE


def _suggestions(written: Written) -> list[str]:
    """Return what a number without a country code may be, the likeliest first: all in its own digits."""
    digits = written.digits
    if len(digits) < _TOO_SHORT:
        return []
    for prefix in _DIALED_ABROAD:
        if digits.startswith(prefix) and numbering.is_valid(f"+{digits.removeprefix(prefix)}"):
            return [numbering.shown(f"+{digits.removeprefix(prefix)}")]
    ranked = [(rank, text) for rank, text in _ranked(written, _BARE + _WITH_TRUNK) if rank < _TOO_ODD]
    if not ranked:
        return []
    best, first = ranked[0]
    return [first] if first.startswith("+1 ") else [text for rank, text in ranked if rank == best][:2]


def _rivals(written: Written) -> list[str]:
    """Return what else a number could be that is valid with the country code it seems to have."""
    code = numbering.country_code(written.digits) or ""
    if _begins_with_code(written) and not written.area_first and len(code) < 3:  # noqa: PLR2004 - 3 is an area's
        return []
    regions: tuple[str, ...] = _RIVALS_OF_AN_AREA if written.area_first else _RIVALS
    if code == "1" and _boundaries(written.groups) - {1, 4, 7}:
        regions += ("CN",)  # eleven digits that begin with 1 as well, but grouped 3-4-4
    rivals = [text for _, text in _ranked(written, regions)]
    if not rivals and tuple(map(len, written.groups)) == (3, 3, 4) and len(code) < 3:  # noqa: PLR2004 - as above
        return [f"+1 {' '.join(written.groups)}"]  # only North America groups so, whether it has the number or not
    return rivals


def _begins_with_code(written: Written) -> bool:
    """Say whether the first group is a country code, so that only its plus is missing."""
    code = numbering.country_code(written.digits)
    surplus = code == "1" and len(written.digits) > 11  # noqa: PLR2004 - a 1 and a North American number are 11 digits
    return surplus or written.groups[0] == code


def _ranked(written: Written, regions: Iterable[str]) -> list[tuple[int, str]]:
    """Return what a number is in each region where it is valid, after how odd it would look there."""
    readings = []
    for region in regions:
        found = numbering.dialed(written.digits, region)
        if found is not None:
            text = numbering.shown_number(found)
            trunk = len(written.digits) - len(phonenumbers.national_significant_number(found))
            readings.append((_oddness(written, trunk, text, region), text))
    return sorted(readings, key=lambda reading: reading[0])


def _oddness(written: Written, trunk: int, shown: str, region: str) -> int:
    """Return how little a number's groups, and the trunk prefix before them or its absence, look like a region's."""
    usual = {place + trunk for place in {0} | _boundaries(shown.split()[1:])}
    odd = len(_boundaries(written.groups) - usual)
    if region in _RIVALS_OF_AN_AREA:
        return 2 * odd  # nobody groups these numbers another way
    if region in _BARE:
        return max(0, odd - 1) + bool(trunk)
    return odd + (not trunk)


def _boundaries(groups: Sequence[str]) -> set[int]:
    """Return after how many digits a new group begins."""
    return set(itertools.accumulate(map(len, groups[:-1])))
