"""What the countries' numbering plans say of a number's digits, by Google's metadata. Pure.

The metadata (https://github.com/google/libphonenumber) knows each country's lengths, trunk prefixes and ranges.
A number whose country code is written must only be possible, since new ranges come before new metadata. Where the
country code is a guess, the number must be valid, and no other country's number may look the same.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

from teams_numbers.numbers import Written

_MISSING = "the country code is missing: write "
_EXAMPLE = "+, the country code and the number, such as +1 206 555 0100"
#: ITU-T E.164 allows 15 digits, the country code included; contract.md asks for 7.
_FEWEST, _MOST = 7, 15
#: Dialed before a number inside its country only, and no part of it. North America's 1 is not among them: `0011` is
#: what Australia dials abroad, so +1 1 … would rather be another country's number than one with a trunk prefix.
_TRUNKS = frozenset({"0", "06", "8", "80"})
#: Where a number without a country code likely comes from: first where people write it without a trunk prefix.
_BARE = ("US", "ES", "PL", "IN", "RU", "CN", "DK", "NO", "CZ", "LT", "GR", "SG", "HK", "BR", "MX", "PT", "CL")
_WITH_TRUNK = (
    *("GB", "DE", "FR", "NL", "IT", "CH", "BE", "AT", "SE", "FI", "IE", "HU", "RO", "SK", "SI", "BG", "UA", "TR"),
    *("AU", "NZ", "JP", "KR", "IL", "ZA", "MY", "TH", "PH", "AR"),
)
#: Whose national numbers, written without a zero, can look like other countries' numbers with their country codes.
_RIVALS, _RIVALS_OF_AN_AREA = ("US", "RU", "LT"), ("US", "RU", "LT", "BR", "MX")
#: What is dialed before a country code instead of 00: https://www.itu.int/dms_pub/itu-t/opb/sp/T-SP-E.164C-2011-PDF-E.pdf
_DIALED_ABROAD = ("0011", "011", "010", "00")
#: From here on a number looks too little like the numbers of a country to be one; and what is too short for any.
_TOO_ODD, _TOO_SHORT = 3, 8
_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen"),
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A country code's numbering plan: what its national numbers look like, their lengths, the trunk prefix."""

    pattern: re.Pattern[str]
    lengths: tuple[int, ...]
    trunk: str | None


def international(written: Written) -> str:
    """Return a number whose country code is written, in E.164.

    Raises:
        ValueError: it is not possible.
    """
    digits = written.digits
    if digits.startswith("0"):
        message = "no country code starts with 0: write " + (_either(_suggestions(written)) or _EXAMPLE)
        raise ValueError(message)
    code = _country_code(digits)
    if code is None:
        message = f"no country has the code +{digits[:3]}"
        raise ValueError(message)
    rest = digits[len(code) :]
    if written.trunk_zero_at not in {None, len(code)}:
        message = "(0) can only stand after the country code: leave it out"
        raise ValueError(message)
    national = _national(code, rest)
    if national is None and _drops_zero(written, code, rest) and is_valid(f"+{code}{rest[1:]}"):
        national = rest[1:] if _national(code, rest[1:]) == rest[1:] else None
    if national is None:
        raise ValueError(_impossible(code, rest))
    return f"+{code}{national}"


def guessed(written: Written) -> str:
    """Return a number whose country code is not marked by + or 00, in E.164.

    Raises:
        ValueError: it is not valid, or may be another country's; the message suggests what it may be.
    """
    suggestions = _suggestions(written)
    if written.digits.startswith("0"):
        raise ValueError(_MISSING + (_either(suggestions) or _EXAMPLE))
    try:
        number = international(written)
    except ValueError as error:
        message = str(error) if _begins_with_code(written) and not suggestions else None
        raise ValueError(message or _MISSING + (_either(suggestions) or _EXAMPLE)) from None
    if not is_valid(number):
        own = [_shown(number)] if _begins_with_code(written) else []
        raise ValueError(_MISSING + (_either(suggestions or own) or _EXAMPLE))
    if rivals := _rivals(written):
        raise ValueError(_MISSING + _either([rivals[0], _shown(number)]))
    return number


def is_valid(number: str) -> bool:
    """Say whether a number with a plus is of a range that its country has assigned."""
    found = _parse(number)
    return found is not None and phonenumbers.is_valid_number(found)


def _parse(text: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _country_code(digits: str) -> str | None:
    codes = (digits[:length] for length in (1, 2, 3))
    return next((code for code in codes if code and int(code) in COUNTRY_CODE_TO_REGION_CODE), None)


@functools.cache
def _plan(code: str) -> _Plan:
    region = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    general = metadata.general_desc if metadata else None
    possible = general.possible_length if general else ()
    return _Plan(
        pattern=re.compile((general and general.national_number_pattern) or ""),
        lengths=tuple(length for length in possible if _FEWEST <= len(code) + length <= _MOST),
        trunk=metadata.national_prefix if metadata else None,
    )


def _national(code: str, rest: str) -> str | None:
    """Return the national number in what follows a country code, without a trunk prefix; None if impossible."""
    found = _parse(f"+{code}{rest}")
    if found is None or phonenumbers.is_possible_number_with_reason(found) != ValidationResult.IS_POSSIBLE:
        return None
    national = phonenumbers.national_significant_number(found)
    trunk = rest.removesuffix(national)
    if not _FEWEST <= len(code) + len(national) <= _MOST or _has_stray_zero(code, national):
        return None
    if not trunk:
        return national
    if trunk + national != rest or trunk not in _TRUNKS or _national(code, national) != national:
        return None
    return national if trunk == "0" or phonenumbers.is_valid_number(found) else None


def _has_stray_zero(code: str, national: str) -> bool:
    """Say whether a national number starts with a zero, which only some countries' numbers do, Italy's for one."""
    return national.startswith("0") and not _plan(code).pattern.fullmatch(national)


def _drops_zero(written: Written, code: str, rest: str) -> bool:
    """Say whether a zero after the country code is a trunk zero, by how it is written or by the country's habit."""
    return rest.startswith("0") and (written.trunk_zero_at is not None or _plan(code).trunk == "0")


def _impossible(code: str, rest: str) -> str:
    """Say why what follows a country code is no number of that country."""
    alternatives = [rest] if code == "1" else [rest, rest[1:]] if rest[:1] in {"0", "1"} else [rest]
    found = [reading for text in alternatives if (reading := _parse(f"+{code}{text}"))]
    valid = [_format(reading) for reading in found if phonenumbers.is_valid_number(reading)]
    if valid and code != "1":
        return f"has a prefix that is only dialed inside the country: write {valid[0]}"
    lengths = _plan(code).lengths
    if len(rest) not in lengths:
        return f"+{code} numbers have {_spelled(lengths)} more digits; this one has {len(rest)}"
    return f"+{code} numbers do not start with 0" if rest.startswith("0") else f"is not a number of +{code}"


def _spelled(lengths: tuple[int, ...]) -> str:
    """Return lengths in words: `ten`, `nine or ten`, `seven, nine or ten`, `five to eleven`."""
    words = [_WORDS[length] for length in lengths]
    if len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1)):  # noqa: PLR2004 - a range has a middle
        return f"{words[0]} to {words[-1]}"
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _begins_with_code(written: Written) -> bool:
    """Say whether the first group is a country code, so that only its plus is missing."""
    code = _country_code(written.digits)
    surplus = code == "1" and len(written.digits) > 11  # noqa: PLR2004 - a 1 and a North American number are 11 digits
    return surplus or (code is not None and len(written.groups) > 1 and written.groups[0] == code)


def _rivals(written: Written) -> list[str]:
    """Return what else a number could be that is valid with the country code it seems to have."""
    code = _country_code(written.digits)
    if _begins_with_code(written) and not written.area_first and len(code or "") < 3:  # noqa: PLR2004 - 3 is an area's
        return []
    ranked = _ranked(written, _RIVALS_OF_AN_AREA if written.area_first else _RIVALS)
    return [text for _, text in ranked if not text.startswith(f"+{code} ")]


def _suggestions(written: Written) -> list[str]:
    """Return what a number without a country code may be, the likeliest first: all in its own digits."""
    digits = written.digits
    if len(digits) < _TOO_SHORT:
        return []
    for prefix in _DIALED_ABROAD:
        if digits.startswith(prefix) and is_valid(f"+{digits.removeprefix(prefix)}"):
            return [_shown(f"+{digits.removeprefix(prefix)}")]
    ranked = [(rank, text) for rank, text in _ranked(written, _BARE + _WITH_TRUNK) if rank < _TOO_ODD]
    if not ranked:
        return []
    best, first = ranked[0]
    return [first] if first.startswith("+1 ") else [text for rank, text in ranked if rank == best][:2]


def _ranked(written: Written, regions: Iterable[str]) -> list[tuple[int, str]]:
    """Return what a number is in each region where it is valid, after how odd it would look there."""
    readings = []
    for region in regions:
        found = _parse(written.digits, region)
        if found is None or found.country_code != phonenumbers.country_code_for_region(region):
            continue
        national = phonenumbers.national_significant_number(found)
        trunk = written.digits.removesuffix(national)
        if trunk + national == written.digits and trunk in _TRUNKS | {""} and phonenumbers.is_valid_number(found):
            readings.append((_oddness(written, len(trunk), _format(found), region), _format(found)))
    return sorted(readings, key=lambda reading: reading[0])


def _oddness(written: Written, trunk: int, shown: str, region: str) -> int:
    """Return how little a number's groups, and the trunk prefix before them or its absence, look like a region's."""
    usual = {place + trunk for place in {0} | _boundaries(shown.split()[1:])}
    odd = len(_boundaries(written.groups) - usual)
    if region in _RIVALS:
        return 2 * odd  # nobody groups these numbers another way
    if region in _BARE:
        return max(0, odd - 1) + bool(trunk)
    return odd + (not trunk)


def _boundaries(groups: Iterable[str]) -> set[int]:
    """Return after how many digits a new group begins."""
    place, places = 0, set()
    for group in groups:
        place += len(group)
        places.add(place)
    places.discard(place)
    return places


def _either(suggestions: list[str]) -> str:
    return " or ".join(suggestions)


def _shown(number: str) -> str:
    found = _parse(number)
    return number if found is None else _format(found)


def _format(number: PhoneNumber) -> str:
    """Return a number in groups, in the characters that every program reads."""
    text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return re.sub(r"[^0-9+]+", " ", text)
